"""Names of rows: of their moment, of version 7, and many at once in order."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

from wushi.kernel.ids import earliest_of, uuid7, uuid7s


def test_many_at_once_are_in_order_and_of_their_moment() -> None:
    before = datetime.now(UTC) - timedelta(milliseconds=1)
    made = uuid7s(1000)
    after = datetime.now(UTC) + timedelta(milliseconds=1)
    assert made == sorted(made)
    assert len(set(made)) == 1000
    assert {(one.version, one.variant) for one in made} == {(7, uuid.RFC_4122)}
    assert earliest_of(before) <= made[0] < made[-1] < earliest_of(after)
    # the tail is chance: no bit of it is always the same
    tails = [one.int & (1 << 62) - 1 for one in made]
    assert all(0 < sum(tail >> bit & 1 for tail in tails) < 1000 for bit in range(62))
    assert uuid7s(0) == []


def test_one_is_as_many_are() -> None:
    one, many = uuid7(), uuid7s(1)
    assert (one.version, one.variant) == (many[0].version, many[0].variant) == (7, uuid.RFC_4122)
    assert abs((one.int >> 80) - (many[0].int >> 80)) < 1000
