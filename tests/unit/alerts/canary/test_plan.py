"""Which canaries the settings ask for."""

from datetime import timedelta
from typing import Any

import pytest

from alerts.canary.model import Plan, SmsRound
from app.selfwatch import plan_of
from app.settings import Settings
from kit.channels import Channel, Endpoint

FIRST, SECOND, URGENT = "+12135550100", "+12135550101", "+12135550199"
SMS = {"twilio_account_sid": "AC1", "twilio_from": FIRST}
BOT = {"telegram_bot_token": "1:a"}


def plan(**given: Any) -> Plan:
    defaults = {name: field.get_default() for name, field in Settings.model_fields.items()}
    return plan_of(Settings.model_construct(set(given), **{**defaults, **given}))


@pytest.mark.parametrize(
    ("given", "way"),
    [
        ({}, None),
        ({"twilio_from_urgent": URGENT}, SmsRound(FIRST, URGENT, "sms-urgent")),
        ({"twilio_from_urgent": FIRST}, None),
        ({"twilio_from": f"{FIRST},{SECOND}"}, SmsRound(FIRST, SECOND, "sms-2")),
        (
            {"twilio_from": f"{FIRST},{SECOND}", "twilio_from_urgent": URGENT},
            SmsRound(FIRST, URGENT, "sms-urgent"),
        ),
        (
            {"canary_sms": SECOND, "twilio_from_urgent": URGENT},
            SmsRound(FIRST, SECOND, None),
        ),
        ({"canary_sms": FIRST, "twilio_from_urgent": URGENT}, None),
        (
            {
                "twilio_from": "",
                "twilio_messaging_service_sid": "MG1",
                "twilio_from_urgent": URGENT,
            },
            SmsRound(None, URGENT, None),
        ),
    ],
)
def test_a_canary_by_sms_goes_from_the_first_number_to_another_of_ours(
    given: dict[str, str], way: SmsRound | None
) -> None:
    found = plan(**{**SMS, **given})
    assert found.sms == way
    assert found.every == timedelta(hours=1)


def test_a_canary_by_telegram_needs_a_chat() -> None:
    assert plan(**BOT).channels == ()
    found = plan(**BOT, canary_telegram="-100900")
    assert found.telegram == Endpoint(Channel.TELEGRAM, "-100900")


def test_there_is_none_when_none_is_wanted_or_nothing_leaves_this_machine() -> None:
    assert plan(**SMS, twilio_from_urgent=URGENT, canary_minutes=0).channels == ()
    assert plan().channels == ()
    assert plan(canary_telegram="900").channels == ()
    assert plan(canary_telegram="900", canary_minutes=60).channels == (Channel.TELEGRAM,)
