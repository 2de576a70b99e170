"""The bot's name is asked for once, and no page waits for it longer than it must."""

import asyncio

import pytest

from app import reaching
from app.reaching import AGAIN, BotName, reaching_of
from app.settings import Settings
from delivery.model import Failure, SendError


class Bot:
    """Tells its name when it is `up`, never when it `hangs`; counts how often it was asked."""

    def __init__(self, *, up: bool = True, hangs: bool = False) -> None:
        self.up, self.hangs, self.asked = up, hangs, 0

    async def username(self) -> str:
        self.asked += 1
        if self.hangs:
            await asyncio.sleep(60)
        if not self.up:
            raise SendError(Failure.TRY_LATER, "down")
        return "TequioBot"


async def test_the_name_is_asked_for_once() -> None:
    bot = Bot()
    name = BotName(bot)
    assert [await name.get() for _again in range(3)] == ["TequioBot"] * 3
    assert bot.asked == 1
    assert await BotName(None).get() == ""


async def test_while_telegram_does_not_answer_it_is_asked_once_a_minute(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now, bot = [0.0], Bot(up=False)
    name = BotName(bot, lambda: now[0])
    assert [await name.get(), await name.get()] == ["", ""]
    assert bot.asked == 1
    monkeypatch.setattr(reaching, "PATIENCE", 0.01)
    bot.hangs = True
    now[0] += AGAIN + 1
    # One waits, and the other is told what is known.
    assert list(await asyncio.gather(name.get(), name.get())) == ["", ""]
    assert bot.asked == 2
    bot.hangs, bot.up = False, True
    now[0] += AGAIN + 1
    assert await name.get() == "TequioBot"


async def test_what_is_not_configured_is_not_there() -> None:
    plain = {name: one.get_default() for name, one in Settings.model_fields.items()}
    trial = reaching_of(Settings.model_construct(**plain), None)
    assert (await trial.now()).handset == "http://127.0.0.1:8000"
    given = {
        "twilio_account_sid": "AC1",
        "twilio_from": "+12135550100,+12135550101",
        "public_url": "https://tequio.example",
    }
    reach = await reaching_of(Settings.model_construct(**{**plain, **given}), None).now()
    assert (reach.bot, reach.number, reach.handset) == ("", "+12135550100", "")
    assert reach.telegram("K7M2Q") is None
    service = {**given, "twilio_from": "", "twilio_messaging_service_sid": "MG1"}
    nobody = await reaching_of(Settings.model_construct(**{**plain, **service}), None).now()
    assert nobody.sms("ALTA") is None
