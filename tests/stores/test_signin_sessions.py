"""Sessions that are kept on the server, forms that are taken once, and what the clock forgets."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, func, select

from db.session import Database
from kit.channels import Channel, Endpoint
from kit.errors import NotFound, Refused
from staff import service, store
from staff.audit.store import audit
from staff.model import Member, Role
from staff.signin import invitations, sessions
from staff.signin.forms import once
from staff.signin.guard import hold, keys_of
from staff.signin.model import SEEN_EVERY, Entered, Stage, Visit
from staff.signin.store import form_once, invitation, member_session, sign_in_failure
from staff.signin.tick import close, forget

NOW = datetime(2026, 3, 3, 16, tzinfo=UTC)
SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)
DAY = 24 * HOUR
PHONE = Visit("192.0.2.7", "Mozilla/5.0 (Android 11; Mobile) Firefox/128.0", "en")
WAYS = (Endpoint(Channel.TELEGRAM, "900001"), Endpoint(Channel.SMS, "+12135550101"))


async def hired(database: Database, number: int = 1, role: Role = Role.COORDINATOR) -> Member:
    async with database.write() as session:
        made = await service.add(
            session,
            name=f"Persona {number}",
            email=f"p{number}@example.org",
            role=role,
            endpoints=WAYS if number == 1 else (),
            now=NOW,
            pick=lambda below: 0,
        )
        member = await store.get(session, made)
    assert member is not None
    return member


async def begun(database: Database, who: Member, stage: Stage = Stage.IN) -> Entered:
    async with database.write() as session:
        return await sessions.begin(session, who, stage, PHONE, NOW)


async def is_open(database: Database, cookie: str, now: datetime = NOW) -> bool:
    async with database.read() as session:
        return await sessions.current(session, cookie, now) is not None


async def test_a_cookie_is_found_in_one_query_with_the_whole_member(database: Database) -> None:
    who, other = await hired(database), await hired(database, 2, Role.ADMIN)
    mine, theirs = await begun(database, who), await begun(database, other)
    seen: list[str] = []
    event.listen(
        database.reader.sync_engine,
        "before_cursor_execute",
        lambda *given: seen.append(given[2]),
    )
    async with database.read() as session:
        found = await sessions.current(session, mine.cookie, NOW)
        assert sum(statement.startswith("SELECT") for statement in seen) == 1
        assert found == mine.signed_in
        assert found is not None
        assert found.member == who
        assert found.member.endpoints == WAYS
        assert (found.device, found.language) == ("Firefox · Android", "en")
        alone = await sessions.current(session, theirs.cookie, NOW)
        assert alone is not None
        assert (alone.member, alone.csrf != found.csrf) == (other, True)
        (row, *_) = await session.all(select(member_session))
    number, _dot, secret = mine.cookie.partition(".")
    assert secret not in str(dict(row))
    assert "Mozilla" not in str(dict(row))
    assert secret not in repr(mine)
    assert found.csrf not in repr(mine)
    wrong = [
        "",
        ".",
        number,
        f"{number}.",
        f"{number}.{secret[:-1]}",
        f"{number}.{secret}a",
        f"0{mine.cookie}",
        f" {mine.cookie}",
        f"{mine.cookie}\n",
        f"{theirs.signed_in.id}.{secret}",
        f"{9**20}.{secret}",
        f"{'9' * 18}.{secret}",
        f"-1.{secret}",
        f"١.{secret}",
        f"{number}.{'a' * 10**6}",
        "\ud800.\x00",
    ]
    for cookie in wrong:
        assert not await is_open(database, cookie), cookie[:60]


async def test_each_step_gives_a_new_secret_and_only_one_browser_takes_it(
    database: Database,
) -> None:
    half = await begun(database, await hired(database), Stage.SECOND)

    async def advance() -> Entered:
        async with database.write() as session:
            return await sessions.advance(session, half.signed_in, Stage.IN, NOW)

    done = await asyncio.gather(advance(), advance(), return_exceptions=True)
    (inside,) = [one for one in done if isinstance(one, Entered)]
    assert [type(one) for one in done if one is not inside] == [Refused]
    assert not await is_open(database, half.cookie)
    assert await is_open(database, inside.cookie)
    assert inside.signed_in.csrf != half.signed_in.csrf
    async with database.write() as session:
        await sessions.speak(session, inside.signed_in, "fr")
        await sessions.end(session, inside.signed_in.id, inside.signed_in.member, NOW)
        with pytest.raises(Refused):
            await sessions.advance(session, inside.signed_in, Stage.IN, NOW)
    assert not await is_open(database, inside.cookie)


async def test_a_session_ends_unused_or_old_and_being_seen_keeps_it(database: Database) -> None:
    mine = await begun(database, await hired(database))
    half = await begun(database, mine.signed_in.member, Stage.ENROL)
    assert await is_open(database, mine.cookie, NOW + 12 * HOUR - SECOND)
    assert not await is_open(database, mine.cookie, NOW + 12 * HOUR)
    assert not await is_open(database, half.cookie, NOW + HOUR)
    assert not mine.signed_in.is_stale(NOW + SEEN_EVERY - SECOND)
    assert mine.signed_in.is_stale(NOW + SEEN_EVERY)
    # A clock that was put back neither ends it nor makes it eternal.
    assert await is_open(database, mine.cookie, NOW - DAY)
    assert mine.signed_in.is_stale(NOW - DAY)
    for hours in range(6, 7 * 24, 6):
        async with database.write() as session:
            await sessions.seen(session, mine.signed_in, NOW + hours * HOUR)
    assert await is_open(database, mine.cookie, NOW + 7 * DAY - SECOND)
    assert not await is_open(database, mine.cookie, NOW + 7 * DAY)
    async with database.write() as session:
        assert await sessions.of_member(session, mine.signed_in.member, None, NOW + 7 * DAY) == ()


async def test_sessions_are_listed_and_ended_by_their_owner_and_who_manages_staff(
    database: Database,
) -> None:
    who, other = await hired(database), await hired(database, 2, Role.COORDINATOR)
    admin = await hired(database, 3, Role.ADMIN)
    opened = [await begun(database, who) for _ in range(4)]
    ids = [one.signed_in.id for one in opened]
    async with database.write() as session:
        for by in (who, admin, None):
            listed = await sessions.of_member(session, who, by, NOW)
            assert sorted(one.id for one in listed) == ids
        with pytest.raises(Refused):
            await sessions.of_member(session, who, other, NOW)
        for session_id in (ids[0], 0, -1, 10**15):
            with pytest.raises(NotFound):
                await sessions.end(session, session_id, other, NOW)
        await sessions.leave(session, opened[0].signed_in, NOW)
        await sessions.leave(session, opened[0].signed_in, NOW)
        await sessions.end(session, ids[1], who, NOW)
        await sessions.end(session, ids[2], admin, NOW)
        with pytest.raises(NotFound):
            await sessions.end(session, ids[2], admin, NOW)
        assert await sessions.end_all(session, who.id, NOW, except_=ids[3]) == 0
    assert [await is_open(database, one.cookie) for one in opened] == [False, False, False, True]
    async with database.write() as session:
        assert await sessions.end_all(session, who.id, NOW, by=admin.id) == 1
        rows = await session.all(select(audit).where(audit.c.act.like("signin.%")))
    assert [(row["act"], row["member_id"], row["about"]) for row in rows] == [
        ("signin.out", who.id, f"session:{ids[0]}"),
        ("signin.ended", who.id, f"session:{ids[1]}"),
        ("signin.ended", admin.id, f"session:{ids[2]}"),
        ("signin.ended", admin.id, f"session:{ids[3]}"),
    ]


async def test_who_leaves_is_out_at_once_and_stays_out_when_they_come_back(
    database: Database,
) -> None:
    who, other = await hired(database), await hired(database, 2)
    mine, theirs = await begun(database, who), await begun(database, other)
    async with database.write() as session:
        made = await invitations.invite(session, who, NOW, by=None)
        gone = await service.deactivate(session, who, NOW)
    assert not await is_open(database, mine.cookie)
    async with database.write() as session:
        assert await forget(session, NOW) == 0
        await service.activate(session, gone, NOW)
        token = made.path.removeprefix(invitations.PATH)
        assert await invitations.look(session, token, NOW) is None
    assert not await is_open(database, mine.cookie)
    assert await is_open(database, theirs.cookie)
    async with database.write() as session:
        assert await close(session, other.id, NOW) == 1
    assert not await is_open(database, theirs.cookie)


async def test_a_form_is_taken_once_however_often_it_is_sent(database: Database) -> None:
    async def send(token: str) -> bool:
        async with database.write() as session:
            return await once(session, token, NOW)

    assert sorted(await asyncio.gather(*(send("a token") for _ in range(5)))) == [False] * 4 + [
        True
    ]
    assert await send("another token")
    for nonsense in ("", "x" * 10**6, "ñ", "\ud800"):
        assert not await send(nonsense)
    # What the form asked for was refused, so that it may be sent again.
    with suppress(Refused):
        async with database.write() as session:
            assert await once(session, "a third", NOW)
            raise Refused("error.unknown")
    assert await send("a third")
    async with database.read() as session:
        rows = await session.all(select(form_once))
    assert not any(b"token" in bytes(row["print"]) for row in rows)


async def test_the_clock_forgets_what_has_served_a_little_at_a_time(database: Database) -> None:
    who = await hired(database)
    for _each in range(3):
        await begun(database, who)
    async with database.write() as session:
        await invitations.invite(session, who, NOW, by=None)
        for number in range(3):
            assert await once(session, f"form {number}", NOW)
            await hold(session, keys_of(session, f"p{number}", number, ""), NOW)

    async def left(now: datetime, limit: int = 500) -> tuple[int, ...]:
        async with database.write() as session:
            await forget(session, now, limit)
            tables = (form_once, sign_in_failure, member_session, invitation)
            counts = [await session.scalar(select(func.count()).select_from(one)) for one in tables]
        return tuple(int(one) for one in counts)

    assert await left(NOW + DAY) == (3, 7, 3, 1)
    assert await left(NOW + 2 * DAY) == (3, 0, 3, 1)
    assert await left(NOW + 2 * DAY + SECOND, limit=2) == (1, 0, 3, 1)
    assert await left(NOW + 30 * DAY + SECOND) == (0, 0, 0, 1)
    assert await left(NOW + 34 * DAY) == (0, 0, 0, 0)
