"""Whether the process lives, and whether what it stands on works."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import structlog
from fastapi import APIRouter
from fastapi.responses import JSONResponse

from alerts.canary.model import Finding

log = structlog.get_logger(__name__)

Check = Callable[[], Awaitable[Finding]]

READ = ["GET", "HEAD"]
HEADERS = {"Cache-Control": "no-store"}

NOTHING: Mapping[str, Check] = {}


def health_routes(
    vital: Mapping[str, Check], warnings: Mapping[str, Check] = NOTHING, limit: float = 2.0
) -> APIRouter:
    """`/healthz`: 200 while the process answers. `/readyz`: 200 when every vital check is good,
    else 503; what `warnings` find is for people and changes no status.

    `/readyz` answers `{"status": "ok" | "failed", "checks": {name: "ok" | "failed"}, "warnings":
    [name], "details": {name: {…}}}` within `limit` seconds: a check that says no, raises or takes
    longer has failed. Details are counts and ages. Why a check raised stands in the log, by the
    kind of the error alone.
    """
    router = APIRouter(include_in_schema=False)

    @router.api_route("/healthz", methods=READ)
    async def alive() -> JSONResponse:
        return JSONResponse({"status": "ok"}, headers=HEADERS)

    @router.api_route("/readyz", methods=READ)
    async def ready() -> JSONResponse:
        found = await _run({**vital, **warnings}, limit)
        bad = {name: one for name, one in found.items() if not one.good}
        fails = any(name in bad for name in vital)
        answer = {
            "status": _word(not fails),
            "checks": {name: _word(name not in bad) for name in vital},
            "warnings": [name for name in warnings if name in bad],
            "details": {name: dict(one.detail) for name, one in bad.items() if one.detail},
        }
        return JSONResponse(answer, 503 if fails else 200, headers=HEADERS)

    return router


def _word(ok: bool) -> str:
    return "ok" if ok else "failed"


async def _run(checks: Mapping[str, Check], limit: float) -> dict[str, Finding]:
    """Every check at once. One that does not even heed being cancelled is not waited for."""
    tasks = {name: asyncio.create_task(_look(name, check)) for name, check in checks.items()}
    if tasks:
        try:
            await asyncio.wait(tasks.values(), timeout=limit)
        finally:
            for name, task in tasks.items():
                if not task.done():
                    log.warning("readiness.too_slow", check=name)
                    task.cancel()
    return {name: _finding(task) for name, task in tasks.items()}


async def _look(name: str, check: Check) -> Finding:
    try:
        return await check()
    except Exception as error:
        # Only the kind: the text of a database's error may hold an address or a value.
        log.warning("readiness.failed", check=name, error=type(error).__name__)
        return Finding(False)


def _finding(task: asyncio.Task[Finding]) -> Finding:
    return task.result() if task.done() and not task.cancelled() else Finding(False)
