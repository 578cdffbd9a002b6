"""Who may connect to the demonstration's broker; a file of its own, because only amqtt imports it."""

from __future__ import annotations

from amqtt.plugins.base import BaseAuthPlugin
from amqtt.session import Session

from wushi.config import broker, env


class KnowsTheSecret(BaseAuthPlugin):  # type: ignore[misc]
    """One user, one secret."""

    async def authenticate(self, *, session: Session) -> bool | None:
        """Whether a session may begin."""
        return broker.right(env.load(), session.username, session.password)
