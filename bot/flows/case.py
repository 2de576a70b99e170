"""Calls for help. The first word is enough: nothing is asked before the case stands."""

from alerts import texts
from alerts.model import CaseState, Kind, MayWrite, Urgency
from alerts.triage import asks_for_money
from bot.flows.model import (
    AddToCase,
    AnswerMayWrite,
    Effect,
    Input,
    OpenCase,
    Question,
    Say,
    SayWell,
    SetKind,
    SilentExit,
    Stop,
    Turn,
    View,
)
from bot.flows.words import Reading, wishes_to_leave
from delivery.content import Option
from delivery.model import Lane
from kit.fold import fold
from locales.text import Text

MAY_WRITE = (
    Option("case:write", texts.BUTTON_MAY_WRITE),
    Option("case:hush", texts.BUTTON_DO_NOT_WRITE),
)
LONGEST_PLAIN_ANSWER = 3
"""Words: what is longer than "si, por favor" tells something besides."""

KINDS = tuple(Option(f"kind:{kind}", label) for kind, label in texts.KIND_BUTTONS.items())


def open_(view: View, story: str) -> Turn:
    """SOS: the case and its page first, then folio, 911 and "may we write to you here?"."""
    if not view.guard_on_duty:
        text = texts.SOS_NOBODY_ON_DUTY
    elif asks_for_money(story):
        text = texts.MONEY_DEMANDED
    elif story:
        text = texts.SOS_RECEIVED_WITH_STORY
    else:
        text = texts.SOS_RECEIVED
    options = () if text is texts.MONEY_DEMANDED else MAY_WRITE
    asked = (
        None if not options else Question("may_write", view.now, tuple(o.value for o in options))
    )
    urgency = Urgency.UNSORTED
    return Turn((_urgent(text, options),), (OpenCase(urgency),), asked)


def again(view: View) -> Turn:
    """SOS while a case is open: it becomes a matter of life and pages again."""
    return Turn(_unless_silenced(view, texts.SOS_AGAIN), (AddToCase(raises=True),), view.question)


def add(view: View, given: Input, said: Reading) -> Turn:
    """Whatever comes joins the case; a yes or a no to "may we write to you?" is taken from it.

    Only a plain no is a no: "no llega mi hijo" is a story, and taking it for a no would silence
    somebody who needs an answer.
    """
    story: tuple[Effect, ...] = (AddToCase(),)
    if wishes_to_leave(given.text):
        # No is no, also here: campaigns stop at once, and the words go to the case.
        story = (*story, Stop())
    if said.hush:
        return Turn(effects=(*story, SilentExit()))
    if view.case is not None and view.case.state is CaseState.CLOSED:
        return Turn(_unless_silenced(view, texts.REOPENED), story)
    if not _asked_may_write(view):
        return Turn(effects=story, question=view.question)
    told = len(fold(given.text).split()) > LONGEST_PLAIN_ANSWER
    if said.yes is False:
        hushed = do_not_write(view, given)
        return Turn(hushed.replies, (*hushed.effects, *(story if told else ())))
    if said.yes:
        return may_write(view, story if told else (), told=told or view.case_has_story)
    if view.terse:
        return Turn(effects=story, question=view.question)
    return Turn(_kinds(view), story)


def may_write(view: View, more: tuple[Effect, ...] = (), *, told: bool = False) -> Turn:
    """1, SI, or the button: they may be written to. B5 asks for the story unless it was told."""
    effects = (AnswerMayWrite(MayWrite.YES), *more)
    if told and view.terse:
        return Turn(_unless_silenced(view, texts.NOTED), effects)
    return Turn(_kinds(view), effects)


def do_not_write(view: View, given: Input) -> Turn:
    """2, NO, or the button. The last automatic message of this case."""
    effects = (AnswerMayWrite(MayWrite.NO),)
    if view.case is not None and view.case.silenced:
        return Turn(effects=effects)
    reply = Say(texts.DO_NOT_WRITE_OK, lane=Lane.URGENT, replaces=given.pressed_on)
    return Turn((reply,), effects)


def silent_exit(view: View) -> Turn:
    """SALIR inside a case: no answer at all, now and later."""
    del view
    return Turn(effects=(SilentExit(),))


def say_well(view: View) -> Turn:
    """B10, the same for who tells the truth and for who is forced."""
    return Turn(_unless_silenced(view, texts.NOTED), (SayWell(),))


def stop(view: View) -> Turn:
    """BAJA inside a case stops campaigns and leaves the case as it is (B12)."""
    return Turn(_unless_silenced(view, texts.STOPPED_IN_CASE), (Stop(), AddToCase()), view.question)


def kind(view: View, action: str) -> Turn:
    """What happened, by a button."""
    name = action.removeprefix("kind:")
    if view.case is None or name not in texts.KIND_BUTTONS:
        return Turn()
    chosen = Kind(name)
    said = texts.MONEY_DEMANDED_LATER if chosen is Kind.EXTORTION else texts.NOTED
    return Turn(_unless_silenced(view, said), (SetKind(chosen),))


def _kinds(view: View) -> tuple[Say, ...]:
    options = () if view.terse else KINDS
    return _unless_silenced(view, texts.TELL_US_MORE, options)


def _asked_may_write(view: View) -> bool:
    return view.question is not None and view.question.name == "may_write"


def _unless_silenced(view: View, text: Text, options: tuple[Option, ...] = ()) -> tuple[Say, ...]:
    if view.case is not None and view.case.silenced:
        return ()
    return (_urgent(text, options),)


def _urgent(text: Text, options: tuple[Option, ...]) -> Say:
    return Say(text, options=options, lane=Lane.URGENT)
