"""The form of a colleague: what is typed becomes ways to wake them, or says what is wrong."""

from datetime import time, timedelta

import pytest

from console.frame.forms import Form
from console.team.form import differences, read, typed_in, typed_of
from kit.channels import Channel, Endpoint
from staff.managing import print_of
from staff.model import Method, Quiet, Role

FILLED = {
    "name": " Ana Cruz ",
    "email": "ANA@example.org",
    "role": "duty",
    "languages": "es",
    "zone": "America/Tijuana",
    "quiet_from": "22:00",
    "quiet_until": "07:30",
    "telegram": "900001",
    "phone": "213 555 0101",
    "wait_telegram": "0",
    "wait_sms": "90",
    "wait_voice": "180",
}


def form(ways: tuple[str, ...] = ("sms", "voice"), **changed: str) -> Form:
    return Form([*{**FILLED, **changed}.items(), *(("ways", way) for way in ways)])


def test_what_is_typed_is_what_is_wanted_and_comes_back_the_same() -> None:
    typed = typed_in(form(phone="+1 213 555 0101"))
    wanted = read(typed).wanted
    assert wanted is not None
    assert (wanted.name, wanted.email, wanted.role) == ("Ana Cruz", "ana@example.org", Role.DUTY)
    assert wanted.quiet == Quiet(time(22), time(7, 30))
    assert wanted.methods == (
        Method(Endpoint(Channel.TELEGRAM, "900001")),
        Method(Endpoint(Channel.SMS, "+12135550101"), timedelta(seconds=90)),
        Method(Endpoint(Channel.VOICE, "+12135550101"), timedelta(seconds=180)),
    )
    again = read(typed_of(wanted)).wanted
    assert again is not None
    assert print_of(again) == print_of(wanted)
    assert differences(typed_of(wanted), typed) == []
    (told,) = differences(typed_of(wanted), typed_in(form(phone="+12135550101", name="Eva")))
    assert told[1:] == ("Ana Cruz", "Eva")


def test_the_first_way_is_tried_at_once_whatever_its_wait_says() -> None:
    wanted = read(typed_in(form(("sms",), telegram="", phone="+12135550101"))).wanted
    assert wanted is not None
    assert wanted.methods == (Method(Endpoint(Channel.SMS, "+12135550101")),)


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("name", ""),
        ("name", "x" * 121),
        ("email", "nobody"),
        ("email", "a@b c"),
        ("role", "king"),
        ("languages", "klingon"),
        ("languages", ""),
        ("zone", "Mars/Olympus"),
        ("quiet_from", ""),
        ("quiet_until", "25:00"),
        ("telegram", "@ana"),
        ("telegram", "9" * 40),
        ("phone", "911"),
        ("wait_sms", "99999"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(name: str, typed: str) -> None:
    found = read(typed_in(form(phone="+12135550101") if name != "phone" else form()))
    assert name == "phone" or found.wanted is not None
    faulty = read(typed_in(form(("sms", "voice"), **{"phone": "+12135550101", name: typed})))
    field = {"quiet_from": "quiet", "quiet_until": "quiet", "wait_sms": "waits"}.get(name, name)
    assert faulty.wanted is None
    assert set(faulty.faults) == {field}


def test_a_phone_without_a_way_and_an_empty_form_are_told() -> None:
    assert set(read(typed_in(form((), phone="+12135550101"))).faults) == {"phone"}
    assert set(read(typed_in(Form([]))).faults) >= {"name", "email", "role", "languages", "zone"}
