"""What the words of a message say about danger, before any person has read it.

Every function takes the text as it was written (or already folded) and never raises. They only
listen: what follows, a page or an answer, is for the caller. In doubt they say danger.
"""

from alerts import danger_en, danger_es, distress_es, everyday, phrases, silence
from alerts.phrasebook import PhraseBook

_DANGER = PhraseBook.of(
    spanish=danger_es.BY_OTHERS + distress_es.DISTRESS,
    english=danger_en.DANGER,
    harmless_spanish=everyday.EVERYDAY_ES,
    harmless_english=everyday.EVERYDAY_EN,
)
_MONEY = PhraseBook.of(
    spanish=phrases.MONEY_ES,
    english=phrases.MONEY_EN,
    harmless_spanish=phrases.NOT_ASKED_FOR_MONEY_ES,
    harmless_english=phrases.NOT_ASKED_FOR_MONEY_EN,
)
_DEATH = PhraseBook.of(
    spanish=phrases.DEATH_ES,
    english=phrases.DEATH_EN,
    harmless_spanish=phrases.NOT_A_DEATH_ES,
    harmless_english=phrases.NOT_A_DEATH_EN,
)
_FALSE_ALARM = PhraseBook.of(spanish=phrases.FALSE_ALARM_ES, english=phrases.FALSE_ALARM_EN)
_DOUBT = PhraseBook.of(
    spanish=phrases.DOUBT_ES,
    english=phrases.DOUBT_EN,
    harmless_spanish=phrases.HARMLESS_NO_ES,
    harmless_english=phrases.HARMLESS_NO_EN,
)
_SILENCE = PhraseBook.of(
    spanish=silence.SILENCE_ES,
    english=silence.SILENCE_EN,
    harmless_spanish=silence.NOT_SILENCE_ES,
    harmless_english=silence.NOT_SILENCE_EN,
)
_NO_CALLS = PhraseBook.of(
    spanish=silence.NO_CALLS_ES,
    english=silence.NO_CALLS_EN,
    harmless_spanish=silence.NOT_SILENCE_ES,
    harmless_english=silence.NOT_SILENCE_EN,
)
_ASKS_FOR_WRITING = PhraseBook.of(
    spanish=silence.ASKS_FOR_WRITING_ES, english=silence.ASKS_FOR_WRITING_EN
)
_WATCHED = PhraseBook.of(
    spanish=silence.WATCHED_ES,
    english=silence.WATCHED_EN,
    harmless_spanish=silence.NOT_WATCHED_ES,
    harmless_english=silence.NOT_WATCHED_EN,
)


def speaks_of_danger(text: str) -> bool:
    """Whether somebody may be in danger: held, taken, missing, hurt, chased, threatened, stranded
    or wanting to die. The caller opens a case that pages «possible danger»."""
    return _DANGER.found_in(text)


def asks_for_money(text: str) -> bool:
    """Whether somebody is being asked to pay: dinero, rescate, depósito … (answer B8)."""
    return _MONEY.found_in(text)


def speaks_of_death(text: str) -> bool:
    """Whether a death is told. Only informs the person on duty; wakes and delays nobody."""
    return _DEATH.found_in(text)


def says_false_alarm(text: str) -> bool:
    """Whether the person says that there is no danger any more (answer B10).

    Closes and lowers nothing, because a captor may have written it. A negation, a «but» or
    somebody else's words in the message («no estoy bien», «me obligan a decir…») make it False.
    """
    return _FALSE_ALARM.found_in(text) and not _DOUBT.found_in(text)


def asks_not_to_be_written(text: str) -> bool:
    """Whether a message back could expose the person: «no me escriban», «me revisa el celular».

    True wherever it stands in the text, also beside danger: no automatic message may leave. «No me
    llamen» alone counts too, but not beside «escríbanme»: who asks for writing needs the answer.
    """
    if _SILENCE.found_in(text) or is_watched(text):
        return True
    return _NO_CALLS.found_in(text) and not _ASKS_FOR_WRITING.found_in(text)


def is_watched(text: str) -> bool:
    """Whether somebody else reads or holds the person's phone: «me revisa el celular».

    Handing over one's number is something else: «ya tienen mi teléfono, llámenme».
    """
    return _WATCHED.found_in(text)
