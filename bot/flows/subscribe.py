"""Subscribing: notice and consent in one question, nothing stored before the yes.

By SMS it ends there: two messages of the person, two of ours. In a chat the town and the place
are asked afterwards, and each may be left out.
"""

from collections.abc import Mapping
from dataclasses import replace

from bot import texts
from bot.flows.agreement import Agreement, agreement, standing
from bot.flows.asking import ask, read_yes
from bot.flows.model import (
    Effect,
    Input,
    Question,
    Say,
    SetOrigin,
    SetPlace,
    SetRelation,
    Turn,
    View,
)
from bot.flows.topics import topic_words
from contacts.atlas import Origin, Place
from contacts.model import DEFAULT_ZONE, Relation
from contacts.places import find_origin, find_place, nearest_place
from delivery.content import Option
from kit.fold import fold

ASK_OPTIONS = (
    Option("subscribe:yes", texts.BUTTON_YES_NOTICES),
    Option("subscribe:read", texts.BUTTON_READ_ALL),
    Option("subscribe:no", texts.BUTTON_NOT_NOW),
)
SMS_OPTIONS = (
    Option("subscribe:yes", texts.BUTTON_YES_NOTICES),
    Option("subscribe:no", texts.BUTTON_NO),
)
LATER = Option("subscribe:later", texts.BUTTON_NOT_NOW)
PLACES = (
    Option("home:oaxaca", texts.BUTTON_OAXACA),
    Option("home:northwest", texts.BUTTON_NORTHWEST),
    Option("home:mexico", texts.BUTTON_REST_OF_MEXICO),
    Option("home:us", texts.BUTTON_UNITED_STATES),
    Option("home:transit", texts.BUTTON_ON_THE_WAY),
    LATER,
)
HOMES = {
    "home:oaxaca": Place("MX", "OAX", None, DEFAULT_ZONE),
    "home:northwest": Place("MX", None, None, "America/Tijuana"),
    "home:mexico": Place("MX", None, None, DEFAULT_ZONE),
    "home:us": Place("US", None, None, "America/Denver"),
}
LONGEST_TOWN = 18
_CAPITALS = str.maketrans("ÁÍÓÚ", "AIOU")


def start(view: View, town: str) -> Turn:
    """ALTA, with or without a town."""
    if view.subscribed and town:
        return _with_town(view, town, standing(view))
    if town and find_origin(town, view.gazetteer):
        named = {"town": shown(view, town)}
        text = texts.SUBSCRIBE_ASK_WITH_TOWN
        return ask(view, "subscribe", text, options_of(view), named, data={"town": town})
    return ask(view, "subscribe", texts.SUBSCRIBE_ASK, options_of(view))


def answer(view: View, given: Input, question: Question) -> Turn | None:
    """The answer to A1; None when it is neither a yes nor a no."""
    yes, rest = read_yes(given.text)
    if yes is None:
        return None
    if not yes:
        return declined(view)
    return agreed(view, rest or question.data.get("town", ""))


def options_of(view: View, poster: str = "") -> tuple[Option, ...]:
    """The answers to A1, of which the yes says to the question of which poster."""
    yes, *others = SMS_OPTIONS if view.terse else ASK_OPTIONS
    return (replace(yes, value=f"{yes.value}:{poster}") if poster else yes, *others)


def declined(view: View) -> Turn:
    """A no to A1. Who is subscribed already stays so: leaving is another word."""
    text = texts.SUBSCRIBE_UNCHANGED if view.subscribed else texts.SUBSCRIBE_DECLINED
    return Turn((Say(text),))


def read_all(view: View) -> Turn:
    """The notice, and the question again under it."""
    text, params = texts.PRIVACY, {"url": view.privacy_url}
    data = _asked_data(view)
    options = options_of(view, data.get("poster", ""))
    return ask(view, "subscribe", text, (options[0], options[-1]), params, data=data)


def ask_town(view: View) -> Turn:
    """Another town, for who is subscribed already."""
    return ask(view, "town", texts.TOWN_ASK, (LATER,)) if view.subscribed else start(view, "")


def _asked_data(view: View) -> Mapping[str, str]:
    return view.question.data if view.question else {}


def agreed(view: View, town: str) -> Turn:
    """The yes: the subscription stands from here on, whatever becomes of the town."""
    agreed_to = agreement(view)
    if town:
        return _with_town(view, town, agreed_to)
    if agreed_to.region is not None:
        named = agreed_to.region.official_name
        return _settled(view, Origin(agreed_to.region, None, named), named, agreed_to)
    text, params = texts.SUBSCRIBED_NO_TOWN, _named(agreed_to)
    if params:
        known = view.contact
        if known is not None and (known.origin_clave or known.origin_region):
            return Turn((Say(texts.INVITED_ALREADY, params),), agreed_to.effects)
        text = texts.INVITED_NO_TOWN
    if view.terse:
        return Turn((Say(text, params),), agreed_to.effects)
    asked = ask(view, "town", text, (LATER,), params)
    return Turn(asked.replies, agreed_to.effects, asked.question)


def town_answer(view: View, given: Input) -> Turn | None:
    """The town, typed freely; None when it is not found."""
    found = find_origin(given.text, view.gazetteer)
    return _with_town(view, given.text, standing(view)) if found else None


def town_chosen(view: View, question: Question | None, action: str) -> Turn:
    """One of several towns of the same name, by its clave."""
    clave = action.removeprefix("town:")
    found = find_origin(clave, view.gazetteer) if clave.isdigit() else ()
    if len(found) != 1:
        return home(view, ())
    if view.contact is None or view.opted_out:
        return start(view, found[0].label)
    typed = question.data.get("town", "") if question else ""
    return _settled(view, found[0], typed or found[0].label, standing(view))


def home(view: View, effects: tuple[Effect, ...]) -> Turn:
    """Where do you live now? Asked in a chat only."""
    if view.terse:
        return Turn((Say(texts.ALL_SET),), effects)
    asked = ask(view, "home", texts.PLACE_ASK, PLACES, columns=2)
    return Turn(asked.replies, effects, asked.question)


def home_answer(view: View, given: Input, action: str) -> Turn | None:
    """A button, a typed city or a location."""
    done = (Say(texts.ALL_SET),)
    if action in HOMES:
        return Turn(done, (SetPlace(HOMES[action]),))
    if action == "home:transit":
        return Turn(done, (SetRelation(Relation.TRANSIT),))
    found: tuple[Place, ...]
    if given.location is not None:
        near = nearest_place(*given.location, view.gazetteer)
        found = () if near is None else (near,)
    else:
        found = find_place(given.text, view.gazetteer)
    return Turn(done, (SetPlace(found[0]),)) if len(found) == 1 else None


def _with_town(view: View, town: str, agreed_to: Agreement) -> Turn:
    found, effects = find_origin(town, view.gazetteer), agreed_to.effects
    if len(found) == 1:
        return _settled(view, found[0], town, agreed_to)
    if not found:
        if view.terse:
            return Turn((Say(texts.SUBSCRIBED_TOWN_UNKNOWN),), effects)
        asked = ask(view, "town", texts.SUBSCRIBED_TOWN_UNKNOWN, (LATER,))
    else:
        options = _options(view, found)
        params = {"town": shown(view, town)}
        last = () if view.terse else (LATER,)
        text = texts.SUBSCRIBED_WHICH_TOWN
        asked = ask(view, "town", text, (*options, *last), params, data={"town": town})
    return Turn(asked.replies, effects, asked.question)


def _settled(view: View, origin: Origin, town: str, agreed_to: Agreement) -> Turn:
    # Their own word for the town where it is a part of the name; else what was understood.
    said = town if fold(town) in fold(origin.label) else origin.label
    params = {"town": shown(view, said) if view.terse else origin.label, **_named(agreed_to)}
    text = texts.SUBSCRIBED if agreed_to.topics is None else texts.INVITED_DONE
    effects = (*agreed_to.effects, SetOrigin(origin))
    if view.terse:
        return Turn((Say(text, params),), effects)
    asked = ask(view, "home", text, PLACES, params, columns=2)
    return Turn(asked.replies, effects, asked.question)


def _named(agreed_to: Agreement) -> dict[str, object]:
    """The topics where they are not the usual ones, which every text names."""
    return {} if agreed_to.topics is None else {"topics": topic_words(agreed_to.topics)}


def _options(view: View, found: tuple[Origin, ...]) -> tuple[Option, ...]:
    """Towns of one name are told apart by their region, as people do."""
    regions = {origin.region for origin in found}
    by_region = len(regions) == len(found) and None not in regions
    return tuple(
        Option(
            f"town:{origin.clave}",
            origin.region.official_name
            if by_region and origin.region is not None
            else shown(view, origin.label),
        )
        for origin in found
        if origin.clave is not None
    )


def shown(view: View, town: str) -> str:
    """A town as it is named on this channel."""
    return in_capitals(town) if view.terse else town.strip()


def in_capitals(town: str) -> str:
    """A town as an SMS can hold it: short, and in capitals, which GSM-7 has for every sign but
    the accents."""
    name = town.strip().upper().translate(_CAPITALS)
    for title in ("HEROICA CIUDAD DE ", "HEROICA VILLA DE ", "VILLA DE ", "CIUDAD DE "):
        name = name.removeprefix(title)
    if len(name) <= LONGEST_TOWN:
        return name
    return name[: LONGEST_TOWN + 1].rsplit(" ", 1)[0][:LONGEST_TOWN]
