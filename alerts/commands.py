"""What staff type about a case: `A FOLIO`, `P FOLIO`, `R FOLIO text`, `C FOLIO outcome` …

The letter may be a word («tomo FOLIO», «Pasarlo: P FOLIO»), may stick to the folio, and the folio
may be split as people read it aloud («A K7M 2QX»).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from itertools import islice

from alerts.model import Outcome
from kit.fold import fold
from kit.ids import LENGTH, read_folio


class Act(StrEnum):
    """The letters: the first four are the contract's."""

    ACCEPT = "A"
    PASS_ON = "P"
    REPLY = "R"
    CLOSE = "C"
    NOTE = "N"
    SHOW = "V"
    CAN_WAIT = "E"
    SNOOZE = "Z"
    TAKE_OVER = "T"
    REVEAL = "D"
    REOPEN = "B"
    HOURS = "H"


@dataclass(frozen=True, slots=True)
class CaseCommand:
    """One command; `rest` is what follows: the text of a reply, an outcome, hours, a reason."""

    act: Act
    folio: str
    rest: str = field(default="", repr=False)


OUTCOME_WORDS = {
    "localizada": Outcome.LOCATED,
    "localizado": Outcome.LOCATED,
    "repatriada": Outcome.REPATRIATED,
    "repatriado": Outcome.REPATRIATED,
    "referida": Outcome.REFERRED,
    "referido": Outcome.REFERRED,
    "canalizada": Outcome.REFERRED,
    "canalizado": Outcome.REFERRED,
    "atendida": Outcome.ATTENDED,
    "atendido": Outcome.ATTENDED,
    "sin contacto": Outcome.NO_CONTACT,
    "no quiere contacto": Outcome.LOCATED_NO_CONTACT,
    "localizada reservada": Outcome.LOCATED_NO_CONTACT,
    "localizado reservado": Outcome.LOCATED_NO_CONTACT,
    "falsa alarma": Outcome.FALSE_ALARM,
    "repetido": Outcome.DUPLICATE,
    "otro": Outcome.OTHER,
}

_OUTCOMES = {fold(outcome.value): outcome for outcome in Outcome} | {
    fold(words): outcome for words, outcome in OUTCOME_WORDS.items()
}
_WAIT = re.compile(
    r"\s*([0-9]{1,3}(?:[.,][0-9])?)\s*(horas?|hrs?|h|minutos?|mins?|m)?\b[:,.\-]?", re.IGNORECASE
)

_LETTERS = {fold(act): act for act in Act}
_SPELLINGS = {
    Act.ACCEPT: "tomar tomarlo tomarla tomo aceptar aceptarlo acepto take accept",
    Act.PASS_ON: "pasar pasarlo pasarla paso pass",
    Act.REPLY: "responder respondo respuesta contestar contesto reply",
    Act.CLOSE: "cerrar cerrarlo cierro close",
    Act.NOTE: "anotar anoto nota note",
    Act.SHOW: "ver verlo leer leo show",
    Act.CAN_WAIT: "espera esperar",
    Act.SNOOZE: "posponer pospongo aplazar aplazo snooze",
    Act.TAKE_OVER: "relevar relevo quitar takeover",
    Act.REVEAL: "datos reveal",
    Act.REOPEN: "reabrir reabro reopen",
    Act.HOURS: "horas horario hours",
}
_VERBS = {word: act for act, words in _SPELLINGS.items() for word in words.split()}
_BESIDE = frozenset(["yo", "lo", "la", "el", "caso", "folio"])

_WORD = re.compile(r"[^\W_]+")
_AFTER_FOLIO = re.compile(r"[:.,;\-]?\s*")
# «Lo tomo: el caso A K 7 M 2 Q X» and no longer: what follows is the text of a reply.
_WORDS_READ = 14


def read_command(text: str) -> CaseCommand | None:
    """The command in a message of staff, or None when it is not one."""
    words, act = _begin(text)
    if not words:
        return None
    letter = _LETTERS.get(fold(words[0].group()))
    if letter is not None and (found := _folio_at(_without_beside(words[1:]))):
        return _command(text, letter, *found)
    if found := _folio_at(words):
        return None if act is None else _command(text, act, *found)
    signs, end = _joined(words, LENGTH + 1)
    letter, folio = _LETTERS.get(signs[:1].lower()), read_folio(signs[1:])
    return None if letter is None or folio is None else _command(text, letter, folio, end)


def read_leading_folio(text: str) -> tuple[str, str] | None:
    """A folio with which a message begins, no command before it, and what is written after it."""
    words, act = _begin(text)
    found = None if act is not None else _folio_at(words)
    return None if found is None else (found[0], _rest(text, found[1]))


def looks_like_command(text: str) -> bool:
    """Whether this was meant as a command, with a folio that cannot be right."""
    words, act = _begin(text)
    if words and fold(words[0].group()) in _LETTERS:
        words = _without_beside(words[1:])
    elif act is None:
        signs, _end = _joined(words, LENGTH + 1)
        return signs[:1].lower() in _LETTERS and _like_folio(signs[1:])
    signs, _end = _joined(words, LENGTH)
    return _like_folio(signs)


def read_outcome(text: str) -> Outcome | None:
    """An outcome by its code or its Spanish word."""
    found, more = split_outcome(text)
    return None if more else found


def split_outcome(text: str) -> tuple[Outcome | None, str]:
    """The outcome that a text begins with, by its code or its Spanish words, and what follows."""
    words = text.split()
    for length in (3, 2, 1):
        wanted = fold(" ".join(words[:length]))
        found = _OUTCOMES.get(wanted)
        if found is not None and len(words) >= length:
            return found, " ".join(words[length:]).lstrip(":,;.- ")
    return None, ""


def read_hours(text: str) -> tuple[timedelta, str] | None:
    """A wait in hours or minutes and the reason behind it: "2 espero al consulado", "30 min …"."""
    match = _WAIT.match(text)
    if match is None:
        return None
    in_minutes = (match[2] or "").lower().startswith("m")
    number = float(match[1].replace(",", "."))
    wait = timedelta(minutes=number) if in_minutes else timedelta(hours=number)
    return wait, text[match.end() :].strip()


_Words = Sequence[re.Match[str]]


def _begin(text: str) -> tuple[_Words, Act | None]:
    """The words from the letter or the folio on, and what a word in front of them asks for."""
    words = _without_beside(list(islice(_WORD.finditer(text), _WORDS_READ)))
    act = _VERBS.get(fold(words[0].group())) if words else None
    return (words, None) if act is None else (_without_beside(words[1:]), act)


def _without_beside(words: _Words) -> _Words:
    while words and fold(words[0].group()) in _BESIDE:
        words = words[1:]
    return words


def _folio_at(words: _Words) -> tuple[str, int] | None:
    """The folio that these words begin with, in one piece or split, and where it ends."""
    signs, end = _joined(words, LENGTH)
    folio = read_folio(signs)
    return None if folio is None else (folio, end)


def _joined(words: _Words, length: int) -> tuple[str, int]:
    """The signs of the first words until there are enough, and where the last of them ends."""
    signs, end = "", 0
    for word in words:
        if len(signs) >= length:
            break
        signs, end = signs + word.group(), word.end()
    return signs, end


def _like_folio(signs: str) -> bool:
    """Whether these are six signs and no Spanish word."""
    if len(signs) != LENGTH:
        return False
    return any(sign.isdigit() for sign in signs) or not set(signs.lower()) & set("aeiou")


def _command(text: str, act: Act, folio: str, end: int) -> CaseCommand:
    return CaseCommand(act, folio, _rest(text, end))


def _rest(text: str, end: int) -> str:
    after = _AFTER_FOLIO.match(text, end)
    return text[after.end() if after else end :].strip()
