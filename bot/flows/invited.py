"""Who comes by the code of a poster: `/start CODE` from its link, or ALTA and the code by SMS.

The code answers beforehand what would be asked: the town, the topic, the language. The question
stays (A1), and nothing is stored before its yes.
"""

from dataclasses import replace

from bot import texts
from bot.flows import menu, subscribe
from bot.flows.agreement import remembered
from bot.flows.asking import ask
from bot.flows.model import (
    CountPoster,
    Effect,
    FirstOf,
    Input,
    InvitationOf,
    Say,
    SetLanguage,
    Turn,
    View,
)
from bot.flows.topics import topic_words
from campaigns.posters.codes import read_code
from campaigns.posters.links import JOIN
from campaigns.posters.model import Invitation
from contacts.model import DEFAULT_TOPICS
from locales.languages import FALLBACK


def start(view: View, payload: str) -> Turn:
    """/start, with what the link carried. Whatever nobody knows is a plain /start."""
    if payload.lower() == JOIN:
        return subscribe.start(view, "")
    return _or_code(payload, menu.show(view))


def join(view: View, rest: str) -> Turn:
    """ALTA. Whatever is no code of a poster that hangs is taken for a town."""
    return _or_code(rest, subscribe.start(view, rest))


def or_bare_code(given: Input, otherwise: Turn) -> Turn:
    """What is left to a person may be a code that came without its ALTA."""
    if given.media or given.location is not None:
        return otherwise
    return _or_code(given.text, otherwise)


def invited(view: View, invitation: Invitation) -> Turn:
    """A1 with what the poster says. What somebody has told us already is never changed by it."""
    asked = view.question.data if view.question and view.question.name == "subscribe" else {}
    effects: list[Effect] = []
    if asked.get("poster") != invitation.code:
        effects.append(CountPoster(invitation.code, agreed=False))
    if view.contact is None and view.language == FALLBACK != invitation.language:
        effects.append(SetLanguage(invitation.language))
        view = replace(view, language=invitation.language)
    known = view.contact
    has_origin = known is not None and (known.origin_clave or known.origin_region)
    origin = None if has_origin else invitation.origin
    topics = DEFAULT_TOPICS if invitation.topic is None else (invitation.topic,)
    if known is not None and view.subscribed and origin is None and known.topics.issuperset(topics):
        told = {"topics": topic_words(known.topics)}
        return Turn((Say(texts.INVITED_ALREADY, told),), tuple(effects))
    shown: dict[str, object] = {}
    data = {"poster": invitation.code}
    text = texts.SUBSCRIBE_ASK if origin is None else texts.SUBSCRIBE_ASK_WITH_TOWN
    if invitation.topic is not None:
        text = texts.INVITED_ASK if origin is None else texts.INVITED_ASK_WITH_TOWN
        shown["topics"], data["topic"] = topic_words(topics), invitation.topic
    if origin is not None:
        shown["town"] = subscribe.shown(view, origin.label)
        data |= remembered(origin)
    options = subscribe.options_of(view, invitation.code)
    asking = ask(view, "subscribe", text, options, shown, data=data)
    return replace(asking, effects=tuple(effects))


def pressed_yes(view: View, code: str) -> Turn:
    """A yes by a button, which may be older than the question that is open: it is a yes to what
    stood above it and to nothing else. `code` is of the poster whose question that was."""
    asked = view.question.data if view.question and view.question.name == "subscribe" else {}
    if asked.get("poster", "") == code:
        return subscribe.agreed(view, asked.get("town", ""))
    if code:
        return _or_code(code, subscribe.start(view, ""))
    return subscribe.agreed(replace(view, question=None), "")


def _or_code(said: str, otherwise: Turn) -> Turn:
    code = read_code(said)
    if code is None:
        return otherwise
    query = InvitationOf(code)
    if otherwise.query is None:
        return replace(otherwise, query=query)
    others = otherwise.query.queries if isinstance(otherwise.query, FirstOf) else (otherwise.query,)
    return replace(otherwise, query=FirstOf((*others, query)))
