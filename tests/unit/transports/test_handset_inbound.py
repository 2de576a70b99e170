"""What the handset hands over must read as the providers' own."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime

from aiogram.types import Update

from delivery.content import Button
from kit.channels import Channel
from transports.handset.inbound import blocked, pressed, typed
from transports.handset.model import Body, Direction, Line, Media, Phone, Spot

AT = datetime(2026, 11, 22, 14, 30, tzinfo=UTC)
OFELIA = Phone(1, "Doña Ofelia (Tlaxiaco)", "+12135550101", 900_001, False, False, 3)
YES, NO = Button("Sí, escríbanme", "yes"), Button("No me escriban", "no")


def said(body: Body, channel: Channel = Channel.TELEGRAM, line_id: int = 41) -> Line:
    return Line(line_id, OFELIA.id, channel, Direction.IN, body, 7, AT, None, 3)


def update_of(body: Body) -> Update:
    return Update.model_validate_json(typed(OFELIA, said(body)).raw)


def form_of(body: Body) -> dict[str, str]:
    form: dict[str, str] = json.loads(typed(OFELIA, said(body, Channel.SMS)).raw)
    return form


def test_a_text_reads_as_a_message_of_a_private_chat() -> None:
    message = update_of(Body(text="SOS mi hijo no llega")).message
    assert message is not None
    assert message.from_user is not None
    assert (message.text, message.date, message.message_id) == ("SOS mi hijo no llega", AT, 7)
    assert (message.chat.id, message.chat.type) == (900_001, "private")
    assert (message.from_user.id, message.from_user.is_bot) == (900_001, False)
    assert message.entities is None


def test_a_command_is_marked_as_one() -> None:
    message = update_of(Body(text="/verificar una visa")).message
    assert message is not None
    assert message.entities is not None
    assert [one.extract_from("/verificar una visa") for one in message.entities] == ["/verificar"]


def test_the_update_id_is_the_id_of_the_line() -> None:
    arrival = typed(OFELIA, said(Body(text="hola"), line_id=912))
    assert arrival.channel is Channel.TELEGRAM
    assert arrival.provider_id == "912"
    assert Update.model_validate_json(arrival.raw).update_id == 912


def test_a_location_keeps_its_degrees() -> None:
    message = update_of(Body(media=Media.LOCATION, spot=Spot(-16.5, 0.0))).message
    assert message is not None
    assert message.location is not None
    assert (message.location.latitude, message.location.longitude) == (-16.5, 0.0)
    assert message.text is None


def test_a_photo_comes_in_sizes_with_the_largest_last() -> None:
    message = update_of(Body(media=Media.PHOTO)).message
    assert message is not None
    assert message.photo is not None
    widths = [size.width for size in message.photo]
    assert widths == sorted(widths)
    assert len({size.file_id for size in message.photo}) == len(message.photo) > 1


def test_a_voice_note_has_a_file_and_a_length() -> None:
    message = update_of(Body(media=Media.VOICE)).message
    assert message is not None
    assert message.voice is not None
    assert message.voice.file_id
    assert message.voice.duration > 0


def test_a_press_carries_the_message_under_which_the_button_stood() -> None:
    asked = replace(
        said(Body(text="¿Podemos escribirle?", buttons=((YES, NO),)), line_id=40),
        direction=Direction.OUT,
        message_id=6,
        edited_at=AT,
    )
    act = replace(said(Body(pressed=NO.label)), message_id=None)
    arrival = pressed(OFELIA, act, asked, NO)
    update = Update.model_validate_json(arrival.raw)
    query = update.callback_query
    assert (arrival.provider_id, update.update_id) == ("41", 41)
    assert query is not None
    assert query.message is not None
    assert (query.data, query.from_user.id, query.message.message_id) == ("no", 900_001, 6)
    original = json.loads(arrival.raw)["callback_query"]["message"]
    assert original["from"]["is_bot"] is True
    assert original["text"] == "¿Podemos escribirle?"
    assert original["edit_date"] == original["date"]
    assert original["reply_markup"]["inline_keyboard"][0][1] == {
        "text": NO.label,
        "callback_data": "no",
    }


def test_two_presses_have_two_query_ids() -> None:
    asked = replace(said(Body(text="?", buttons=((YES,),))), direction=Direction.OUT)
    ids = {
        json.loads(pressed(OFELIA, said(Body(pressed="x"), line_id=n), asked, YES).raw)[
            "callback_query"
        ]["id"]
        for n in (50, 51)
    }
    assert len(ids) == 2


def test_blocking_the_chat_is_told_as_telegram_tells_it() -> None:
    def status(now_blocked: bool) -> str:
        line = replace(said(Body(blocked=now_blocked)), message_id=None)
        change = Update.model_validate_json(blocked(OFELIA, line).raw).my_chat_member
        assert change is not None
        assert change.chat.type == "private"
        return str(change.new_chat_member.status)

    assert (status(True), status(False)) == ("kicked", "member")


def test_an_sms_is_a_form_of_strings_as_twilio_posts_it() -> None:
    form = form_of(Body(text="ALTA TLAXIACO"))
    assert form["Body"] == "ALTA TLAXIACO"
    assert form["From"] == "+12135550101"
    assert form["To"] == "+12135550100"
    assert form["NumMedia"] == "0"
    assert form["NumSegments"] == "1"
    assert "MediaUrl0" not in form
    assert all(isinstance(value, str) for value in form.values())


def test_the_sid_of_an_sms_names_its_line_and_no_other() -> None:
    arrivals = [
        typed(OFELIA, said(Body(text="SI"), Channel.SMS, line_id)) for line_id in (41, 42, 41)
    ]
    sids = [arrival.provider_id for arrival in arrivals]
    assert all(re.fullmatch(r"SM[0-9a-f]{32}", sid) for sid in sids)
    assert sids[0] == sids[2] != sids[1]
    assert json.loads(arrivals[0].raw)["MessageSid"] == sids[0]


def test_a_photo_by_sms_has_one_address_to_fetch_it_from() -> None:
    form = form_of(Body(media=Media.PHOTO))
    assert form["NumMedia"] == "1"
    assert form["MediaContentType0"] == "image/jpeg"
    assert form["MediaUrl0"].startswith("https://api.twilio.com/")
    assert form["MessageSid"].startswith("MM")


def test_nothing_of_the_person_shows_in_a_repr() -> None:
    arrival = typed(OFELIA, said(Body(text="me tienen en una casa")))
    shown = repr((OFELIA, said(Body(text="me tienen en una casa")), arrival))
    assert "casa" not in shown
    assert "0101" not in shown
    assert "Ofelia" not in shown


def test_a_body_comes_back_as_it_was_packed() -> None:
    buttons = ((YES, NO),)
    full = Body("hola", buttons, "Aquí", Media.LOCATION, Spot(1, -2), "x", True, True)
    assert Body.unpack(full.pack()) == full
    assert Body.unpack(Body().pack()) == Body()
