"""A register of residents as a table: which person a row means, and what of him it would change. Reads only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from wushi.domain.areas import queries as areas
from wushi.domain.people.models import Household, Leaving, Person
from wushi.domain.people.permissions import may_import_residents
from wushi.kernel.actor import Actor
from wushi.plumbing.fields import blind_index
from wushi.plumbing.sheets.importer import Said, Verdict

# a list's word -> why somebody is no longer here; no word at all says nothing
GONE = {"在册": "", "去世": Leaving.DIED.value, "迁出": Leaving.MOVED.value}
FIELDS = ("name", "phone", "id_number")


@dataclass(frozen=True)
class Match:
    """What one row means: the person it is about (None: nobody yet), where he lives, what would change; or why not."""

    said: Said
    village: str = ""
    grid: str = ""
    person: Person | None = None
    changes: Mapping[str, str] = field(default_factory=dict)
    moves: bool = False
    # why he is no longer here ('' = he is, after all), where the list says what nobody had told yet
    becomes: str | None = None
    reason: str = ""
    column: str = ""

    @property
    def verdict(self) -> Verdict:
        """The word for it."""
        if self.reason:
            return Verdict.ERROR
        if self.person is None:
            # who is gone and was never entered need not be entered now
            return Verdict.SAME if self.becomes else Verdict.NEW
        told = self.becomes is not None
        return Verdict.CHANGED if self.changes or self.moves or told else Verdict.SAME

    @property
    def address(self) -> str:
        """The address it tells ('' for none)."""
        return self.said.values["address"]


class Places:
    """Villages and grids of a county by code and by name."""

    def __init__(self, county: str) -> None:
        self.by_code = {p.code: p for p in areas.map_of(county).places.values() if not p.ended}
        self.by_name: dict[tuple[str, str], list[str]] = {}
        for place in self.by_code.values():
            self.by_name.setdefault((place.level, place.name), []).append(place.code)

    def find(self, values: Mapping[str, str]) -> tuple[str, str, str]:
        """(village, grid, '' or the column that is wrong)."""
        village = self._one("village", values["village"], "")
        grid = self._one("grid", values["grid"], village or "")
        if grid is None:
            return "", "", "grid"
        if village is None:
            return "", "", "village"
        village = village or grid[:12]
        if not village or (grid and not grid.startswith(village)):
            return "", "", "grid" if grid else "village"
        return village, grid, ""

    def _one(self, level: str, said: str, inside: str) -> str | None:
        """The code of what is named; '' for nothing said, None for unknown or more than one."""
        if not said:
            return ""
        if said in self.by_code and self.by_code[said].level == level:
            return said
        found = [code for code in self.by_name.get((level, said), []) if code.startswith(inside)]
        if not found and inside:
            # 一网格 where the list says 孙岗村一网格
            whole = self.by_code[inside].name + said
            found = [code for code in self.by_name.get((level, whole), []) if code.startswith(inside)]
        return found[0] if len(found) == 1 else None


def match(actor: Actor, rows: Sequence[Said], *, lock: bool = False) -> list[Match]:
    """What each row means, in the order given; three statements for all. ``lock`` holds the people for a verb."""
    places = Places(actor.county)
    people = _people(actor.county, rows, lock)
    homes = {
        home.id: home
        for home in Household.objects.filter(
            county=actor.county, id__in={p.household_id for p in people.values() if p.household_id}
        )
    }
    by_id = {p.id_index: p for p in people.values() if p.id_index}
    by_phone = {p.phone_index: p for p in people.values() if p.phone_index}
    found = [_match(actor, said, places, (people, by_id, by_phone), homes) for said in rows]
    return list(_once(found))


def _once(found: Iterable[Match]) -> Iterator[Match]:
    """Two rows that mean one person by different keys: the first counts."""
    met: set[UUID] = set()
    for one in found:
        if one.person is not None and one.person.id in met:
            yield Match(one.said, reason="twice_in_file")
            continue
        if one.person is not None:
            met.add(one.person.id)
        yield one


def _people(county: str, rows: Sequence[Said], lock: bool) -> dict[UUID, Person]:
    """Everybody whom one of the rows may mean: by ID number, by phone, by what the source called him before."""
    base = Person.objects.filter(county=county).order_by("id")
    if lock:
        base = base.select_for_update(of=("self",))
    found: dict[UUID, Person] = {}
    for column, values in (
        ("id_index", {blind_index("id_number", s.values["id_number"]) for s in rows} - {b""}),
        ("phone_index", {blind_index("phone", s.values["phone"]) for s in rows} - {b""}),
    ):
        if values:
            # said out loud, because the index is a partial one and a list this long proves nothing to the planner
            with_one = base.exclude(**{column: b""})
            found.update({p.id: p for p in with_one.filter(**{f"{column}__in": values})})
    known = {s.known for s in rows if s.known}
    if known:
        found.update({p.id: p for p in base.filter(id__in=known)})
    return found


_Known = tuple[dict[UUID, Person], dict[bytes, Person], dict[bytes, Person]]


def _match(actor: Actor, said: Said, places: Places, known: _Known, homes: Mapping[UUID, Household]) -> Match:
    values = said.values
    village, grid, wrong = places.find(values)
    if wrong:
        return Match(said, reason="bad_place", column=wrong)
    if not may_import_residents(actor, grid or village):
        return Match(said, reason="not_your_area", column="grid" if grid else "village")
    if not any(values[name] for name in ("id_number", "phone", "source_id")):
        return Match(said, reason="no_key", column="id_number")
    person, reason, column = _whom(said, known)
    if reason:
        return Match(said, reason=reason, column=column)
    becomes = _becomes(values.get("status", ""), person.left_why if person else "")
    if person is None:
        return Match(said, village, grid, becomes=becomes)
    changes = {
        name: values[name] for name in FIELDS if values[name] and values[name] != getattr(person, name)
    }
    home = homes.get(person.household_id) if person.household_id else None
    moves = person.village != village
    if values["address"]:
        moves = moves or home is None or home.address != values["address"]
    moves = moves or bool(grid and home is not None and home.grid != grid)
    return Match(said, village, grid, person, changes, moves, becomes)


def _becomes(status: str, known: str) -> str | None:
    """What a list's word about somebody changes; None where it is silent, or known."""
    wanted = GONE.get(status)
    return None if wanted == known else wanted


def _whom(said: Said, known: _Known) -> tuple[Person | None, str, str]:
    """(the person, '' or why it cannot be told, the column)."""
    people, by_id, by_phone = known
    values = said.values
    of_id = by_id.get(blind_index("id_number", values["id_number"]))
    of_phone = by_phone.get(blind_index("phone", values["phone"]))
    of_source = people.get(said.known) if said.known else None
    person = of_id or of_source or of_phone
    if of_id and of_source and of_id.id != of_source.id:
        return None, "id_of_another", "id_number"
    if of_phone is None or person is None:
        return person, "", ""
    if of_phone.id != person.id:
        return None, "phone_of_another", "phone"
    if of_id is None and of_source is None:
        # a phone alone: the same number in a family is everyday, so name and ID number must not speak against it
        other_number = bool(person.id_number and values["id_number"])
        other_name = bool(person.name and person.name != values["name"])
        if other_number or other_name:
            return None, "phone_of_another", "phone"
    return person, "", ""
