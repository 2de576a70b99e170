"""The robot's calls, and the watch over them."""

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from alerts import timeline, timers
from alerts.canary import findings, service, store, tick
from alerts.canary.model import KEPT, LIMIT, Plan, SmsRound, call_words, page_words
from alerts.model import EntryKind
from alerts.store import case
from db.session import Database, Session
from delivery import senders
from delivery.content import Content
from delivery.model import Lane, State
from delivery.store import message
from kit.channels import Channel, Endpoint
from staff import service as staff
from staff.model import Role
from tests.stores.case_rig import a_case
from tests.stores.sending_rig import Way

NOW = datetime(2026, 11, 25, 16, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=1)
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
OURS, URGENT = "+12135550100", "+12135550199"
ANA, ANAS_PHONE = "900001", "+12135550131"
STRANGER = Endpoint(Channel.SMS, "+12135550111")
TOKEN = "0123456789ABCDEF01234567"
SMS = Plan(timedelta(hours=1), SmsRound(OURS, URGENT, "sms-urgent"))
CHAT = Plan(timedelta(hours=1), telegram=Endpoint(Channel.TELEGRAM, "-100900"))


def number(value: str) -> Endpoint:
    return Endpoint(Channel.SMS, value)


async def written(session: Session) -> list[Mapping[str, str]]:
    """Every row of the ledger, the oldest first: to whom, what, from which sender."""
    rows = await session.all(select(message).order_by(message.c.id))
    return [
        {
            "to": row["endpoints"].split('"')[3],
            "says": Content.unpack(row["content"]).sms or Content.unpack(row["content"]).chat,
            "sender": row["sender"],
            "lane": row["lane"],
            "channel": row["channel"],
        }
        for row in rows
    ]


async def hire(session: Session, name: str, role: Role, *endpoints: Endpoint) -> int:
    return await staff.add(
        session,
        name=name,
        email=f"{name.lower()}@example.org",
        role=role,
        endpoints=endpoints,
        now=NOW,
        pick=lambda below: 0,
    )


async def coordinator(session: Session) -> int:
    chat = Endpoint(Channel.TELEGRAM, ANA)
    return await hire(session, "Ana", Role.COORDINATOR, chat, number(ANAS_PHONE))


async def test_a_canary_goes_from_one_number_to_the_other_and_back(database: Database) -> None:
    async with database.write() as session:
        await senders.register(session, [Way(Channel.SMS), urgent_way()], NOW)
        await service.call(session, SMS, Channel.SMS, TOKEN, NOW)
        assert await service.hear(session, number(OURS), call_words(TOKEN), NOW + SECOND)
        assert await service.hear(session, number(URGENT), page_words(TOKEN), NOW + 2 * SECOND)
        call, page = await written(session)
        canary = await store.newest(session, Channel.SMS)
    assert (call["to"], call["says"], call["sender"]) == (URGENT, call_words(TOKEN), "sms")
    assert (page["to"], page["says"], page["sender"]) == (OURS, page_words(TOKEN), "sms-urgent")
    assert {call["lane"], page["lane"]} == {Lane.URGENT}
    assert canary is not None
    assert (canary.heard_at, canary.done_at) == (NOW + SECOND, NOW + 2 * SECOND)


def urgent_way() -> Way:
    return Way(Channel.SMS, name="sms-urgent", urgent_only=True)


async def test_a_canary_is_a_case_that_no_list_and_no_figure_shows(database: Database) -> None:
    async with database.write() as session:
        await service.call(session, SMS, Channel.SMS, TOKEN, NOW)
        await service.hear(session, number(OURS), call_words(TOKEN), NOW)
        row = await session.first(select(case))
        assert row is not None
        assert (row["kind"], row["exercise"], row["state"]) == ("canary", True, "open")
        assert await timers.due_cases(session, NOW + timedelta(hours=1)) == ()
        await service.hear(session, number(URGENT), page_words(TOKEN), NOW)
        row = await session.first(select(case))
        assert row is not None
        assert row["state"] == "closed"
        kinds = [entry.kind for entry in await timeline.of_case(session, row["id"])]
        assert await timers.of_case(session, row["id"]) == {}
    assert kinds == [
        EntryKind.CALLED,
        EntryKind.PAGED,
        EntryKind.ACKNOWLEDGED,
        EntryKind.CLOSED,
    ]


@pytest.mark.parametrize(
    ("sender", "words"),
    [
        (STRANGER, call_words(TOKEN)),
        (number(URGENT), call_words(TOKEN)),
        (number(OURS), call_words(TOKEN[::-1])),
        (number(OURS), page_words(TOKEN)),
        (number(URGENT), page_words(TOKEN)),
    ],
    ids=["a stranger's", "the wrong number's", "unknown token", "wrong page", "page too early"],
)
async def test_words_that_are_not_awaited_do_nothing_and_are_never_answered(
    database: Database, sender: Endpoint, words: str
) -> None:
    async with database.write() as session:
        await service.call(session, SMS, Channel.SMS, TOKEN, NOW)
        assert await service.hear(session, sender, words, NOW)
        assert len(await written(session)) == 1
        canary = await store.newest(session, Channel.SMS)
        assert await session.first(select(case)) is None
    assert canary is not None
    assert (canary.heard_at, canary.done_at) == (None, None)


async def test_words_that_come_twice_are_heard_once(database: Database) -> None:
    async with database.write() as session:
        await service.call(session, SMS, Channel.SMS, TOKEN, NOW)
        for seconds in (1, 2):
            at = NOW + seconds * SECOND
            assert await service.hear(session, number(OURS), call_words(TOKEN), at)
        assert len(await written(session)) == 2
        for seconds in (3, 4):
            at = NOW + seconds * SECOND
            assert await service.hear(session, number(URGENT), page_words(TOKEN), at)
        canary = await store.newest(session, Channel.SMS)
    assert canary is not None
    assert canary.done_at == NOW + 3 * SECOND


async def test_words_of_people_are_left_to_be_heard(database: Database) -> None:
    async with database.write() as session:
        assert not await service.hear(session, STRANGER, "SOS", NOW)
        assert not await service.hear(session, number(OURS), "SOS", NOW)
        chat = Endpoint(Channel.TELEGRAM, ANA)
        assert not await service.hear(session, chat, call_words(TOKEN), NOW)


async def test_no_token_stands_in_clear_in_the_database(database: Database) -> None:
    async with database.write() as session:
        await service.call(session, SMS, Channel.SMS, TOKEN, NOW)
        (row,) = await session.all(select(store.canary))
        raw = await session.first(select(message.c.content))
    assert TOKEN not in str(row)
    assert raw is not None
    assert TOKEN.encode() not in bytes(row["token_index"])


async def test_a_canary_flies_every_hour(database: Database) -> None:
    async with database.write() as session:
        for minutes in range(0, 121, 5):
            at = NOW + minutes * MINUTE
            await tick.begin_due(session, SMS, LONG_AGO, at)
            last = await store.newest(session, Channel.SMS)
            assert last is not None
            if last.done_at is None:
                await store.change(session, last.id, done_at=at)
        assert len(await session.all(select(store.canary.c.id))) == 3


async def fly(session: Session, plan: Plan, at: datetime, since: datetime = LONG_AGO) -> None:
    """One look of the clock."""
    await tick.begin_due(session, plan, since, at)
    await tick.judge(session, plan, since, at)


async def alarms(session: Session) -> list[Mapping[str, str]]:
    return [row for row in await written(session) if row["says"].startswith("SISTEMA")]


async def test_a_missing_canary_is_told_by_the_other_channel_once_an_hour(
    database: Database,
) -> None:
    async with database.write() as session:
        await coordinator(session)
        await fly(session, SMS, NOW)
        await fly(session, SMS, NOW + LIMIT - SECOND)
        assert await alarms(session) == []
        for minutes in range(3, 64):
            await fly(session, SMS, NOW + minutes * MINUTE)
        told = await alarms(session)
    assert [row["channel"] for row in told] == ["telegram", "telegram"]
    assert told[0]["to"] == ANA
    assert told[0]["says"].startswith("SISTEMA: el canal SMS no responde desde hace 3 min.")
    assert "desde hace 63 min" in told[1]["says"]


async def test_a_channel_that_answers_again_is_told_of(database: Database) -> None:
    async with database.write() as session:
        await coordinator(session)
        await fly(session, SMS, NOW)
        await fly(session, SMS, NOW + LIMIT)
        await fly(session, SMS, NOW + 10 * MINUTE)
        last = await store.newest(session, Channel.SMS)
        assert last is not None
        assert last.started_at == NOW + 10 * MINUTE, "a silent channel is tried again soon"
        assert not (await findings.canaries(session, NOW)).good
        await store.change(session, last.id, done_at=NOW + 11 * MINUTE)
        await fly(session, SMS, NOW + 11 * MINUTE)
        await fly(session, SMS, NOW + 12 * MINUTE)
        _, over = await alarms(session)
        assert (await findings.canaries(session, NOW)).good
    assert over["says"] == "SISTEMA: ya funciona. El aviso era: el canal SMS no responde."


async def test_a_late_canary_ends_the_alarm(database: Database) -> None:
    async with database.write() as session:
        await coordinator(session)
        await service.call(session, SMS, Channel.SMS, TOKEN, NOW)
        await service.hear(session, number(OURS), call_words(TOKEN), NOW + MINUTE)
        await fly(session, SMS, NOW + LIMIT)
        assert await session.scalar(select(case.c.state)) == "closed"
        await service.hear(session, number(URGENT), page_words(TOKEN), NOW + 4 * MINUTE)
        await fly(session, SMS, NOW + 4 * MINUTE)
        assert len(await alarms(session)) == 2


async def test_what_was_lost_while_nobody_watched_alarms_nobody(database: Database) -> None:
    async with database.write() as session:
        await coordinator(session)
        await service.call(session, SMS, Channel.SMS, TOKEN, NOW)
        await service.hear(session, number(OURS), call_words(TOKEN), NOW)
        back = NOW + timedelta(hours=3)
        await fly(session, SMS, back, since=back)
        assert await alarms(session) == []
        last = await store.newest(session, Channel.SMS)
        states = await session.all(select(case.c.state))
    assert last is not None
    assert last.started_at == back, "the next one flies at once"
    assert [row["state"] for row in states] == ["closed"]


async def test_those_on_duty_and_the_wide_circle_are_told_and_nobody_else(
    database: Database,
) -> None:
    async with database.write() as session:
        await coordinator(session)
        await hire(session, "Eva", Role.DUTY, Endpoint(Channel.TELEGRAM, "900002"))
        await hire(session, "Luz", Role.ADMIN, Endpoint(Channel.TELEGRAM, "900003"))
        await hire(session, "Sol", Role.COMMUNICATOR, Endpoint(Channel.TELEGRAM, "900004"))
        await fly(session, SMS, NOW)
        await fly(session, SMS, NOW + LIMIT)
        told = {row["to"] for row in await alarms(session)}
    assert told == {ANA, "900002", "900003"}


async def test_who_has_no_other_way_is_told_by_the_silent_one(database: Database) -> None:
    async with database.write() as session:
        await hire(session, "Eva", Role.DUTY, number(ANAS_PHONE))
        await fly(session, SMS, NOW)
        await fly(session, SMS, NOW + LIMIT)
        assert [row["to"] for row in await alarms(session)] == [ANAS_PHONE]


async def settle(session: Session, state: State, at: datetime) -> None:
    await session.execute(update(message).values(state=state, settled_at=at))


async def test_in_a_chat_the_providers_word_and_an_open_way_in_are_the_answer(
    database: Database,
) -> None:
    async with database.write() as session:
        await tick.begin_due(session, CHAT, LONG_AGO, NOW)
        await tick.judge(session, CHAT, LONG_AGO, NOW, way_in=True)
        assert await tick.is_out(session, Channel.TELEGRAM)
        await settle(session, State.SENT, NOW + SECOND)
        await tick.judge(session, CHAT, LONG_AGO, NOW + 2 * SECOND, way_in=True)
        canary = await store.newest(session, Channel.TELEGRAM)
        assert not await tick.is_out(session, Channel.TELEGRAM)
    assert canary is not None
    assert (canary.paged_at, canary.heard_at) == (NOW + SECOND, NOW + 2 * SECOND)
    assert canary.done_at == NOW + 2 * SECOND


@pytest.mark.parametrize(
    ("state", "way_in"),
    [(State.PENDING, True), (State.FAILED, True), (State.UNCERTAIN, None), (State.SENT, False)],
)
async def test_a_silent_chat_is_told_by_sms(
    database: Database, state: State, way_in: bool | None
) -> None:
    async with database.write() as session:
        await coordinator(session)
        await tick.begin_due(session, CHAT, LONG_AGO, NOW)
        await settle(session, state, NOW)
        for minutes in (3, 4):
            at = NOW + minutes * MINUTE
            await tick.judge(session, CHAT, LONG_AGO, at, way_in=way_in)
        (told,) = await alarms(session)
    assert (told["channel"], told["to"]) == ("sms", ANAS_PHONE)
    assert "el canal Telegram no responde" in told["says"]


async def test_a_chat_of_which_nobody_can_ask_the_way_in_is_judged_by_the_way_out(
    database: Database,
) -> None:
    async with database.write() as session:
        await tick.begin_due(session, CHAT, LONG_AGO, NOW)
        await settle(session, State.SENT, NOW)
        await tick.judge(session, CHAT, LONG_AGO, NOW + SECOND)
        canary = await store.newest(session, Channel.TELEGRAM)
    assert canary is not None
    assert (canary.done_at, canary.heard_at) == (NOW + SECOND, None)


async def test_old_canaries_and_their_cases_are_forgotten(database: Database) -> None:
    async with database.write() as session:
        await service.call(session, SMS, Channel.SMS, TOKEN, NOW)
        await service.hear(session, number(OURS), call_words(TOKEN), NOW)
        fresh = NOW + KEPT
        await service.call(session, SMS, Channel.SMS, secrets.token_hex(12).upper(), fresh)
        await a_case(session, STRANGER)
        await tick.tidy(session, fresh + SECOND)
        assert len(await session.all(select(store.canary.c.id))) == 1
        rows = await session.all(select(case.c.kind))
    assert [row["kind"] for row in rows] == ["unknown"], "no case of a person's goes with them"


async def test_what_two_processes_find_at_once_is_told_once(database: Database) -> None:
    async with database.write() as session:
        await coordinator(session)
    for _ in range(2):
        async with database.write() as session:
            people = await service.coordinators(session, NOW)
            await service.follow_trouble(session, "lane", people, NOW, bad=True)
    async with database.write() as session:
        notice = (await store.notices(session))["lane"]
        assert not await store.put_notice(session, "lane", None, notice), "somebody was first"
        assert len(await alarms(session)) == 2, "once by each of Ana's ways"
