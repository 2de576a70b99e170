"""The reconciler asks every source, whatever happens to another."""

from datetime import datetime

from structlog.testing import capture_logs

from db.session import Database, Session
from engine.reconciler import Reconciler
from kit.clock import Clock


async def test_a_source_that_fails_is_named_and_stops_neither_the_others_nor_the_start(
    database: Database,
) -> None:
    asked: list[str] = []

    async def broken(session: Session, now: datetime) -> None:
        raise RuntimeError("what somebody wrote")

    async def reads(session: Session, now: datetime) -> None:
        asked.append("reads")

    async def writes(session: Session, now: datetime) -> None:
        asked.append("writes")

    with capture_logs() as logs:
        await Reconciler(database, Clock(), [broken, reads], [broken, writes]).reconcile()
    assert asked == ["reads", "writes"]
    assert [line["error"] for line in logs] == ["RuntimeError"] * 2
    assert all("broken" in line["source"] for line in logs)
    assert "wrote" not in str(logs)
