"""What a campaign asks back: its buttons, its poll by SMS, and the words of posters.

All of it comes after the table of words: nothing that means something there is an answer here.
"""

from dataclasses import replace

from bot import texts
from bot.flows import menu, subscribe
from bot.flows.model import (
    Effect,
    FirstOf,
    Input,
    KeepPress,
    MarkKeyword,
    PollOf,
    PosterOf,
    PressOf,
    Question,
    Say,
    Show,
    Turn,
    View,
)
from campaigns.replies.presses import (
    AnswerKind,
    OutOfRange,
    Poster,
    Press,
    Pressed,
    keyword_form,
    poll_of,
    read_press,
)
from campaigns.replies.typed import Beside, form_of, may_answer

POSTED = "campaign"
"""The question that the poll of a poster is."""

THANKS = {AnswerKind.HELPED: texts.CAMPAIGN_HELPED, AnswerKind.POLL: texts.CAMPAIGN_ANSWERED}


def word_pressed(given: Input) -> Press | None:
    """The button of a reply word, which is heard as if the word had been typed."""
    press = read_press(given.choice) if given.choice else None
    return press if press is not None and press.kind is AnswerKind.WORD else None


def pressed(view: View, action: str) -> Turn:
    """A button of a campaign. One that they never got: the menu, as of any unknown button."""
    press = read_press(action)
    unknown = Turn(question=view.question) if _silenced(view) else menu.show(view)
    if press is None or view.contact is None:
        return unknown
    return replace(unknown, query=PressOf(press))


def or_campaign(view: View, given: Input, otherwise: Turn, offered: Question | None = None) -> Turn:
    """What is left to a person may still be the word of a poster, or answer a poll by SMS.

    No answer is taken from a question that stands open. `offered` is what only numbers and buttons
    answer, and was left for these words.
    """
    if given.media or given.location is not None:
        return otherwise
    queries: list[PosterOf | PollOf] = []
    word = keyword_form(given.text)
    asks_nothing = view.terse and view.contact is not None and view.question is None
    if asks_nothing and may_answer(given.text):
        queries.append(PollOf(given.text, None if offered is None else _beside(offered)))
    if word is not None:
        # After the poll: an answer may be the word of a poster that hangs somewhere still.
        queries.append(PosterOf(word, view.subscribed and view.question is None))
    if len(queries) == 1:
        return replace(otherwise, query=queries[0])
    return replace(otherwise, query=FirstOf(tuple(queries))) if queries else otherwise


def or_later_poll(view: View, given: Input, otherwise: Turn, offered: Question) -> Turn:
    """A number that chooses from an offer answers a poll that was asked by SMS since then."""
    if not (view.terse and view.contact is not None and may_answer(given.text)):
        return otherwise
    later = PollOf(given.text, replace(_beside(offered), is_answered=True))
    if otherwise.query is None:
        return replace(otherwise, query=later)
    if isinstance(otherwise.query, FirstOf):
        return otherwise
    return replace(otherwise, query=FirstOf((later, otherwise.query)))


def answered(view: View, found: Pressed) -> Turn:
    """Keep an answer and thank for it, once. The open question stays open."""
    if not found.is_new:
        return Turn(question=view.question)
    text = THANKS.get(found.press.kind)
    replies = () if text is None or _silenced(view) else (Say(text),)
    return Turn(replies, (KeepPress(found),), view.question)


def numbers_told(view: View, found: OutOfRange, otherwise: Turn) -> Turn:
    """A number that the poll does not have: which it has. A person reads it all the same, as
    anything that the machine cannot use. Who wants no campaigns is not asked again."""
    if view.opted_out:
        return replace(otherwise, query=None)
    hint = Say(texts.CAMPAIGN_POLL_NUMBERS, {"count": found.most})
    kept = view.question if view.question and view.question.name == POSTED else None
    return Turn((hint,), otherwise.effects, kept, about=found.about)


def posted(view: View, poster: Poster) -> Turn:
    """The words of a campaign for who sent its word; who is not subscribed is asked A1 too."""
    show = Show(poster.content)
    effects: tuple[Effect, ...] = (MarkKeyword(poster.keyword),) if view.contact else ()
    if view.question is not None:
        return Turn((show,), effects, view.question, repeats=True)
    if not view.subscribed:
        joining = subscribe.start(view, "")
        return Turn((show, *joining.replies), effects, joining.question)
    return Turn((show,), effects, _poll_question(view, poster))


def _poll_question(view: View, poster: Poster) -> Question | None:
    """By SMS its answers are numbers; the button behind each says which campaign it is of."""
    poll = poll_of(poster.content)
    if not poll:
        return None
    options, labels = [button.data for button in poll], [form_of(button.label) for button in poll]
    return Question(POSTED, view.now, tuple(options), labels=tuple(labels))


def _beside(offered: Question) -> Beside:
    press = read_press(offered.options[0]) if offered.name == POSTED and offered.options else None
    if press is None:
        return Beside(offered.asked_at)
    return Beside(offered.asked_at, press.campaign_id, offered.labels)


def _silenced(view: View) -> bool:
    return view.case is not None and view.case.silenced
