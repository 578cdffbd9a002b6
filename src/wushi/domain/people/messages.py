"""Kinds of notice this room sends. The sentences stand in ``edge/notices.py``."""

from wushi.domain.notify.messages import NoticeKind

# to who is followed from now on: whoever it was that agreed for him, he hears of it and can end it
FOLLOWED = NoticeKind("people.followed", ("who",), at_once=True)
KINDS = (FOLLOWED,)
