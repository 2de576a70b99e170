"""Logs on standard error, one line each, without anything that names a person."""

import logging
import sys

import structlog


def set_up_logs() -> None:
    """Structured lines from our code; warnings and errors from libraries, by name alone."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_NamesOnly())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)


class _NamesOnly(logging.Formatter):
    """What a library logs may hold what somebody wrote: only who and how bad is kept."""

    def format(self, record: logging.LogRecord) -> str:
        kind = ""
        if record.exc_info and record.exc_info[0] is not None:
            kind = f" error={record.exc_info[0].__name__}"
        return f"level={record.levelname.lower()} library={record.name}{kind}"
