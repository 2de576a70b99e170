"""What the machine cannot use: a person reads it, and the sender is told when."""

from datetime import timedelta

from bot import texts
from bot.flows.model import Input, KeepForPerson, Say, Turn, View
from staff.hours import reading_time

TOLD_EVERY = timedelta(hours=12)


def keep(view: View, given: Input, reason: str, *, always_tell: bool = False) -> Turn:
    """Put the input on the list for people; say when it is read, at most once in 12 hours."""
    told = view.unread_told_at
    if told is not None and view.now - told < TOLD_EVERY and not always_tell:
        return Turn(effects=(KeepForPerson(reason),))
    text = texts.A_PERSON_WILL_READ
    if given.media or given.location:
        text = texts.A_PERSON_WILL_HEAR
    return Turn(
        (Say(text, {"when": reading_time(view.now, view.opening)}),),
        (KeepForPerson(reason),),
        told_unread=True,
    )
