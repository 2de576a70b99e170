"""The senders of the settings."""

from pathlib import Path

from app.settings import Settings
from app.ways import ways_of
from kit.channels import Channel
from kit.clock import Clock
from tests.databases import sqlite_database
from tests.stories.world import story_settings

NUMBERS = "+12135550190, +12135550191,+12135550192"
SERVICE = "MG" + "0" * 32


async def senders(folder: Path, settings: Settings) -> dict[str, tuple[Channel, float, bool]]:
    database = await sqlite_database(folder)
    ways = ways_of(settings, database, Clock())
    found = {name: (one.channel, one.rate, one.urgent_only) for name, one in ways.all.items()}
    await ways.close()
    await database.close()
    return found


async def test_several_numbers_are_several_senders_and_the_urgent_one_is_apart(
    tmp_path: Path,
) -> None:
    settings = story_settings("http://127.0.0.1:1", "http://127.0.0.1:2", twilio_from=NUMBERS)
    assert await senders(tmp_path, settings) == {
        "telegram": (Channel.TELEGRAM, 1000, False),
        "sms": (Channel.SMS, 1000, False),
        "sms-2": (Channel.SMS, 1000, False),
        "sms-3": (Channel.SMS, 1000, False),
        "sms-urgent": (Channel.SMS, 1000, True),
    }


async def test_a_messaging_service_takes_the_place_of_numbers(tmp_path: Path) -> None:
    settings = story_settings(
        "http://127.0.0.1:1",
        "http://127.0.0.1:2",
        twilio_from=NUMBERS,
        twilio_messaging_service_sid=SERVICE,
        twilio_from_urgent="",
    )
    assert set(await senders(tmp_path, settings)) == {"telegram", "sms"}


async def test_in_a_trial_the_handset_plays_all(tmp_path: Path) -> None:
    settings = story_settings(
        "", "", telegram_bot_token="", twilio_account_sid="", twilio_from_urgent=""
    )
    expected = {"telegram", "sms", "sms-urgent", "voice"}
    assert set(await senders(tmp_path, settings)) == expected
