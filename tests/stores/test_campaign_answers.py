"""What people press and answer: kept of who got the very button, and of nobody else."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import RowMapping, select

from alerts import store as cases
from alerts.model import Times
from bot.conversation import Surroundings, converse
from bot.flows.model import Input
from bot.heard import Heard
from bot.inbox.service import Inbox
from bot.inbox.store import letters
from campaigns import store
from campaigns.content.model import Helped, Link, Poll, Reply, Wording
from campaigns.model import CampaignState
from campaigns.replies import answers, posters
from campaigns.replies.answers import campaign_answer, campaign_reply
from campaigns.replies.presses import AnswerKind, Press, Pressed, read_press
from contacts import service as people
from contacts import store as contacts
from contacts import tags
from contacts.gazetteer import load_gazetteer
from contacts.service import Words
from db.session import Database
from delivery import reading, runs
from delivery.content import Content
from delivery.model import Lane, State
from delivery.runs import NewRun, RunState
from delivery.store import message
from kit.channels import Channel, Endpoint
from kit.clock import Clock
from staff import store as staff
from staff.model import Method, Role
from tests.stores.campaign_people import NOON, a_draft
from tests.stores.sending_rig import chat, phone

WORLD = Surroundings(
    load_gazetteer(), Times(timedelta(minutes=5), timedelta(minutes=5)), "https://tequio.example/p"
)
WORDING = Wording(
    "La **feria** es el 3.",
    "La feria es el 3.",
    (Helped("Me sirvió"), Reply("Quiero avisos", "ALTA"), Link("Ver", "https://tequio.example")),
    Poll("¿Va a venir?", ("Si", "No", "No se")),
)
ENGLISH = Wording("The fair is on the 3rd.", poll=Poll("Will you come?", ("Yes", "No", "Maybe")))
PLAIN = {"es": Wording("Nadie del programa le pide dinero.")}
BETO, ANA = phone(12), chat(11)


async def a_campaign(
    database: Database,
    state: CampaignState = CampaignState.SENDING,
    *,
    keyword: str | None = None,
    approved: bool = True,
    contents: dict[str, Wording] | None = None,
) -> int:
    """A campaign that stands somewhere; gives its id."""
    draft = replace(a_draft(contents=contents or {"es": WORDING, "en": ENGLISH}), keyword=keyword)
    async with database.write() as session:
        made = await store.add(session, draft, state, 1, NOON)
        if approved:
            await store.change(session, made, approved_hash=draft.content_hash)
    return made


async def a_person(database: Database, *ends: Endpoint, language: str = "es") -> int:
    async with database.write() as session:
        first = await people.subscribe(session, Words(ends[0], "SI", NOON), language)
        for more in ends[1:]:
            await contacts.add_address(session, first.id, more)
    return first.id


async def a_run(
    database: Database,
    campaign_id: int,
    rows: Sequence[tuple[int, Endpoint]],
    *,
    at: datetime = NOON,
    state: State = State.SENT,
    over: bool = False,
    language: str = "es",
) -> int:
    """A run whose rows have left, to contacts at their endpoints."""
    async with database.write() as session:
        campaign = await store.get(session, campaign_id)
        assert campaign is not None
        contents = {
            code: wording.content(campaign_id) for code, wording in campaign.draft.contents.items()
        }
        new = NewRun(campaign_id, at, contents, "fraud", (Channel.TELEGRAM, Channel.SMS))
        run_id = await runs.open_run(session, new, at)
        assert run_id is not None
        await runs.move(session, run_id, RunState.DONE if over else RunState.SENDING, at)
        for contact_id, end in rows:
            found = [
                address
                for address in await contacts.addresses(session, contact_id)
                if address.endpoint == end
            ]
            await session.execute(
                message.insert().values(
                    lane=Lane.BULK,
                    channel=end.channel,
                    sender=end.channel,
                    state=state,
                    run_id=run_id,
                    contact_id=contact_id,
                    address_id=found[0].id,
                    language=language,
                    created_at=at,
                    due_at=at,
                    settled_at=None if state in (State.SENDING, State.UNCERTAIN) else at,
                    position=0,
                    attempts=1,
                    killed=0,
                )
            )
    return run_id


async def hears(
    database: Database, sender: Endpoint, given: Input | str, now: datetime = NOON
) -> list[Content]:
    """What is said to somebody who does something, in order."""
    given = Input(given) if isinstance(given, str) else given
    async with database.write() as session:
        last = await session.scalar(select(message.c.id).order_by(message.c.id.desc()).limit(1))
        await converse(session, Heard(sender, given), WORLD, now)
        rows = await session.all(
            select(message.c.id)
            .where(message.c.id > (last or 0), message.c.run_id.is_(None))
            .where(message.c.endpoint_index == sender.value)
            .order_by(message.c.id)
        )
        return [(await reading.own_message(session, row["id"]))[1] for row in rows]


async def presses(
    database: Database, sender: Endpoint, data: str, now: datetime = NOON
) -> list[Content]:
    return await hears(database, sender, Input(choice=data, pressed_on=77), now)


async def kept(database: Database) -> list[tuple[int, int | None, int, str, str]]:
    """Campaign, run, contact, kind and value of each answer."""
    async with database.read() as session:
        rows = await session.all(select(campaign_answer).order_by(campaign_answer.c.id))
    return [
        (row["campaign_id"], row["run_id"], row["contact_id"], row["kind"], row["value"])
        for row in rows
    ]


async def tags_of(database: Database, contact_id: int) -> tuple[str, ...]:
    async with database.read() as session:
        return await tags.tags_of(session, contact_id)


async def replies_to(database: Database) -> list[RowMapping]:
    async with database.read() as session:
        rows = select(campaign_reply).order_by(campaign_reply.c.run_id, campaign_reply.c.contact_id)
        return list(await session.all(rows))


def later(**time: float) -> datetime:
    return NOON + timedelta(**time)


# Buttons


def test_what_a_wording_puts_on_its_buttons_is_what_is_read() -> None:
    data = [button.data for row in WORDING.content(12).buttons for button in row if button.data]
    assert [read_press(one) for one in data] == [
        Press(12, AnswerKind.POLL, "1"),
        Press(12, AnswerKind.POLL, "2"),
        Press(12, AnswerKind.POLL, "3"),
        Press(12, AnswerKind.HELPED),
        Press(12, AnswerKind.WORD, "ALTA"),
    ]


async def test_this_helped_me_is_kept_once_and_thanked_for_once(database: Database) -> None:
    campaign_id, who = await a_campaign(database), await a_person(database, ANA)
    run_id = await a_run(database, campaign_id, [(who, ANA)])
    (thanks,) = await presses(database, ANA, f"k:{campaign_id}:h")
    assert thanks.chat == "Gracias por avisarnos."
    assert await presses(database, ANA, f"k:{campaign_id}:h", later(days=9)) == []
    assert await kept(database) == [(campaign_id, run_id, who, "helped", "")]
    assert await tags_of(database, who) == (f"pressed-{campaign_id}",)


async def test_a_later_answer_to_a_poll_takes_the_place_of_the_first(database: Database) -> None:
    campaign_id, who = await a_campaign(database), await a_person(database, ANA)
    run_id = await a_run(database, campaign_id, [(who, ANA)])
    (first,) = await presses(database, ANA, f"k:{campaign_id}:p1")
    assert first.chat == "Gracias. Anotamos su respuesta."
    assert await presses(database, ANA, f"k:{campaign_id}:p1") == []
    (second,) = await presses(database, ANA, f"k:{campaign_id}:p3")
    assert second == first
    assert await kept(database) == [(campaign_id, run_id, who, "poll", "3")]
    pressed = (f"poll-{campaign_id}-3", f"pressed-{campaign_id}")
    assert await tags_of(database, who) == pressed


async def test_the_next_run_of_a_campaign_takes_the_answer_over(database: Database) -> None:
    campaign_id, who = await a_campaign(database), await a_person(database, ANA)
    await a_run(database, campaign_id, [(who, ANA)], over=True)
    await presses(database, ANA, f"k:{campaign_id}:p1")
    second = await a_run(database, campaign_id, [(who, ANA)], at=later(days=7))
    await presses(database, ANA, f"k:{campaign_id}:p2", later(days=7))
    assert await kept(database) == [(campaign_id, second, who, "poll", "2")]


async def test_a_reply_word_is_kept_and_does_what_typing_it_does(database: Database) -> None:
    campaign_id, who = await a_campaign(database), await a_person(database, ANA)
    run_id = await a_run(database, campaign_id, [(who, ANA)])
    pressed = await presses(database, ANA, f"k:{campaign_id}:w:ALTA")
    assert pressed == await hears(database, ANA, "ALTA")
    assert await kept(database) == [(campaign_id, run_id, who, "word", "ALTA")]
    await presses(database, ANA, f"k:{campaign_id}:w:ALTA")
    assert len(await kept(database)) == 1


async def test_a_word_that_no_button_of_theirs_holds_is_heard_and_not_kept(
    database: Database,
) -> None:
    campaign_id, who = await a_campaign(database), await a_person(database, ANA)
    await a_run(database, campaign_id, [(who, ANA)])
    (said,) = await presses(database, ANA, f"k:{campaign_id}:w:BAJA")
    assert "no le mandamos otro aviso" in said.chat
    async with database.read() as session:
        assert await contacts.opted_out(session, ANA)
    assert await kept(database) == []


async def test_a_cry_on_a_button_opens_a_case_as_if_it_had_been_typed(database: Database) -> None:
    await presses(database, ANA, "k:999:w:SOS me tienen encerrada")
    async with database.read() as session:
        case = await cases.live_of(session, ANA, NOON)
    assert case is not None
    assert await kept(database) == []


HOSTILE = [
    "k:{other}:h",  # of a campaign that never reached them
    "k:{other}:p1",
    "k:999999999999999999:h",
    "k:{own}:p4",  # an answer that the poll has not
    "k:{plain}:h",  # a campaign of theirs without such a button
    "k:{plain}:p1",
    "k:{own}:h:k",
    "k:{own}:p0",
    "k:-{own}:h",
    "k:{own}:",
    "k::h",
    "k:",
    "k:{own}:x' OR 1=1 --",
    "k:{own}:p1\n",
    "k:" + "9" * 10_000 + ":h",
    "k:{own}:w:" + "A" * 1_000_000,
]


async def test_a_button_that_nobody_gave_them_gets_the_menu(database: Database) -> None:
    own, other = await a_campaign(database), await a_campaign(database)
    plain = await a_campaign(database, contents=PLAIN)
    who, somebody = await a_person(database, ANA), await a_person(database, chat(90))
    await a_run(database, own, [(who, ANA)])
    await a_run(database, plain, [(who, ANA)])
    await a_run(database, other, [(somebody, chat(90))])
    for hostile in HOSTILE:
        data = hostile.replace("{own}", str(own)).replace("{other}", str(other))
        (menu,) = await presses(database, ANA, data.replace("{plain}", str(plain)))
        assert "¿Qué necesita?" in menu.chat, hostile[:40]
    assert await kept(database) == []
    assert await tags_of(database, who) == ()


async def test_so_does_somebody_of_whom_nothing_is_known(database: Database) -> None:
    campaign_id = await a_campaign(database)
    (menu,) = await presses(database, ANA, f"k:{campaign_id}:h")
    assert "¿Qué necesita?" in menu.chat
    assert await kept(database) == []


@pytest.mark.parametrize("state", [State.SKIPPED, State.FAILED, State.PENDING])
async def test_who_got_nothing_has_nothing_to_press(database: Database, state: State) -> None:
    campaign_id, who = await a_campaign(database), await a_person(database, ANA)
    await a_run(database, campaign_id, [(who, ANA)], state=state)
    await presses(database, ANA, f"k:{campaign_id}:h")
    assert await kept(database) == []


@pytest.mark.parametrize("state", [State.SENDING, State.UNCERTAIN, State.DELIVERED])
async def test_a_press_may_come_before_its_row_is_settled(database: Database, state: State) -> None:
    campaign_id, who = await a_campaign(database), await a_person(database, ANA)
    run_id = await a_run(database, campaign_id, [(who, ANA)], state=state)
    await presses(database, ANA, f"k:{campaign_id}:h")
    assert await kept(database) == [(campaign_id, run_id, who, "helped", "")]


async def test_a_press_months_after_is_kept_too(database: Database) -> None:
    campaign_id, who = await a_campaign(database, CampaignState.DONE), await a_person(database, ANA)
    run_id = await a_run(database, campaign_id, [(who, ANA)], over=True)
    await presses(database, ANA, f"k:{campaign_id}:p2", later(days=200))
    assert await kept(database) == [(campaign_id, run_id, who, "poll", "2")]


async def test_who_is_forgotten_takes_their_answers_along(database: Database) -> None:
    campaign_id, who = await a_campaign(database), await a_person(database, ANA)
    await a_run(database, campaign_id, [(who, ANA)])
    await presses(database, ANA, f"k:{campaign_id}:p2")
    await hears(database, ANA, "borrar")
    (gone,) = await hears(database, ANA, "SI")
    assert "Borramos" in gone.chat or "borramos" in gone.chat
    assert await kept(database) == []
    assert await replies_to(database) == []


async def test_two_answers_of_one_person_at_once_leave_one(database: Database) -> None:
    """By two ways of theirs, so that no conversation holds the other back."""
    campaign_id, who = await a_campaign(database), await a_person(database, ANA, BETO)
    await a_run(database, campaign_id, [(who, ANA)])

    async def press(end: Endpoint, number: int) -> None:
        async with database.write() as session:
            heard = Heard(end, Input(choice=f"k:{campaign_id}:p{number}"))
            await converse(session, heard, WORLD, NOON)

    for turn in range(3):
        await asyncio.gather(press(ANA, 1 + turn % 3), press(BETO, 1 + (turn + 1) % 3))
    ((_, _, _, kind, value),) = await kept(database)
    assert kind == "poll"
    assert await tags_of(database, who) == (
        f"poll-{campaign_id}-{value}",
        f"pressed-{campaign_id}",
    )


async def test_staff_press_as_one_of_the_public(database: Database) -> None:
    campaign_id, who = await a_campaign(database), await a_person(database, ANA)
    run_id = await a_run(database, campaign_id, [(who, ANA)])
    async with database.write() as session:
        await staff.add(session, "Ana", "ana@example.org", Role.DUTY, "Luz", (Method(ANA),), NOON)
    clock = Clock()
    clock.move(NOON - clock.now())
    inbox = Inbox(database, clock, WORLD)
    update = {
        "update_id": 1,
        "callback_query": {
            "id": "1",
            "from": {"id": int(ANA.value), "is_bot": False, "first_name": "A"},
            "chat_instance": "1",
            "data": f"k:{campaign_id}:h",
            "message": {
                "message_id": 5,
                "date": 1,
                "chat": {"id": int(ANA.value), "type": "private"},
                "text": "La feria",
            },
        },
    }
    for _ in range(2):
        await inbox.receive(Channel.TELEGRAM, "1", json.dumps(update))
    assert await kept(database) == [(campaign_id, run_id, who, "helped", "")]


# Polls by SMS


async def test_a_number_by_sms_answers_the_newest_poll(database: Database) -> None:
    first, second = await a_campaign(database), await a_campaign(database)
    plain = await a_campaign(database, contents=PLAIN)
    who = await a_person(database, BETO)
    await a_run(database, first, [(who, BETO)])
    run_id = await a_run(database, second, [(who, BETO)], at=later(hours=1), over=True)
    await a_run(database, plain, [(who, BETO)], at=later(hours=2))
    (thanks,) = await hears(database, BETO, "2", later(hours=3))
    assert thanks.sms == "Gracias. Anotamos su respuesta."
    assert await kept(database) == [(second, run_id, who, "poll", "2")]
    assert f"poll-{second}-2" in await tags_of(database, who)


async def test_a_number_that_the_newest_poll_has_not_is_for_a_person(database: Database) -> None:
    four = {"es": Wording("Hola", poll=Poll("¿?", ("a", "b", "c", "d")))}
    first, second = await a_campaign(database, contents=four), await a_campaign(database)
    who = await a_person(database, BETO)
    await a_run(database, first, [(who, BETO)])
    await a_run(database, second, [(who, BETO)], at=later(hours=1))
    (said,) = await hears(database, BETO, "4", later(hours=2))
    assert "Lo lee una persona" in said.sms
    assert await kept(database) == []
    async with database.read() as session:
        assert [letter.body for letter in await letters(session)] == ["4"]


@pytest.mark.parametrize(("hours", "answers_it"), [(71, True), (73, False)])
async def test_a_poll_is_answered_for_three_days(
    database: Database, hours: float, answers_it: bool
) -> None:
    campaign_id, who = await a_campaign(database), await a_person(database, BETO)
    await a_run(database, campaign_id, [(who, BETO)])
    await hears(database, BETO, "1", later(hours=hours))
    assert bool(await kept(database)) is answers_it


async def test_a_poll_that_came_by_another_way_is_not_answered_by_sms(database: Database) -> None:
    campaign_id, who = await a_campaign(database), await a_person(database, ANA, BETO)
    await a_run(database, campaign_id, [(who, ANA)])
    await hears(database, BETO, "1")
    assert await kept(database) == []


async def test_a_poll_of_somebody_else_is_not_theirs(database: Database) -> None:
    campaign_id = await a_campaign(database)
    who, other = await a_person(database, BETO), await a_person(database, phone(13))
    await a_run(database, campaign_id, [(other, phone(13))])
    await hears(database, BETO, "1")
    assert await kept(database) == []
    assert await tags_of(database, who) == ()


async def test_a_number_after_a_call_for_help_belongs_to_the_case(database: Database) -> None:
    campaign_id, who = await a_campaign(database), await a_person(database, BETO)
    await a_run(database, campaign_id, [(who, BETO)])
    await hears(database, BETO, "SOS")
    said = await hears(database, BETO, "2")
    assert [content.sms for content in said] == ["Entendido."]
    assert await kept(database) == []


async def test_a_number_in_a_question_belongs_to_the_question(database: Database) -> None:
    campaign_id, who = await a_campaign(database), await a_person(database, BETO)
    await a_run(database, campaign_id, [(who, BETO)])
    await hears(database, BETO, "borrar")
    await hears(database, BETO, "2")
    assert await kept(database) == []
    assert await contacts_left(database) == [who]


async def contacts_left(database: Database) -> list[int]:
    async with database.read() as session:
        return [row["id"] for row in await session.all(select(contacts.contact.c.id))]


# Posters


async def test_a_poster_is_answered_while_its_campaign_stands(database: Database) -> None:
    await a_person(database, BETO)
    answered = set()
    for number, state in enumerate(CampaignState):
        await a_campaign(database, state, keyword=f"feria{number}")
        (said,) = await hears(database, BETO, f"FERIA{number}", later(days=number))
        if said.sms == "La feria es el 3.\n¿Va a venir? 1 Si, 2 No, 3 No se":
            answered.add(state)
        else:
            assert "Lo lee una persona" in said.sms
    assert answered == set(posters.OPEN_STATES)


async def test_its_words_leave_as_a_reply_in_the_language_of_the_person(
    database: Database,
) -> None:
    campaign_id = await a_campaign(database, keyword="feria")
    who = await a_person(database, ANA, language="en")
    (said,) = await hears(database, ANA, "Feria!")
    assert said.chat.startswith("The fair is on the 3rd.")
    assert [button.data for row in said.buttons for button in row] == [
        f"k:{campaign_id}:p{number}" for number in (1, 2, 3)
    ]
    async with database.read() as session:
        lanes = await session.all(select(message.c.lane).where(message.c.run_id.is_(None)))
    assert {row["lane"] for row in lanes} == {Lane.REPLY}
    assert await tags_of(database, who) == ("keyword-feria",)


async def test_a_stranger_gets_it_too_and_is_asked_whether_they_want_notices(
    database: Database,
) -> None:
    await a_campaign(database, keyword="feria")
    said, asked = await hears(database, BETO, "feria")
    assert said.sms == "La feria es el 3.", "and no question whose answer cannot be kept"
    assert "Responda SI y su pueblo" in asked.sms
    (done,) = await hears(database, BETO, "SI Tlaxiaco")
    assert "Listo" in done.sms
    assert len(await contacts_left(database)) == 1


async def test_what_is_known_of_the_person_stands_in_it(database: Database) -> None:
    asks = Wording("Para {town|su comunidad} y {region|su zona}.")
    await a_campaign(database, keyword="feria", contents={"es": asks})
    who = await a_person(database, BETO)
    async with database.write() as session:
        await contacts.change(session, who, {"origin_clave": 20397, "origin_region": "mixteca"})
    (known,) = await hears(database, BETO, "feria")
    assert "Tlaxiaco" in known.sms
    assert "Mixteca" in known.sms
    stranger, _asked = await hears(database, phone(13), "feria")
    assert stranger.sms == "Para su comunidad y su zona."
    assert "Tlaxiaco" in known.chat


async def test_where_no_consulate_is_known_the_words_of_the_author_stay(database: Database) -> None:
    asks = Wording("Pregunte en: {nearest_consulate|el consulado}.")
    await a_campaign(database, keyword="feria", contents={"es": asks})
    who = await a_person(database, BETO)
    async with database.write() as session:
        await contacts.change(session, who, {"country": "US", "state": "CA", "city": "Fresno"})
    (said,) = await hears(database, BETO, "feria")
    assert said.sms == "Pregunte en: el consulado."


async def test_a_stranger_leaves_no_trace_by_it(database: Database) -> None:
    await a_campaign(database, keyword="feria")
    await hears(database, ANA, "feria")
    assert await contacts_left(database) == []
    assert await kept(database) == []


async def test_who_stopped_is_answered_and_stays_stopped(database: Database) -> None:
    await a_campaign(database, keyword="feria")
    await a_person(database, BETO)
    await hears(database, BETO, "baja")
    said = await hears(database, BETO, "feria")
    assert said[0].sms == "La feria es el 3."
    async with database.read() as session:
        assert await contacts.opted_out(session, BETO)


async def test_what_was_changed_after_its_approval_is_not_said(database: Database) -> None:
    await a_campaign(database, keyword="feria", approved=False)
    await a_person(database, BETO)
    (said,) = await hears(database, BETO, "feria")
    assert "Lo lee una persona" in said.sms


async def test_a_word_that_is_used_again_is_that_of_the_campaign_that_stands(
    database: Database,
) -> None:
    fresh = {"es": Wording("La feria nueva.")}
    await a_campaign(database, CampaignState.SCHEDULED, keyword="feria", contents=fresh)
    await a_campaign(database, CampaignState.DONE, keyword="feria")
    await a_person(database, BETO)
    (said,) = await hears(database, BETO, "feria")
    assert said.sms == "La feria nueva."


async def test_while_it_is_paused_nobody_answers_for_it(database: Database) -> None:
    await a_campaign(database, CampaignState.DONE, keyword="feria")
    await a_campaign(database, CampaignState.PAUSED, keyword="feria")
    await a_person(database, BETO)
    (said,) = await hears(database, BETO, "feria")
    assert "Lo lee una persona" in said.sms


@pytest.mark.parametrize("end", [ANA, BETO], ids=["chat", "sms"])
async def test_the_poll_of_a_poster_is_answered_by_button_and_by_number(
    database: Database, end: Endpoint
) -> None:
    campaign_id, who = await a_campaign(database, keyword="feria"), await a_person(database, end)
    await hears(database, end, "FERIA")
    await hears(database, end, "2")
    assert await kept(database) == [(campaign_id, None, who, "poll", "2")]
    await presses(database, end, f"k:{campaign_id}:h")
    await presses(database, end, f"k:{campaign_id}:p1")
    assert {(kind, value) for *_, kind, value in await kept(database)} == {
        ("poll", "1"),
        ("helped", ""),
    }


async def test_who_never_sent_the_word_has_no_button_of_it(database: Database) -> None:
    campaign_id = await a_campaign(database, keyword="feria")
    await a_person(database, ANA)
    await presses(database, ANA, f"k:{campaign_id}:p1")
    assert await kept(database) == []


async def test_a_word_of_the_system_stays_one_whatever_a_campaign_says(database: Database) -> None:
    await a_campaign(database, keyword="baja")
    await a_person(database, BETO)
    (said,) = await hears(database, BETO, "BAJA")
    assert "no le mandamos otro aviso" in said.sms


# Replies


async def test_the_first_reply_to_each_run_is_counted_and_its_words_are_not_kept(
    database: Database,
) -> None:
    campaign_id, who = await a_campaign(database), await a_person(database, BETO)
    first = await a_run(database, campaign_id, [(who, BETO)], over=True)
    await hears(database, BETO, "¿Dónde es?", later(hours=1))
    second = await a_run(database, campaign_id, [(who, BETO)], at=later(hours=2))
    await hears(database, BETO, "¿A qué hora?", later(hours=3))
    found = [(row["run_id"], row["contact_id"], row["at"]) for row in await replies_to(database)]
    assert found == [(first, who, later(hours=1)), (second, who, later(hours=3))]


@pytest.mark.parametrize(("hours", "counts"), [(71, 1), (73, 0)])
async def test_a_reply_counts_for_three_days(database: Database, hours: float, counts: int) -> None:
    campaign_id, who = await a_campaign(database), await a_person(database, BETO)
    await a_run(database, campaign_id, [(who, BETO)])
    await hears(database, BETO, "gracias", later(hours=hours))
    assert len(await replies_to(database)) == counts


async def test_neither_a_press_nor_a_block_nor_a_stranger_is_a_reply(database: Database) -> None:
    campaign_id, who = await a_campaign(database), await a_person(database, ANA)
    await a_run(database, campaign_id, [(who, ANA)])
    await presses(database, ANA, f"k:{campaign_id}:h")
    await presses(database, ANA, f"k:{campaign_id}:w:ALTA")
    await hears(database, chat(90), "hola")
    async with database.write() as session:
        await converse(session, Heard(ANA, Input(), left=True), WORLD, NOON)
    assert await replies_to(database) == []


@pytest.mark.parametrize("state", [State.SKIPPED, State.FAILED, State.PENDING])
async def test_who_got_nothing_does_not_reply_to_it(database: Database, state: State) -> None:
    campaign_id, who = await a_campaign(database), await a_person(database, BETO)
    await a_run(database, campaign_id, [(who, BETO)], state=state)
    await hears(database, BETO, "hola, ¿me oyen?")
    assert await replies_to(database) == []


async def test_a_call_for_help_is_counted_and_stands_first(database: Database) -> None:
    campaign_id, who = await a_campaign(database), await a_person(database, BETO)
    await a_run(database, campaign_id, [(who, BETO)])
    (said,) = await hears(database, BETO, "SOS")
    assert said.sms.startswith("Recibido, folio")
    assert len(await replies_to(database)) == 1


async def test_keeping_the_same_answer_twice_changes_nothing(database: Database) -> None:
    campaign_id, who = await a_campaign(database), await a_person(database, ANA)
    run_id = await a_run(database, campaign_id, [(who, ANA)])
    said = Pressed(Press(campaign_id, AnswerKind.POLL, "1"), run_id, is_new=True)
    for hour in (0, 1):
        async with database.write() as session:
            await answers.keep(session, said, who, later(hours=hour))
    async with database.read() as session:
        (row,) = await session.all(select(campaign_answer.c.at))
    assert row["at"] == NOON
