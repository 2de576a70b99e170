"""One request through aiohttp and its answer, or what it means that none came.

A message counts as possibly taken once its request began to leave. aiohttp tells when, through
its tracing, and until then another attempt can send nothing twice.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TypeVar

from aiohttp import ClientError, ClientSession, TraceConfig, TraceRequestHeadersSentParams

from delivery.model import Failure, SendError
from transports.refusal import Refusal

T = TypeVar("T")


@dataclass(slots=True)
class _Request:
    left: bool = False


_current: ContextVar[_Request | None] = ContextVar("request")


def watching() -> TraceConfig:
    """The tracing that every aiohttp session needs whose requests go through `exchange`."""
    config = TraceConfig()
    config.on_request_headers_sent.append(_note_leaving)
    return config


async def exchange(
    ask: Callable[[], Awaitable[T]], seconds: float, judge: Callable[[Refusal], SendError]
) -> T:
    """Make a request and wait for its answer, for at most so many seconds.

    `judge` says what a `Refusal` means. Raises `SendError` and nothing else. Without an answer it
    is TRY_LATER while the request had not left, and UNKNOWN_OUTCOME from then on.
    """
    request = _Request()
    token = _current.set(request)
    try:
        async with asyncio.timeout(seconds):
            return await ask()
    except Refusal as refusal:
        error = judge(refusal)
    except Exception as broken:
        error = _unanswered(broken, left=request.left)
    finally:
        _current.reset(token)
    # Raised out here so that it drags along no error that holds the recipient or the text.
    raise error


def _unanswered(broken: Exception, *, left: bool) -> SendError:
    if isinstance(broken, TimeoutError):
        code = "timeout"
    elif isinstance(broken, OSError | ClientError):
        code = "connection"
    else:
        code = "unreadable" if left else "unsendable"
    if left:
        return SendError(Failure.UNKNOWN_OUTCOME, code)
    if code == "unsendable" and isinstance(broken, ValueError):
        # Not even a request can be made of it, as of half a surrogate pair.
        return SendError(Failure.CONTENT_REFUSED, code)
    return SendError(Failure.TRY_LATER, code)


async def _note_leaving(
    session: ClientSession, context: SimpleNamespace, params: TraceRequestHeadersSentParams
) -> None:
    # In spite of its name the signal comes just before the first byte is written.
    del session, context, params
    request = _current.get(None)
    if request is not None:
        request.left = True
