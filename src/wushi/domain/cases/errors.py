"""Refusals of this room."""

from wushi.kernel.errors import DomainError


class AboutOfficial(DomainError):
    """A complaint about an official is not taken here: nothing is kept, ``channels`` of the discipline inspection are named.

    信访工作条例 30: what is said of an official must not reach him.
    """

    code = "cases.about_official"


class NotServed(DomainError):
    """The county is not set up on this installation: it has no rules for requests."""

    code = "cases.not_served"


class NoTray(DomainError):
    """Nobody could be meant: no such tray in this county."""

    code = "cases.no_tray"


class TooLateToReopen(DomainError):
    """The days for reopening are over; 向上反映 is always there."""

    code = "cases.too_late_to_reopen"


class NothingAbove(DomainError):
    """The matter lies with that level already, or above it."""

    code = "cases.nothing_above"


class UnknownCategory(DomainError):
    """No such category in force."""

    code = "cases.unknown_category"


class OpenParts(DomainError):
    """Others still have essential parts of their own in it: it cannot be done over them."""

    code = "cases.open_parts"


class ReturnedEnough(DomainError):
    """It was returned as often as the county allows; whoever has it now settles it or escalates it."""

    code = "cases.returned_enough"


class TooLateToReturn(DomainError):
    """The working days for returning are over (山东省: two)."""

    code = "cases.too_late_to_return"


class TooLateToExtend(DomainError):
    """More time is asked for before the deadline, not after it."""

    code = "cases.too_late_to_extend"


class BeyondCap(DomainError):
    """More than the rule allows; ``left`` is what could still be asked for."""

    code = "cases.beyond_cap"


class PleaIsOpen(DomainError):
    """More time was asked for already and is not decided."""

    code = "cases.plea_is_open"


class NoPlea(DomainError):
    """There is no undecided plea for more time."""

    code = "cases.no_plea"


class NothingBelow(DomainError):
    """It was not escalated: there is nobody to hand it back to."""

    code = "cases.nothing_below"


class NoMaster(DomainError):
    """The other request cannot take it in: it does not exist for you, is over, is merged itself, or is the same one."""

    code = "cases.no_master"


class WhistleBlown(DomainError):
    """A whistle is being followed already; end it first, or ask somebody besides."""

    code = "cases.whistle_blown"


class NoWhistle(DomainError):
    """There is no open whistle in this matter."""

    code = "cases.no_whistle"


class NoPart(DomainError):
    """No such part, or not of that kind, or it is over."""

    code = "cases.no_part"


class StaffDoNotRate(DomainError):
    """A member of staff is signed in on this device; agreeing and rating belong to the resident alone."""

    code = "cases.staff_do_not_rate"


class RatedAlready(DomainError):
    """It was rated; the first word stands."""

    code = "cases.rated_already"


class NoCallBack(DomainError):
    """It was not drawn to be called back, or it was called already."""

    code = "cases.no_callback"


class FilterNameTaken(DomainError):
    """You have a list of that name."""

    code = "cases.filter_name_taken"


class MergeIntoOlder(DomainError):
    """The one that was told first takes in the other, never the other way round: no deadline is left behind by it."""

    code = "cases.merge_into_older"


class NotRecordedForYou(DomainError):
    """Whoever told it told it himself: he takes it back, he does not contest it."""

    code = "cases.not_recorded_for_you"


class TooLateToContest(DomainError):
    """The days for saying that it was not one's own wish are over."""

    code = "cases.too_late_to_contest"


class Contested(DomainError):
    """It was said that this was not the resident's wish: that stands, and nothing is agreed to or rated any more."""

    code = "cases.contested"


class ImportUnderWay(DomainError):
    """Requests that came in from another system and began to run here are not taken back as a list."""

    code = "cases.import_under_way"
