"""Requests over the API."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from ninja import Header, Router
from ninja.responses import Status

from wushi.api.cases.schemas import NewCase, Opened, Refused, StepOut, Tracked
from wushi.api.guard import open_operation, receipt_operation
from wushi.domain.cases.queries import by_receipt, master_of, timeline, timeline_of_master
from wushi.domain.cases.services import Intake, open_case, take_number
from wushi.kernel.actor import Actor
from wushi.kernel.errors import Invalid, NotFound

router = Router()


@router.post("", response={201: Opened, 200: Opened, 422: Refused, 403: Refused}, summary="Take in a request")
@open_operation("anyone may say that something is wrong")
def open_one(
    request: HttpRequest, body: NewCase, idempotency_key: str = Header("", alias="Idempotency-Key")
) -> Any:
    """201 the first time, 200 with the same answer the second, 422 when the key came with another body."""
    county = body.area_code[:6]
    if not (body.area_code.isascii() and body.area_code.isdigit()):
        raise Invalid(fields={"area_code": "bad_area"})
    # a browser's cookie gives no rights here: another site could send it along
    actor = Actor.anonymous(county)
    fields = body.dict()
    fields |= {"photos": tuple(fields["photos"]), "recordings": tuple(fields["recordings"])}
    intake = Intake(**fields, key=idempotency_key, number=_number(county, fields))
    case = open_case(actor=actor, intake=intake)
    status = 201 if case.number == intake.number else 200
    body_out = {
        "number": case.number,
        "receipt_code": case.receipt,
        "track_url": request.build_absolute_uri(reverse("track_case", args=[case.receipt])),
    }
    return Status(status, body_out)


def _number(county: str, fields: dict[str, Any]) -> str:
    """No number is spent on what is going to be refused anyway."""
    return "" if fields["about_official"] or fields["kind"] == "tip_off" else take_number(county)


@router.get("/{receipt_code}", response={200: Tracked, 404: Refused}, summary="What became of it")
@receipt_operation
def track(request: HttpRequest, receipt_code: str) -> Any:
    """State, deadline and every step of the request the receipt is for."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    case = by_receipt(actor)
    if case is None:
        raise NotFound()
    # what was merged is settled where it was told first: that one's deadline and steps, without the other resident's words
    told = [*timeline(actor, case), *timeline_of_master(case)]
    steps = [StepOut(verb=s.verb, at=s.at, by=s.by, words=s.words) for s in told]  # type: ignore[arg-type]
    shown = {name: getattr(case, name) for name in Tracked.model_fields if name not in ("steps", "follows")}
    master = master_of(case)
    if master is not None:
        shown |= {name: getattr(master, name) for name in ("due_at", "handled_at", "closed_at", "outcome")}
    return {**shown, "follows": master.state if master else "", "steps": steps}
