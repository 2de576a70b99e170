"""Referrals and papers in both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from alerts import store as cases
from alerts.model import EntryKind, Kind
from alerts.ownership import NotYours
from alerts.referral import follow_ups, service, store
from alerts.referral.model import Body, Means, PaperState, ReferralState
from db.session import Database
from directory import store as directory
from directory.model import Entry
from kit.errors import Invalid, NotFound, Refused
from staff.model import Role
from staff.store import audit
from tests.stores.case_rig import NOW, a_case, a_member, lines, phone
from tests.stores.referral_rig import LATER, refer, talk


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
