"""Finding the words of the system in a message: whole, first, by ear, with what follows them."""

import re

from bot.flows import vocabulary
from bot.flows.vocabulary import Command
from kit.fold import fold
from kit.spelling import sound


def heard(word: str) -> str:
    """A folded word by its sound; numbers by their digits."""
    return sound(word) if word.isalpha() else word


def by_ear(phrases: frozenset[str]) -> frozenset[str]:
    """Folded phrases as `heard` leaves their words."""
    return frozenset(" ".join(heard(word) for word in phrase.split()) for phrase in phrases)


_SOS, _SOS_WHOLE = by_ear(vocabulary.SOS), by_ear(vocabulary.SOS_WHOLE)
_SOS_LENGTHS = sorted({len(phrase.split()) for phrase in _SOS}, reverse=True)
_SOS_AGAIN = re.compile(r"(?:so)+s|(?:911)+")
_GREETINGS = by_ear(vocabulary.GREETINGS)
_STARTS_A_GREETING = by_ear(vocabulary.STARTS_A_GREETING)
_POLITE = by_ear(vocabulary.POLITE)
_FIRST = {
    word: command for command, words in vocabulary.FIRST_WORDS.items() for word in by_ear(words)
}
_WHOLE = _FIRST | {
    phrase: command for command, phrases in vocabulary.WHOLE.items() for phrase in by_ear(phrases)
}
_SLASH_WORDS = {heard(word): command for word, command in vocabulary.SLASH.items()}
_SLASH = re.compile(r"\W*/\w")
_BOT_NAME = re.compile(r"^(\W*/\w+)@\w+")
# What stands between a command and its argument; an opening sign belongs to the argument.
_LEADING = re.compile(r"^(?:[^\w¿¡(\"«“'@#/+$]|_)+")


def without_bot_name(text: str) -> str:
    """«/sos@TequioBot», as Telegram writes it in groups, is «/sos»."""
    return _BOT_NAME.sub(r"\1", text, count=1)


def calls_for_help(said: list[str]) -> int:
    """How many words at the start are a call for help, politeness before it included; 0 if none.

    `said` are heard words. «Por favor auxilio, me pegan» gives 3.
    """
    if " ".join(said) in _SOS_WHOLE:
        return len(said)
    at = 0
    while at < len(said) and said[at] in _POLITE:
        at += 1
    start = at
    while at < len(said) and (length := _sos_at(said, at)):
        at += length
    return at if at > start else 0


def _sos_at(said: list[str], at: int) -> int:
    if _SOS_AGAIN.fullmatch(said[at]):
        return 1
    return next((n for n in _SOS_LENGTHS if " ".join(said[at : at + n]) in _SOS), 0)


def command_in(text: str, said: list[str], *, in_question: bool) -> tuple[Command | None, int]:
    """The command of a message and how many words name it.

    Inside a question only what cannot be its answer is one: whole messages, what begins with a
    slash, and ALTA, VERIFICAR and CONTACTOS with what follows them.
    """
    whole = " ".join(said)
    if whole in _WHOLE:
        return _WHOLE[whole], len(said)
    if said[0] in _STARTS_A_GREETING and _GREETINGS.issuperset(said):
        return Command.START, len(said)
    if _SLASH.match(text) and said[0] in _SLASH_WORDS:
        return _SLASH_WORDS[said[0]], 1
    command = _FIRST.get(said[0])
    if command is not None and (not in_question or command in vocabulary.NEVER_ANSWERS):
        return command, 1
    return None, 0


def after(text: str, words: list[str]) -> str:
    """What follows these first words (folded) in the text as it was written."""
    target, said = "".join(words), ""
    for at, char in enumerate(text):
        said += fold(char).replace(" ", "")
        if said == target:
            return _LEADING.sub("", text[at + 1 :]).strip()
        if not target.startswith(said):
            break
    # Written in signs that only fold together; what folding makes of the rest will do.
    return " ".join(fold(text).split()[len(words) :])
