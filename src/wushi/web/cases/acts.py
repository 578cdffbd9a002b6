"""What each verb's page does: one call of one service, with what its form said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from wushi.domain.cases import services
from wushi.domain.cases.queries import visible_to
from wushi.domain.cases.rules import Tray
from wushi.web.cases import accused
from wushi.web.forms import photo_ids, recording_ids
from wushi.web.offered import Around

Said = dict[str, Any]
Act = Callable[[Any, UUID, Said], Any]
NOBODYS = UUID(int=0)


def tray_of(text: str) -> Tray:
    """A choice of the form as a tray."""
    duty, _bar, rest = text.partition("|")
    area, _bar, unit = rest.partition("|")
    return Tray(duty, area, unit)


def _words(service: Callable[..., Any], *names: str, **renamed: str) -> Act:
    """A verb that takes what the form's fields say, under the same names (or ``service=field``)."""

    def act(request: Any, case_id: UUID, said: Said) -> Any:
        given = {name: said[name] for name in names} | {new: said[old] for new, old in renamed.items()}
        return service(actor=request.actor, case_id=case_id, **given)

    return act


def _handle(request: Any, case_id: UUID, said: Said) -> Any:
    planned = said["plan_on"] if said["outcome"] in ("not_yet", "not_ours") else None
    return services.handle_case(
        actor=request.actor,
        case_id=case_id,
        outcome=said["outcome"],
        words=said["words"],
        photos=photo_ids(request),
        plan_on=planned,
    )


def _to_tray(service: Callable[..., Any], *names: str) -> Act:
    def act(request: Any, case_id: UUID, said: Said) -> Any:
        given = {name: said[name] for name in names}
        if "essential" in given:
            given["essential"] = given["essential"] == "yes"
        return service(actor=request.actor, case_id=case_id, tray=tray_of(said["tray"]), **given)

    return act


def _report(request: Any, case_id: UUID, said: Said) -> Any:
    """One tap: the first of his parts nobody has reported for."""
    part = NOBODYS
    with request.reading() as scope:
        case = visible_to(request.actor).filter(id=case_id).first()
        if case is not None:
            own = Around(request.actor, case, scope.now).own("report_for_roll_call")
            part = own[0].row.id if own else NOBODYS
    return services.report_for_roll_call(actor=request.actor, case_id=case_id, part_id=part)


def _answer(request: Any, case_id: UUID, said: Said) -> Any:
    return services.answer_part(
        actor=request.actor,
        case_id=case_id,
        part_id=UUID(said["part"]),
        result=said["result"],
        words=said["words"],
        photos=photo_ids(request),
    )


def _of_part(service: Callable[..., Any], *names: str) -> Act:
    return lambda r, i, said: service(
        actor=r.actor, case_id=i, part_id=UUID(said["part"]), **{name: said[name] for name in names}
    )


def _whistle(request: Any, case_id: UUID, said: Said) -> Any:
    called = [services.Called(code, essential=code not in said["helping"]) for code in said["units"]]
    return services.blow_whistle(
        actor=request.actor, case_id=case_id, kind=said["kind"], called=called, words=said["words"]
    )


def _split(request: Any, case_id: UUID, said: Said) -> Any:
    return services.split_case(
        actor=request.actor,
        case_id=case_id,
        text=said["text"],
        category=said["category"],
        key=said["key"],
        number=services.take_number(request.actor.county),
    )


ACTS: dict[str, Act] = {
    "accept": _words(services.accept_case),
    "claim": _words(services.claim_case),
    "resume": _words(services.resume_case),
    "assign": _to_tray(services.assign_case, "words"),
    "transfer": _to_tray(services.transfer_case, "reason_code", "words"),
    "partner": _to_tray(services.ask_partner, "words", "essential"),
    "return": _words(services.return_case, "reason_code", "words"),
    "decline": _words(services.decline_case, "channel_code", "words"),
    "escalate": _words(services.escalate_case, "words"),
    "handback": _words(services.hand_back_case, "words"),
    "contact": _words(services.contact_case, "way", "words"),
    "handle": _handle,
    "extend": _words(services.request_extension, "amount", "words"),
    "decide": lambda r, i, said: services.decide_extension(
        actor=r.actor, case_id=i, granted=said["granted"] == "yes", words=said["words"]
    ),
    "pause": _words(services.pause_case, "reason_code", "until_on", "words"),
    "sendback": _words(services.send_back_case, "words"),
    "close": _words(services.close_case, "words"),
    "reopen": _words(services.reopen_case, "words"),
    "callback": _words(services.record_callback, "result", "words"),
    "supervise": _words(services.supervise_case, "colour", "words"),
    "instruct": _words(services.instruct_case, "words"),
    "words": lambda r, i, said: services.add_words(
        actor=r.actor, case_id=i, words=said["words"], photos=photo_ids(r), recordings=recording_ids(r)
    ),
    "official": lambda r, i, said: services.mark_official(
        actor=r.actor, case_id=i, words=said["words"], **accused.read(said["accused"])
    ),
    "merge": lambda r, i, said: services.merge_case(
        actor=r.actor, case_id=i, master_id=UUID(said["other"]), words=said["words"]
    ),
    "unmerge": _words(services.unmerge_case, "words"),
    "link": lambda r, i, said: services.link_cases(
        actor=r.actor, case_id=i, other_id=UUID(said["other"]), kind=said["kind"]
    ),
    "split": _split,
    "revise": _words(services.revise_case, "kind", "category", "urgency", "tags"),
    "whistle": _whistle,
    "plan": _words(services.plan_together, "words"),
    "endwhistle": _words(services.end_whistle, "result", "words"),
    "report": _report,
    "answer": _answer,
    "release": _of_part(services.release_partner, "words"),
    "grade": _of_part(services.grade_part, "grade"),
}
