"""Finding one person, and what the law lets them ask for: who may, and what never shows."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from alerts import service as handling
from alerts.model import Case, Times
from alerts.people import service as people
from alerts.people.model import Details, PersonRole
from alerts.rights import fulfil, looking, person, register, search
from alerts.rights.export import export, messages
from alerts.rights.fulfil import Asked, Correction, Stale
from alerts.rights.looking import MOST, TooMany
from alerts.rights.person import UnknownContact
from alerts.rights.register import Moved, UnknownRequest
from campaigns.replies import of_contact
from contacts import service as contacts
from contacts import store
from contacts.atlas import Origin, Place, Region
from contacts.csv_import import COLUMNS
from contacts.gazetteer import load_gazetteer
from contacts.importing import Import
from contacts.model import Relation, Topic
from contacts.rights import store as rights
from contacts.rights.model import Act, Identity, Kind, Look, State, Step, Way
from contacts.rights.profile import packed
from contacts.service import Words
from db.session import Database, Session
from delivery import service as delivery
from delivery.content import Content
from delivery.model import Lane, NewMessage
from kit.channels import Channel, Endpoint
from kit.errors import Invalid, Problem, Refused
from staff.model import RIGHTS, Member, Right, Role
from staff.store import audit
from tests.databases import sqlite_database
from tests.stores.campaign_people import Person, a_draft, frozen, people_in, started
from tests.stores.case_rig import NOW, a_case, a_member

PHONE = Endpoint(Channel.SMS, "+12135550123")
CHAT = Endpoint(Channel.TELEGRAM, "5551234567")
AT_WINDOW = Asked(Identity.DOCUMENT, Way.WINDOW)
TODAY = date(2026, 11, 25)
HOUR = timedelta(hours=1)


@pytest.fixture
async def lite(tmp_path: Path) -> AsyncIterator[Database]:
    opened = await sqlite_database(tmp_path)
    yield opened
    await opened.close()


async def subscribed(session: Session, *more: Endpoint) -> int:
    made = await contacts.subscribe(session, Words(PHONE, "ALTA", NOW - 9 * HOUR), "es")
    for endpoint in more:
        await store.add_address(session, made.id, endpoint)
    return made.id


async def acts(session: Session) -> list[tuple[str, str]]:
    rows = await session.all(audit.select().order_by(audit.c.id))
    return [(row["act"], row["about"]) for row in rows if not row["act"].startswith("staff.")]


async def test_a_person_is_found_shown_put_right_stopped_and_erased(database: Database) -> None:
    async with database.write() as session:
        member = await a_member(session, 1, Role.COMMUNICATOR)
        ida = await subscribed(session, CHAT)
        found = await search.search(session, member, "213 555 0123", NOW)
        assert (found.only, found.cases) == (ida, ())
        shown = await person.opened(session, member, ida, NOW)
        assert [one.covered[-2:] for one in shown.lines] == ["23", "67"]
        assert not any(PHONE.value in repr(part) for part in (shown, found))
        number = await fulfil.reveal(session, member, ida, shown.lines[0].id, "Llamarle", NOW)
        assert number == PHONE
        wanted = Correction(
            "mixteco",
            Relation.FAMILY,
            frozenset({Topic.FRAUD, Topic.EMERGENCY}),
            "También las emergencias.",
            Origin(Region.MIXTECA, 20397, "Tlaxiaco"),
            Place("US", "CA", "Fresno", "America/Los_Angeles"),
            frozenset({"origin", "place"}),
        )
        changed = await fulfil.correct(
            session, member, ida, wanted, packed(shown.contact), AT_WINDOW, NOW
        )
        assert changed == ("language", "origin", "place", "relation", "topics")
    async with database.write() as session:
        kept = await person.opened(session, member, ida, NOW)
        assert (kept.contact.city, kept.contact.origin_clave) == ("Fresno", 20397)
        assert (kept.consents[0].words, kept.consents[0].source) == (
            "También las emergencias.",
            "staff",
        )
        again = packed(kept.contact)
        assert await fulfil.correct(session, member, ida, wanted, again, AT_WINDOW, NOW) == ()
        no = "Ya no me manden"
        assert await fulfil.oppose(session, member, ida, {Channel.SMS}, no, Way.PHONE, NOW) == 1
        assert await store.opted_out(session, PHONE)
        assert not await store.opted_out(session, CHAT)
        held = await export(session, member, ida, AT_WINDOW, NOW)
        assert [one.endpoint for one, _at in held.addresses] == [PHONE, CHAT]
        assert {one.kind for one in held.requests} == {*Kind} - {Kind.CANCELLATION}
    async with database.write() as session:
        await fulfil.erase(session, member, ida, AT_WINDOW, NOW)
        assert await store.get(session, ida) is None
        # The wish outlives them, on every way that they had.
        assert await store.opted_out(session, PHONE)
        assert await store.opted_out(session, CHAT)
        lines = await rights.history(session, contact_id=ida, limit=20)
        assert [one.act for one in lines] == [
            Act.ERASED, Act.EXPORTED, Act.STOPPED, Act.CORRECTED, Act.REVEALED,
        ]  # fmt: skip
        assert {one.words for one in lines} == {""}
        assert await register.waiting(session, member, NOW) == ()
        over = await register.over(session, member, NOW)
        assert {one.request.state for one in over} == {State.DONE}
        told = await acts(session)
        assert told == [
            ("contact.search", f"phone: contact:{ida}"),
            ("contact.show", f"contact:{ida}"),
            ("contact.revealed", f"contact:{ida}"),
            ("contact.corrected", f"contact:{ida}"),
            ("contact.stopped", f"contact:{ida}"),
            ("contact.exported", f"contact:{ida}"),
            ("contact.erased", f"contact:{ida}"),
        ]
        with pytest.raises(UnknownContact):
            await person.opened(session, member, ida, NOW)
        gone = await search.search(session, member, PHONE.value, NOW)
        assert (gone.contact_ids, gone.said_no) == ((), True)


async def test_every_use_asks_for_its_right(lite: Database) -> None:
    async with lite.write() as session:
        ida = await subscribed(session)
        wanted = Correction("es", None, frozenset())
        day, way = TODAY, Way.WINDOW
        uses: dict[str, tuple[Right, Callable[[Member], Awaitable[object]]]] = {
            "search": (Right.SEE_CONTACTS, lambda who: search.search(session, who, "1", NOW)),
            "open": (Right.SEE_CONTACTS, lambda who: person.opened(session, who, ida, NOW)),
            "list": (Right.SEE_CONTACTS, lambda who: register.waiting(session, who, NOW)),
            "over": (Right.SEE_CONTACTS, lambda who: register.over(session, who, NOW)),
            "one": (Right.SEE_CONTACTS, lambda who: register.whole(session, who, 99, NOW)),
            "titles": (Right.SEE_CONTACTS, lambda who: of_contact.titles(session, who, [1])),
            "answers": (Right.SEE_CONTACTS, lambda who: of_contact.answers_of(session, who, ida)),
            "wrote": (Right.SEE_CONTACTS, lambda who: of_contact.wrote_after(session, who, ida)),
            "receive": (
                Right.CHANGE_CONTACTS,
                lambda who: register.receive(session, who, Kind.ACCESS, way, day, NOW),
            ),
            "move": (
                Right.CHANGE_CONTACTS,
                lambda who: register.move(session, who, 99, Step.GRANT, NOW, version=1),
            ),
            "reveal": (
                Right.CHANGE_CONTACTS,
                lambda who: fulfil.reveal(session, who, ida, 99, "a", NOW),
            ),
            "to change": (
                Right.CHANGE_CONTACTS,
                lambda who: person.to_change(session, who, ida, NOW),
            ),
            "correct": (
                Right.CHANGE_CONTACTS,
                lambda who: fulfil.correct(session, who, ida, wanted, "", AT_WINDOW, NOW),
            ),
            "oppose": (
                Right.CHANGE_CONTACTS,
                lambda who: fulfil.oppose(session, who, ida, (), "a", way, NOW),
            ),
            "export": (
                Right.CHANGE_CONTACTS,
                lambda who: export(session, who, ida, AT_WINDOW, NOW),
            ),
            "erase": (
                Right.CHANGE_CONTACTS,
                lambda who: fulfil.erase(session, who, 99, AT_WINDOW, NOW),
            ),
        }
        for number, role in enumerate(Role):
            who = await a_member(session, number, role)
            for name, (right, use) in uses.items():
                refused = False
                try:
                    await use(who)
                except Problem as problem:
                    refused = type(problem) is Refused
                assert refused is (right not in RIGHTS[role]), (role, name)
            left = replace(who, active=False)
            with pytest.raises(Refused):
                await person.opened(session, left, ida, NOW)


async def a_case_of(session: Session, owner: Member) -> Case:
    case = await a_case(session, PHONE, "Ayuda", owner=owner)
    details = Details(PersonRole.CONCERNED, name="Rosa Inventada", phones=("+12135550177",))
    await people.save(session, case, owner, details, NOW)
    return case


async def test_who_may_not_know_of_cases_finds_and_sees_nothing_of_one(lite: Database) -> None:
    async with lite.write() as session:
        duty = await a_member(session, 1, Role.DUTY)
        writer = await a_member(session, 2, Role.COMMUNICATOR)
        ida = await subscribed(session)
        case = await a_case_of(session, duty)
        for about in (f"case:{case.id}", None):
            said = NewMessage((PHONE,), Content("Hola", "Hola"), Lane.REPLY, "es", about=about)
            await delivery.queue(session, said, NOW)
        urgent = NewMessage((PHONE,), Content("Hola", "Hola"), Lane.URGENT, "es")
        await delivery.queue(session, urgent, NOW)
        await handling.silence(session, case, Times(), NOW)
    async with lite.write() as session:
        for typed in (case.folio, "Rosa Inventada", "+12135550177"):
            assert (await search.search(session, writer, typed, NOW)).cases == ()
            found = await search.search(session, duty, typed.lower(), NOW)
            assert [(one.folio, one.reporter_id) for one in found.cases] == [(case.folio, ida)]
        assert (await search.search(session, writer, PHONE.value, NOW)).only == ida
        assert len((await search.search(session, duty, PHONE.value, NOW)).cases) == 1
        line = (await store.addresses(session, ida))[0].id
        for who, why in ((duty, f"Es de {case.folio}"), (writer, "Llamarle")):
            await fulfil.reveal(session, who, ida, line, why, NOW)
            await register.receive(
                session, who, Kind.ACCESS, Way.PHONE, TODAY, NOW, contact_id=ida, words=why
            )
        # A no that a case brought tells of the case.
        await store.add_opt_out(session, CHAT, "silenced", "", NOW)
        for who, told_of in ((writer, False), (duty, True)):
            assert (await search.search(session, who, CHAT.value, NOW)).said_no is told_of
        seen = await person.opened(session, writer, ida, NOW)
        assert [one.words for one in seen.history] == ["Llamarle", "Llamarle", "", ""]
        assert (seen.cases, len(seen.replies), seen.is_stopped) == ((), 1, True)
        held = await export(session, writer, ida, AT_WINDOW, NOW)
        assert len((await messages(session, writer, ida))[1]) == 1
        for shown in (repr(seen), repr(held)):
            assert case.folio not in shown
            assert "silenced" not in shown
        mine = await person.opened(session, duty, ida, NOW)
        assert {one.words for one in mine.history} == {"Llamarle", f"Es de {case.folio}", ""}
        assert [one.folio for one in mine.cases] == [case.folio]
        told = [about for act, about in await acts(session) if act == "contact.search"]
        assert not any("Rosa" in about or "0177" in about for about in told)
        # Who reads the audit is not told whose case it is.
        assert f"phone: {case.folio} +1" in told
        assert not any("contact:" in about and case.folio in about for about in told)


async def test_nobody_walks_through_numbers(lite: Database) -> None:
    async with lite.write() as session:
        member = await a_member(session, 1)
        other = await a_member(session, 2)
        ida = await subscribed(session)
        for _each in range(MOST[Look.SEARCH]):
            await search.search(session, member, "persona 77", NOW)
        with pytest.raises(TooMany) as caught:
            await search.search(session, member, PHONE.value, NOW)
        await looking.note_refused(session, member, caught.value.kind, NOW)
        await looking.note_refused(session, member, caught.value.kind, NOW)
        assert [one for one in await acts(session) if one[0] == "contact.limit"] == [
            ("contact.limit", "search")
        ]
        # Put back, the clock has looks ahead of it: they are none of the last hour.
        assert (await search.search(session, member, PHONE.value, NOW - 2 * HOUR)).only == ida
        # A colleague may, and so may they after an hour; what cannot be read is no search.
        assert (await search.search(session, other, PHONE.value, NOW)).only == ida
        later = NOW + HOUR + timedelta(seconds=1)
        assert (await search.search(session, member, PHONE.value, later)).only == ida
        line = (await store.addresses(session, ida))[0].id
        for _each in range(MOST[Look.REVEAL]):
            await fulfil.reveal(session, other, ida, line, "Llamar", NOW)
        with pytest.raises(TooMany):
            await export(session, other, ida, AT_WINDOW, NOW)
        # The page opened again within the visit is one visit.
        for _each in range(MOST[Look.SHOW] + 1):
            await person.opened(session, other, ida, NOW)
        shows = [one for one in await acts(session) if one[0] == "contact.show"]
        assert len(shows) == 1
        await person.to_change(session, other, ida, NOW)
        assert len([one for one in await acts(session) if one[0] == "contact.show"]) == 1
        await person.opened(session, other, ida, NOW - HOUR)
        assert len([one for one in await acts(session) if one[0] == "contact.show"]) == 2


async def test_the_second_of_two_who_change_is_told(lite: Database) -> None:
    async with lite.write() as session:
        member = await a_member(session, 1)
        ida = await subscribed(session)
        contact = await store.made(session, ida)
        seen = packed(contact)
        first = Correction("mixteco", None, contact.topics)
        await fulfil.correct(session, member, ida, first, seen, AT_WINDOW, NOW)
        with pytest.raises(Stale):
            await fulfil.correct(session, member, ida, first, seen, AT_WINDOW, NOW)
        now = packed(await store.made(session, ida))
        for wrong in (
            replace(first, language="klingon"),
            replace(first, topics=frozenset(Topic)),
        ):
            with pytest.raises(Invalid):
                await fulfil.correct(session, member, ida, wrong, now, AT_WINDOW, NOW)
        unknown = Asked(Identity.NOT_YET, Way.PHONE)
        with pytest.raises(Invalid):
            await fulfil.erase(session, member, ida, unknown, NOW)
        with pytest.raises(Invalid):
            await fulfil.reveal(session, member, ida, 1, "  ", NOW)
        with pytest.raises(Invalid):
            await fulfil.oppose(session, member, ida, {Channel.TELEGRAM}, "No", Way.PHONE, NOW)


async def test_a_request_goes_its_way_and_what_is_due_stands_first(lite: Database) -> None:
    async with lite.write() as session:
        member = await a_member(session, 1)
        ida = await subscribed(session)
        late = TODAY - timedelta(days=40)
        new = await register.receive(
            session, member, Kind.ACCESS, Way.LETTER, TODAY, NOW, contact_id=ida, words="Copia"
        )
        old = await register.receive(session, member, Kind.OPPOSITION, Way.EMAIL, late, NOW)
        listed = await register.waiting(session, member, NOW)
        assert [one.request.id for one in listed] == [old.id, new.id]
        assert [(one.left or 0) < 0 for one in listed] == [True, False]
        due = listed[0].request.due_on
        assert due is not None
        behind = await register.waiting(session, member, NOW, (due, old.id))
        assert [one.request.id for one in behind] == [new.id]
        for wrong in (TODAY + timedelta(days=1), TODAY - timedelta(days=400)):
            with pytest.raises(Invalid):
                await register.receive(session, member, Kind.ACCESS, Way.PHONE, wrong, NOW)

        async def move(step: Step, version: int, **more: object) -> State:
            words, identity = str(more.get("words", "")), more.get("identity")
            known = identity if isinstance(identity, Identity) else None
            moved = await register.move(
                session, member, new.id, step, NOW, version=version, words=words, identity=known
            )
            return moved.state

        with pytest.raises(Invalid):
            await move(Step.DEFECTS, 1)
        assert await move(Step.DEFECTS, 1, words="Falta la firma") is State.DEFECTIVE
        with pytest.raises(Moved):
            await move(Step.DEFECTS, 1, words="Falta la firma")
        assert await move(Step.MENDED, 2) is State.OPEN
        assert await move(Step.IDENTITY, 3, identity=Identity.OWN_LINE) is State.OPEN
        assert await move(Step.GRANT, 4) is State.GRANTED
        # Carrying it out settles the very request that waits.
        await export(session, member, ida, AT_WINDOW, NOW)
        whole = await register.whole(session, member, new.id, NOW)
        assert (whole.request.state, whole.steps) == (State.DONE, ())
        assert [one.act for one in whole.history] == [
            Act.EXPORTED, Act.GRANTED, Act.IDENTITY, Act.MENDED, Act.DEFECTS, Act.RECEIVED,
        ]  # fmt: skip
        with pytest.raises(UnknownRequest):
            await register.whole(session, member, 999, NOW)


async def test_no_import_brings_back_who_was_erased_and_their_case_stays(
    lite: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        async with lite.write() as session:
            duty = await a_member(session, 1)
            ida = await subscribed(session)
            case = await a_case_of(session, duty)
            await fulfil.erase(session, duty, ida, AT_WINDOW, NOW)
            found = await search.search(session, duty, PHONE.value, NOW)
            assert [(one.folio, one.reporter_id) for one in found.cases] == [(case.folio, None)]
        file = tmp_path / "people.csv"
        head = ",".join(COLUMNS)
        file.write_text(f"{head}\n{PHONE.value},,es,,,,,fraud,2026-11-01,Feria\n", "utf-8")
        report = await Import(lite, load_gazetteer(), NOW).run(file)
        assert (report.created, report.rejected) == (0, 1)
        assert [one.column for one in report.errors] == ["phone"]
    assert PHONE.value not in caplog.text
    assert "Rosa" not in caplog.text


async def test_what_campaigns_brought_is_shown_run_by_run(lite: Database) -> None:
    (ida, _other) = await people_in(lite, Person(), Person())
    campaign_id = await started(lite, a_draft(channels=(Channel.SMS,)))
    run_id = await frozen(lite, campaign_id)
    async with lite.write() as session:
        member = await a_member(session, 7)
        shown = await person.opened(session, member, ida, NOW)
        assert [(one.campaign_id, one.run_id) for one in shown.sent] == [(campaign_id, run_id)]
        assert shown.older is None
        assert await of_contact.titles(session, member, [campaign_id])
        earlier = await person.opened(session, member, ida, NOW, before=run_id)
        assert (earlier.sent, earlier.older) == ((), None)
        sent, _replies = await messages(session, member, ida)
        assert sent == shown.sent
