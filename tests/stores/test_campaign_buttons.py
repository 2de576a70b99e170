"""What people press under a campaign: kept once, taken over, and nothing that nobody gave them."""

import asyncio
import json

import pytest

from alerts import store as cases
from bot.conversation import converse
from bot.flows.model import Input
from bot.heard import Heard
from bot.inbox.service import Inbox
from campaigns.model import CampaignState
from campaigns.replies.presses import AnswerKind, Press, read_press
from contacts import store as contacts
from db.session import Database
from delivery.model import State
from kit.channels import Channel, Endpoint
from kit.clock import Clock
from staff import store as staff
from staff.model import Method, Role
from tests.stores.campaign_answers import (
    ANA,
    BETO,
    PLAIN,
    WORDING,
    WORLD,
    a_campaign,
    a_person,
    a_run,
    hears,
    kept,
    later,
    presses,
    replies_to,
    tags_of,
)
from tests.stores.campaign_people import NOON
from tests.stores.sending_rig import chat


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
