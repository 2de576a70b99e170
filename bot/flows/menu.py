"""The first menu, help, and the way to a person: all of it without subscribing."""

from bot import texts
from bot.flows.asking import ask
from bot.flows.model import KeepForPerson, Say, Turn, View
from delivery.content import Option
from staff.hours import reading_time

OPTIONS = (
    Option("menu:sos", texts.BUTTON_URGENT_HELP),
    Option("menu:verify", texts.BUTTON_VERIFY),
    Option("menu:contacts", texts.BUTTON_CONTACTS),
    Option("menu:subscribe", texts.BUTTON_SUBSCRIBE),
    Option("menu:person", texts.BUTTON_PERSON),
)


def show(view: View) -> Turn:
    """The menu. By SMS it is the help, which names what can be written."""
    del view
    return Turn((Say(texts.MENU, options=OPTIONS),))


def help_(view: View) -> Turn:
    """A8: danger first; an open question is asked once more."""
    repeats = view.question is not None
    return Turn((Say(texts.HELP, options=OPTIONS),), question=view.question, repeats=repeats)


def person(view: View) -> Turn:
    """Whatever comes next is read by a person."""
    when = {"when": reading_time(view.now, view.opening)}
    return ask(view, "person", texts.TALK_TO_A_PERSON, params=when)


def privacy(view: View) -> Turn:
    """A10, with the address of the whole notice in a chat."""
    return Turn((Say(texts.PRIVACY, {"url": view.privacy_url}),), question=view.question)


def programs(view: View) -> Turn:
    """The names of the programmes; a person answers the rest."""
    del view
    person_option = Option("menu:person", texts.BUTTON_PERSON)
    return Turn((Say(texts.PROGRAMS, options=(person_option,)),))


def verify(view: View, offer: str) -> Turn:
    """C1, or: received, a person reads it. Never that something is safe."""
    if not offer:
        return ask(view, "verify", texts.VERIFY_ASK)
    return verified(view)


def verified(view: View) -> Turn:
    """An offer was told: a person reads it until the registry of frauds can answer."""
    when = {"when": reading_time(view.now, view.opening)}
    return Turn((Say(texts.VERIFY_RECEIVED, when),), (KeepForPerson("verify"),))
