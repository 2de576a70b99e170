"""What Twilio tells about a call, and the TwiML that it is told."""

from collections.abc import Mapping
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from delivery.model import Failure, SendError, State
from delivery.transport import Receipt
from transports.twilio_calls import (
    LANGUAGE,
    LONGEST,
    MEANINGS,
    VOICE,
    by_machine,
    is_call_sid,
    meaning,
    read_end,
    read_said,
    twiml,
    with_said,
)

SID = "CA" + "5a" * 16
KEYS = "https://tequio.example/webhooks/twilio/voice?m=7&r=1"


def said(text: str) -> list[str]:
    """What is heard, in order."""
    return [one.text or "" for one in ElementTree.fromstring(text).iter("Say")]


@pytest.mark.parametrize(
    ("status", "state", "code"),
    [
        ("completed", State.DELIVERED, ""),
        ("busy", State.UNDELIVERED, "busy"),
        ("no-answer", State.UNDELIVERED, "no-answer"),
        ("failed", State.UNDELIVERED, "failed"),
        ("canceled", State.UNDELIVERED, "canceled"),
    ],
)
def test_end_of_a_call_is_read(status: str, state: State, code: str) -> None:
    assert read_end({"CallSid": SID, "CallStatus": status}) == Receipt(SID, state, code)


@pytest.mark.parametrize(
    "status", ["queued", "initiated", "ringing", "in-progress", "", "COMPLETED", "no_answer", "\0"]
)
def test_what_is_no_end_changes_nothing(status: str) -> None:
    assert read_end({"CallSid": SID, "CallStatus": status}) is None


@pytest.mark.parametrize(
    "form",
    [{}, {"CallStatus": "completed"}, {"CallSid": "", "CallStatus": "busy"}, {"CallSid": SID}],
)
def test_form_without_its_fields_changes_nothing(form: Mapping[str, str]) -> None:
    assert read_end(form) is None


def test_receipt_of_a_message_is_none_of_a_call() -> None:
    assert read_end({"MessageSid": "SM" + "0" * 32, "MessageStatus": "delivered"}) is None


@pytest.mark.parametrize(
    ("answered_by", "machine"),
    [
        ("human", False),
        ("unknown", False),
        ("", False),
        ("machine_start", True),
        ("machine_end_beep", True),
        ("machine_end_silence", True),
        ("machine_end_other", True),
        ("machine", True),
        ("fax", True),
    ],
)
def test_who_has_answered(answered_by: str, machine: bool) -> None:
    form = {"CallSid": SID, "CallStatus": "completed", "AnsweredBy": answered_by}
    assert by_machine(form) is machine
    expected = (State.UNDELIVERED, "voicemail") if machine else (State.DELIVERED, "")
    receipt = read_end(form)
    assert receipt is not None
    assert (receipt.state, receipt.code) == expected


def test_words_are_said_twice_while_a_key_is_waited_for() -> None:
    response = ElementTree.fromstring(twiml("Oprima 1.", KEYS))
    gather, hangup = response
    assert (gather.tag, hangup.tag) == ("Gather", "Hangup")
    assert [one.tag for one in gather] == ["Say", "Pause", "Say"]
    assert [one.text for one in gather.iter("Say")] == ["Oprima 1."] * 2
    assert gather.attrib == {
        "action": KEYS,
        "method": "POST",
        "numDigits": "1",
        "timeout": "8",
        "input": "dtmf",
        "actionOnEmptyResult": "true",
    }
    for one in gather.iter("Say"):
        assert one.attrib == {"language": LANGUAGE, "voice": VOICE}


def test_last_words_are_said_once_and_then_it_ends() -> None:
    response = ElementTree.fromstring(twiml("El caso es suyo."))
    assert [one.tag for one in response] == ["Say", "Hangup"]
    assert said(twiml("El caso es suyo.")) == ["El caso es suyo."]


def test_without_words_it_ends_at_once() -> None:
    assert [one.tag for one in ElementTree.fromstring(twiml(""))] == ["Hangup"]
    assert [one.tag for one in ElementTree.fromstring(twiml(" \0\n "))] == ["Hangup"]


@pytest.mark.parametrize(
    "words",
    [
        "</Say><Dial>+12135550142</Dial><Say>",
        "]]><Hangup/>",
        "& &amp; &#0; \"'<>",
        "<break time='1s'/>",
        "niño, ¿dónde? 🚨",
    ],
)
def test_words_are_never_markup(words: str) -> None:
    assert said(twiml(words)) == [words]
    assert said(twiml(words, KEYS)) == [words, words]


@given(st.text(alphabet=st.characters(codec=None)))
def test_any_text_makes_good_twiml(words: str) -> None:
    for text in (twiml(words), twiml(words, KEYS)):
        assert ElementTree.fromstring(text).tag == "Response"


def test_endless_words_are_cut() -> None:
    assert said(twiml("a" * 100_000)) == ["a" * LONGEST]


def test_address_of_a_key_cannot_break_out() -> None:
    gather = ElementTree.fromstring(twiml("a", 'https://x.example/?m=1&r=2"><Dial>'))[0]
    assert gather.get("action") == 'https://x.example/?m=1&r=2"><Dial>'
    assert [one.tag for one in gather] == ["Say", "Pause", "Say"]


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("0", 0),
        ("1", 1),
        ("999", 999),
        ("1000", 0),
        ("9" * 5000, 0),
        ("-1", 0),
        ("1.5", 0),
        ("²", 0),
        ("١", 0),
        (" 1", 0),
        ("", 0),
        ("\0", 0),
    ],
)
def test_how_often_it_was_said_is_a_small_number(text: str, times: int) -> None:
    assert read_said({"r": text}) == times


def test_how_often_it_was_said_comes_back_as_it_left() -> None:
    query = parse_qs(urlsplit(with_said("https://x.example/voice?m=7", 3)).query)
    assert query == {"m": ["7"], "r": ["3"]}
    assert read_said({name: values[0] for name, values in query.items()}) == 3
    assert read_said({}) == 0


def test_meaning_of_other_codes_is_left_alone() -> None:
    other = SendError(Failure.TRY_LATER, "20500")
    assert meaning(other) is other


def test_every_code_is_one_of_twilios() -> None:
    assert all(len(code) == 5 and code.isdecimal() for code in MEANINGS)


@pytest.mark.parametrize("sid", [SID, "CA" + "A" * 32])
def test_sid_of_a_call_is_known(sid: str) -> None:
    assert is_call_sid(sid)


@pytest.mark.parametrize("sid", ["", "CA", SID + "0", SID + "\n", "SM" + SID[2:], "ca" + SID[2:]])
def test_other_ids_are_none_of_a_call(sid: str) -> None:
    assert not is_call_sid(sid)
