"""Health tells what works, in time, and nothing else."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import pytest
from fastapi import FastAPI
from httpx import Response

from alerts.canary.model import Finding
from console.health import health_routes
from tests.unit.console.answers import answer

Check = Callable[[], Awaitable[Finding]]
SHORT = 0.05
PATIENCE = 2.0
"""Seconds after which a test says that an answer did not come."""


async def yes() -> Finding:
    return Finding(True)


async def no() -> Finding:
    return Finding(False)


async def stuck() -> Finding:
    return Finding(False, {"rows": 4, "seconds": 45})


async def raises() -> Finding:
    raise ConnectionError("postgresql://tequio:secret@10.0.0.7/tequio")


async def hangs() -> Finding:
    await asyncio.Event().wait()
    return Finding(True)


async def gives_up() -> Finding:
    raise asyncio.CancelledError


async def asked(
    path: str, vital: Mapping[str, Check], warnings: Mapping[str, Check] | None = None
) -> Response:
    app = FastAPI()
    app.include_router(health_routes(vital, warnings or {}, limit=SHORT))
    async with asyncio.timeout(PATIENCE):
        return await answer(app, path)


async def test_readiness_names_every_check_that_is_ok() -> None:
    response = await asked("/readyz", {"database": yes, "clock": yes})
    assert response.status_code == 200
    assert response.json() == {
        "status": "ok",
        "checks": {"database": "ok", "clock": "ok"},
        "warnings": [],
        "details": {},
    }


@pytest.mark.parametrize("check", [no, raises, hangs, gives_up])
async def test_a_check_that_fails_in_any_way_makes_the_platform_not_ready(check: Check) -> None:
    response = await asked("/readyz", {"clock": yes, "database": check})
    assert response.status_code == 503
    assert response.json()["status"] == "failed"
    assert response.json()["checks"] == {"clock": "ok", "database": "failed"}
    assert response.json()["warnings"] == []


async def test_what_failed_is_told_with_its_counts() -> None:
    response = await asked("/readyz", {"lane": stuck, "clock": yes})
    assert response.status_code == 503
    assert response.json()["details"] == {"lane": {"rows": 4, "seconds": 45}}


@pytest.mark.parametrize("check", [no, raises, hangs, gives_up])
async def test_what_is_for_people_takes_nothing_away(check: Check) -> None:
    response = await asked("/readyz", {"database": yes}, {"roster": check, "inbox": yes})
    assert response.status_code == 200
    assert response.json()["status"] == "ok"
    assert response.json()["checks"] == {"database": "ok"}
    assert response.json()["warnings"] == ["roster"]


async def test_warnings_stand_beside_what_failed() -> None:
    response = await asked("/readyz", {"database": no}, {"senders": stuck})
    assert response.status_code == 503
    assert response.json()["warnings"] == ["senders"]
    assert response.json()["details"] == {"senders": {"rows": 4, "seconds": 45}}


async def test_a_check_that_raises_before_it_waits_has_failed() -> None:
    def broken() -> Awaitable[Finding]:
        raise RuntimeError

    assert (await asked("/readyz", {"database": broken})).status_code == 503


async def test_a_check_that_does_not_heed_being_cancelled_is_not_waited_for() -> None:
    free = asyncio.Event()

    async def stubborn() -> Finding:
        while not free.is_set():
            try:
                await free.wait()
            except asyncio.CancelledError:
                continue
        return Finding(True)

    try:
        assert (await asked("/readyz", {"database": stubborn})).status_code == 503
    finally:
        free.set()
        await asyncio.sleep(0)


async def test_slow_checks_wait_beside_each_other_and_not_in_turn() -> None:
    both = asyncio.Barrier(2)

    async def meets() -> Finding:
        await both.wait()
        return Finding(True)

    assert (await asked("/readyz", {"first": meets, "second": meets})).status_code == 200


async def test_what_hangs_is_let_go_of_after_the_answer() -> None:
    let_go = asyncio.Event()

    async def held() -> Finding:
        try:
            await asyncio.Event().wait()
        finally:
            let_go.set()
        return Finding(True)

    await asked("/readyz", {"database": held})
    async with asyncio.timeout(PATIENCE):
        await let_go.wait()


async def test_with_nothing_to_check_the_platform_is_ready() -> None:
    response = await asked("/readyz", {})
    assert (response.status_code, response.json()["status"]) == (200, "ok")


@pytest.mark.parametrize("check", [raises, hangs])
async def test_the_process_answers_whatever_the_checks_say(check: Check) -> None:
    response = await asked("/healthz", {"database": check})
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


async def test_the_text_of_an_error_is_told_neither_to_the_asker_nor_to_the_log(
    capsys: pytest.CaptureFixture[str],
) -> None:
    response = await asked("/readyz", {"database": raises})
    logged = capsys.readouterr()
    assert "secret" not in response.text + logged.out + logged.err
    assert "ConnectionError" in logged.out + logged.err


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
async def test_health_is_never_kept_by_a_cache(path: str) -> None:
    assert (await asked(path, {})).headers["cache-control"] == "no-store"
