"""What a message means at its moment: the table of words of the scripts, as a pure function.

| arrives                            | nothing open  | in a question  | in a case                |
|------------------------------------|---------------|----------------|--------------------------|
| SOS words, first or whole          | SOS           | SOS            | SOS                      |
| BAJA words, whole                  | STOP          | STOP           | STOP                     |
| «no más», whole                    | STOP          | STOP           | TO_GUARD                 |
| words of danger, anywhere          | DANGER        | DANGER         | TO_GUARD                 |
| SALIR, EXIT, whole                 | STOP          | LEAVE_QUESTION | SILENT_EXIT              |
| ADIOS, whole                       | FREE          | LEAVE_QUESTION | SILENT_EXIT              |
| CANCELAR, whole                    | STOP          | LEAVE_QUESTION | FALSE_ALARM              |
| «falsa alarma», «ya estoy bien»    | FREE          | ANSWER         | FALSE_ALARM              |
| AYUDA, HELP, INFO, whole           | HELP          | HELP           | TO_GUARD                 |
| a looser wish to leave             | WISH_TO_LEAVE | WISH_TO_LEAVE  | TO_GUARD                 |
| a command                          | COMMAND       | COMMAND        | TO_GUARD                 |
| 1, 2, SI, NO                       | ANSWER        | ANSWER         | ANSWER                   |
| voice note, photo, place, no words | FREE          | ANSWER         | TO_GUARD                 |
| anything else                      | FREE          | ANSWER         | TO_GUARD                 |

The rows stand in the order in which they are tried. Beside media a word is not a whole message
any more: a photo that says «ayuda» is for a person, and «baja» beside a voice note stops campaigns
and lets a person listen.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from alerts.phrasebook import PhraseBook, with_signs_spelled
from alerts.triage import (
    asks_not_to_be_written,
    is_watched,
    says_false_alarm,
    speaks_of_danger,
)
from bot.flows import vocabulary
from bot.flows.answers import yes_or_no
from bot.flows.matching import (
    after,
    by_ear,
    calls_for_help,
    command_in,
    heard,
    without_bot_name,
)
from bot.flows.vocabulary import Command
from kit.fold import fold

__all__ = ["Command", "Meaning", "Moment", "Reading", "leaves_question", "read", "wishes_to_leave"]


_STOP, _NO_MORE = by_ear(vocabulary.STOP), by_ear(vocabulary.NO_MORE)
_LEAVE, _GOODBYE = by_ear(vocabulary.LEAVE), by_ear(vocabulary.GOODBYE)
_CANCEL, _HELP = by_ear(vocabulary.CANCEL), by_ear(vocabulary.HELP)
_SI = by_ear(frozenset({"si", "yes"}))
_WISH = PhraseBook.of(spanish=vocabulary.WISH_ES, english=vocabulary.WISH_EN)
_LONGEST_NUMBER, _LONGEST_TOWN = 2, 6


class Moment(StrEnum):
    """Where a conversation stands. A case wins over a question; the caller decides."""

    IDLE = "idle"
    QUESTION = "question"
    CASE = "case"


class Meaning(StrEnum):
    """What a message asks of the caller."""

    SOS = "sos"
    """Open a case; in a case add, raise to «life at risk» and page again."""
    HELP = "help"
    """Say A8; in a question repeat the question."""
    STOP = "stop"
    """Stop campaigns: A6, and B12 in a case, which stays open."""
    LEAVE_QUESTION = "leave_question"
    """Drop the question. No opt-out."""
    SILENT_EXIT = "silent_exit"
    """Answer nothing, write nothing more, tell the owner (B11)."""
    FALSE_ALARM = "false_alarm"
    """Thank and note (B10). Closes and lowers nothing."""
    TO_GUARD = "to_guard"
    """Add it to the case, for the person on duty."""
    DANGER = "danger"
    """Say A9 and page «possible danger»."""
    WISH_TO_LEAVE = "wish_to_leave"
    """Stop campaigns first (A7), then a person reads the words."""
    ANSWER = "answer"
    """The answer to what was asked. In IDLE only if something was asked within 24 hours, else as
    FREE; in a case only while «may we write to you?» is open, else as TO_GUARD."""
    COMMAND = "command"
    """Do what `Reading.command` says."""
    FREE = "free"
    """A person reads it (A9)."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a message means.

    `rest` is what was written after the words of `command`, or all of it when there is no
    command. `yes` is the plain yes (True) or no (False) in it, for the question that stands open.
    `hush` says that writing back may expose the person («no me escriban», «me revisa el celular»):
    no automatic message may leave, whatever `meaning` says. In a case both count for a message of
    any meaning: «2, me tienen encerrada» goes to the guard and is a no.
    """

    meaning: Meaning
    command: Command | None = None
    rest: str = field(default="", repr=False)
    yes: bool | None = None
    hush: bool = False


def read(text: str, moment: Moment, *, has_media: bool = False) -> Reading:
    """The cell of the table for a text, as it was written, at this moment. Never raises."""
    text = without_bot_name(with_signs_spelled(text)).strip()
    words = fold(text).split()
    meaning, command, used = _mean(text, words, moment, has_media)
    return Reading(
        meaning,
        command,
        after(text, words[:used]) if used else text,
        yes_or_no(text),
        _hushed(text, meaning),
    )


def leaves_question(text: str) -> bool:
    """Whether the whole text is a word by which people leave a question: SALIR, CANCELAR."""
    whole = " ".join(heard(word) for word in fold(text).split())
    return whole in _LEAVE | _CANCEL


def wishes_to_leave(text: str) -> bool:
    """Whether the words, in any reasonable wording, ask for no more campaigns."""
    words = set(fold(text).split())
    if words & vocabulary.STOP_WORDS and words <= vocabulary.STOP_WORDS | vocabulary.BESIDE_STOP:
        return True
    return _WISH.found_in(text)


_Found = tuple[Meaning, Command | None, int]
"""The meaning, the command and how many words said it."""


def _mean(text: str, words: list[str], moment: Moment, has_media: bool) -> _Found:
    if not words:
        return _else(moment if text or has_media else Moment.IDLE)
    said = [heard(word) for word in words]
    whole = " ".join(said)
    if called := calls_for_help(said):
        return Meaning.SOS, Command.SOS, called
    if whole in _STOP and not (has_media and moment is not Moment.CASE):
        return Meaning.STOP, Command.STOP, len(words)
    if speaks_of_danger(text):
        return (Meaning.TO_GUARD if moment is Moment.CASE else Meaning.DANGER), None, 0
    if moment is Moment.CASE:
        return _in_case(text, whole, has_media)
    return _outside(text, said, moment, has_media)


def _in_case(text: str, whole: str, has_media: bool) -> _Found:
    if whole in _LEAVE or whole in _GOODBYE:
        return Meaning.SILENT_EXIT, None, 0
    if (whole in _CANCEL or says_false_alarm(text)) and not has_media:
        return Meaning.FALSE_ALARM, None, 0
    if yes_or_no(text) is not None:
        return Meaning.ANSWER, None, 0
    return _else(Moment.CASE)


def _outside(text: str, said: list[str], moment: Moment, has_media: bool) -> _Found:
    whole, stop = " ".join(said), (Meaning.STOP, Command.STOP, len(said))
    idle = moment is Moment.IDLE
    if whole in _STOP | _NO_MORE or (idle and whole in _LEAVE | _CANCEL):
        return (Meaning.WISH_TO_LEAVE, None, 0) if has_media else stop
    if has_media:
        return _beside_media(text, said, moment)
    if whole in _LEAVE | _CANCEL | _GOODBYE:
        return _else(moment) if idle else (Meaning.LEAVE_QUESTION, None, 0)
    if whole in _HELP:
        return Meaning.HELP, Command.HELP, len(said)
    command, used = command_in(text, said, in_question=not idle)
    # Who asks whether a message is a fraud quotes it; beside other commands a wish comes first.
    if command is not Command.VERIFY and wishes_to_leave(text):
        return Meaning.WISH_TO_LEAVE, None, 0
    if command is not None:
        return Meaning.COMMAND, command, used
    return (Meaning.ANSWER, None, 0) if idle and _may_answer(text, said) else _else(moment)


def _beside_media(text: str, said: list[str], moment: Moment) -> _Found:
    """Words under a photo or a voice note: VERIFICAR takes both, the rest a person has to see."""
    command, used = command_in(text, said, in_question=moment is Moment.QUESTION)
    if command is Command.VERIFY:
        return Meaning.COMMAND, command, used
    return (Meaning.WISH_TO_LEAVE, None, 0) if wishes_to_leave(text) else _else(moment)


def _else(moment: Moment) -> _Found:
    meanings = {Moment.QUESTION: Meaning.ANSWER, Moment.CASE: Meaning.TO_GUARD}
    return meanings.get(moment, Meaning.FREE), None, 0


def _hushed(text: str, meaning: Meaning) -> bool:
    """Whether nothing may be written back. «No me escriban» alone, with nothing open, asks for no
    more campaigns, and its answer (A7) still goes."""
    if meaning is Meaning.SILENT_EXIT or is_watched(text):
        return True
    return meaning is not Meaning.WISH_TO_LEAVE and asks_not_to_be_written(text)


def _may_answer(text: str, said: list[str]) -> bool:
    """With nothing open: a number of a menu, yes or no, or «SI» and a town."""
    if len(said) == 1 and said[0].isdecimal() and len(said[0]) <= _LONGEST_NUMBER:
        return True
    return yes_or_no(text) is not None or (said[0] in _SI and len(said) <= 1 + _LONGEST_TOWN)
