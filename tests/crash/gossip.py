"""Everything that people tell the platform in the stories, with names and numbers that can be
looked for afterwards.
"""

from dataclasses import replace
from typing import Protocol

from kit.channels import Endpoint
from staff.model import Role
from tests.crash.arrivals import Arrival, Post, from_chat, from_phone
from tests.crash.conversations import FOLIO, people_csv
from tests.crash.mailbox import words as read_words
from tests.crash.stage import Stage, chat, phone
from tests.crash.traces import Secret
from tests.crash.traces import phone as phone_secrets
from tests.crash.traces import words as word_secrets
from tests.standins.faults import Fault, Script
from tests.standins.telegram import (
    callback_update,
    location_update,
    photo_update,
    text_update,
    unknown_update,
    voice_update,
)
from tests.standins.telegram_errors import blocked

OFELIA, RUFINA, LEAVER = phone("+12135550111"), phone("+12135550122"), phone("+12135550144")
HUNTED, FORGED, GUARD_PHONE = phone("+12135550155"), phone("+12135550166"), phone("+12135550133")
FILEMONA, ELADIO = chat(7_900_012_101), chat(7_900_012_103)
WRITER, GUARD_CHAT = chat(7_900_012_105), chat(7_900_012_104)
IMPORTED_PHONES = ["+529515550171", "+529515550172", "+529515550173"]
IMPORTED_CHATS = [7_900_012_201, 7_900_012_202, 7_900_012_203]

FIRST_NAME, GUARD, COORDINATOR = "Filemona Yadira", "Xóchitl Ñuundaa", "Itandehui Zárate"
GUARD_EMAIL, COORDINATOR_EMAIL = "xochitl.nuundaa@example.org", "itandehui@example.net"
REPORT = "SOS mi hermana Citlalmina salió de Tepelmemequi y no contesta"
MORE, CAPTION = "la vieron en la gasolinera del Sasabito", "la camioneta de don Heladio"
RELAYED = "¿Traía Citlalmina su huipil colorado?"
TOWN, PLACE = "soy de Yucunuhuiquemado", (31.33573, -110.93812)
WISH = "ya no quiero nada, soy Hermelinda, déjenme"
QUESTION = "¿cuánto cuesta traer a mi papá Procopio?"
DANGER = "alto, me vienen siguiendo por la Huizachera"
FORGERY = "SOS soy Eufrosina"
CAMPAIGN = "Abre la ventanilla de actas."


def _kept() -> tuple[Secret, ...]:
    phones = {
        "phone of a person": [one.value for one in (OFELIA, RUFINA, LEAVER, HUNTED)],
        "phone of the guard": [GUARD_PHONE.value],
        "imported phone": IMPORTED_PHONES,
    }
    chats = {
        "chat of a person": [int(one.value) for one in (FILEMONA, ELADIO, WRITER)],
        "chat of the guard": [int(GUARD_CHAT.value)],
        "imported chat": IMPORTED_CHATS,
    }
    texts = {
        "first name": [FIRST_NAME, "Filemona"],
        "name of the guard": [GUARD, "Ñuundaa"],
        "name of the coordinator": [COORDINATOR],
        "e-mail": [GUARD_EMAIL, COORDINATOR_EMAIL],
        "report": [REPORT, "Citlalmina", "Tepelmemequi"],
        "further words of a report": [MORE, "Sasabito"],
        "words with a photo": [CAPTION, "Heladio"],
        "words of the guard": [RELAYED, "huipil"],
        "a town": ["Yucunuhuiquemado"],
        "a place": [str(PLACE[0]), str(PLACE[1])],
        "a wish to leave": [WISH, "Hermelinda"],
        "a letter": [QUESTION, "Procopio"],
        "words of danger": [DANGER, "Huizachera"],
    }
    found: list[Secret] = []
    for label, values in phones.items():
        for number, value in enumerate(values, 1):
            found += phone_secrets(f"{label} {number}", value)
    for label, numbers in chats.items():
        found += [
            Secret(f"{label} {number}", str(value), number=True)
            for number, value in enumerate(numbers, 1)
        ]
    for label, values in texts.items():
        for number, value in enumerate(values, 1):
            found += word_secrets(f"{label} {number}", value)
    return tuple(found)


KEPT = _kept()
"""What the platform knows, and has to seal."""

REFUSED = (
    *phone_secrets("phone of a forgery", FORGED.value),
    *word_secrets("words of a forgery", "Eufrosina"),
    *word_secrets("a broken body", "Gumersindo"),
)
"""What it never took in."""


class Office(Protocol):
    """What staff do at their desks."""

    async def hire(self, name: str, email: str, role: Role, *ways: Endpoint) -> None:
        """Take somebody on."""

    async def bring_in(self, csv: str) -> None:
        """Import contacts."""

    async def send(self, text: str) -> None:
        """Write, approve and start a campaign to everybody imported."""


async def play(stage: Stage, post: Post, office: Office) -> None:
    """Everything, one after the other, to a platform that is at work."""
    mail = stage.mailbox
    await office.hire(GUARD, GUARD_EMAIL, Role.DUTY, GUARD_CHAT, GUARD_PHONE)
    await office.hire(COORDINATOR, COORDINATOR_EMAIL, Role.COORDINATOR)
    await _subscribe(stage, post)
    await _call_for_help(stage, post)
    await _leave_and_write(stage, post)
    await _forge(post)
    await _let_providers_fail(stage)
    await office.bring_in(people_csv(IMPORTED_CHATS, IMPORTED_PHONES))
    await office.send(CAMPAIGN)
    await mail.reads(IMPORTED_PHONES[-1], CAMPAIGN)
    await mail.reads(str(IMPORTED_CHATS[-1]), CAMPAIGN)


async def _subscribe(stage: Stage, post: Post) -> None:
    await _say(
        stage, post, from_phone(OFELIA.value, "ALTA"), from_phone(OFELIA.value, "SI TLAXIACO")
    )
    me = int(FILEMONA.value)
    await _say(stage, post, from_chat(text_update(me, "/alta", first_name=FIRST_NAME)))
    asked = await stage.mailbox.chat_reads(FILEMONA.value, "¿Está de acuerdo?")
    yes = callback_update(me, asked.callback_data["Sí, quiero avisos"], asked.message_id or 0)
    town = text_update(me, TOWN, first_name=FIRST_NAME)
    await _say(stage, post, from_chat(yes), from_chat(town), from_chat(location_update(me, *PLACE)))


async def _call_for_help(stage: Stage, post: Post) -> None:
    him = int(ELADIO.value)
    await _say(stage, post, from_phone(RUFINA.value, REPORT))
    page = FOLIO.search(read_words(await stage.mailbox.reads(GUARD_PHONE.value, "GUARDIA: caso")))
    assert page is not None
    folio = page[1]
    guard = GUARD_PHONE.value
    await _say(
        stage,
        post,
        from_phone(guard, f"A {folio}"),
        from_phone(guard, f"R {folio} {RELAYED}"),
        from_phone(RUFINA.value, MORE),
        from_phone(RUFINA.value, "", media=1),
        from_phone(guard, f"C {folio} atendida"),
        from_chat(text_update(him, "SOS")),
        from_chat(photo_update(him, CAPTION)),
        from_chat(voice_update(him)),
        from_chat(location_update(him, *PLACE)),
    )


async def _leave_and_write(stage: Stage, post: Post) -> None:
    await _say(
        stage,
        post,
        from_phone(LEAVER.value, WISH),
        from_phone(LEAVER.value, "BAJA"),
        from_chat(text_update(int(WRITER.value), QUESTION)),
        from_phone(HUNTED.value, DANGER),
        from_chat(unknown_update()),
    )


async def _forge(post: Post) -> None:
    """Nobody's words: a wrong signature, and a body that is broken off."""
    forged = from_phone(FORGED.value, FORGERY)
    wrong = {**forged.headers, "X-Twilio-Signature": "AAAAAAAAAAAAAAAAAAAAAAAAAAA="}
    assert not await post.once(replace(forged, headers=wrong))
    broken = from_chat(text_update(int(WRITER.value), "soy Gumersindo"))
    assert not await post.once(replace(broken, body=broken.body[:-3]))


async def _let_providers_fail(stage: Stage) -> None:
    """Refusals that repeat the number, as Twilio's do, and an answer that gets lost."""
    number, me = IMPORTED_PHONES[0], IMPORTED_CHATS[0]
    refusal = {"code": 21211, "message": f"Invalid 'To' Phone Number: {number}", "status": 400}
    gone = f"cannot write to {IMPORTED_CHATS[1]}"
    await stage.standins.script(
        stage.standins.twilio_url,
        Script(Fault.answer(400, refusal), recipient=number),
        Script(Fault.drop(), recipient=IMPORTED_PHONES[1]),
    )
    await stage.standins.script(
        stage.standins.telegram_url,
        Script(blocked(), recipient=str(me)),
        Script(Fault.answer(500, gone), recipient=str(IMPORTED_CHATS[1])),
    )


async def _say(stage: Stage, post: Post, *arrivals: Arrival) -> None:
    """One thing after the other, each answered before the next."""
    for arrival in arrivals:
        await post.bring(arrival)
        await stage.settle()
