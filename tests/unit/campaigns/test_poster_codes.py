"""Codes of posters, what they may say, and the links that carry them."""

import random
import re
from urllib.parse import unquote

import pytest

from bot.flows.matching import calls_for_help
from bot.keywords import reserved
from campaigns.posters.codes import LENGTH, new_code, read_code
from campaigns.posters.links import Reach
from campaigns.posters.model import Draft, checked, for_each_town, origin_of
from contacts.atlas import Region
from contacts.gazetteer import load_gazetteer
from contacts.places import find_origin, find_place
from kit.errors import Invalid
from kit.ids import ALPHABET, read_folio

PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)

seeded = random.Random(20397)
CODES = [new_code(seeded.randrange) for _ in range(300)]


def test_a_code_is_read_however_it_is_typed() -> None:
    for code in CODES:
        typed = f" {code[:2].lower()}-{code[2:].lower()} "
        assert read_code(typed) == code == read_code(code)
    assert read_code(CODES[0].translate(str.maketrans("VCJM", "BSGN"))) == CODES[0]


def test_one_wrong_sign_or_two_swapped_neighbours_are_no_code() -> None:
    for code in CODES[:60]:
        for place in range(LENGTH):
            for sign in ALPHABET:
                wrong = code[:place] + sign + code[place + 1 :]
                assert sign == code[place] or read_code(wrong) is None
        for place in range(LENGTH - 1):
            swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
            assert swapped == code or read_code(swapped) is None


def test_a_code_is_no_folio_no_place_and_no_word_of_the_system() -> None:
    gazetteer = load_gazetteer()
    for code in CODES:
        assert PAYLOAD.fullmatch(code)
        assert read_folio(code) is None
        assert not reserved(code), code
        assert not calls_for_help([code.lower()])
    for code in CODES[:40]:
        assert not find_origin(code, gazetteer)
        assert not find_place(code, gazetteer)


@pytest.mark.parametrize(
    "said",
    ["", "alta", "20397", "+12135550111", "jjjjj", "K7M2QX", "<b>", "\0" * 5, "😀" * 5, "x" * 65,
     "K7M2" * 20_000, "../../..", "ＡＡＡＡＡ", "-----", "22345"],
)  # fmt: skip
def test_what_is_no_code_is_none(said: str) -> None:
    assert read_code(said) is None


def test_links_lead_only_where_there_is_somebody() -> None:
    both = Reach(bot="TequioBot", number="+12135550100")
    chat, sms = both.telegram("K7M2Q"), both.sms("ALTA K7M2Q")
    assert chat is not None
    assert sms is not None
    assert chat.address == "https://t.me/TequioBot?start=K7M2Q"
    assert sms.address == "sms:+12135550100?&body=ALTA%20K7M2Q"
    assert (chat.shown, sms.shown) == ("@TequioBot", "+12135550100")
    plain = both.telegram()
    assert plain is not None
    assert plain.address.endswith("?start=alta")
    assert Reach().telegram("K7M2Q") is None
    assert Reach(bot="TequioBot").sms("ALTA") is None
    trial = Reach(handset="http://127.0.0.1:8000")
    played = trial.sms("JOIN K7M2Q")
    assert played is not None
    assert played.href == "/handset?sms=JOIN%20K7M2Q"
    assert unquote(played.address) == "http://127.0.0.1:8000/handset?sms=JOIN K7M2Q"


def test_a_poster_stands_for_a_town_a_region_or_for_everybody() -> None:
    gazetteer = load_gazetteer()
    town = origin_of(Draft(clave=20208, region=Region.MIXTECA), gazetteer)
    assert town is not None
    assert town.label == "San Juan Mixtepec (Mixteca)"
    region = origin_of(Draft(region=Region.PAPALOAPAN), gazetteer)
    assert region is not None
    assert (region.clave, region.region) == (None, Region.PAPALOAPAN)
    assert origin_of(Draft(), gazetteer) is None
    each = for_each_town(Draft(region=Region.PAPALOAPAN, label="Centro de salud"), gazetteer)
    assert len(each) == 20
    assert {one.label for one in each} == {"Centro de salud"}
    assert len({one.clave for one in each}) == 20


@pytest.mark.parametrize(
    "draft",
    [
        Draft(label="x" * 61),
        Draft(programme="x" * 61),
        Draft(label="a\0b"),
        Draft(language="mix"),
        Draft(language="mixteco"),
        Draft(language="tlh"),
        Draft(language=""),
    ],
)
def test_what_cannot_be_printed_or_has_no_words_is_refused(draft: Draft) -> None:
    with pytest.raises(Invalid):
        checked(draft)


def test_blanks_around_a_label_are_left_out() -> None:
    assert checked(Draft(label="  Terminal \n Tlaxiaco ")).label == "Terminal Tlaxiaco"
