"""What a wording of staff must keep of the text it stands in for, and what it may not say.

The rules of `locales.limits`, and: the same placeholders, every number and every word to answer
with, no phone of its own, no link in an SMS, nothing on a locked screen, no claim.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from campaigns.texts.claims import OF_CASES, claims
from campaigns.written.quoting import shown
from delivery.segments import Segments, measure
from kit.fold import fold
from locales import limits
from locales.catalog import catalogues, placeholders
from locales.limits import Broken, Rule
from locales.text import Phrase, _

MOST_SIGNS = 1_000
"""Of a chat's text: longer ones are not read."""

MOST_IN_MENU = 256
"""Of what a command does: Telegram shows no more."""

LOCKED_SCREEN = 40
"""Signs that a locked screen shows."""


def _words(words: str) -> frozenset[str]:
    return frozenset(words.split())


ANSWERS = _words(
    "SOS SI NO OK ALTA BAJA AYUDA TEMAS IDIOMA LUGAR VERIFICAR CONTACTOS PROGRAMAS PRIVACIDAD"
    " DATOS BORRAR SALIR CANCELAR YES JOIN STOP HELP TOPICS LANGUAGE PLACE CHECK CONTACTS PROGRAMS"
    " PRIVACY DATA DELETE EXIT CANCEL"
)
"""The words to answer with, as texts write them: the bot knows each of them."""

_SAY_YES_OR_NO = ("yes", "no", "may_write", "do_not_write", "yes_notices", "erase_yes")
_ONE_LINE = ("button.", "chat.button.", "chat.command.", "word.", "when.")
_INSIDE = ("word.", "when.")

_NUMBER = re.compile(r"\d+")
_WORD = re.compile(r"[^\W\d_]+")
_COMMAND = re.compile(r"(?<![\w/:])/[a-z]+\b")
_PLACEHOLDER = re.compile(r"\{\w*\}")
_NUMBERED = re.compile(r"(?<!\d)(\d)[ .:)-]{1,3}([A-Z]+)\b")
# Digits that somebody could dial; hours, days and years are none.
_PHONE = re.compile(r"\+?\d(?:[ ().-]{0,2}\d){6,}|\+?\d{3,}")
_YEAR = re.compile(r"20\d\d")
_LINK = re.compile(
    r"https?:|www\.|\b[a-z0-9-]+\.(?:com|org|net|mx|gob|info|me|ly)\b", re.IGNORECASE
)
_OPEN_LINK = re.compile(r"\bhttp:", re.IGNORECASE)
_TELLING = re.compile(r"\b(?:SOS|IAIMO)\b|institut|migr|auxilio|secuestr|polic[ií]a", re.IGNORECASE)

_TOLD: Mapping[Rule, str] = {
    Rule.COMPOSED: _("texts.wrong.sign"),
    Rule.EDGES: _("texts.wrong.edges"),
    Rule.BUTTON: _("texts.wrong.button"),
    Rule.BRACES: _("texts.wrong.braces"),
    Rule.SAMPLE: _("texts.wrong.sample"),
    Rule.GSM: _("texts.wrong.not_gsm"),
    Rule.SEGMENTS: _("texts.wrong.segments"),
}


def tidy(text: str) -> str:
    """What somebody wrote, without what differs in no way that can be seen."""
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip()


# So that a process which looks again asks the rules of what is new alone.
@lru_cache(maxsize=2048)
def faults(key: str, text: str, language: str) -> tuple[Phrase, ...]:
    """What keeps a wording from standing in for `key` in a language; nothing when it may.

    `key` is one of the files.
    """
    original = catalogues().template(key, language) or ""
    if not text:
        return (Phrase(_("texts.wrong.empty")),)
    most = MOST_IN_MENU if key.startswith("chat.command.") else MOST_SIGNS
    if len(text) > most:
        return (Phrase(_("texts.wrong.long"), {"signs": len(text), "most": most}),)
    if any(_is_hidden(sign, one_line=key.startswith(_ONE_LINE)) for sign in text):
        return (Phrase(_("texts.wrong.sign")),)
    broken = [_phrase(one) for one in limits.broken(key, text, language, measure)]
    try:
        names = placeholders(text)
    except ValueError:
        return tuple(broken)
    told = [_needs(names, placeholders(original))]
    told += [rule(text, original) for rule in _RULES]
    told += [_longer(key, text, original), _said_of_a_case(key, text)]
    told += [
        _first_word(key, text, original),
        _linked(key, text),
        _claimed(claims(key, text, language)),
    ]
    return (*broken, *(one for one in told if one is not None))


def cost(key: str, text: str, language: str) -> Segments | None:
    """What a wording takes as an SMS, filled with samples; None for what is never one by itself,
    or cannot be filled."""
    if not key.startswith("sms."):
        return None
    try:
        return measure(limits.filled(text, language))
    except (ValueError, KeyError):
        return None


def together(faults_: Sequence[Phrase]) -> Phrase:
    """Several faults as one, a line each. There must be one."""
    *before, last = faults_
    if not before:
        return last
    return Phrase(_("texts.wrong.lines"), {"before": together(before), "last": last})


def _phrase(broken: Broken) -> Phrase:
    return Phrase(_TOLD[broken.rule], broken.params)


def _is_hidden(sign: str, *, one_line: bool) -> bool:
    if sign == "\n":
        return one_line
    # A joiner of emoji is no text of its own.
    return sign != "\u200d" and (
        unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
    )


def _needs(names: frozenset[str], expected: frozenset[str]) -> Phrase | None:
    if names == expected:
        return None
    if not expected:
        return Phrase(_("texts.wrong.no_placeholders"))
    listed = ", ".join(f"{{{name}}}" for name in sorted(expected))
    return Phrase(_("texts.wrong.placeholders"), {"names": listed})


def _numbers(text: str, original: str) -> Phrase | None:
    lost = _of(_NUMBER, original) - _of(_NUMBER, text)
    return Phrase(_("texts.wrong.number_lost"), {"numbers": _listed(lost)}) if lost else None


def _phones(text: str, original: str) -> Phrase | None:
    known = _of(_NUMBER, original)
    new = {
        found
        for found in _of(_PHONE, text)
        if not _YEAR.fullmatch(found) and not set(_NUMBER.findall(found)) <= known
    }
    return Phrase(_("texts.wrong.number_new"), {"numbers": _listed(new)}) if new else None


def _answers(text: str, original: str) -> Phrase | None:
    lost = (_of(_WORD, original) & ANSWERS) - _of(_WORD, text)
    lost |= _of(_COMMAND, original) - _of(_COMMAND, text)
    return Phrase(_("texts.wrong.answers"), {"words": _listed(lost)}) if lost else None


def _options(text: str, original: str) -> Phrase | None:
    """«1 SI, 2 NO» must not become «1 NO, 2 SI»."""
    expected, found = _pairs(original), _pairs(text)
    if expected <= found and len({number for number, _word in found}) == len(found):
        return None
    pairs = _listed({f"{number} {word}" for number, word in expected})
    return Phrase(_("texts.wrong.options"), {"options": pairs})


_RULES: Sequence[Callable[[str, str], Phrase | None]] = (_numbers, _phones, _answers, _options)


def _longer(key: str, text: str, original: str) -> Phrase | None:
    """What stands inside an SMS: as long as the longest of its kind, with which it was counted."""
    if not key.startswith(_INSIDE):
        return None
    kind = key.rpartition(".")[0] + "."
    spanish = catalogues().templates["es"]
    kin = [value for name, value in spanish.items() if name.startswith(kind)]
    most = max(_bare(one) for one in (*kin, original))
    if _bare(text) <= most:
        return None
    return Phrase(_("texts.wrong.word_long"), {"signs": _bare(text), "most": most})


def _said_of_a_case(key: str, text: str) -> Phrase | None:
    found = _TELLING.search(text[:LOCKED_SCREEN]) if key.startswith(OF_CASES) else None
    if found is None:
        return None
    params = {"most": LOCKED_SCREEN, "word": found[0]}
    return Phrase(_("texts.wrong.telling"), params)


def _first_word(key: str, text: str, original: str) -> Phrase | None:
    """A button that says yes says yes first, and one that says no, no."""
    if "button." not in key or key.rpartition(".")[2] not in _SAY_YES_OR_NO:
        return None
    expected = _first(original)
    if expected not in ("si", "yes", "no") or _first(text) == expected:
        return None
    return Phrase(_("texts.wrong.first_word"), {"word": original.split()[0].strip(",")})


def _linked(key: str, text: str) -> Phrase | None:
    if key.startswith("chat."):
        return Phrase(_("texts.wrong.open_link")) if _OPEN_LINK.search(text) else None
    return Phrase(_("texts.wrong.link")) if _LINK.search(text) else None


def _claimed(words: Sequence[str]) -> Phrase | None:
    if not words:
        return None
    return Phrase(_("texts.wrong.claim"), {"words": ", ".join(shown(word) for word in words)})


def _pairs(text: str) -> set[tuple[str, str]]:
    return {pair for pair in _NUMBERED.findall(text) if pair[1] in ANSWERS}


def _of(pattern: re.Pattern[str], text: str) -> set[str]:
    return set(pattern.findall(_PLACEHOLDER.sub(" ", text)))


def _listed(words: set[str]) -> str:
    return ", ".join(sorted(words))


def _bare(text: str) -> int:
    return measure(_PLACEHOLDER.sub("", text)).units


def _first(text: str) -> str:
    return (fold(text).split() or [""])[0]
