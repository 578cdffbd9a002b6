"""What is measured, each as a maker of a callable without arguments; one callable a thread, as the server has it."""

from __future__ import annotations

import http.client
import itertools
import json
import random
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from wushi.kernel.actor import Actor

Operation = Callable[[], object]


def create(areas: Sequence[str], texts: Sequence[str], seed: int) -> Operation:
    """``open_case`` as the API calls it: a number from the block, then the verb."""
    from wushi.domain.cases.services import Intake, open_case, take_number

    rng = random.Random(f"{seed}-{uuid4()}")

    def one() -> None:
        area = rng.choice(areas)
        intake = Intake(rng.choice(texts), area, "qr", str(uuid4()), take_number(area[:6]))
        open_case(actor=Actor.anonymous(area[:6]), intake=intake)

    return one


def page(actor: Actor, wanted: dict[str, str]) -> Operation:
    """The first page of a list."""
    from wushi.domain.cases.queries import Wanted, page_for
    from wushi.kernel.verb import reading

    asked = Wanted(**wanted)

    def one() -> int:
        with reading(actor):
            return len(page_for(actor, asked).rows)

    return one


def detail(actor: Actor, ids: Sequence[UUID]) -> Operation:
    """One request with its whole history and what the reader may do."""
    from django.utils import timezone

    from wushi.domain.cases.queries import explain, may, timeline, visible_to
    from wushi.kernel.verb import reading

    turn = itertools.cycle(random.sample(list(ids), len(ids)))

    def one() -> int:
        with reading(actor):
            case = visible_to(actor).get(id=next(turn))
            may(actor, case)
            explain(case, timezone.now())
            return len(timeline(actor, case))

    return one


def figures(area: str, months: int) -> Operation:
    """The figures of an area as the page reads them."""
    from django.utils import timezone

    from wushi.domain.insight.queries import figures_of, months_back
    from wushi.kernel.verb import reading

    house = Actor.of_house(area[:6])
    span = months_back(timezone.localdate().replace(day=1), months)

    def one() -> int:
        with reading(house):
            return figures_of(area, span).total["collected"]

    return one


class Line:
    """One kept-alive connection to the pages."""

    def __init__(self, base: str, cookie: str = "") -> None:
        parts = urlsplit(base)
        self.connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
        self.headers = {"Cookie": cookie} if cookie else {}

    def ask(
        self, method: str, path: str, body: dict[str, Any] | None = None, **headers: str
    ) -> tuple[int, bytes]:
        """Status and body."""
        sent = {**self.headers, **headers}
        data = None
        if body is not None:
            data, sent["Content-Type"] = json.dumps(body, ensure_ascii=False).encode(), "application/json"
        self.connection.request(method, path, data, sent)
        answer = self.connection.getresponse()
        return answer.status, answer.read()


def http_create(base: str, areas: Sequence[str], texts: Sequence[str], seed: int) -> Operation:
    """``POST /api/v1/cases`` with a key of its own."""
    line, rng = Line(base), random.Random(f"{seed}-{uuid4()}")

    def one() -> None:
        body = {"area_code": rng.choice(areas), "text": rng.choice(texts), "channel": "api"}
        status, said = line.ask("POST", "/api/v1/cases", body, **{"Idempotency-Key": str(uuid4())})
        if status != 201:
            raise RuntimeError(f"{status} {said[:200]!r}")

    return one


def http_get(base: str, paths: Sequence[str], cookie: str = "") -> Operation:
    """GET of one of the paths, as somebody who is signed in."""
    line, turn = Line(base, cookie), itertools.cycle(random.sample(list(paths), len(paths)))

    def one() -> None:
        status, said = line.ask("GET", next(turn))
        if status != 200:
            raise RuntimeError(f"{status} {said[:200]!r}")

    return one


OPERATIONS: dict[str, Callable[..., Operation]] = {
    "create": create,
    "page": page,
    "detail": detail,
    "figures": figures,
    "http_create": http_create,
    "http_get": http_get,
}
