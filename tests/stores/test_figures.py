"""What became of a run, counted in batches in the background."""

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from campaigns import running
from campaigns.content.model import Wording
from campaigns.figures import gathering
from campaigns.figures.comparing import Aspect, compare
from campaigns.figures.gathering import BATCH, GATHER, RunFigures, run_figures
from campaigns.figures.model import Figures, together
from campaigns.jobs import gather_next
from campaigns.replies.answers import campaign_answer, campaign_reply
from contacts import store as contacts
from db.session import Database
from delivery import runs
from delivery.content import Content
from delivery.model import State
from delivery.moves import move
from delivery.runs import NewRun, RunState
from delivery.store import attempt, message
from kit.channels import Channel
from kit.jobs import Wake
from tests.stores.api_rig import Stopped
from tests.stores.campaign_people import (
    NOON,
    Person,
    a_draft,
    endpoint_of,
    frozen,
    people_in,
    started,
)

SMS, TELEGRAM = Channel.SMS, Channel.TELEGRAM
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


async def a_run(
    database: Database, *people: Person, contents: dict[str, Wording] | None = None
) -> int:
    """A run of some people whose rows are all pending."""
    await people_in(database, *people)
    campaign_id = await started(database, a_draft(contents=contents))
    return await frozen(database, campaign_id)


async def became(
    database: Database,
    run_id: int,
    contact_id: int,
    state: State,
    at: datetime = NOON,
    *,
    reason: str | None = None,
    settled: datetime | None = None,
) -> None:
    """Let the message of somebody have ended so."""
    which = (message.c.run_id == run_id) & (message.c.contact_id == contact_id)
    async with database.write() as session:
        await session.execute(update(message).where(which).values(claimed_at=at))
        if state is not State.SKIPPED:
            await move(session, which, State.PENDING, State.SENDING)
            first = State.SENT if state in (State.DELIVERED, State.UNDELIVERED) else state
            await move(session, which, State.SENDING, first, settled_at=at, reason=reason)
            if first is not state:
                ended = {"settled_at": settled or at, "reason": reason}
                await move(session, which, first, state, **ended)
        else:
            await move(session, which, State.PENDING, state, settled_at=at, reason=reason)


async def tried(database: Database, run_id: int, contact_id: int, outcome: str = "sent") -> None:
    """One try of somebody's message by its own way."""
    async with database.write() as session:
        row = await session.first(
            select(message).where(message.c.run_id == run_id, message.c.contact_id == contact_id)
        )
        assert row is not None
        await session.execute(
            attempt.insert().values(
                message_id=row["id"],
                channel=row["channel"],
                sender=row["channel"],
                address_id=row["address_id"],
                at=NOON,
                outcome=outcome,
                code="",
            )
        )


async def gathered(
    database: Database,
    run_id: int,
    now: datetime = NOON,
    *,
    limit: int = BATCH,
    most: int = 1_000,
) -> int:
    """Count to the end, or so many steps; gives how many it took."""
    for taken in range(most):
        async with database.write() as session:
            if not await gathering.step(session, run_id, now, limit):
                return taken
    return most


async def shown(
    database: Database, run_id: int, now: datetime = NOON
) -> tuple[RunFigures, list[Wake]]:
    """The figures as they stand, and what asking for them has woken."""
    async with database.read() as session:
        found = await gathering.of_run(session, run_id, now)
        assert found is not None
        return found, list(session.wakes)


async def figures_of(database: Database, run_id: int, now: datetime = NOON) -> Figures:
    await gathered(database, run_id, now)
    return (await shown(database, run_id, now))[0].figures


async def test_rows_are_counted_by_state_and_reason_in_steps_of_any_size(
    database: Database,
) -> None:
    run_id = await a_run(database, *[Person(ways=[SMS])] * 5, Person(ways=[SMS], stopped=[SMS]))
    await became(database, run_id, 1, State.DELIVERED)
    await became(database, run_id, 2, State.SENT)
    await became(database, run_id, 3, State.FAILED, reason="address_dead")
    await became(database, run_id, 4, State.UNDELIVERED, reason="30005")
    whole = await figures_of(database, run_id)
    assert whole.by_state() == dict.fromkeys(
        ("delivered", "failed", "pending", "sent", "skipped", "undelivered"), 1
    )
    assert whole.reasons(State.FAILED, State.UNDELIVERED) == {"30005": 1, "address_dead": 1}
    assert whole.reasons(State.SKIPPED) == {"opted_out": 1}
    assert (whole.people, whole.left) == (6, 3)
    async with database.write() as session:
        await session.execute(run_figures.delete())
    await gathered(database, run_id, limit=1)
    assert (await shown(database, run_id))[0].figures == whole


async def test_the_series_tells_when_messages_left_and_when_they_arrived(
    database: Database,
) -> None:
    run_id = await a_run(database, *[Person(ways=[SMS])] * 3)
    late = NOON + 90 * MINUTE
    await became(database, run_id, 1, State.DELIVERED, settled=late)
    await became(database, run_id, 2, State.DELIVERED, late, settled=late)
    await became(database, run_id, 3, State.FAILED, late)
    figures = await figures_of(database, run_id)
    assert figures.series() == ((NOON, 1, 0), (NOON + HOUR, 1, 2))


@pytest.mark.parametrize(
    ("after", "counts"),
    [
        (timedelta(seconds=-1), 0),
        (timedelta(0), 1),
        (MINUTE, 1),
        (timedelta(hours=72), 1),
        (timedelta(hours=72, seconds=1), 0),
    ],
)
async def test_an_opt_out_within_72_hours_is_put_down_to_the_message(
    database: Database, after: timedelta, counts: int
) -> None:
    run_id = await a_run(database, *[Person(ways=[SMS])] * 2)
    sent = NOON + HOUR
    await became(database, run_id, 1, State.SENT, sent)
    await became(database, run_id, 2, State.SENT, sent)
    async with database.write() as session:
        said = endpoint_of(0, SMS)
        await contacts.add_opt_out(session, said, "self", "BAJA", sent + after)
    figures = await figures_of(database, run_id)
    assert figures.opt_outs == counts


async def test_a_no_that_came_before_the_receipt_counts_too(database: Database) -> None:
    run_id = await a_run(database, Person(ways=[SMS]))
    await became(database, run_id, 1, State.DELIVERED, settled=NOON + 2 * HOUR)
    async with database.write() as session:
        said = endpoint_of(0, SMS)
        await contacts.add_opt_out(session, said, "self", "BAJA", NOON + MINUTE)
    assert (await figures_of(database, run_id)).opt_outs == 1


async def test_a_no_on_another_way_or_to_a_message_that_did_not_leave_does_not_count(
    database: Database,
) -> None:
    run_id = await a_run(database, Person(ways=(SMS, TELEGRAM)), Person(ways=[SMS]))
    await became(database, run_id, 1, State.SENT)
    await became(database, run_id, 2, State.FAILED, reason="contact_stopped")
    async with database.write() as session:
        for number in (0, 1):
            said = endpoint_of(number, SMS)
            await contacts.add_opt_out(session, said, "self", "BAJA", NOON + MINUTE)
    assert (await figures_of(database, run_id)).opt_outs == 0


async def test_each_sms_that_the_provider_took_is_billed_also_the_second_one(
    database: Database,
) -> None:
    run_id = await a_run(
        database,
        Person(ways=[SMS]),
        Person(ways=[SMS], language="en"),
        Person(ways=[TELEGRAM]),
        contents={"es": Wording("Hola"), "en": Wording("a" * 161)},
    )
    for who in (1, 2, 3):
        await became(database, run_id, who, State.SENT)
        await tried(database, run_id, who)
    await tried(database, run_id, 1)
    await tried(database, run_id, 2, "30006")
    async with database.write() as session:
        await contacts.change(session, 1, {"country": "MX"})
    found, _ = await shown(database, run_id)
    figures = await figures_of(database, run_id)
    # The phones are of the US, wherever their owners are.
    assert figures.billed == {("es", "US"): 2, ("en", "US"): 1}
    assert found.segments == {"es": 1, "en": 2}
    assert figures.cost(found.segments, {}).unknown == {"US": 4}


async def test_answers_and_replies_of_the_run_are_counted(database: Database) -> None:
    run_id = await a_run(database, *[Person(ways=[TELEGRAM])] * 4)
    async with database.write() as session:
        campaign_id = (await runs.get(session, run_id) or pytest.fail("no run")).campaign_id
        given = [(1, "helped", ""), (2, "helped", ""), (1, "poll", "1"), (3, "poll", "2")]
        for who, kind, value in given:
            for run in (run_id, None) if kind == "helped" and who == 2 else (run_id,):
                await session.execute(
                    campaign_answer.insert().values(
                        contact_id=who,
                        campaign_id=campaign_id,
                        run_id=run,
                        kind=kind,
                        value=value,
                        at=NOON,
                        slot=f"{kind}{run}",
                    )
                )
        for who in (1, 4):
            await session.execute(
                campaign_reply.insert().values(run_id=run_id, contact_id=who, at=NOON)
            )
    await gathered(database, run_id, limit=1)
    figures = (await shown(database, run_id))[0].figures
    assert figures.by_answer() == {"helped": {"": 2}, "poll": {"1": 1, "2": 1}}
    assert figures.replies == 2


async def test_states_are_those_of_now_and_the_rest_grows(database: Database) -> None:
    run_id = await a_run(database, *[Person(ways=[SMS])] * 4)
    found, woken = await shown(database, run_id)
    assert found.states[State.PENDING] == 4
    assert (found.share, found.figures, woken) == (0, Figures(), [Wake(GATHER, str(run_id))])
    await gathered(database, run_id, limit=1, most=2)
    found, woken = await shown(database, run_id)
    assert (found.share, found.figures.people) == (0.5, 2)
    assert woken
    await gathered(database, run_id)
    found, woken = await shown(database, run_id)
    assert (found.share, found.figures.people, woken) == (1, 4, [])
    await became(database, run_id, 1, State.SENT)
    found, _ = await shown(database, run_id)
    assert found.states[State.SENT] == 1
    assert found.figures.by_state() == {"pending": 4}


async def test_while_messages_leave_the_count_is_renewed_every_ten_minutes(
    database: Database,
) -> None:
    run_id = await a_run(database, *[Person(ways=[SMS])] * 2)
    await gathered(database, run_id)
    await became(database, run_id, 1, State.SENT)
    assert await gathered(database, run_id, NOON + 9 * MINUTE) == 0
    later = NOON + 10 * MINUTE
    found, woken = await shown(database, run_id, later)
    assert (found.share, found.counted_at) == (1, NOON)
    assert woken
    await gathered(database, run_id, later, limit=1, most=1)
    # The old count is shown until the new one is whole.
    found, woken = await shown(database, run_id, later)
    assert (found.share, found.figures.by_state()) == (1, {"pending": 2})
    assert woken
    figures = await figures_of(database, run_id, later)
    assert figures.by_state() == {"pending": 1, "sent": 1}


async def test_a_run_that_is_over_is_counted_until_no_answer_is_put_down_to_it(
    database: Database,
) -> None:
    run_id = await a_run(database, Person(ways=[SMS]))
    await became(database, run_id, 1, State.SENT)
    await gathered(database, run_id)
    ended = NOON + MINUTE
    async with database.write() as session:
        await runs.move(session, run_id, RunState.DONE, ended)
    # Once more straight after its end.
    assert await gathered(database, run_id, ended) == 1
    assert await gathered(database, run_id, ended + 59 * MINUTE) == 0
    assert await gathered(database, run_id, ended + HOUR) == 1
    last = ended + 72 * HOUR
    assert await gathered(database, run_id, last) == 1
    assert await gathered(database, run_id, last + 500 * HOUR) == 0
    assert (await shown(database, run_id, last + 500 * HOUR))[1] == []


async def test_two_processes_that_count_the_same_run_count_no_row_twice(
    database: Database,
) -> None:
    run_id = await a_run(database, *[Person(ways=[SMS])] * 12)

    async def count(at: datetime = NOON, since: datetime | None = None) -> None:
        for _row in range(100):
            if not await gather_next(database, Stopped(at), run_id, batch=1, since=since):
                return
        raise AssertionError("it never ends")

    await asyncio.gather(*(count() for _process in range(3)))
    assert (await shown(database, run_id))[0].figures.people == 12
    # What is known is not counted again, but for who asks for what is so from now on.
    await became(database, run_id, 1, State.DELIVERED)
    await count()
    assert "delivered" not in (await shown(database, run_id))[0].figures.by_state()
    await count(NOON + MINUTE, NOON + MINUTE)
    figures = (await shown(database, run_id))[0].figures
    assert (figures.people, figures.by_state()["delivered"]) == (12, 1)


async def test_who_comes_with_an_old_batch_changes_nothing_of_a_count_that_is_over(
    database: Database,
) -> None:
    run_id = await a_run(database, *[Person(ways=[SMS])] * 5)
    async with database.write() as session:
        at = await gathering.place(session, run_id, NOON)
    assert at is not None
    async with database.read() as session:
        found = await gathering.look(session, at, 1)
    await gathered(database, run_id, limit=1)
    async with database.write() as session:
        assert await gathering.add(session, at, found)
    assert (await shown(database, run_id))[0].figures.people == 5


async def test_a_campaign_adds_up_its_runs_and_two_runs_can_be_compared(
    database: Database,
) -> None:
    ids = await people_in(database, *[Person(ways=[SMS])] * 3)
    campaign_id = await started(database, a_draft())
    first = await frozen(database, campaign_id)
    async with database.write() as session:
        hello = {"es": Content("Hola", "Hola")}
        due_at = NOON + timedelta(days=1)
        new = NewRun(campaign_id, due_at, hello, "fraud", (SMS,), audience="topic:fraud")
        second = await runs.open_run(session, new, NOON)
        assert second is not None
        await running.freeze_step(session, second, NOON)
    for who in ids:
        await became(database, first, who, State.SENT)
    await became(database, second, ids[0], State.FAILED, reason="30006")
    await gathered(database, first)
    await gathered(database, second)
    async with database.read() as session:
        parts = await gathering.of_campaign(session, campaign_id, NOON)
    assert [part.run.id for part in parts] == [first, second]
    total = together(part.figures for part in parts)
    assert total.by_state() == {"sent": 3, "pending": 2, "failed": 1}
    found = {one.aspect: one for one in compare(parts[0].figures, parts[1].figures)}
    assert (found[Aspect.LEFT].one.value, found[Aspect.LEFT].other.value) == (1, 0)
    assert (found[Aspect.FAILED].one.value, found[Aspect.FAILED].other.value) == (0, 1)


async def test_a_run_without_rows_and_one_that_does_not_exist_count_nothing(
    database: Database,
) -> None:
    run_id = await a_run(database)
    assert await figures_of(database, run_id) == Figures()
    assert (await shown(database, run_id))[0].share == 1
    assert await gathered(database, 404) == 0
    async with database.read() as session:
        assert await gathering.of_run(session, 404, NOON) is None
        assert await gathering.of_campaign(session, 404, NOON) == ()


async def test_figures_hold_no_number_and_no_contact(database: Database) -> None:
    run_id = await a_run(database, *[Person(ways=(SMS, TELEGRAM))] * 3)
    await gathered(database, run_id)
    async with database.read() as session:
        kept = await session.scalar(select(run_figures.c.figures))
    assert "555" not in kept
    assert "700" not in kept
