"""What each side of a case was sent, and what it must never be."""

import json

from alerts.model import Case
from tests.standins.records import Sent, SentSms
from tests.stories.duty_rig import ANA, ANAS_PHONE, MOTHER, SON
from tests.stories.test_calling_for_help import only_case
from tests.stories.test_safety_of_the_person import drop
from tests.stories.world import Chat, Phone, World

STAFFS_OWN = ("Ana", "ana@example.org", ANAS_PHONE, ANAS_PHONE[-7:], str(ANA), "Persona")
"""What the public never sees of Ana; her pseudonym is another name."""

REPORTERS_OWN = (MOTHER, MOTHER[-7:], MOTHER[2:], str(SON), "Persona")
"""What staff never see of who calls. "Persona" is the name in everybody's Telegram account."""


def spoken(sent: Sent | SentSms) -> str:
    """Everything that is in a message, without whom it is to."""
    if isinstance(sent, SentSms):
        return sent.body
    params = {name: value for name, value in sent.params.items() if name != "chat_id"}
    return f"{sent.text} {json.dumps(params, ensure_ascii=False)}"


def between(world: World) -> tuple[list[str], list[str]]:
    """All that was sent to who calls, and all that was sent to staff."""
    reporters: list[str] = []
    guards: list[str] = []
    for chat in world.telegram.sent:
        (reporters if chat.chat_id == SON else guards).append(spoken(chat))
    for sms in world.twilio.sent:
        (reporters if sms.to == MOTHER else guards).append(spoken(sms))
    return reporters, guards


def nobody_is_exposed(world: World) -> None:
    """Neither side was ever sent the number or the name of the other."""
    reporters, guards = between(world)
    assert reporters
    assert guards
    for words in reporters:
        found = [own for own in STAFFS_OWN if own in words]
        assert not found, f"the public was sent {found}"
    for words in guards:
        found = [own for own in REPORTERS_OWN if own in words]
        assert not found, f"staff were sent {len(found)} of the reporter's own"


async def taken_by(world: World, owner: Phone | Chat, reporter: Phone | Chat) -> Case:
    """A case of theirs, and what was said until then is another story."""
    if isinstance(owner, Chat):
        await world.duty("Ana", chat=owner.id)
    else:
        await world.duty("Ana", phone=owner.number)
    await reporter.says("SOS no llega mi hijo")
    case = await only_case(world)
    await owner.says(f"A {case.folio}")
    drop(world)
    return case


def deleted(world: World, chat_id: int) -> set[int | None]:
    """The messages that were deleted from a chat."""
    return {
        call.message_id
        for call in world.telegram.calls
        if call.method == "deleteMessage" and call.chat_id == chat_id
    }


def to_chat(world: World, chat_id: int) -> list[Sent]:
    return [sent for sent in world.telegram.sent if sent.chat_id == chat_id]
