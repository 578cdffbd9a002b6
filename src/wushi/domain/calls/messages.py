"""Kinds of notice this room sends. The sentences stand in ``edge/notices.py``; none of them names the person who called."""

from __future__ import annotations

from wushi.domain.notify.messages import NoticeKind, Weight

U = Weight.URGENT

# to whom the ladder rings; never to a group's robot: who calls from where is nobody else's affair
# quiet: whoever keeps the channels running does not learn by them who was rung when
RINGING = NoticeKind("calls.ringing", ("place", "urgency", "at"), U, at_once=True, quiet=True)
RINGING_AGAIN = NoticeKind("calls.ringing_again", ("place", "urgency", "at"), U, at_once=True, quiet=True)
# to the family, where it wished so
FAMILY_CALLED = NoticeKind("calls.family_called", ("place", "at"), U, at_once=True, quiet=True)
FAMILY_ARRIVED = NoticeKind("calls.family_arrived", ("place", "at"), at_once=True, quiet=True)
# to the village: something at a device is to be seen to
# it may be what a call left
ERRAND = NoticeKind("calls.errand", ("what", "place"), quiet=True)
# to the administrators: the way itself does not carry
PROBE_LOST = NoticeKind("calls.probe_lost", ("minutes",), U, at_once=True)

KINDS = (RINGING, RINGING_AGAIN, FAMILY_CALLED, FAMILY_ARRIVED, ERRAND, PROBE_LOST)
