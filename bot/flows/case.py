"""Calls for help. The first word is enough: nothing is asked before the case stands."""

from dataclasses import replace

from alerts import texts
from alerts.model import CaseState, Kind, MayWrite, Urgency, ends_waiting
from alerts.triage import asks_for_money
from bot.flows.answers import is_plain_answer
from bot.flows.model import (
    AddToCase,
    AnswerMayWrite,
    Effect,
    ForgetChat,
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
from locales.text import Text

MAY_WRITE = (
    Option("case:write", texts.BUTTON_MAY_WRITE),
    Option("case:hush", texts.BUTTON_DO_NOT_WRITE),
)
AFTER_KIND = {Kind.EXTORTION: texts.MONEY_DEMANDED_LATER, Kind.DEATH: texts.DEATH_NOTED}
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
    return Turn(
        (_urgent(text, options),),
        (OpenCase(Urgency.UNSORTED, bool(story)),),
        _may_write_question(view) if options else None,
    )


def danger(view: View, story: str) -> Turn:
    """Words of danger, anywhere: a case and its page at once, marked as possible danger.

    Answered like a call for help, since it is one (docs/adr/0008): a person has been paged now,
    and nobody in danger is to be told that somebody reads it tomorrow.
    """
    return replace(open_(view, story), effects=(OpenCase(Urgency.POSSIBLE),))


def again(view: View) -> Turn:
    """SOS while a case is open: it becomes a matter of life and pages again."""
    effects = (AddToCase(raises=True),)
    if not view.guard_on_duty:
        return Turn(_unless_silenced(view, texts.NOBODY_ON_DUTY_LATER), effects, view.question)
    asks = view.case is not None and view.case.may_write is MayWrite.UNKNOWN
    if asks and view.case is not None and view.case.state is CaseState.OPEN:
        replies = _unless_silenced(view, texts.SOS_AGAIN_ASKING, MAY_WRITE)
        return Turn(replies, effects, _may_write_question(view))
    return Turn(_unless_silenced(view, texts.SOS_AGAIN), effects, view.question)


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
        text = texts.REOPENED if view.guard_on_duty else texts.NOBODY_ON_DUTY_LATER
        return Turn(_unless_silenced(view, text), story)
    if not _asked_may_write(view):
        return Turn(effects=story, question=view.question)
    # What is said beside a yes or a no ("2, me pegan") belongs to the case too.
    told = bool(given.media) or given.location is not None or not is_plain_answer(given.text)
    taken = view.case is not None and view.case.state is CaseState.ACKNOWLEDGED
    if said.yes and taken:
        return Turn(effects=(AnswerMayWrite(MayWrite.YES), *story))
    if said.yes is False:
        hushed = do_not_write(view, given)
        return Turn(hushed.replies, (*hushed.effects, *(story if told else ())))
    if said.yes:
        return may_write(view, story if told else (), told=told or view.case_has_story)
    # A chat offers the kinds, once; by SMS nothing more is asked. The question stays open.
    replies = () if view.terse or view.case_has_story else _kinds(view)
    return Turn(replies, story, view.question)


def may_write(view: View, more: tuple[Effect, ...] = (), *, told: bool = False) -> Turn:
    """1, SI, or the button: they may be written to. B5 asks for the story unless it was told."""
    effects = (AnswerMayWrite(MayWrite.YES), *more)
    if told and view.terse:
        return Turn(_unless_silenced(view, texts.KEPT_IN_CASE), effects)
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
    return Turn(_unless_silenced(view, texts.NOTED), (SayWell(),), view.question)


def stop(view: View) -> Turn:
    """BAJA inside a case stops campaigns and leaves the case as it is (B12)."""
    return Turn(_unless_silenced(view, texts.STOPPED_IN_CASE), (Stop(), AddToCase()), view.question)


def kind(view: View, action: str) -> Turn:
    """What happened, by a button."""
    name = action.removeprefix("kind:")
    if view.case is None or name not in texts.KIND_BUTTONS:
        return Turn()
    chosen = Kind(name)
    said = AFTER_KIND.get(chosen, texts.KEPT_IN_CASE)
    waits = view.case.state is CaseState.OPEN and view.case.urgency is Urgency.CAN_WAIT
    if waits and ends_waiting(chosen):
        # They have read that nobody is called before the morning.
        said = texts.SOS_AGAIN if view.guard_on_duty else texts.NOBODY_ON_DUTY_LATER
    return Turn(_unless_silenced(view, said), (SetKind(chosen),), view.question)


def delete(view: View) -> Turn:
    """What the bot wrote goes from the chat, and it is said what stays."""
    return Turn(_unless_silenced(view, texts.DELETED_FROM_CHAT), (ForgetChat(),), view.question)


def _kinds(view: View) -> tuple[Say, ...]:
    options = () if view.terse else KINDS
    return _unless_silenced(view, texts.TELL_US_MORE, options)


def _may_write_question(view: View) -> Question:
    return Question("may_write", view.now, tuple(option.value for option in MAY_WRITE))


def _asked_may_write(view: View) -> bool:
    """Whether "may we write to you?" is still open. Once a person has written to them, a plain "no"
    answers that person; until then it is taken for the safe thing."""
    asked = view.question is not None and view.question.name == "may_write"
    if not asked or view.case is None or view.case.state is CaseState.CLOSED:
        return False
    return view.case.state is CaseState.OPEN or not view.case_answered


def _unless_silenced(view: View, text: Text, options: tuple[Option, ...] = ()) -> tuple[Say, ...]:
    if view.case is not None and view.case.silenced:
        return ()
    return (_urgent(text, options),)


def _urgent(text: Text, options: tuple[Option, ...]) -> Say:
    return Say(text, options=options, lane=Lane.URGENT)
