"""Which words a poster, or an answer to a poll, cannot have: they mean something already."""

from alerts.commands import looks_like_command, read_command, read_leading_folio, read_outcome
from alerts.shifts.words import CANNOT, COMES, RELIEF
from bot.duty import LIST
from bot.flows.asking import NO, YES
from bot.flows.words import Meaning, Moment, read
from kit.fold import fold

_PLAIN = {
    Moment.IDLE: Meaning.FREE,
    Moment.QUESTION: Meaning.ANSWER,
    Moment.CASE: Meaning.TO_GUARD,
}
_SAID = YES | NO | COMES | CANNOT | RELIEF | LIST


def reserved(word: str) -> bool:
    """Whether a word, typed as a whole message, means something at any moment: to the public or to
    people on duty, in Spanish or English, however it is spelt."""
    for moment, plain in _PLAIN.items():
        said = read(word, moment)
        if said.meaning is not plain or said.yes is not None or said.hush:
            return True
    if fold(word) in _SAID or read_outcome(word) is not None:
        return True
    readers = (read_command, read_leading_folio)
    return looks_like_command(word) or any(reader(word) is not None for reader in readers)


def goes_first(answer: str) -> bool:
    """Whether the words of an answer to a poll, typed as a whole message with nothing open, mean
    something that goes before every poll: a call for help, leaving, a command. SI and NO do not:
    they answer what was asked."""
    said = read(answer, Moment.IDLE)
    return said.hush or said.meaning not in (Meaning.FREE, Meaning.ANSWER)
