"""Campaigns with a photo, a voice or a form: tested, which uploads them, approved, and sent."""

import json
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import httpx
import pytest

from app.cli.beside import Beside
from app.conduct import conduct_of, outside
from app.wiring import Platform
from campaigns import service, trying
from campaigns.model import CampaignDraft, CampaignState
from campaigns.written import file
from contacts import service as people
from contacts.service import Words
from db.session import Database
from kit.channels import Channel, Endpoint
from kit.clock import Clock
from kit.errors import Refused
from staff import store as staff
from staff.model import Member, Role
from tests.standins import telegram_errors
from tests.standins.telegram import TelegramStandIn
from tests.standins.telegram_files import StoredFile
from tests.standins.telegram_updates import BOT_ID
from tests.standins.twilio import TwilioStandIn
from tests.stories.world import World, story_settings, world_of
from tests.unit.campaigns.media_samples import jpeg, mp4, opus, pdf
from transports.handset import store as handset
from transports.handset.model import chat_id

FILE = """\
title: Aviso
topic: programs
audience: topic:programs
content:
  es:
    text: "**Ventanilla** abierta en {town|su comunidad}."
    sms: Ventanilla abierta.
    media: foto.jpg
    buttons:
      - {label: Me sirvió, helped: true}
  mixteco:
    media: {file: voz/aviso.ogg, kind: voice}
"""
FOLDER = {"foto.jpg": jpeg(640, 480, 900_000), "voz/aviso.ogg": opus(200_000)}
ANA, BETO, CARLA, DELIA = 900_201, 900_202, 900_203, 900_204
PHONE = "+12135550151"


@pytest.fixture
async def world(database: Database) -> AsyncIterator[World]:
    async with world_of(database) as world:
        yield world


async def subscriber(world: World, end: Endpoint, language: str = "es") -> None:
    async with world.database.write() as session:
        await people.subscribe(session, Words(end, "SI", world.platform.clock.now()), language)


def chat(number: int) -> Endpoint:
    return Endpoint(Channel.TELEGRAM, str(number))


async def member(world: World, name: str, role: Role, chat: int | None = None) -> Member:
    member_id = await world.duty(name, chat=chat, role=role)
    async with world.database.read() as session:
        found = await staff.get(session, member_id)
    assert found is not None
    return found


async def created(
    world: World,
    author: Member,
    folder: Path,
    written: str = FILE,
    files: Mapping[str, bytes] = FOLDER,
) -> int:
    """As the command does it: read beside the file, kept, and only then a campaign."""
    for name, data in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(data)
    beside = Beside(folder / "campaign.yaml")
    clock = world.platform.clock
    draft = file.read(written.encode(), clock.now(), outside(beside.open_file))
    assert isinstance(draft, CampaignDraft), [(one.line, one.key) for one in draft]
    await beside.keep(world.database, clock, draft.contents)
    async with world.database.write() as session:
        return await service.create(session, draft, author, clock.now())


async def tried(world: World, number: int, *members: Member) -> None:
    async with world.database.write() as session:
        await trying.try_out(session, number, members, None, world.platform.clock.now())
    await world.platform.settle()


async def approve(world: World, number: int, reader: Member) -> CampaignState:
    now, conduct = world.platform.clock.now(), conduct_of(world.platform.settings)
    async with world.database.write() as session:
        return await service.approve(session, number, reader, now, conduct)


async def start(world: World, number: int) -> CampaignState:
    now, conduct = world.platform.clock.now(), conduct_of(world.platform.settings)
    async with world.database.write() as session:
        state = await service.start(session, number, None, now, conduct)
    await world.platform.settle()
    return state


async def staff_of(world: World) -> tuple[Member, Member]:
    author = await member(world, "Redacta", Role.COMMUNICATOR, 900_101)
    return author, await member(world, "Coordina", Role.COORDINATOR)


async def seen_by_tester(world: World) -> None:
    """The lines before the wordings and the wordings, whatever their order."""
    tester = world.chat(900_101)
    for _ in range(2):
        await tester.reads("PRUEBA")
    for _ in range(2):
        await tester.reads("Ventanilla abierta en su comunidad.")


async def test_a_campaign_with_a_photo_and_a_voice_from_its_file_to_its_people(
    world: World, tmp_path: Path
) -> None:
    await subscriber(world, chat(ANA))
    await subscriber(world, chat(BETO), "mixteco")
    await subscriber(world, chat(CARLA), "mix")
    await subscriber(world, Endpoint(Channel.SMS, PHONE))
    author, reader = await staff_of(world)
    number = await created(world, author, tmp_path)
    with pytest.raises(Refused):
        await approve(world, number, reader)

    await tried(world, number, author)
    await seen_by_tester(world)
    assert {one.content for one in _uploads(world)} >= set(FOLDER.values())
    assert await approve(world, number, reader) is CampaignState.APPROVED
    held = len(_uploads(world))

    assert await start(world, number) is CampaignState.SENDING
    photo = await world.chat(ANA).reads("Ventanilla abierta en su comunidad.")
    assert photo.method == "sendPhoto"
    assert photo.buttons == ("Me sirvió",)
    assert json.loads(photo.params["caption_entities"])[0]["type"] == "bold"
    assert _content(world, photo.params["photo"]) == FOLDER["foto.jpg"]
    for number_of in (BETO, CARLA):
        voice = await world.chat(number_of).reads("Ventanilla abierta en su comunidad.")
        assert voice.method == "sendVoice"
        assert _content(world, voice.params["voice"]) == FOLDER["voz/aviso.ogg"]
    # It is eight in the morning where this phone is.
    await world.later(hours=1)
    assert (await world.phone(PHONE).reads("Ventanilla abierta.")).media == ()
    # On a busy machine campaigns had stood back for what is urgent: this one ends only now.
    await world.platform.settle()
    # Nothing was uploaded on the way: all went by a name.
    assert len(_uploads(world)) == held
    async with world.database.read() as session:
        assert (await service.get(session, number)).state is CampaignState.DONE


def _uploads(world: World) -> tuple[StoredFile, ...]:
    return world.telegram.files.all()


def _content(world: World, file_id: str) -> bytes:
    return world.telegram.files.get(file_id).content


async def test_telegram_is_away_during_the_test_and_the_file_arrives_later(
    world: World, tmp_path: Path
) -> None:
    author, reader = await staff_of(world)
    one = FILE.split("  mixteco:")[0]
    number = await created(world, author, tmp_path, one)
    world.telegram.faults.next(telegram_errors.server_error(), 2, ["sendPhoto"])
    await tried(world, number, author)
    await world.chat(900_101).reads("PRUEBA")
    world.nothing_else()
    await world.later(seconds=15)
    world.nothing_else()
    await world.later(seconds=60)
    await world.chat(900_101).reads("Ventanilla abierta")
    assert await approve(world, number, reader) is CampaignState.APPROVED


async def test_telegram_refuses_a_file_and_the_tester_is_told_why(
    world: World, tmp_path: Path
) -> None:
    author, reader = await staff_of(world)
    one = FILE.split("  mixteco:")[0]
    number = await created(world, author, tmp_path, one)
    world.telegram.faults.next(
        telegram_errors.refusal(400, "Bad Request: IMAGE_PROCESS_FAILED"), 1, ["sendPhoto"]
    )
    await tried(world, number, author)
    await world.chat(900_101).reads("PRUEBA")
    await world.chat(900_101).reads("No se pudo subir a Telegram el archivo foto.jpg")
    with pytest.raises(Refused):
        await approve(world, number, reader)


async def test_another_bot_sends_a_scheduled_campaign_back_to_review(
    database: Database, tmp_path: Path
) -> None:
    one = FILE.split("  mixteco:")[0] + (
        "schedule: {at: 2026-11-26 12:00, timezone: America/Mexico_City}\n"
    )
    async with world_of(database) as world:
        await subscriber(world, chat(ANA))
        author, reader = await staff_of(world)
        number = await created(world, author, tmp_path, one)
        await tried(world, number, author)
        await world.chat(900_101).reads("PRUEBA")
        await world.chat(900_101).reads("Ventanilla abierta")
        assert await approve(world, number, reader) is CampaignState.SCHEDULED

        clock = Clock(world.platform.clock.offset)
        await world.platform.stop()
        world.telegram.token = f"{BOT_ID + 1}:AAstandin-token-of-another-bot-0000000"
        settings = story_settings(
            world.telegram.url, world.twilio.url, telegram_bot_token=world.telegram.token
        )
        reopened = world.database
        world.platform = Platform(settings, reopened, clock)
        await world.platform.start()
        await world.later(hours=27)
        await world.chat(900_101).reads("Volvió a revisión")
        async with world.database.read() as session:
            assert (await service.get(session, number)).state is CampaignState.REVIEW
        # Tested again with the bot of today, it can be approved again.
        with pytest.raises(Refused):
            await approve(world, number, reader)


@pytest.mark.parametrize(
    ("kind", "name", "data"),
    [("Video", "feria.mp4", mp4(400_000)), ("Document", "formato.pdf", pdf(400_000))],
)
async def test_a_video_and_a_form(
    world: World, tmp_path: Path, kind: str, name: str, data: bytes
) -> None:
    await subscriber(world, chat(ANA))
    author, reader = await staff_of(world)
    one = FILE.split("  mixteco:")[0].replace("foto.jpg", name)
    number = await created(world, author, tmp_path, one, {name: data})
    await tried(world, number, author)
    await world.chat(900_101).reads("PRUEBA")
    await world.chat(900_101).reads("Ventanilla abierta")
    await approve(world, number, reader)
    await start(world, number)
    sent = await world.chat(ANA).reads("Ventanilla abierta")
    assert sent.method == f"send{kind}"
    held = world.telegram.files.get(sent.params[kind.lower()])
    assert (held.content, held.name) == (data, name)


async def test_in_the_trial_the_handset_shows_it(database: Database, tmp_path: Path) -> None:
    settings = story_settings(
        "", "", telegram_bot_token="", telegram_api_url="", twilio_account_sid="",
        twilio_auth_token="", twilio_api_url="", twilio_from="", twilio_from_urgent="",
    )  # fmt: skip
    assert settings.is_trial
    platform = Platform(settings, database, Clock())
    await platform.start()
    # Nobody asks the stand-ins anything: the handset plays both providers.
    world = World(platform, TelegramStandIn(), TwilioStandIn(), httpx.AsyncClient())
    try:
        tester = Endpoint(Channel.TELEGRAM, str(chat_id(2)))
        await subscriber(world, Endpoint(Channel.TELEGRAM, str(chat_id(1))))
        author = await member(world, "Redacta", Role.COMMUNICATOR, chat_id(2))
        reader = await member(world, "Coordina", Role.COORDINATOR)
        number = await created(world, author, tmp_path, FILE.split("  mixteco:")[0])
        with pytest.raises(Refused):
            await approve(world, number, reader)
        await tried(world, number, author)
        await approve(world, number, reader)
        await start(world, number)
        for end in (tester, Endpoint(Channel.TELEGRAM, str(chat_id(1)))):
            async with database.read() as session:
                phone = await handset.find(session, end)
                assert phone is not None
                lines = await handset.lines(session, phone.id)
            files = [line.body.attachment.kind for line in lines if line.body.attachment]
            assert files == ["photo"]
    finally:
        await platform.stop()


def test_the_command_reads_nothing_outside_of_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "campaign"
    (folder / "below").mkdir(parents=True)
    (tmp_path / "secret.jpg").write_bytes(jpeg())
    (folder / "below" / "foto.jpg").write_bytes(jpeg())
    (folder / "inside.jpg").symlink_to(folder / "below" / "foto.jpg")
    (folder / "outside.jpg").symlink_to(tmp_path / "secret.jpg")
    (folder / "up").symlink_to(tmp_path)
    (folder / "loop.jpg").symlink_to(folder / "loop.jpg")
    beside = Beside(folder / "campaign.yaml")
    for name in ("below/foto.jpg", "inside.jpg"):
        assert beside.open_file(name) == jpeg()
    for name in (
        "outside.jpg", "up/secret.jpg", "../secret.jpg", str(tmp_path / "secret.jpg"), "loop.jpg",
        "below", ".", "", "falta.jpg", "a\0b", "x" * 5_000, "/dev/zero",
    ):  # fmt: skip
        assert beside.open_file(name) is None
