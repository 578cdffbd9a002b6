"""All routes of the API, and how refusals leave it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, ValidationError

from wushi.api.areas.views import router as areas
from wushi.api.calls.views import router as calls
from wushi.api.cases.views import router as cases
from wushi.api.devices.views import router as devices
from wushi.api.guard import NotSignedIn
from wushi.edge.errors import refused_json
from wushi.kernel.errors import DomainError

api = NinjaAPI(
    title="Wushi API",
    version="1.0",
    description=(
        "Requests of residents: taken in, tracked by receipt, answered. Calls and wireless callers, for staff: "
        "`Authorization: Bearer <what a sign-in gave>`; a list ends with `next`, which is the next page's `after`."
    ),
    urls_namespace="api",
    docs_url=None,
    openapi_url="openapi.json",
)
api.add_router("/cases", cases, tags=["cases"])
api.add_router("/areas", areas, tags=["areas"])
api.add_router("/calls", calls, tags=["calls"])
api.add_router("/devices", devices, tags=["devices"])


@api.exception_handler(DomainError)
def refused(request: HttpRequest, error: DomainError) -> HttpResponse:
    """A refusal: its code, its facts, its sentence."""
    return refused_json(error)


@api.exception_handler(AuthenticationError)
def unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    """Nobody is signed in by the token that was sent."""
    return refused_json(NotSignedIn())


@api.exception_handler(ValidationError)
def unreadable(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """The body does not have the shape the schema asks for; names the fields, never repeats what was sent."""
    fields: dict[str, Any] = {
        ".".join(str(p) for p in e["loc"][1:]) or "body": e["type"] for e in error.errors
    }
    return JsonResponse(
        {"code": "invalid", "message": "The body does not fit the schema.", "fields": fields}, status=422
    )
