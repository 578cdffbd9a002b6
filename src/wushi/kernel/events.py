"""Announcements upward: a function call in disguise, inside the caller's transaction (house 1.2)."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

_listeners: dict[type, list[Callable[[Any], object]]] = defaultdict(list)


def listen(event_type: type, *listeners: Callable[[Any], object]) -> None:
    """Subscribe; called only from ``config/wiring.py``. The same listener twice counts once."""
    for listener in listeners:
        if listener not in _listeners[event_type]:
            _listeners[event_type].append(listener)


def announce(event: object) -> None:
    """Tell the floors above, inside the caller's transaction; a failing listener fails the verb."""
    for listener in _listeners[type(event)]:
        listener(event)
