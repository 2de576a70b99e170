"""One turn of a conversation: from what arrived to what is said and done. Pure."""

from collections.abc import Callable
from dataclasses import replace

from alerts.model import CaseState
from bot import texts
from bot.flows import (
    campaign,
    case,
    help_contacts,
    invited,
    leaving,
    menu,
    preferences,
    reading,
    subscribe,
)
from bot.flows.asking import chosen
from bot.flows.model import (
    QUESTION_LASTS,
    AddToCase,
    ContactsFor,
    Effect,
    Input,
    KeepForPerson,
    OpenCase,
    Question,
    Say,
    SilentExit,
    Turn,
    View,
)
from bot.flows.words import Command, Meaning, Moment, Reading, leaves_question, read
from bot.inbox.model import DO_NOT_WRITE
from campaigns.posters.model import Invitation
from campaigns.replies.presses import OutOfRange, Poster, Pressed
from directory.model import Answer

ASIDE = frozenset({"contacts", "verify", "place", "town", "home"})
"""Questions that a button may ask while a case is open."""

OFFERS = frozenset({"offer", "topics", campaign.POSTED})
"""Questions that only numbers and buttons answer; any other words are read as without them."""

_NOTHING = Turn()

BEFORE_ANSWERS = frozenset(
    {Meaning.SOS, Meaning.DANGER, Meaning.STOP, Meaning.WISH_TO_LEAVE, Meaning.HELP}
)

COMMANDS: dict[Command, Callable[[View, str], Turn]] = {
    Command.START: invited.start,
    Command.HELP: lambda view, rest: menu.help_(view),
    Command.JOIN: invited.join,
    Command.STOP: lambda view, rest: leaving.stop(view),
    Command.SOS: case.open_,
    Command.TOPICS: lambda view, rest: preferences.topics(view),
    Command.LANGUAGE: preferences.language,
    Command.PLACE: preferences.place,
    Command.VERIFY: menu.verify,
    Command.CONTACTS: help_contacts.start,
    Command.PROGRAMS: lambda view, rest: menu.programs(view),
    Command.PRIVACY: lambda view, rest: menu.privacy(view),
    Command.DATA: lambda view, rest: leaving.data(view),
    Command.ERASE: lambda view, rest: leaving.erase_ask(view),
}


def turn(view: View, given: Input) -> Turn:
    """What follows from an input at this moment of the conversation."""
    view = _forget_old_question(view)
    if view.case is not None:
        return _in_case(view, given)
    if given.choice:
        return _act(view, given, given.choice)
    asked = view.question is not None and view.question.name not in OFFERS
    said = _read(given, Moment.QUESTION if asked else Moment.IDLE)
    # A number is an answer only when the words call for nothing more urgent.
    action = "" if said.meaning in BEFORE_ANSWERS else chosen(view.question, given)
    if view.question is not None and said.meaning is Meaning.STOP and leaves_question(given.text):
        return Turn((Say(texts.QUESTION_LEFT),))
    decided = _act(view, given, action) if action else _mean(view, given, said)
    if action and view.question is not None and view.question.name in OFFERS:
        decided = campaign.or_later_poll(view, given, decided, view.question)
    return _hushed(decided) if said.hush else decided


def resume(view: View, query: ContactsFor, found: Answer) -> Turn:
    """Go on with the answer to a query."""
    return help_contacts.told(view, query, found)


Found = Pressed | Poster | OutOfRange | Invitation
"""What a query of a campaign or of a poster's code finds."""


def found(view: View, what: Found, otherwise: Turn = _NOTHING) -> Turn:
    """Go on with what a query found; `otherwise` is the turn that asked."""
    view = _forget_old_question(view)
    if isinstance(what, Invitation):
        return invited.invited(view, what)
    if isinstance(what, Pressed):
        return campaign.answered(view, what)
    if isinstance(what, OutOfRange):
        return campaign.numbers_told(view, what, otherwise)
    return campaign.posted(_without_offer(view), what)


def _in_case(view: View, given: Input) -> Turn:
    """With a case open all that is not a button joins it; some words do more."""
    if given.choice:
        return _act(view, given, given.choice)
    said = _read(given, Moment.CASE)
    if said.meaning is Meaning.SOS:
        decided = case.again(view)
    elif said.meaning is Meaning.STOP:
        decided = case.stop(view)
    elif said.meaning is Meaning.SILENT_EXIT:
        decided = case.silent_exit(view)
    elif said.meaning is Meaning.FALSE_ALARM:
        decided = case.say_well(view)
    else:
        return _aside(view, given, said) or case.add(view, given, said)
    return _hushed(decided) if said.hush else decided


def _aside(view: View, given: Input, said: Reading) -> Turn | None:
    """The answer to what a button asked inside a case: it is answered, and joins an open case."""
    asked = view.question
    if asked is None or asked.name not in ASIDE or said.hush or view.case is None:
        return None
    found = _answer_of(view, given, asked)
    if found is None or view.case.state is CaseState.CLOSED:
        return found
    return replace(found, effects=(*found.effects, AddToCase()))


def _hushed(decided: Turn) -> Turn:
    """Writing back may expose this person: keep what was done, say nothing, now or later."""
    opens = any(isinstance(effect, OpenCase | AddToCase) for effect in decided.effects)
    more: tuple[Effect, ...] = (SilentExit(),) if opens else ()
    # A person may read the words, but must not answer them here.
    kept = tuple(
        KeepForPerson(DO_NOT_WRITE) if isinstance(effect, KeepForPerson) else effect
        for effect in decided.effects
    )
    return replace(decided, replies=(), effects=(*kept, *more), query=None, told_unread=False)


def _read(given: Input, moment: Moment) -> Reading:
    has_media = bool(given.media) or given.location is not None
    return read(given.text, moment, has_media=has_media)


def _act(view: View, given: Input, action: str) -> Turn:
    """A button, or the number that stands for it. Old buttons stay valid."""
    kind, _, rest = action.partition(":")
    if kind == "menu":
        return _menu(view, rest)
    if kind == "subscribe":
        return _subscribe(view, rest)
    if action == "town:ask":
        return subscribe.ask_town(view)
    if kind == "town":
        return subscribe.town_chosen(view, view.question, action)
    if kind == "home":
        return subscribe.home_answer(view, given, action) or menu.show(view)
    if kind == "topic":
        return preferences.topic_toggled(view, action)
    if kind == "language":
        return preferences.language_answer(view, given, action) or menu.show(view)
    if action == "relation:ask":
        return preferences.relation(view)
    if kind == "relation":
        return preferences.relation_answer(view, action)
    if kind == "place":
        return preferences.place_answer(view, Input(rest)) or preferences.place(view, "")
    if kind == "contacts":
        return help_contacts.country(view, action)
    if kind == "spot":
        return help_contacts.answer(view, Input(rest)) or help_contacts.where(view)
    if kind == "erase":
        return _erase(view, given, action)
    if kind == "k":
        return campaign.pressed(view, action)
    if kind in ("case", "kind") and view.case is not None:
        return _case_button(view, given, action)
    # A button that nobody knows any more: the menu, never "invalid".
    return menu.show(view)


def _menu(view: View, name: str) -> Turn:
    if name == "sos":
        return case.open_(view, "") if view.case is None else case.again(view)
    if name == "verify":
        return menu.verify(view, "")
    if name == "contacts":
        return help_contacts.start(view, "")
    if name == "subscribe":
        return subscribe.start(view, "")
    return menu.person(view) if name == "person" else menu.show(view)


def _subscribe(view: View, name: str) -> Turn:
    verb, _, code = name.partition(":")
    if verb == "yes":
        return invited.pressed_yes(view, code)
    if name == "no":
        return subscribe.declined(view)
    if name == "read":
        return subscribe.read_all(view)
    asked = view.question.name if view.question else ""
    return subscribe.home(view, ()) if asked == "town" else Turn((Say(texts.ALL_SET),))


def _erase(view: View, given: Input, action: str) -> Turn:
    if action == "erase:ask":
        return leaving.erase_ask(view)
    return leaving.erase_answer(view, given, action) or leaving.erase_ask(view)


def _case_button(view: View, given: Input, action: str) -> Turn:
    if action == "case:write":
        return case.may_write(view)
    if action == "case:hush":
        return case.do_not_write(view, given)
    if action == "case:delete":
        return case.delete(view)
    return case.kind(view, action)


def _mean(view: View, given: Input, reading_: Reading) -> Turn:
    """The cell of the table of words, carried out."""
    meaning, command = reading_.meaning, reading_.command
    if meaning is Meaning.SOS:
        return case.open_(view, reading_.rest)
    if meaning is Meaning.DANGER:
        return case.danger(view, given.text)
    if meaning is Meaning.STOP:
        return leaving.stop(view)
    if meaning is Meaning.WISH_TO_LEAVE:
        return leaving.stop_loosely(view)
    if meaning is Meaning.HELP:
        return menu.help_(view)
    if meaning is Meaning.LEAVE_QUESTION:
        return Turn((Say(texts.QUESTION_LEFT),))
    if meaning is Meaning.COMMAND and command is not None:
        return COMMANDS[command](view, reading_.rest)
    if meaning is Meaning.ANSWER and view.question is not None:
        if view.question.name not in OFFERS:
            return _answer(view, given, view.question)
        if reading_.yes and len(view.question.options) == 1:
            return _act(view, given, view.question.options[0])
    kept = reading.keep(view, given, "free")
    offered = view.question if view.question and view.question.name in OFFERS else None
    left = campaign.or_campaign(_without_offer(view), given, kept, offered)
    return invited.or_bare_code(given, left)


def _answer(view: View, given: Input, question: Question) -> Turn:
    """An answer to what was asked; what does not fit is asked once more, then read by a person."""
    found = _answer_of(view, given, question)
    if found is not None:
        return found
    # What cannot be an answer of a machine's (a voice note) may still be one for a person.
    if given.media or given.location is not None:
        # A person hears it; the question stays for who can type the answer.
        heard = reading.keep(view, given, question.name, always_tell=True)
        return replace(heard, question=replace(question, misses=question.misses + 1))
    missed = _missed(view, given, question)
    # Who asked for a person gets one, whatever they write.
    return missed if question.name == "person" else campaign.or_campaign(view, given, missed)


def _missed(view: View, given: Input, question: Question) -> Turn:
    """What is no answer is asked once more, then read by a person."""
    if question.misses:
        return reading.keep(view, given, question.name, always_tell=True)
    if question.name == "contacts":
        asked_again = replace(question, misses=1)
        return Turn((Say(texts.CONTACT_PLACE_UNKNOWN),), question=asked_again)
    if not question.options:
        return reading.keep(view, given, question.name, always_tell=True)
    labels = ", ".join(str(number) for number in range(1, len(question.options) + 1))
    if question.name in ("subscribe", "erase"):
        labels = "SI, NO"
    again = replace(question, misses=question.misses + 1)
    # Asked once more, and read by a person all the same: it may be what they really wanted to say.
    effects = (KeepForPerson(question.name),)
    return Turn((Say(texts.ANSWER_AGAIN, {"options": labels}),), effects, again)


def _answer_of(view: View, given: Input, question: Question) -> Turn | None:
    name = question.name
    if name == "subscribe":
        return subscribe.answer(view, given, question)
    if name == "town":
        return subscribe.town_answer(view, given)
    if name == "home":
        return subscribe.home_answer(view, given, "")
    if name == "place":
        return preferences.place_answer(view, given)
    if name == "language":
        return preferences.language_answer(view, given, "")
    if name == "contacts":
        return help_contacts.answer(view, given)
    if name == "erase":
        return leaving.erase_answer(view, given, "")
    if name == "verify":
        return menu.verified(view)
    return None


def _without_offer(view: View) -> View:
    """Words that are no answer to an offer are read as without it."""
    offered = view.question is not None and view.question.name in OFFERS
    return replace(view, question=None) if offered else view


def _forget_old_question(view: View) -> View:
    asked = view.question
    if asked is not None and view.now - asked.asked_at > QUESTION_LASTS and view.case is None:
        return replace(view, question=None)
    return view
