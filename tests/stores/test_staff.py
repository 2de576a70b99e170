"""Staff in both databases: what is written comes back, and what must not happen is refused."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import select

from db.session import Database
from kit.channels import Channel, Endpoint
from kit.errors import Invalid, NotFound, Problem, Refused
from staff import service, store
from staff.methods import methods_of
from staff.model import Member, Method, Quiet, Role

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
CHAT = Endpoint(Channel.TELEGRAM, "900001")
SMS = Endpoint(Channel.SMS, "+12135550101")
VOICE = Endpoint(Channel.VOICE, "+12135550101")
OTHER_SMS = Endpoint(Channel.SMS, "+12135550102")
NIGHT = Quiet(time(22), time(7, 30))


async def taken_on(
    database: Database,
    *endpoints: Endpoint,
    email: str = "ana@example.org",
    role: Role = Role.DUTY,
    languages: Sequence[str] = ("es",),
    quiet: Quiet | None = None,
) -> Member:
    async with database.write() as session:
        made = await service.add(
            session,
            name="Ana Cruz",
            email=email,
            role=role,
            endpoints=endpoints,
            now=NOW,
            pick=lambda below: 0,
            languages=languages,
            quiet=quiet,
        )
    return await stored(database, made)


async def stored(database: Database, member_id: int) -> Member:
    async with database.read() as session:
        found = await store.get(session, member_id)
    assert found is not None
    return found


async def acts(database: Database) -> list[tuple[int | None, str, str]]:
    async with database.read() as session:
        rows = await session.all(select(store.audit).order_by(store.audit.c.id))
    return [(row["member_id"], row["act"], row["about"]) for row in rows]


async def test_somebody_comes_back_as_they_were_written(database: Database) -> None:
    ana = await taken_on(database, CHAT, SMS, VOICE, languages=["es", "mixe"], quiet=NIGHT)
    assert ana.methods == methods_of([CHAT, SMS, VOICE])
    assert (ana.name, ana.email, ana.languages) == ("Ana Cruz", "ana@example.org", ("es", "mixe"))
    assert (ana.zone, ana.quiet, ana.active) == ("America/Mexico_City", NIGHT, True)
    assert await acts(database) == [(None, "staff.add", f"member:{ana.id}")]


@pytest.mark.parametrize(
    "quiet", [None, NIGHT, Quiet(time(0), time(23, 59)), Quiet(time(23, 59), time(0))]
)
async def test_quiet_hours_come_back_to_the_minute(database: Database, quiet: Quiet | None) -> None:
    ana = await taken_on(database, CHAT, quiet=NIGHT)
    async with database.write() as session:
        changed = await service.change(session, ana, NOW, quiet=quiet)
    assert changed.quiet == quiet
    assert await stored(database, ana.id) == changed


async def test_each_change_is_a_line_of_the_audit_and_the_rest_stays(database: Database) -> None:
    boss = await taken_on(database, email="jefa@example.org", role=Role.COORDINATOR)
    ana = await taken_on(database, CHAT, quiet=NIGHT)
    async with database.write() as session:
        changed = await service.change(
            session,
            ana,
            NOW,
            by=boss.id,
            role=Role.COORDINATOR,
            languages=["es", "en"],
            zone="America/Tijuana",
        )
    assert await stored(database, ana.id) == changed
    assert (changed.role, changed.languages) == (Role.COORDINATOR, ("es", "en"))
    assert (changed.zone, changed.quiet) == ("America/Tijuana", NIGHT)
    about = f"member:{ana.id}"
    assert (await acts(database))[2:] == [
        (boss.id, "staff.role.coordinator", about),
        (boss.id, "staff.languages", about),
        (boss.id, "staff.zone", about),
    ]


async def test_a_change_to_what_holds_already_is_none(database: Database) -> None:
    ana = await taken_on(database, CHAT)
    async with database.write() as session:
        same = await service.change(
            session, ana, NOW, role=Role.DUTY, languages=["ES"], zone=ana.zone, quiet=None
        )
    assert same == ana
    assert len(await acts(database)) == 1


async def test_a_wrong_change_changes_nothing(database: Database) -> None:
    ana = await taken_on(database, role=Role.COMMUNICATOR)
    with pytest.raises(Invalid):
        async with database.write() as session:
            await service.change(session, ana, NOW, zone="America/Tijuana", role=Role.DUTY)
    with pytest.raises(Invalid):
        async with database.write() as session:
            await service.change(session, ana, NOW, role=Role.ADMIN, languages=["xx"])
    with pytest.raises(Invalid):
        async with database.write() as session:
            await service.change(session, ana, NOW, languages=["en"], zone="Mars")
    assert await stored(database, ana.id) == ana
    assert len(await acts(database)) == 1


async def test_a_way_stays_confirmed_while_others_come_and_go(database: Database) -> None:
    ana = await taken_on(database, CHAT, SMS)
    async with database.write() as session:
        await store.confirm(session, SMS, NOW)
        later = NOW + timedelta(hours=1)
        await store.confirm(session, SMS, later)
    async with database.write() as session:
        await service.add_method(session, ana, VOICE, NOW)
    ana = await stored(database, ana.id)
    assert [method.confirmed_at for method in ana.methods] == [None, NOW, None]
    async with database.write() as session:
        ana = await service.remove_method(session, ana, CHAT, NOW)
    assert ana.methods == (Method(SMS, confirmed_at=NOW), Method(VOICE, timedelta(minutes=3)))
    assert await stored(database, ana.id) == ana


async def test_nobody_confirms_a_way_by_saying_so(database: Database) -> None:
    ana = await taken_on(database, CHAT)
    async with database.write() as session:
        await service.set_methods(session, ana, [Method(CHAT, confirmed_at=NOW)], NOW)
    assert not (await stored(database, ana.id)).confirmed


async def test_a_way_that_went_and_came_back_is_to_be_confirmed_again(database: Database) -> None:
    ana = await taken_on(database, CHAT, SMS)
    async with database.write() as session:
        await store.confirm(session, SMS, NOW)
        ana = await service.remove_method(session, ana, SMS, NOW)
        ana = await service.add_method(session, ana, SMS, NOW)
    assert not (await stored(database, ana.id)).confirmed


async def test_an_sms_confirms_no_call(database: Database) -> None:
    ana = await taken_on(database, SMS, VOICE)
    async with database.write() as session:
        await store.confirm(session, SMS, NOW)
    confirmed = [one.confirmed_at for one in (await stored(database, ana.id)).methods]
    assert confirmed == [NOW, None]


async def test_who_is_on_duty_keeps_a_way(database: Database) -> None:
    ana = await taken_on(database, CHAT)
    with pytest.raises(Invalid) as refused:
        async with database.write() as session:
            await service.remove_method(session, ana, CHAT, NOW)
    assert refused.value.key == "staff.duty_needs_endpoint"
    assert (await stored(database, ana.id)).endpoints == (CHAT,)
    writer = await taken_on(database, SMS, email="b@example.org", role=Role.COMMUNICATOR)
    async with database.write() as session:
        await service.remove_method(session, writer, SMS, NOW)
    assert (await stored(database, writer.id)).endpoints == ()


async def test_what_is_not_theirs_cannot_be_taken_away(database: Database) -> None:
    ana = await taken_on(database, CHAT)
    with pytest.raises(NotFound):
        async with database.write() as session:
            await service.remove_method(session, ana, SMS, NOW)


@pytest.mark.parametrize(("has", "wants"), [(SMS, SMS), (SMS, VOICE), (VOICE, SMS), (CHAT, CHAT)])
async def test_nobody_gets_the_phone_or_chat_of_a_colleague(
    database: Database, has: Endpoint, wants: Endpoint
) -> None:
    ana = await taken_on(database, has)
    with pytest.raises(Refused) as refused:
        await taken_on(database, wants, email="b@example.org")
    assert refused.value.key == "staff.endpoint_taken"
    beto = await taken_on(database, OTHER_SMS, email="b@example.org")
    with pytest.raises(Refused):
        async with database.write() as session:
            await service.add_method(session, beto, wants, NOW)
    assert (await stored(database, ana.id)).endpoints == (has,)
    assert (await stored(database, beto.id)).endpoints == (OTHER_SMS,)


async def test_a_phone_that_somebody_left_goes_to_who_has_it_now(database: Database) -> None:
    ana = await taken_on(database, CHAT, SMS, VOICE)
    async with database.write() as session:
        await store.confirm(session, SMS, NOW)
        await service.deactivate(session, ana, NOW)
    beto = await taken_on(database, SMS, email="b@example.org")
    assert beto.methods == (Method(SMS),), "it was confirmed by somebody else"
    assert (await stored(database, ana.id)).endpoints == (CHAT,)
    async with database.read() as session:
        assert await store.by_endpoint(session, SMS) == beto
        assert await store.by_endpoint(session, VOICE) is None


async def test_who_comes_back_without_a_way_is_not_on_duty(database: Database) -> None:
    ana = await taken_on(database, SMS)
    async with database.write() as session:
        await service.deactivate(session, ana, NOW)
    await taken_on(database, SMS, email="b@example.org")
    with pytest.raises(Invalid):
        async with database.write() as session:
            await service.activate(session, await service.find(session, "ana@example.org"), NOW)
    assert not (await stored(database, ana.id)).active


async def test_who_leaves_is_called_no_more_and_may_come_back(database: Database) -> None:
    ana = await taken_on(database, SMS)
    for _again in range(2):
        async with database.write() as session:
            gone = await service.deactivate(session, await service.find(session, ana.email), NOW)
    async with database.read() as session:
        assert await store.by_endpoint(session, SMS) is None
        assert await store.with_roles(session, list(Role)) == ()
        assert await store.everybody(session) == (gone,)
    async with database.write() as session:
        await service.activate(session, gone, NOW)
    assert await stored(database, ana.id) == ana
    about = f"member:{ana.id}"
    assert (await acts(database))[1:] == [
        (None, "staff.deactivate", about),
        (None, "staff.activate", about),
    ]


async def test_colleagues_have_different_pseudonyms_as_long_as_there_are_any(
    database: Database,
) -> None:
    people = [
        await taken_on(database, email=f"p{number}@example.org", role=Role.AUDITOR)
        for number in range(22)
    ]
    assert len({one.pseudonym for one in people[:20]}) == 20
    assert people[20].pseudonym == people[21].pseudonym == people[0].pseudonym


async def test_one_is_found_by_address_or_by_number(database: Database) -> None:
    ana = await taken_on(database, CHAT)
    async with database.read() as session:
        for who in ("ana@example.org", " ANA@Example.org ", str(ana.id), f"0{ana.id}"):
            assert await service.find(session, who) == ana
        for who in ("", "x", "999", "-1", "٣", "9" * 10_000, "ana@example.org\0", "Ana Cruz"):
            with pytest.raises(NotFound):
                await service.find(session, who)


async def test_a_way_that_nobody_confirmed_is_told_of_those_who_may_be_called(
    database: Database,
) -> None:
    ana = await taken_on(database, CHAT, SMS)
    boss = await taken_on(database, OTHER_SMS, email="b@example.org", role=Role.COORDINATOR)
    await taken_on(
        database, Endpoint(Channel.TELEGRAM, "7"), email="c@example.org", role=Role.COMMUNICATOR
    )

    async def told() -> list[int]:
        async with database.read() as session:
            return [one.id for one in await service.unconfirmed(session)]

    assert await told() == [ana.id, boss.id]
    async with database.write() as session:
        for endpoint in (CHAT, OTHER_SMS):
            await store.confirm(session, endpoint, NOW)
    assert await told() == [ana.id]
    async with database.write() as session:
        await store.confirm(session, SMS, NOW)
    assert await told() == []


async def test_hostile_words_are_refused_or_kept_as_they_are(database: Database) -> None:
    hostile = ["'; DROP TABLE member; --", "{name}", "%s", "Ñandú 🌽", "<b>", "../..", "null"]
    for number, text in enumerate(hostile):
        async with database.write() as session:
            made = await service.add(
                session,
                name=text,
                email=f"{number}{text.replace(' ', '')}@example.org",
                role=Role.AUDITOR,
                endpoints=[],
                now=NOW,
                pick=lambda below: below - 1,
            )
        assert (await stored(database, made)).name == text
    for text in ["", " ", "\0", "a\nb", "x" * 121]:
        with pytest.raises(Problem):
            async with database.write() as session:
                await service.add(
                    session,
                    name=text,
                    email="z@example.org",
                    role=Role.AUDITOR,
                    endpoints=[],
                    now=NOW,
                    pick=lambda below: 0,
                )


async def test_two_ways_that_are_one_are_refused_before_the_database_does(
    database: Database,
) -> None:
    with pytest.raises(Invalid) as refused:
        await taken_on(database, SMS, SMS)
    assert refused.value.key == "staff.method_twice"
