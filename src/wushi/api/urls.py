"""All routes of the API, and how refusals leave it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI
from ninja.errors import ValidationError

from wushi.api.areas.views import router as areas
from wushi.api.cases.views import router as cases
from wushi.edge.errors import refused_json
from wushi.kernel.errors import DomainError

api = NinjaAPI(
    title="Wushi API",
    version="1.0",
    description="Requests of residents: taken in, tracked by receipt, answered.",
    urls_namespace="api",
    docs_url=None,
    openapi_url="openapi.json",
)
api.add_router("/cases", cases, tags=["cases"])
api.add_router("/areas", areas, tags=["areas"])


@api.exception_handler(DomainError)
def refused(request: HttpRequest, error: DomainError) -> HttpResponse:
    """A refusal: its code, its facts, its sentence."""
    return refused_json(error)


@api.exception_handler(ValidationError)
def unreadable(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """The body does not have the shape the schema asks for; names the fields, never repeats what was sent."""
    fields: dict[str, Any] = {
        ".".join(str(p) for p in e["loc"][1:]) or "body": e["type"] for e in error.errors
    }
    return JsonResponse(
        {"code": "invalid", "message": "The body does not fit the schema.", "fields": fields}, status=422
    )
