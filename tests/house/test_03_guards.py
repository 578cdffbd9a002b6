"""House test 3: every route of web and api says who may use it, or why it is open."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, path

from wushi.api.urls import api
from wushi.edge.guard import Access, public

# Not pages: they ask nobody who he is, or belong to the API's own description.
NO_ACCESS = {
    "healthz": "a load balancer asks",
    "readyz": "a load balancer asks",
    "api/v1/openapi.json": "the shape of the API is public (B43)",
    "api/v1/": "the API's root has no content of its own",
}


def routes(patterns: Any = None, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """(path pattern, view) of every route."""
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        where = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from routes(entry.url_patterns, where)
        elif isinstance(entry, URLPattern):
            yield where, entry.callback


def operations() -> Iterator[tuple[str, Any]]:
    """(method and path, function) of every operation of the API."""
    for prefix, router in api._routers:
        for where, view in router.path_operations.items():
            for operation in view.operations:
                yield f"{'/'.join(operation.methods)} api/v1{prefix}{where}", operation.view_func


def undeclared(found: Any) -> list[str]:
    """Routes without a declared access, or open without a reason."""
    wrong = []
    for where, view in found:
        access = getattr(view, "access", None)
        if not isinstance(access, Access) or (
            access.kind in {"public", "receipt", "sign_in"} and not access.reason
        ):
            wrong.append(where)
    return wrong


def test_every_page_is_declared() -> None:
    pages = [
        (where, view)
        for where, view in routes()
        if not where.startswith("api/v1/") and where not in NO_ACCESS
    ]
    assert len(pages) > 20
    assert undeclared(pages) == []


def test_every_operation_is_declared() -> None:
    found = list(operations())
    assert len(found) >= 4
    assert undeclared(found) == []


def test_a_route_without_a_declaration_is_found() -> None:
    def bare(request: Any) -> Any:
        return None

    assert undeclared([("bare/", bare), ("open/", public("")(bare)), ("said/", public("why")(bare))]) == [
        "bare/",
        "open/",
    ]
    assert [where for where, _ in routes([path("x/", bare)])] == ["x/"]
