"""Codes to scan, as SVG: dark modules of one path, no colour of the page's."""

from __future__ import annotations

import segno


def svg(text: str, *, error: str = "m") -> str:
    """The QR code of an address; ``error`` q for what hangs in rain and sun."""
    drawn = str(segno.make(text, error=error, micro=False).svg_inline(scale=4, border=1))
    return drawn.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
