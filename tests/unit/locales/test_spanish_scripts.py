"""The texts against the rules of the Spanish scripts: length, tone, what a lock screen shows."""

import re
from collections.abc import Mapping

import pytest
import smsutil

from alerts import texts as alerts
from bot import texts as bot
from delivery.segments import measure, split
from locales import po
from locales.catalog import DIRECTORY, catalogues, render
from locales.check import faults
from locales.phrases import all_of, listed
from locales.samples import LONGER, samples
from locales.text import Text

DATA = listed(
    [bot.data_town("TLAXIACO"), bot.data_topics(all_of([bot.TOPIC_PROGRAMS, bot.TOPIC_FRAUD]))]
)
BOTH_PLACES = "1 si es el de la Mixteca o 2 si es el de la Sierra Sur"
PAGED = {"urgency": alerts.URGENCY_WORDS["life"], "language": alerts.LANGUAGE_WORDS["es"]}
PHONE = "+12135550100"

# The scripts count the septets of each text with these values: a folio of 6 signs, a phone of 12.
SCRIPT: Mapping[str, tuple[Text, dict[str, object], int]] = {
    "A1": (bot.SUBSCRIBE_ASK, {}, 156),
    "A2": (bot.SUBSCRIBED, {"town": "TLAXIACO"}, 150),
    "A3": (bot.SUBSCRIBED_NO_TOWN, {}, 152),
    # The script says "hay dos"; ours says "hay varios", three septets more.
    "A4": (
        bot.SUBSCRIBED_WHICH_TOWN,
        {"town": "San Juan Mixtepec", "options": BOTH_PLACES},
        145 + 3,
    ),
    "A5": (bot.SUBSCRIBED_TOWN_UNKNOWN, {}, 150),
    "A6": (bot.STOPPED, {}, 120),
    "A7": (bot.STOPPED_LOOSELY, {}, 100),
    "A8": (bot.HELP, {}, 148),
    "A9": (bot.A_PERSON_WILL_READ, {"when": "mañana, de 9 a 18 h"}, 120),
    "A10": (bot.PRIVACY, {}, 150),
    "A11": (bot.YOUR_DATA, {"data": DATA}, 127),
    "B1": (alerts.SOS_RECEIVED, {"folio": "K7M2QX"}, 160),
    "B2": (alerts.SOS_RECEIVED_WITH_STORY, {"folio": "K7M2QX"}, 156),
    "B3": (alerts.SOS_NOBODY_ON_DUTY, {"folio": "K7M2QX"}, 151),
    "B4": (alerts.DO_NOT_WRITE_OK, {}, 10),
    "B5": (alerts.TELL_US_MORE, {"folio": "K7M2QX"}, 106),
    # The script promises that a person writes; only that person decides it.
    "B6": (alerts.ACCEPTED, {"folio": "K7M2QX", "word": "NARANJA"}, 154),
    # "Nadie ha tomado su caso" would be false of a case whose owner has lost it.
    "B7": (alerts.NOBODY_YET, {"folio": "K7M2QX", "phone": PHONE}, 152),
    "B8": (alerts.MONEY_DEMANDED, {"folio": "K7M2QX"}, 160),
    # The script promises a person at that hour; what leaves then is the page.
    "B9": (
        alerts.CAN_WAIT,
        {"folio": "K7M2QX", "when": "mañana", "hours": "9:00", "clock": "Oaxaca"},
        136,
    ),
    "B10": (alerts.NOTED, {}, 34),
    "B12": (alerts.STOPPED_IN_CASE, {"folio": "K7M2QX"}, 103),
    # Whoever has it may read all of it; that they have is not said.
    "B13": (alerts.NEW_OWNER, {"folio": "K7M2QX", "word": "NARANJA"}, 132),
    # It opens again for a month: the script does not say that this ends.
    "B14": (alerts.CLOSED, {"folio": "K7M2QX"}, 150),
    # Without "los detalles solo en la consola": there is none yet, and V shows them.
    "G1": (alerts.PAGE, {"folio": "K7M2QX", "minutes": 0, **PAGED}, 96),
    "G2": (alerts.SHIFT_SOON, {"shift": "20:00 a 08:00", "colleague": "Maria"}, 101),
    "C1": (bot.VERIFY_ASK, {}, 154),
    "D1": (
        bot.CONTACT_VERIFIED,
        {"city": "Fresno", "phone": PHONE, "date": "3-nov-2026"},
        135,
    ),
    "D2": (
        bot.CONTACT_UNVERIFIED,
        {"city": "Fresno", "phone": PHONE, "help_phone": PHONE, "year": 2021},
        154,
    ),
    "D3": (bot.CONTACT_MISSING, {"phone": PHONE}, 143),
    "D4": (bot.CONTACT_PLACE_UNKNOWN, {}, 118),
    "D5": (bot.CONTACT_ASK_PLACE, {}, 131),
    "D6": (bot.CONTACTS_IN_MEXICO, {}, 150),
}

# Rules 2, 3 and 7: words of offices, promises that nobody can keep, and "I did not understand".
FORBIDDEN = re.compile(
    r"usuari|titular|beneficiari|v[ií]ctima|canali[zc]|ingres[ea]|opci[oó]n inv[aá]lida"
    r"|consentimiento|procesando|su solicitud"
    r"|tranquil|no se preocupe|ya va la ayuda|estamos con usted|va a salir bien"
    r"|est[aá]s? a salvo|es segur[oa]\b"
    r"|no (le |te )?entend[ií]|no comprend",
    re.IGNORECASE,
)
# "Usted" always. An order in the form of "tú" is only told from "le escribe" by its place.
FAMILIAR = re.compile(
    r"\b(?i:tú|tus?|ti|contigo|puedes|quieres|tienes|necesitas|estás)\b"
    r"|(?:^|[.:?!\n] ?)(?:Responde|Manda|Marca|Escribe|Llama|Toca|Mira|Cuenta)\b"
)

SPANISH = catalogues().templates["es"]
TO_WHO_CALLS = [
    alerts.SOS_RECEIVED,
    alerts.SOS_RECEIVED_WITH_STORY,
    alerts.SOS_NOBODY_ON_DUTY,
    alerts.SOS_AGAIN,
    alerts.MONEY_DEMANDED,
    alerts.REOPENED,
]


def texts_of(module: object) -> dict[str, Text]:
    """Every Text of a module, also those in its mappings, by a name."""
    found: dict[str, Text] = {}
    for name, value in vars(module).items():
        if isinstance(value, Text):
            found[name] = value
        elif isinstance(value, Mapping):
            found |= {f"{name} {k}": v for k, v in value.items() if isinstance(v, Text)}
    return found


TEXTS = texts_of(bot) | texts_of(alerts)


@pytest.mark.parametrize("code", SCRIPT)
def test_a_text_has_the_septets_of_the_script(code: str) -> None:
    text, params, septets = SCRIPT[code]
    found = measure(render(text.sms, "es", params))
    assert (found.encoding, found.units, found.segments) == ("GSM-7", septets, 1)


def test_an_sms_wording_is_never_a_chat_key_and_the_other_way_round() -> None:
    for name, text in TEXTS.items():
        assert not text.sms.startswith("chat."), name
        assert text.chat == text.sms or text.chat.startswith("chat."), name


def test_the_texts_of_the_bot_and_the_guard_pass_the_check() -> None:
    keys = {key for text in TEXTS.values() for key in (text.sms, text.chat)}
    ours = {
        language: {key: texts[key] for key in keys & texts.keys()}
        for language, texts in catalogues().templates.items()
    }
    assert faults(keys, ours) == []


@pytest.mark.parametrize("language", ["es", "en"])
def test_our_segments_are_those_of_a_second_counter_for_every_sms(language: str) -> None:
    values = samples(language)
    keys = {text.sms for text in TEXTS.values() if text.sms.startswith("sms.")}
    assert len(keys) > 80
    for key in keys:
        text = render(key, language, values)
        assert split(text) == tuple(part.content for part in smsutil.split(text).parts), key
        assert measure(text).segments <= LONGER.get(key, 1), key


# What people in need read. Staff's words and the names of laws are what they are.
SPOKEN = sorted(
    key
    for key in SPANISH
    if key.startswith(("sms.", "chat.", "button.", "word.", "when.", "handset.", "console.front."))
)


def test_no_spanish_text_holds_a_forbidden_word() -> None:
    assert [key for key in SPOKEN if FORBIDDEN.search(SPANISH[key])] == []


def test_every_spanish_text_of_the_bot_and_the_guard_says_usted() -> None:
    keys = {key for text in TEXTS.values() for key in (text.sms, text.chat)}
    assert sorted(key for key in keys if FAMILIAR.search(SPANISH[key])) == []


@pytest.mark.parametrize("text", ["Marca 911", "Peligro. Escribe SOS", "¿Qué necesitas?"])
def test_the_familiar_forms_are_found(text: str) -> None:
    assert FAMILIAR.search(text)


@pytest.mark.parametrize(
    "text", ["Ya va la ayuda", "Esto es seguro.", "No le entendí", "Quede tranquila", "Ingrese 1"]
)
def test_the_forbidden_words_are_found(text: str) -> None:
    assert FORBIDDEN.search(text)


def test_no_english_text_vouches_or_comforts() -> None:
    promise = re.compile(r"(is|are) safe\b|do not worry|don't worry|help is on|will be fine", re.I)
    english = catalogues().templates["en"]
    assert [key for key in SPOKEN if promise.search(english[key])] == []
    assert promise.search("You are safe now.")


def test_the_warning_that_no_report_does_not_mean_safe_is_allowed() -> None:
    assert not FORBIDDEN.search("Eso no quiere decir que sea seguro.")


@pytest.mark.parametrize("text", TO_WHO_CALLS)
def test_a_lock_screen_shows_nothing_but_receipt_and_folio(text: Text) -> None:
    for key in (text.sms, text.chat):
        shown = render(key, "es", {"folio": "K7M2QX"})
        assert shown.startswith("Recibido, folio K7M2QX.")
        assert not re.search(r"SOS|IAIMO|instituto|migr", shown[:40])


@pytest.mark.parametrize("text", [*TO_WHO_CALLS, alerts.NOBODY_YET_WITHOUT_NUMBER])
def test_the_first_answers_to_a_call_carry_911(text: Text) -> None:
    for language in ("es", "en"):
        for key in (text.sms, text.chat):
            assert "911" in render(key, language, {"folio": "K7M2QX"})


def test_a_page_shows_no_more_than_folio_urgency_kind_language_and_age() -> None:
    allowed = {"{folio}", "{urgency}", "{kind}", "{language}", "{minutes}"}
    for text in (alerts.PAGE, alerts.PAGE_WITH_KIND, alerts.PAGE_NOBODY_YET):
        for key in (text.sms, text.chat):
            assert set(re.findall(r"\{\w+\}", SPANISH[key])) <= allowed


def test_own_data_never_speak_of_cases() -> None:
    for text in (bot.YOUR_DATA, bot.YOUR_DATA_NOTHING, bot.ERASE_ASK, bot.ERASED):
        for key in (text.sms, text.chat):
            assert not re.search(r"caso|folio|relato|denuncia", SPANISH[key])


def test_no_sms_holds_a_link() -> None:
    for path in po.files(DIRECTORY):
        for key, text in po.read(path).items():
            assert not (key.startswith("sms.") and re.search(r"https?:|www\.|\{url\}", text)), key
