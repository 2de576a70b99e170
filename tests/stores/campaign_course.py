"""A campaign takes its course: the clock looks, and what may leave does."""

from datetime import datetime, timedelta

from campaigns import running, tick
from campaigns.conduct import AT_ONCE, Conduct
from db.session import Database
from delivery import runs, settling
from delivery.claims import Claimant, claim
from delivery.model import Failure, Lane, Outcome, State
from delivery.pacing import Pace
from delivery.runs import RunState
from kit.channels import Channel

SMS, TELEGRAM = Channel.SMS, Channel.TELEGRAM
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
TEST = Claimant("test")


async def look(database: Database, now: datetime, conduct: Conduct = AT_ONCE) -> None:
    """What the clock does: fire, close, and write the ledger of whatever opened."""
    async with database.write() as session:
        await tick.wake_due(session, now, conduct)
    async with database.read() as session:
        opened = await runs.in_state(session, RunState.FREEZING)
    for run in opened:
        more = True
        while more:
            async with database.write() as session:
                more = await running.freeze_step(session, run.id, now)


async def leave(
    database: Database, now: datetime, state: State = State.SENT, channel: Channel = SMS
) -> int:
    """Send what may leave now, and let all of it end like this; gives how many that were."""
    reason = Failure.TRY_LATER if state is State.FAILED else None
    async with database.write() as session:
        rows = (await claim(session, Lane.BULK, channel, 1_000, TEST, now)).rows
        ended = [Outcome(row, state, now, reason, f"p{row.id}") for row in rows]
        await settling.write(session, ended, lambda sender: Pace(1, now, now))
    return len(rows)
