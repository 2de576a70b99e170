"""Promise 3: what leaves by itself never says that a person has, read or does something."""

import re
from pathlib import Path

import pytest

from campaigns.texts.claims import BY_A_PERSON, CLAIMS
from locales.catalog import catalogues

ROOT = Path(__file__).parents[3]
NAMES_BY_A_PERSON = ("ACCEPTED", "NEW_OWNER", "RELAYED")
MAY_SAY_SO = {
    "ACCEPTED": {"alerts/ownership.py"},
    "NEW_OWNER": {"alerts/ownership.py"},
    # The page of a case shows its owner how their words arrive, and sends nothing.
    "RELAYED": {"alerts/relay.py", "console/cases/words.py"},
}

WRONG = {
    "es": (
        "Una persona ya tiene su caso.",
        "Alguien ha tomado su caso.",
        "Ya le atiende la guardia.",
        "La guardia ya leyó su mensaje.",
        "Están leyendo lo que escribió.",
        "La ayuda va en camino.",
        "Van por usted.",
        "Está usted a salvo.",
        "No se preocupe.",
        "Espere en un lugar seguro.",
        "Todo va a estar bien.",
    ),
    "en": (
        "A person has your case.",
        "Somebody has taken your case.",
        "The people on duty have it.",
        "They have read your message.",
        "Help is on its way.",
        "You are safe.",
        "Do not worry.",
    ),
}


def automatic(language: str) -> dict[str, str]:
    """Every text to who called that leaves by itself, by its key."""
    templates = catalogues().templates[language]
    return {
        key: text
        for key, text in templates.items()
        if key.startswith(("sms.case.", "chat.case.")) and key.split(".")[2] not in BY_A_PERSON
    }


@pytest.mark.parametrize("language", ["es", "en"])
def test_automatic_words_claim_nothing_of_a_person(language: str) -> None:
    texts = automatic(language)
    assert len(texts) > 30
    claiming = [key for key, text in texts.items() if CLAIMS[language].search(text)]
    assert claiming == []


@pytest.mark.parametrize("language", ["es", "en"])
def test_words_that_would_claim_it_are_noticed(language: str) -> None:
    assert [one for one in WRONG[language] if not CLAIMS[language].search(one)] == []


def test_only_acts_of_a_person_say_that_a_person_has_the_case() -> None:
    said: dict[str, set[str]] = {}
    for folder in ("alerts", "bot", "app", "console", "campaigns"):
        for path in (ROOT / folder).rglob("*.py"):
            code = path.read_text(encoding="utf-8")
            for name in NAMES_BY_A_PERSON:
                if re.search(rf"\btexts\.{name}\b|\balerts_texts\.{name}\b", code):
                    said.setdefault(name, set()).add(path.relative_to(ROOT).as_posix())
    assert said == MAY_SAY_SO
