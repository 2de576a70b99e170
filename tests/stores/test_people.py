"""The people of a case in both databases: who may write them down, and what is kept of it."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from alerts import store as cases
from alerts import timeline
from alerts.model import CaseState, EntryKind, Minor, Outcome
from alerts.ownership import NotYours
from alerts.people import duplicates, links, service
from alerts.people import store as people
from alerts.people.disclosure import Why
from alerts.people.model import Answer, Details, Disclosure, PersonRole
from db.session import Database
from kit.errors import Invalid, Refused
from staff import store as staff
from staff.model import Role
from staff.store import audit
from tests.stores.case_rig import NOW, a_case, a_member, lines, phone, told
from tests.stores.people_rig import LATER, WHO


async def test_what_is_written_of_somebody_is_read_again(database: Database) -> None:
    async with database.write() as session:
        owner = await a_member(session, 1)
        case = await a_case(session, phone(1), owner=owner)
        made = await service.save(session, case, owner, WHO, NOW)
        assert made.details == WHO
        fewer = replace(WHO, aliases=(), phones=("+12135550178",), note="", seen_at=None)
        changed = await service.save(session, case, owner, fewer, LATER, made.id)
        assert changed.details == fewer
    async with database.read() as session:
        (kept,) = await people.of_case(session, case.id)
        assert kept == changed


async def test_the_timeline_and_the_audit_tell_which_fields_changed_and_not_what_they_hold(
    database: Database,
) -> None:
    async with database.write() as session:
        owner = await a_member(session, 1)
        case = await a_case(session, phone(1), owner=owner)
        made = await service.save(session, case, owner, WHO, NOW)
        other = replace(WHO, name="Pedro Cruz", phones=())
        await service.save(session, case, owner, other, LATER, made.id)
        await service.save(session, case, owner, other, LATER, made.id)
        written = await lines(session, case, EntryKind.PERSON)
        acts = await session.all(select(audit).where(audit.c.about == case.folio))
    assert [line.member_id for line in written] == [owner.id, owner.id]
    assert written[1].body == f"{made.id}: name, phones"
    assert "Juan" not in f"{written}" + "".join(line.body or "" for line in written)
    assert [row["act"] for row in acts] == ["people.set", "people.set"]


async def test_nothing_that_names_somebody_stands_in_the_tables(database: Database) -> None:
    async with database.write() as session:
        owner = await a_member(session, 1)
        case = await a_case(session, phone(1), owner=owner)
        made = await service.save(session, case, owner, WHO, NOW)
        given = Disclosure(Answer.YES, NOW, to_other="Consulado", how="por teléfono")
        await service.disclose(session, case, owner, made.id, given, NOW)
        boss = await a_member(session, 2, Role.COORDINATOR)
        aunt = Details(PersonRole.RELATIVE, name="Rosa Cruz")
        relative = await service.save(session, case, owner, aunt, NOW)
        await service.look_into(
            session, case, boss, relative.id, allowed=True, reason="la vimos", now=NOW
        )
        other = await a_case(session, phone(2))
        await duplicates.merge(session, case, other, owner, "mismo relato", NOW)
    tables = (
        people.person, people.person_name, people.person_phone, people.disclosure, people.check,
        links.link, timeline.entry,
    )  # fmt: skip
    raw = ""
    async with database.reader.connect() as connection:
        for table in tables:
            rows = await connection.exec_driver_sql(f"SELECT * FROM {table.name}")
            found = rows.all()
            assert found
            raw += repr(
                [bytes(x) if isinstance(x, memoryview) else x for row in found for x in row]
            )
    for secret in ("Juan", "Juanito", "hijo", "mixteco", "0177", "Nogales", "camisa", "file-1"):
        assert secret not in raw, secret
    for secret in ("Consulado", "tel", "Rosa", "vimos", "relato"):
        assert secret not in raw, secret


async def test_somebody_is_found_by_name_or_phone_however_they_are_written(
    database: Database,
) -> None:
    async with database.write() as session:
        owner = await a_member(session, 1)
        case = await a_case(session, phone(1), owner=owner)
        await service.save(session, case, owner, WHO, NOW)
        await service.save(session, case, owner, replace(WHO, name="juan perez lopez"), NOW)
        await a_case(session, phone(2))
        assert await people.cases_of_name(session, " JUAN  PÉREZ LÓPEZ") == (case.id,)
        assert await people.cases_of_name(session, "juanito") == (case.id,)
        assert await people.cases_of_name(session, "Juan") == ()
        assert await people.cases_of_phone(session, "+12135550177") == (case.id,)
        assert await people.cases_of_phone(session, "+12135550178") == ()


async def test_only_the_owner_a_helper_or_a_supervisor_writes_somebody_down(
    database: Database,
) -> None:
    async with database.write() as session:
        owner, helper, stranger = [await a_member(session, number) for number in (1, 2, 3)]
        boss = await a_member(session, 4, Role.COORDINATOR)
        writer = await a_member(session, 5, Role.COMMUNICATOR)
        auditor = await a_member(session, 6, Role.AUDITOR)
        case = await a_case(session, phone(1), owner=owner)
        await timeline.note(session, case.id, EntryKind.HELPER, NOW, member_id=helper.id)
        for member in (owner, helper, boss):
            await service.save(session, case, member, WHO, NOW)
        for member in (stranger, writer, auditor, replace(owner, active=False)):
            with pytest.raises(NotYours):
                await service.save(session, case, member, WHO, NOW)
            with pytest.raises(NotYours):
                await service.shown(session, case, member, NOW)
            with pytest.raises(NotYours):
                await service.set_minor(session, case, member, Minor.YES, NOW)
        assert len(await people.of_case(session, case.id)) == 3


async def test_a_case_has_one_reporter(database: Database) -> None:
    async with database.write() as session:
        owner = await a_member(session, 1)
        case = await a_case(session, phone(1), owner=owner)
        reporter = replace(WHO, role=PersonRole.REPORTER)
        made = await service.save(session, case, owner, reporter, NOW)
        with pytest.raises(Refused):
            await service.save(session, case, owner, reporter, NOW)
        await service.save(session, case, owner, replace(reporter, note=""), NOW, made.id)


async def test_a_person_of_another_case_is_not_found_here(database: Database) -> None:
    async with database.write() as session:
        owner = await a_member(session, 1)
        case = await a_case(session, phone(1), owner=owner)
        other = await a_case(session, phone(2), owner=owner)
        theirs = await service.save(session, other, owner, WHO, NOW)
        ours = await service.save(session, case, owner, WHO, NOW)
        with pytest.raises(service.UnknownPerson):
            await service.save(session, case, owner, WHO, NOW, theirs.id)
        given = Disclosure(Answer.YES, NOW, theirs.id, how="dicho")
        with pytest.raises(service.UnknownPerson):
            await service.disclose(session, case, owner, ours.id, given, NOW)


async def test_an_answer_needs_whom_it_is_for_and_how_it_was_given(database: Database) -> None:
    async with database.write() as session:
        owner = await a_member(session, 1)
        case = await a_case(session, phone(1), owner=owner)
        found = await service.save(session, case, owner, WHO, NOW)
        aunt = replace(WHO, role=PersonRole.RELATIVE, name="Rosa Cruz")
        relative = await service.save(session, case, owner, aunt, NOW)
        for wrong in (
            Disclosure(Answer.YES, NOW, how="dicho"),
            Disclosure(Answer.YES, NOW, relative.id),
            Disclosure(Answer.YES, NOW, found.id, how="dicho"),
            Disclosure(Answer.YES, NOW, relative.id, "Consulado", "dicho"),
            Disclosure(Answer.NO, LATER, relative.id),
        ):
            with pytest.raises(Invalid):
                await service.disclose(session, case, owner, found.id, wrong, NOW)
        right = Disclosure(Answer.YES, NOW, relative.id, how=" por teléfono ")
        kept = await service.disclose(session, case, owner, found.id, right, NOW)
        assert kept.disclosures == (replace(right, how="por teléfono", member_id=owner.id),)
        taken_back = Disclosure(Answer.NO, LATER)
        kept = await service.disclose(session, case, owner, found.id, taken_back, LATER)
        assert [one.answer for one in kept.disclosures] == [Answer.YES, Answer.NO]


async def test_a_minor_is_told_to_every_supervisor_at_once_and_to_nobody_else(
    database: Database,
) -> None:
    async with database.write() as session:
        owner = await a_member(session, 1)
        await a_member(session, 2)
        await a_member(session, 3, Role.COORDINATOR)
        await a_member(session, 4, Role.ADMIN)
        case = await a_case(session, phone(1), owner=owner)
        for minor in (Minor.NO, Minor.UNKNOWN):
            assert await service.set_minor(session, case, owner, minor, NOW) == 0
        assert await told(session) == []
        assert await service.set_minor(session, case, owner, Minor.YES, NOW) == 2
        sent = await told(session)
        kept = await cases.get(session, case.id)
        assert len(await lines(session, case, EntryKind.PERSON)) == 3
    assert [to for to, _words in sent] == ["+12135550103", "+12135550104"]
    assert all(case.folio in words for _to, words in sent)
    assert kept is not None
    assert kept.minor is Minor.YES


async def test_that_no_supervisor_can_be_told_is_said(database: Database) -> None:
    async with database.write() as session:
        owner = await a_member(session, 1)
        case = await a_case(session, phone(1), owner=owner)
        await staff.add(session, "Jefa", "j@example.org", Role.COORDINATOR, "Sol", [], NOW)
        assert await service.set_minor(session, case, owner, Minor.YES, NOW) == 0


async def test_only_a_supervisor_checks_a_relative_of_a_minor(database: Database) -> None:
    async with database.write() as session:
        owner = await a_member(session, 1)
        boss = await a_member(session, 2, Role.COORDINATOR)
        case = await a_case(session, phone(1), owner=owner)
        await service.set_minor(session, case, owner, Minor.YES, NOW)
        case = await cases.made(session, case.id)
        child = await service.save(session, case, owner, WHO, NOW)
        aunt = replace(WHO, role=PersonRole.RELATIVE, name="Rosa Cruz")
        relative = await service.save(session, case, owner, aunt, NOW)
        with pytest.raises(service.NotTheirs):
            await service.look_into(
                session, case, owner, relative.id, allowed=True, reason="sí", now=NOW
            )
        assert not (await service.verdicts(session, case))[child.id].tellable
        await service.look_into(
            session, case, boss, relative.id, allowed=True, reason="acta vista", now=NOW
        )
        assert (await service.verdicts(session, case))[child.id].tellable == {relative.id}
        await service.look_into(
            session, case, boss, relative.id, allowed=False, reason="hay denuncia", now=LATER
        )
        verdict = (await service.verdicts(session, case))[child.id]
        assert verdict.why(relative.id) is Why.CHECK_FAILED


async def test_a_new_message_of_the_seeker_does_not_undo_that_somebody_wants_no_contact(
    database: Database,
) -> None:
    async with database.write() as session:
        owner = await a_member(session, 1)
        case = await a_case(session, phone(1), owner=owner)
        await cases.change(session, case.id, {"minor": Minor.NO})
        found = await service.save(session, case, owner, WHO, NOW)
        aunt = replace(WHO, role=PersonRole.RELATIVE, name="Rosa Cruz")
        relative = await service.save(session, case, owner, aunt, NOW)
        given = Disclosure(Answer.YES, NOW, relative.id, how="dicho")
        await service.disclose(session, case, owner, found.id, given, NOW)
        case = await cases.made(session, case.id)
        assert (await service.verdicts(session, case))[found.id].tellable == {relative.id}
        ended = Outcome.LOCATED_NO_CONTACT
        await cases.change(
            session, case.id, {"state": CaseState.CLOSED, "closed_at": NOW, "outcome": ended}
        )
        await timeline.note(session, case.id, EntryKind.CLOSED, NOW, body=ended)
        assert not (await service.verdicts(session, case))[found.id].tellable
        await cases.change(
            session, case.id, {"state": CaseState.OPEN, "closed_at": None, "outcome": None}
        )
        await timeline.note(session, case.id, EntryKind.REOPENED, LATER)
        verdict = (await service.verdicts(session, case))[found.id]
        assert verdict.why(relative.id) is Why.WANTS_NO_CONTACT
