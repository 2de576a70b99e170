"""Whether the process lives, and whether what it stands on works."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import structlog
from fastapi import APIRouter
from fastapi.responses import JSONResponse

log = structlog.get_logger(__name__)

Check = Callable[[], Awaitable[bool]]

READ = ["GET", "HEAD"]
HEADERS = {"Cache-Control": "no-store"}


def health_routes(checks: Mapping[str, Check], limit: float = 2.0) -> APIRouter:
    """`/healthz`: 200 while the process answers. `/readyz`: 200 when every check is ok, else 503.

    `/readyz` answers `{"status", "checks": {name: "ok" | "failed"}}` within `limit` seconds: a
    check that says no, raises or takes longer has failed. Why stands in the log, by the kind of
    the error alone.
    """
    router = APIRouter(include_in_schema=False)

    @router.api_route("/healthz", methods=READ)
    async def alive() -> JSONResponse:
        return JSONResponse({"status": "ok"}, headers=HEADERS)

    @router.api_route("/readyz", methods=READ)
    async def ready() -> JSONResponse:
        passed = await _run(checks, limit)
        status = 200 if all(passed.values()) else 503
        shown = {name: _word(ok) for name, ok in passed.items()}
        answer = {"status": _word(status == 200), "checks": shown}
        return JSONResponse(answer, status, headers=HEADERS)

    return router


def _word(ok: bool) -> str:
    return "ok" if ok else "failed"


async def _run(checks: Mapping[str, Check], limit: float) -> dict[str, bool]:
    """Every check at once. One that does not even heed being cancelled is not waited for."""
    tasks = {name: asyncio.create_task(_passes(name, check)) for name, check in checks.items()}
    if tasks:
        try:
            await asyncio.wait(tasks.values(), timeout=limit)
        finally:
            for name, task in tasks.items():
                if not task.done():
                    log.warning("readiness.too_slow", check=name)
                    task.cancel()
    return {name: _said_yes(task) for name, task in tasks.items()}


async def _passes(name: str, check: Check) -> bool:
    try:
        return await check()
    except Exception as error:
        # Only the kind: the text of a database's error may hold an address or a value.
        log.warning("readiness.failed", check=name, error=type(error).__name__)
        return False


def _said_yes(task: asyncio.Task[bool]) -> bool:
    return task.done() and not task.cancelled() and task.result()
