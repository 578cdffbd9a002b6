"""JSON lines on standard error; ids and codes only."""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog

_TRANSFORM = structlog.tracebacks.ExceptionDictTransformer(show_locals=False, max_frames=40)


def _without_values(exc_info: Any) -> list[dict[str, Any]]:
    """Where it happened and of what kind; never the values (a database's complaint repeats what a resident typed)."""
    return [
        {
            "kind": one["exc_type"],
            "frames": [f"{f['filename']}:{f['lineno']} {f['name']}" for f in one["frames"]],
        }
        for one in _TRANSFORM(exc_info)
    ]


def set_up() -> None:
    """structlog for ours, the same form for the libraries' own lines."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[
            *shared,
            structlog.processors.ExceptionRenderer(_without_values),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.ExceptionRenderer(_without_values),
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    # our own line says the same with the request's id; Django's would repeat the path, which may hold a receipt
    logging.getLogger("django.request").setLevel(logging.CRITICAL)
