"""Telegram's attachments, messages that cannot be passed on, and messages that are deleted."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest

from delivery.captions import MAX_CAPTION, parts_of
from delivery.content import Attachment, Button, Content
from delivery.model import Failure, Lane, SendError
from delivery.transport import Outgoing, Withdrawing
from kit.channels import Channel, Endpoint
from kit.clock import Clock
from tests.standins import telegram_errors
from tests.standins.faults import Fault
from tests.standins.telegram import TOKEN, TelegramStandIn
from tests.standins.telegram_updates import PHOTO_FILE_ID, VOICE_FILE_ID
from transports.refusal import Refusal
from transports.telegram import TelegramTransport
from transports.telegram_errors import judge

CHAT = 4213555017
TO = Endpoint(Channel.TELEGRAM, str(CHAT))
BUTTONS = ((Button("Tomar", "A:K7Q2"),),)
METHODS = {
    "photo": "sendPhoto",
    "voice": "sendVoice",
    "video": "sendVideo",
    "video_note": "sendVideoNote",
    "audio": "sendAudio",
    "document": "sendDocument",
    "sticker": "sendSticker",
}

_ids = itertools.count(1)


class Stage:
    """The stand-in, with a clock that can be moved, and a transport to it."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.standin = TelegramStandIn(now=self.now)

    def now(self) -> datetime:
        return self.clock.now()

    def file(self, kind: str) -> Attachment:
        """One that the stand-in holds."""
        held = {"photo": PHOTO_FILE_ID, "voice": VOICE_FILE_ID}
        return Attachment(kind, held.get(kind) or self.standin.files.add(b"x", f"{kind}.bin"))

    async def send(self, content: Content) -> str:
        return await self.transport.send(Outgoing(next(_ids), TO, content, Lane.URGENT))

    async def refused(self, content: Content) -> SendError:
        with pytest.raises(SendError) as caught:
            await self.send(content)
        return caught.value

    @property
    def called(self) -> list[str]:
        return [call.method for call in self.standin.calls]

    async def __aenter__(self) -> "Stage":
        await self.standin.__aenter__()
        self.transport = TelegramTransport(TOKEN, api_url=self.standin.url, timeout=5)
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.transport.close()
        await self.standin.__aexit__(None, None, None)


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with Stage() as stage:
        yield stage


@pytest.mark.parametrize("kind", METHODS)
async def test_each_kind_goes_by_its_own_method_under_the_name_that_telegram_gave(
    stage: Stage, kind: str
) -> None:
    file = stage.file(kind)
    sent = await stage.send(Content("", "", attachment=file))
    (call,) = stage.standin.sent
    assert (call.method, call.params) == (
        METHODS[kind],
        {"chat_id": str(CHAT), kind: file.file},
    )
    assert sent == str(call.message_id)


@pytest.mark.parametrize("kind", sorted(METHODS.keys() - {"video_note", "sticker"}))
async def test_text_is_the_caption_and_buttons_stay(stage: Stage, kind: str) -> None:
    await stage.send(Content("Caso K7Q2", "", BUTTONS, attachment=stage.file(kind)))
    (call,) = stage.standin.sent
    assert (call.text, call.buttons) == ("Caso K7Q2", ("Tomar",))


async def test_longest_caption_is_sent_whole_and_a_longer_one_is_refused_and_not_cut(
    stage: Stage,
) -> None:
    await stage.send(Content("ñ" * MAX_CAPTION, "", attachment=stage.file("photo")))
    assert stage.standin.sent[0].text == "ñ" * MAX_CAPTION
    error = await stage.refused(
        Content("ñ" * (MAX_CAPTION + 1), "", attachment=stage.file("photo"))
    )
    assert (error.failure, error.code) == (Failure.CONTENT_REFUSED, "caption_too_long")
    assert len(stage.standin.sent) == 1


@pytest.mark.parametrize("kind", ["video_note", "sticker"])
async def test_words_are_never_lost_with_what_can_have_none(stage: Stage, kind: str) -> None:
    content = Content("Caso K7Q2", "", attachment=stage.file(kind))
    await stage.send(content)
    assert [(call.method, call.text) for call in stage.standin.sent] == [
        ("sendMessage", "Caso K7Q2")
    ]
    for part in parts_of(content):
        await stage.send(part)
    assert [call.method for call in stage.standin.sent[1:]] == ["sendMessage", METHODS[kind]]


async def test_attachment_is_never_an_edit(stage: Stage) -> None:
    first = await stage.send(Content("Hola.", ""))
    other = await stage.send(
        Content("Foto", "", attachment=stage.file("photo"), replaces=int(first))
    )
    assert other != first
    assert stage.called == ["sendMessage", "sendPhoto"]


@pytest.mark.parametrize("kind", ["", "photo", "voice"])
async def test_protected_message_can_be_neither_forwarded_nor_saved(
    stage: Stage, kind: str
) -> None:
    file = stage.file(kind) if kind else None
    await stage.send(Content("Hola.", "", attachment=file, protected=True))
    await stage.send(Content("Hola.", "", attachment=file))
    protected, open_to_all = stage.standin.sent
    assert protected.params["protect_content"] == "true"
    assert "protect_content" not in open_to_all.params


async def test_edit_of_a_protected_message_is_an_edit_all_the_same(stage: Stage) -> None:
    first = await stage.send(Content("Uno", "", protected=True))
    again = await stage.send(Content("Dos", "", protected=True, replaces=int(first)))
    assert again == first
    assert "protect_content" not in stage.standin.sent[1].params


@pytest.mark.parametrize(
    ("kind", "file"),
    [
        ("photo", "AgACgone"),
        ("photo", VOICE_FILE_ID),
        ("voice", PHOTO_FILE_ID),
        ("hologram", PHOTO_FILE_ID),
    ],
)
async def test_file_that_cannot_be_sent_so_is_refused_for_good_without_its_name(
    stage: Stage, kind: str, file: str
) -> None:
    error = await stage.refused(Content("", "", attachment=Attachment(kind, file)))
    assert error.failure is Failure.CONTENT_REFUSED
    assert error.code in ("no_file", "unknown_kind")
    assert file not in f"{error!r} {Attachment(kind, file)!r}"
    assert stage.standin.sent == []


@pytest.mark.parametrize(
    ("description", "code"),
    [
        ("Bad Request: message to delete not found", "not_deletable"),
        ("Bad Request: message can't be deleted", "not_deletable"),
        ("Bad Request: message can't be deleted for everyone", "not_deletable"),
        ("Bad Request: MESSAGE_DELETE_FORBIDDEN", "not_deletable"),
        ("Bad Request: message caption is too long", "caption_too_long"),
        ("Bad Request: wrong file identifier/HTTP URL specified", "no_file"),
        ("Bad Request: wrong remote file identifier specified: Wrong string length", "no_file"),
        ("Bad Request: can't use file of type VoiceNote as Photo", "no_file"),
        ("Bad Request: VOICE_MESSAGES_FORBIDDEN", "voice_forbidden"),
    ],
)
def test_refusals_mean(description: str, code: str) -> None:
    error = judge(Refusal(400, description))
    assert (error.failure, error.code) == (Failure.CONTENT_REFUSED, code)


async def test_withdrawn_message_is_deleted_and_a_second_time_changes_nothing(
    stage: Stage,
) -> None:
    assert isinstance(stage.transport, Withdrawing)
    sent = await stage.send(Content("Copia", "", attachment=stage.file("photo")))
    assert await stage.transport.withdraw(TO, sent)
    assert not await stage.transport.withdraw(TO, sent)
    assert stage.called == ["sendPhoto", "deleteMessage"]
    assert stage.standin.calls[1].message_id == int(sent)


async def test_after_48_hours_nothing_is_deleted_any_more(stage: Stage) -> None:
    sent, other = await stage.send(Content("Copia", "")), await stage.send(Content("Copia", ""))
    stage.clock.move(timedelta(hours=47, minutes=59))
    assert await stage.transport.withdraw(TO, sent)
    stage.clock.move(timedelta(minutes=1))
    assert not await stage.transport.withdraw(TO, other)


@pytest.mark.parametrize("provider_id", ["", "CA1", "-7", "0", "12345678"])
async def test_what_is_no_message_of_ours_is_not_taken_back(stage: Stage, provider_id: str) -> None:
    assert not await stage.transport.withdraw(TO, provider_id)


@pytest.mark.parametrize(
    ("fault", "failure"),
    [
        (telegram_errors.server_error(), Failure.TRY_LATER),
        (telegram_errors.bad_gateway(), Failure.TRY_LATER),
        (telegram_errors.too_many_requests(9), Failure.SENDER_THROTTLED),
        (telegram_errors.blocked(), Failure.CONTACT_STOPPED),
        (Fault.drop(), Failure.UNKNOWN_OUTCOME),
    ],
)
async def test_deletion_that_could_not_be_asked_for_says_why(
    stage: Stage, fault: Fault, failure: Failure
) -> None:
    sent = await stage.send(Content("Copia", ""))
    stage.standin.faults.next(fault, methods=["deleteMessage"])
    with pytest.raises(SendError) as caught:
        await stage.transport.withdraw(TO, sent)
    assert caught.value.failure is failure


async def test_many_files_at_once_have_an_id_each(stage: Stage) -> None:
    content = Content("", "", attachment=stage.file("voice"))
    sent = await asyncio.gather(*(stage.send(content) for _ in range(20)))
    assert len(set(sent)) == 20
