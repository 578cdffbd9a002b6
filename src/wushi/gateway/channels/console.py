"""The console: what would be sent is printed where the operator sees it, with the number masked. For trying Wushi out."""

from __future__ import annotations

import sys
from dataclasses import dataclass

from wushi.domain.notify.carriers import Answer, Letter, Result
from wushi.plumbing.personal import mask_phone


@dataclass(frozen=True)
class Console:
    """Prints; always succeeds."""

    channel: str
    name: str = ""
    area: str = ""
    filed: bool = True
    per_minute: int = 0
    tells_repetition: bool = True

    def send(self, letter: Letter) -> Answer:
        """One line on the standard output."""
        print(f"[{self.channel}] {mask_phone(letter.address)} {letter.text}", file=sys.stdout, flush=True)
        return Answer(Result.SENT, "printed", letter.key)
