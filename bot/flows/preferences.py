"""What a subscriber can change at any time and never has to give: topics, language, place."""

from bot import texts
from bot.flows import subscribe
from bot.flows.asking import ask
from bot.flows.model import Input, Say, SetLanguage, SetPlace, SetRelation, SetTopics, Turn, View
from bot.flows.topics import TOPIC_WORDS, topic_words
from contacts.atlas import Place
from contacts.model import Relation, Topic
from contacts.places import find_place, nearest_place
from delivery.content import Option
from locales.languages import find_language

TOPIC_OPTIONS = tuple(Option(f"topic:{topic}", word) for topic, word in TOPIC_WORDS.items())
LANGUAGE_OPTIONS = (Option("language:es", "Español"), Option("language:en", "English"))
RELATION_OPTIONS = (
    Option("relation:migrant", texts.BUTTON_MIGRANT),
    Option("relation:family", texts.BUTTON_FAMILY),
    Option("relation:returned", texts.BUTTON_RETURNED),
    Option("relation:transit", texts.BUTTON_ON_THE_WAY),
    Option("relation:other", texts.BUTTON_SOMETHING_ELSE),
)


def topics(view: View) -> Turn:
    """TEMAS: what is received now, each to be put or taken away."""
    if view.contact is None:
        return Turn((Say(texts.YOUR_DATA_NOTHING),))
    if view.opted_out:
        # Topics are of no use to who receives nothing: only a new yes brings messages back.
        return subscribe.start(view, "")
    if not view.contact.topics:
        return ask(view, "topics", texts.TOPICS_ASK_NONE, TOPIC_OPTIONS)
    params = {"topics": topic_words(view.contact.topics)}
    return ask(view, "topics", texts.TOPICS_ASK, TOPIC_OPTIONS, params)


def topic_toggled(view: View, action: str) -> Turn:
    """One topic put or taken away."""
    name = action.removeprefix("topic:")
    if view.contact is None or view.opted_out or name not in set(Topic):
        return topics(view)
    after = view.contact.topics ^ {Topic(name)}
    effects = (SetTopics(frozenset(after)),)
    if not after:
        return Turn((Say(texts.TOPICS_NONE_LEFT),), effects)
    params = {"topics": topic_words(frozenset(after))}
    asked = ask(view, "topics", texts.TOPICS_CHANGED, TOPIC_OPTIONS, params)
    return Turn(asked.replies, effects, asked.question)


def language(view: View, wanted: str) -> Turn:
    """IDIOMA, with or without a language."""
    if wanted:
        found = language_answer(view, Input(wanted), "")
        if found is not None:
            return found
    return ask(view, "language", texts.LANGUAGE_ASK, LANGUAGE_OPTIONS, columns=2)


def language_answer(view: View, given: Input, action: str) -> Turn | None:
    """A language that has texts is taken; of another it is said that it has none yet."""
    code = action.removeprefix("language:") if action else ""
    if not code:
        found = find_language(given.text)
        if not found:
            return None
        if not found[0].has_catalogue:
            return ask(view, "language", texts.LANGUAGE_WITHOUT_TEXTS, LANGUAGE_OPTIONS, columns=2)
        code = found[0].code
    names = {option.value: option.label for option in LANGUAGE_OPTIONS}
    name = str(names.get(f"language:{code}", code)).lower() if code == "es" else "English"
    return Turn((Say(texts.LANGUAGE_CHANGED, {"language": name}),), (SetLanguage(code),))


def place(view: View, wanted: str) -> Turn:
    """LUGAR, with or without a city."""
    if view.contact is None:
        return Turn((Say(texts.PLACE_NEEDS_JOIN),))
    if not wanted:
        return ask(view, "place", texts.PLACE_ASK, ask_location=texts.BUTTON_SEND_LOCATION)
    return place_answer(view, Input(wanted)) or Turn((Say(texts.PLACE_UNKNOWN),))


def place_answer(view: View, given: Input) -> Turn | None:
    """A city, a state or a location; None when it is not found."""
    found: tuple[Place, ...]
    if given.location is not None:
        near = nearest_place(*given.location, view.gazetteer)
        found = () if near is None else (near,)
    else:
        found = find_place(given.text, view.gazetteer)
    if not found:
        return None
    if len(found) > 1:
        options = tuple(
            Option(f"place:{spot.city}, {spot.state}", place_name(spot)) for spot in found
        )
        name = found[0].city or found[0].state or found[0].country
        return ask(view, "place", texts.PLACE_WHICH, options, {"place": name})
    effects = () if view.contact is None else (SetPlace(found[0]),)
    if view.contact is None:
        return Turn((Say(texts.YOUR_DATA_NOTHING),))
    return Turn((Say(texts.PLACE_SAVED, {"place": place_name(found[0])}),), effects)


def place_name(spot: Place) -> str:
    """A place as people write it: "Fresno, CA"."""
    return ", ".join(part for part in (spot.city, spot.state) if part) or spot.country


def relation_answer(view: View, action: str) -> Turn:
    """How the person stands to migration."""
    name = action.removeprefix("relation:")
    if view.contact is None or name not in set(Relation):
        return Turn((Say(texts.YOUR_DATA_NOTHING),))
    return Turn((Say(texts.RELATION_SAVED),), (SetRelation(Relation(name)),))


def relation(view: View) -> Turn:
    """Do you live away, or does your family? May be left out."""
    return ask(view, "relation", texts.RELATION_ASK, RELATION_OPTIONS)
