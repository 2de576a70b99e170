"""Referrals, papers and follow-ups in both databases."""

import asyncio
from datetime import datetime, time, timedelta

import pytest
from sqlalchemy import func, select, update

from alerts import store as cases
from alerts import timeline
from alerts.model import Case, EntryKind, Kind, MayWrite, Outcome
from alerts.ownership import NotYours
from alerts.referral import follow_ups, planning, service, store, tick
from alerts.referral.model import Body, FollowUp, Means, PaperState, Referral, ReferralState
from db.session import Database, Session
from directory import store as directory
from directory.model import Entry
from kit.errors import Invalid, NotFound, Refused
from staff import store as staff
from staff.model import Member, Role
from staff.store import audit, member
from tests.stores.case_rig import NOW, a_case, a_member, lines, phone, told

DAY = timedelta(days=1)
LATER = NOW + timedelta(hours=1)


async def refer(session: Session, case: Case, owner: Member) -> Referral:
    return await service.add(session, case, owner, Body.CONSULATE, NOW, name="Consulado en Fresno")


async def talk(
    session: Session,
    case: Case,
    owner: Member,
    referral: Referral,
    state: ReferralState | None = None,
    at: datetime | None = None,
) -> Referral:
    return await service.log(
        session,
        case,
        owner,
        referral.id,
        means=Means.PHONE,
        whom="Lic. Robles",
        said="lo buscan en Tucson",
        now=LATER,
        at=at,
        state=state,
    )


async def look_all(database: Database, now: datetime) -> int:
    """As the clock does: unit after unit until nothing is due."""
    taken = 0
    while True:
        async with database.write() as session:
            some = await tick.look(session, now)
        if not some:
            return taken
        taken += some


async def test_a_case_is_referred_by_name_or_by_an_entry_of_the_directory(
    database: Database,
) -> None:
    entry = Entry(
        "consulate_emergency", "Consulado en Fresno", "US", "+12135550190", "https://x.example/",
        "2026", "CA", "Fresno",
    )  # fmt: skip
    async with database.write() as session:
        owner = await a_member(session, 1)
        case = await a_case(session, phone(1), owner=owner)
        await directory.save(session, [entry])
        (known,) = await directory.find(session)
        by_entry = await service.add(
            session, case, owner, Body.CONSULATE, NOW, directory_id=known.id
        )
        by_name = await service.add(session, case, owner, Body.HOSPITAL, NOW, name=" Hospital ")
        assert (by_entry.name, by_entry.directory_id) == ("Consulado en Fresno", known.id)
        assert (by_name.name, by_name.state) == ("Hospital", ReferralState.TO_DO)
        assert await store.of_case(session, case.id) == (by_entry, by_name)
        with pytest.raises(NotFound):
            await service.add(session, case, owner, Body.OTHER, NOW, directory_id=999)
        with pytest.raises(Invalid):
            await service.add(session, case, owner, Body.OTHER, NOW)
        assert len(await lines(session, case, EntryKind.REFERRAL)) == 2


async def test_a_contact_is_kept_and_is_an_act_on_the_case(database: Database) -> None:
    async with database.write() as session:
        owner = await a_member(session, 1)
        case = await a_case(session, phone(1), owner=owner)
        referral = await refer(session, case, owner)
        kept = await talk(session, case, owner, referral, ReferralState.ACCEPTED, NOW)
        (line,) = await lines(session, case, EntryKind.ACTED)
        acts = [row["act"] for row in await session.all(select(audit).order_by(audit.c.id))]
    (held,) = kept.talks
    assert (held.at, held.member_id, held.means) == (NOW, owner.id, Means.PHONE)
    assert (held.whom, held.said) == ("Lic. Robles", "lo buscan en Tucson")
    assert kept.state is ReferralState.ACCEPTED
    assert (line.at, line.member_id, line.body) == (
        LATER, owner.id, "consulate: lo buscan en Tucson",
    )  # fmt: skip
    assert acts == ["referral.add", "referral.log", "referral.state"]


async def test_what_was_said_and_to_whom_is_sealed(database: Database) -> None:
    async with database.write() as session:
        owner = await a_member(session, 1)
        case = await a_case(session, phone(1), owner=owner)
        referral = await refer(session, case, owner)
        await talk(session, case, owner, referral)
        await service.add_paper(session, case, owner, referral.id, "Acta de Juan", NOW)
        await follow_ups.plan(session, case.id, None, [(1, NOW)])
        (first, *_more) = await follow_ups.of_case(session, case.id)
        await service.follow_up_done(session, case, owner, first.id, "vive en Tucson", NOW)
    raw = ""
    async with database.reader.connect() as connection:
        for table in (store.referral, store.talk, follow_ups.follow_up):
            found = (await connection.exec_driver_sql(f"SELECT * FROM {table.name}")).all()
            assert found
            raw += repr(
                [bytes(x) if isinstance(x, memoryview) else x for row in found for x in row]
            )
    for secret in ("Fresno", "Robles", "Tucson", "Juan"):
        assert secret not in raw, secret


async def test_bad_contacts_are_refused_and_nothing_of_them_is_kept(database: Database) -> None:
    async with database.write() as session:
        owner = await a_member(session, 1)
        case = await a_case(session, phone(1), owner=owner)
        referral = await refer(session, case, owner)
        with pytest.raises(Invalid):
            await talk(session, case, owner, referral, at=LATER + timedelta(seconds=1))
        for whom, said in ((" ", "algo"), ("alguien", "")):
            with pytest.raises(Invalid):
                await service.log(
                    session, case, owner, referral.id,
                    means=Means.PHONE, whom=whom, said=said, now=LATER,
                )  # fmt: skip
        other = await a_case(session, phone(2), owner=owner)
        with pytest.raises(service.UnknownReferral):
            await talk(session, other, owner, referral)
        assert (await service.find(session, case, referral.id)).talks == ()
        assert await lines(session, case, EntryKind.ACTED) == []


async def test_a_referral_goes_only_where_its_state_leads(database: Database) -> None:
    async with database.write() as session:
        owner = await a_member(session, 1)
        case = await a_case(session, phone(1), owner=owner)
        referral = await refer(session, case, owner)
        for state in (
            ReferralState.ASKED, ReferralState.REFUSED, ReferralState.ASKED,
            ReferralState.ATTENDED, ReferralState.CLOSED,
        ):  # fmt: skip
            await service.set_state(session, case, owner, referral.id, state, NOW)
        with pytest.raises(service.NoWayThere):
            await service.set_state(session, case, owner, referral.id, ReferralState.ASKED, NOW)
        kept = await service.find(session, case, referral.id)
    assert kept.state is ReferralState.CLOSED


async def test_the_papers_of_the_kind_of_case_are_missing_until_staff_say_otherwise(
    database: Database,
) -> None:
    async with database.write() as session:
        owner = await a_member(session, 1)
        case = await a_case(session, phone(1), owner=owner)
        referral = await refer(session, case, owner)
        assert await service.papers_of(session, case, referral) == ()
        await cases.change(session, case.id, {"kind": Kind.DEATH})
        case = await cases.made(session, case.id)
        wanted = await service.papers_of(session, case, referral)
        assert {paper.state for paper in wanted} == {PaperState.MISSING}
        for state in (PaperState.ASKED, PaperState.RECEIVED):
            await service.set_paper(
                session, case, owner, referral.id, "proof_of_kinship", state, NOW
            )
        added = await service.add_paper(
            session, case, owner, referral.id, "Permiso de tránsito", NOW
        )
        assert (added.code, added.state) == ("permiso_de_transito", PaperState.MISSING)
        with pytest.raises(Refused):
            await service.add_paper(session, case, owner, referral.id, "permiso de transito", NOW)
        with pytest.raises(service.UnknownPaper):
            await service.set_paper(
                session, case, owner, referral.id, "visa", PaperState.ASKED, NOW
            )
        found = await service.papers_of(session, case, referral)
    assert [paper.state for paper in found] == [
        PaperState.MISSING, PaperState.MISSING, PaperState.RECEIVED, PaperState.MISSING,
    ]  # fmt: skip


async def test_only_who_works_on_the_case_may_refer_it(database: Database) -> None:
    async with database.write() as session:
        owner, stranger = await a_member(session, 1), await a_member(session, 2)
        case = await a_case(session, phone(1), owner=owner)
        referral = await refer(session, case, owner)
        (due, *_more) = await follow_ups.of_case(session, case.id)
        with pytest.raises(NotYours):
            await refer(session, case, stranger)
        with pytest.raises(NotYours):
            await talk(session, case, stranger, referral)
        with pytest.raises(NotYours):
            await service.follow_up_done(session, case, stranger, due.id, "bien", NOW)
        boss = await a_member(session, 3, Role.COORDINATOR)
        await talk(session, case, boss, referral)


async def due_of(database: Database, case: Case) -> tuple[FollowUp, ...]:
    async with database.read() as session:
        return await follow_ups.of_case(session, case.id)


async def owned_case(database: Database) -> tuple[Case, Member]:
    async with database.write() as session:
        owner = await a_member(session, 1)
        return await a_case(session, phone(1), owner=owner), owner


async def sent(database: Database) -> list[tuple[str, str]]:
    async with database.read() as session:
        return await told(session)


async def test_a_referral_and_a_close_are_followed_on_days_1_7_and_30(
    database: Database,
) -> None:
    case, owner = await owned_case(database)
    async with database.write() as session:
        referral = await refer(session, case, owner)
        await planning.after_close(session, case, Outcome.REFERRED, LATER)
    found = await due_of(database, case)
    assert [(one.referral_id, one.day, one.due_at) for one in found] == [
        (referral.id, 1, NOW + DAY),
        (None, 1, LATER + DAY),
        (referral.id, 7, NOW + 7 * DAY),
        (None, 7, LATER + 7 * DAY),
        (referral.id, 30, NOW + 30 * DAY),
        (None, 30, LATER + 30 * DAY),
    ]


@pytest.mark.parametrize("outcome", list(Outcome))
async def test_only_some_outcomes_are_followed(database: Database, outcome: Outcome) -> None:
    followed = {Outcome.LOCATED, Outcome.REPATRIATED, Outcome.REFERRED, Outcome.ATTENDED}
    case, _owner = await owned_case(database)
    async with database.write() as session:
        await planning.after_close(session, case, Outcome.LOCATED, NOW - DAY)
        await planning.after_close(session, case, outcome, NOW)
    found = await due_of(database, case)
    assert [one.due_at for one in found] == (
        [NOW + days * DAY for days in (1, 7, 30)] if outcome in followed else []
    )


async def test_a_drill_is_not_followed(database: Database) -> None:
    case, owner = await owned_case(database)
    async with database.write() as session:
        await cases.change(session, case.id, {"exercise": True})
        case = await cases.made(session, case.id)
        await refer(session, case, owner)
        await planning.after_close(session, case, Outcome.LOCATED, NOW)
    assert await due_of(database, case) == ()


async def test_a_follow_up_comes_back_to_its_owner_every_day_until_it_is_done(
    database: Database,
) -> None:
    case, owner = await owned_case(database)
    async with database.write() as session:
        await planning.after_close(session, case, Outcome.LOCATED, NOW)
    assert await look_all(database, NOW + DAY - timedelta(minutes=1)) == 0
    assert await look_all(database, NOW + DAY) == 1
    assert await look_all(database, NOW + DAY + timedelta(hours=5)) == 0
    assert await look_all(database, NOW + 2 * DAY) == 1
    found = await sent(database)
    assert [to for to, _words in found] == ["+12135550101"] * 2
    assert case.folio in found[0][1]
    (first, *_more) = await due_of(database, case)
    async with database.write() as session:
        done = await service.follow_up_done(session, case, owner, first.id, " está bien ", LATER)
        assert done.result == "está bien"
        with pytest.raises(service.AlreadyDone):
            await service.follow_up_done(session, case, owner, first.id, "otra vez", LATER)
    assert await look_all(database, NOW + 3 * DAY) == 0
    assert await look_all(database, NOW + 7 * DAY) == 1
    (kept, *_more) = await due_of(database, case)
    assert (kept.done_by, kept.done_at, kept.result) == (owner.id, LATER, "está bien")
    async with database.read() as session:
        written = [line.body for line in await lines(session, case, EntryKind.FOLLOW_UP)]
    assert written == ["1", "1", "1: está bien", "7"]


async def test_a_platform_that_slept_for_a_week_tells_once_and_of_the_newest_day(
    database: Database,
) -> None:
    case, owner = await owned_case(database)
    async with database.write() as session:
        await refer(session, case, owner)
        await planning.after_close(session, case, Outcome.LOCATED, NOW)
    assert await look_all(database, NOW + 8 * DAY) == 4
    ((to, words),) = await sent(database)
    assert to == "+12135550101"
    assert "7 d" in words


@pytest.mark.parametrize("how", ["inactive", "nobody", "no right", "no way"])
async def test_with_the_owner_gone_it_comes_to_the_coordinators(
    database: Database, how: str
) -> None:
    case, owner = await owned_case(database)
    async with database.write() as session:
        await a_member(session, 2)
        await a_member(session, 3, Role.COORDINATOR)
        await a_member(session, 4, Role.COORDINATOR)
        await a_member(session, 5, Role.ADMIN)
        await planning.after_close(session, case, Outcome.LOCATED, NOW)
        if how == "inactive":
            await session.execute(
                update(member).where(member.c.id == owner.id).values(active=False)
            )
        elif how == "no right":
            await staff.change(session, owner.id, {"role": Role.AUDITOR})
        elif how == "no way":
            await staff.set_methods(session, owner.id, [])
        else:
            await cases.change(session, case.id, {"owner_id": None})
    assert await look_all(database, NOW + DAY) == 1
    assert [to for to, _words in await sent(database)] == ["+12135550103", "+12135550104"]


async def test_without_coordinators_it_comes_to_the_admins_and_without_anybody_it_waits(
    database: Database,
) -> None:
    async with database.write() as session:
        case = await a_case(session, phone(1))
        await planning.after_close(session, case, Outcome.LOCATED, NOW)
    assert await look_all(database, NOW + DAY) == 1
    assert await sent(database) == []
    async with database.write() as session:
        await a_member(session, 5, Role.ADMIN)
    assert await look_all(database, NOW + DAY + timedelta(minutes=59)) == 0
    assert await look_all(database, NOW + DAY + timedelta(hours=1)) == 1
    assert [to for to, _words in await sent(database)] == ["+12135550105"]


async def test_it_waits_for_the_end_of_the_owners_quiet_hours(database: Database) -> None:
    case, owner = await owned_case(database)
    async with database.write() as session:
        # 10 in Oaxaca lies in them, 13 does not.
        hours = {"quiet_from": 7 * 60, "quiet_until": 13 * 60}
        await staff.change(session, owner.id, hours)
        quiet = await staff.get(session, owner.id)
        assert quiet is not None
        assert quiet.quiet is not None
        assert quiet.quiet.ends == time(13)
        await planning.after_close(session, case, Outcome.LOCATED, NOW)
    assert await look_all(database, NOW + DAY) == 1
    assert await sent(database) == []
    assert await look_all(database, NOW + DAY + timedelta(hours=2, minutes=59)) == 0
    assert await look_all(database, NOW + DAY + timedelta(hours=3)) == 1
    assert len(await sent(database)) == 1


@pytest.mark.parametrize("may_write", list(MayWrite))
async def test_nothing_of_a_follow_up_ever_goes_to_the_reporter(
    database: Database, may_write: MayWrite
) -> None:
    case, owner = await owned_case(database)
    async with database.write() as session:
        await cases.change(session, case.id, {"may_write": may_write})
        case = await cases.made(session, case.id)
        referral = await refer(session, case, owner)
        await talk(session, case, owner, referral)
        await planning.after_close(session, case, Outcome.LOCATED, NOW)
    for day in range(1, 40):
        await look_all(database, NOW + day * DAY)
    found = await sent(database)
    assert {to for to, _words in found} == {"+12135550101"}
    assert ("NO ESCRIBIR" in found[0][1]) is (may_write is MayWrite.NO)


async def test_two_clocks_at_once_tell_once(database: Database) -> None:
    case, _owner = await owned_case(database)
    async with database.write() as session:
        await planning.after_close(session, case, Outcome.LOCATED, NOW)
    await asyncio.gather(*(look_all(database, NOW + DAY) for _clock in range(4)))
    assert len(await sent(database)) == 1


async def test_a_thousand_that_are_due_are_taken_in_small_units(database: Database) -> None:
    async with database.write() as session:
        owner = await a_member(session, 1)
        for number in range(120):
            case = await a_case(session, phone(200 + number), owner=owner)
            await follow_ups.plan(session, case.id, None, [(1, NOW)])
    async with database.write() as session:
        assert await tick.look(session, NOW) == tick.AT_ONCE
    assert await look_all(database, NOW) == 120 - tick.AT_ONCE
    async with database.read() as session:
        told_of = await session.scalar(
            select(func.count())
            .select_from(timeline.entry)
            .where(timeline.entry.c.kind == EntryKind.FOLLOW_UP)
        )
        assert told_of == 120
        assert await follow_ups.next_notice(session) == NOW + DAY
