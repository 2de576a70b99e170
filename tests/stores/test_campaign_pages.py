"""What the pages of campaigns read: the list, the calendar, progress, rows to decide about."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from campaigns import agenda, deciding, listing, service, standing, trying
from campaigns.agenda import Mark
from campaigns.conduct import AT_ONCE
from campaigns.listing import Waits, Wanted
from campaigns.model import CampaignState
from campaigns.schedule.model import At, AtLocal, Every
from campaigns.store import campaign
from db.session import Database, Session
from delivery.deciding import Decision
from delivery.model import Failure, State
from delivery.store import message
from kit.channels import Channel
from kit.errors import NotFound, Refused
from kit.zones import OAXACA
from staff.model import Member, Role
from staff.store import audit
from tests.stores.campaign_people import (
    NOON,
    Person,
    a_draft,
    a_member,
    approved,
    frozen,
    people_in,
    started,
)
from tests.stores.test_figures import became

DAY = timedelta(days=1)
SMS = Channel.SMS

Act = Callable[[Session, int, Member], Awaitable[object]]

ACTS: dict[str, Act] = {
    "submit": lambda s, i, by: service.submit(s, i, by, NOON),
    "start": lambda s, i, by: service.start(s, i, by, NOON),
    "pause": lambda s, i, by: service.pause(s, i, by, NOON),
    "resume": lambda s, i, by: service.resume(s, i, by, NOON),
    "cancel": lambda s, i, by: service.cancel(s, i, by, NOON),
    "retry": lambda s, i, by: deciding.retry(s, i, by, NOON),
    "resolve": lambda s, i, by: deciding.resolve(s, i, Decision.LEAVE, by, NOON),
    "test": lambda s, i, by: trying.try_out(s, i, [], by, NOON),
    "testers": trying.testers,
}

LOOKS: dict[str, Act] = {
    "list": lambda s, _i, by: listing.page(s, by, Wanted()),
    "calendar": lambda s, _i, by: agenda.month(s, by, date(2026, 11, 1), AT_ONCE),
    "see": service.seen_by,
    "progress": lambda s, i, by: standing.progress(s, i, by, NOON),
    "uncertain": standing.uncertain,
}


class Undone(Exception):
    """Ends a unit that is to leave nothing."""


WRITE = {Role.ADMIN, Role.COORDINATOR, Role.COMMUNICATOR}
SEE = WRITE | {Role.AUDITOR}


async def test_each_act_and_each_look_asks_for_its_right(database: Database) -> None:
    campaign_id = await started(database, a_draft())
    for number, role in enumerate(Role, 10):
        member = await a_member(database, number, role)
        for acts, allowed in ((ACTS, WRITE), (LOOKS, SEE)):
            for name, act in acts.items():
                refusal, said = "staff.not_allowed", ""
                with suppress(Undone):
                    async with database.write() as session:
                        try:
                            await act(session, campaign_id, member)
                        except Refused as refused:
                            said = refused.key
                        raise Undone
                assert (said == refusal) is (role not in allowed), (name, role)
        async with database.read() as session:
            assert role in WRITE or not await listing.for_approval(session, member)


async def test_the_audit_says_who_did_it_and_nobody_at_the_machine(database: Database) -> None:
    campaign_id = await started(database, a_draft())
    ana = await a_member(database, 3)
    async with database.write() as session:
        await service.pause(session, campaign_id, ana, NOON)
        await service.resume(session, campaign_id, None, NOON)
        await service.cancel(session, campaign_id, ana, NOON)
        rows = await session.all(select(audit.c.act, audit.c.member_id).order_by(audit.c.id))
    said = [(row["act"].partition(".")[2], row["member_id"]) for row in rows][-3:]
    assert said == [("pause", ana.id), ("resume", None), ("cancel", ana.id)]


async def test_the_list_goes_on_page_by_page_and_finds_titles(database: Database) -> None:
    ana, beto = await a_member(database, 1), await a_member(database, 2)
    titles = ("Becas en Juxtlahuaca", "Fraude: ÁLBUM de visas", "Becas de invierno")
    async with database.write() as session:
        ids = [await service.create(session, a_draft(), ana, NOON) for _title in titles]
        for campaign_id, title in zip(ids, titles, strict=True):
            await session.execute(
                update(campaign).where(campaign.c.id == campaign_id).values(title=title)
            )
        await service.approve(session, ids[0], beto, NOON)
    async with database.read() as session:
        first = await listing.page(session, beto, Wanted(), limit=2)
        rest = await listing.page(session, beto, Wanted(first.following), limit=2)
        assert [one.id for one in (*first.items, *rest.items)] == ids[::-1]
        assert rest.following is None

        async def found(member: Member, **wanted: Any) -> list[int]:
            page = await listing.page(session, member, Wanted(**wanted))
            return [one.id for one in page.items]

        assert await found(beto, text="album") == [ids[1]]
        assert await found(beto, text="becas") == [ids[2], ids[0]]
        assert await found(beto, text="becas", state=CampaignState.REVIEW) == [ids[2]]
        assert await found(beto, text="becas", before=ids[2]) == [ids[0]]
        assert await found(beto, text=str(ids[1])) == [ids[1]]
        assert await found(beto, text="%") == ids[::-1]
        assert await found(beto, text="nada de esto") == []
        assert [one.waits for one in first.items] == [Waits.YOUR_APPROVAL] * 2
        assert [one.author for one in first.items] == [ana.name] * 2
        assert rest.items[0].waits is Waits.START
        assert [one.id for one in await listing.for_approval(session, beto)] == ids[1:]
        assert await listing.for_approval(session, ana) == ()
        # Approved, it leaves when somebody starts it: who wrote it is told so.
        auditor = await a_member(database, 3, Role.AUDITOR)
        assert [one.id for one in await listing.to_start(session, ana)] == ids[:1]
        assert await listing.to_start(session, auditor) == ()


async def test_the_calendar_holds_what_left_and_what_is_to_come(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = await started(database, a_draft())
    ana, beto = await a_member(database, 3), await a_member(database, 4)
    evening = datetime(2026, 12, 1, 5, tzinfo=NOON.tzinfo)
    weekly = Every(1, "weeks", datetime(2026, 11, 25, 10), OAXACA)  # noqa: DTZ001
    hourly = Every(1, "hours", datetime(2026, 11, 30, 0), OAXACA)  # noqa: DTZ001
    local = AtLocal(datetime(2026, 11, 28, 18, 30))  # noqa: DTZ001
    async with database.write() as session:
        made = [
            await service.create(session, a_draft(schedule=schedule), ana, NOON)
            for schedule in (weekly, hourly, local, At(evening, OAXACA))
        ]
        for campaign_id in made[:3]:
            await service.approve(session, campaign_id, beto, NOON)
        await service.pause(session, made[2], beto, NOON)
    async with database.read() as session:
        november = await agenda.month(session, ana, date(2026, 11, 1), AT_ONCE)
        december = await agenda.month(session, ana, date(2026, 12, 1), AT_ONCE)
        october = await agenda.month(session, ana, date(2026, 10, 1), AT_ONCE)
        cut = [november.cut]
        # Of each kind one more is asked for than is looked at: three are armed, one is wished.
        for most in (3, 2, 0):
            monkeypatch.setattr(agenda, "MOST_CAMPAIGNS", most)
            first = date(2026, 11, 1)
            cut.append((await agenda.month(session, ana, first, AT_ONCE)).cut)
    assert cut == [False, False, True, True]
    lines = [
        (day.day, one.campaign_id, one.mark, one.times, one.at.hour, one.by_recipient)
        for day, entries in sorted(november.days.items())
        for one in entries
    ]
    assert lines == [
        (23, left, Mark.UNDER_WAY, 1, 6, False),
        (25, made[0], Mark.PLANNED, 1, 10, False),
        (28, made[2], Mark.PAUSED, 1, 18, True),
        # Midnight of the institute decides on which day the evening's one is.
        (30, made[1], Mark.PLANNED, 24, 0, False),
        (30, made[3], Mark.WISHED, 1, 23, False),
    ]
    assert october.days == {}
    by_campaign = [one.campaign_id for entries in december.days.values() for one in entries]
    assert by_campaign.count(made[0]) == 5
    assert by_campaign.count(made[1]) == 31
    assert sum(one.times for entries in december.days.values() for one in entries) == 5 + 31 * 24


async def test_progress_tells_what_left_what_failed_and_why(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = await people_in(database, *[Person() for _ in range(5)], Person(stopped=(SMS,)))
    ana = await a_member(database, 9)
    campaign_id = await started(database, a_draft())

    async def seen() -> standing.Progress:
        async with database.read() as session:
            return await standing.progress(session, campaign_id, ana, NOON)

    assert (await seen()).frozen == 0.0
    run_id = await frozen(database, campaign_id)
    await became(database, run_id, ids[0], State.DELIVERED)
    await became(database, run_id, ids[1], State.FAILED, reason=Failure.TRY_LATER)
    await became(database, run_id, ids[2], State.FAILED, reason="30007")
    await became(database, run_id, ids[3], State.UNCERTAIN, reason="process_ended")
    found = await seen()
    assert (found.people, found.left, found.waiting, found.settled) == (6, 1, 1, 4)
    assert found.frozen is None
    assert found.failures == {Failure.TRY_LATER: 1, "30007": 1}
    assert sum(found.skipped.values()) == 1
    assert found.channels["sms"][State.DELIVERED] == 1
    assert found.counted_at is None
    assert standing.why("30007").params == {"code": "30007"}
    # More than is counted while somebody waits: groups come from the background.
    monkeypatch.setattr(standing, "AT_ONCE", 2)
    large = await seen()
    assert large.counted_at == NOON
    assert large.failures == found.failures
    assert large.channels == {}
    assert dict(large.rows) == dict(found.rows)


async def test_uncertain_rows_come_page_by_page_without_a_number(database: Database) -> None:
    ids = await people_in(database, *[Person() for _ in range(5)])
    ana = await a_member(database, 9)
    campaign_id = await started(database, a_draft())
    run_id = await frozen(database, campaign_id)
    for number, contact_id in enumerate(ids):
        at = NOON + number * timedelta(minutes=1)
        await became(database, run_id, contact_id, State.UNCERTAIN, at)
    async with database.read() as session:
        listed: list[standing.Uncertain] = []
        after: int | None = None
        for _page in range(3):
            rows, after = await standing.uncertain(session, campaign_id, ana, after, limit=2)
            listed += rows
        assert after is None
        assert [row.contact_id for row in listed] == ids
        assert {row.channel for row in listed} == {"sms"}
        assert listed[1].since == NOON + timedelta(minutes=1)
        assert "+1" not in repr(listed)
        # Of a place that is none: from the beginning.
        assert len((await standing.uncertain(session, campaign_id, ana, 10**9))[0]) == 5
        with pytest.raises(NotFound):
            await standing.uncertain(session, 404, ana)
    async with database.write() as session:
        press = NOON + timedelta(minutes=9)
        taken = await deciding.resolve(session, campaign_id, Decision.RESEND, ana, press)
        assert taken == 5
        assert await deciding.resolve(session, campaign_id, Decision.RESEND, ana, press) == 0
        states = await session.all(select(message.c.state).where(message.c.run_id == run_id))
        assert {row["state"] for row in states} == {State.PENDING}


async def test_whoever_asks_for_a_test_stands_first_among_those_who_can_get_it(
    database: Database,
) -> None:
    campaign_id = await approved(database, a_draft())
    ana = await a_member(database, 9)
    async with database.read() as session:
        assert await trying.testers(session, campaign_id, ana) == ()
