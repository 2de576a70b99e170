"""What a yes to A1 is a yes to: the usual topics, or what the code of a poster said beforehand."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.flows.model import CountPoster, Effect, SetTopics, Subscribe, View
from contacts.atlas import Origin, Region
from contacts.model import DEFAULT_TOPICS, Topic


@dataclass(frozen=True, slots=True)
class Agreement:
    """`effects` of the yes. `topics` are those of whoever gets others than the usual ones."""

    effects: tuple[Effect, ...] = ()
    topics: frozenset[Topic] | None = None
    region: Region | None = None


def remembered(origin: Origin) -> Mapping[str, str]:
    """The place of a poster, as it is kept with the question until it is answered."""
    if origin.clave is not None:
        return {"town": str(origin.clave)}
    return {} if origin.region is None else {"region": origin.region}


def agreement(view: View) -> Agreement:
    """What the person agrees to who says yes now."""
    asked = _asked(view)
    effects: tuple[Effect, ...] = (Subscribe(),)
    topics: frozenset[Topic] | None = None
    if (topic := asked.get("topic", "")) in set(Topic):
        # Not what they had before they left: they were asked about this one alone.
        had = view.contact.topics if view.contact is not None and view.subscribed else frozenset()
        topics = had | {Topic(topic)}
        effects = (*effects, SetTopics(topics))
    if code := asked.get("poster"):
        effects = (*effects, CountPoster(code, agreed=True))
    region = asked.get("region", "")
    return Agreement(effects, unusual(topics), Region(region) if region in set(Region) else None)


def standing(view: View) -> Agreement:
    """What somebody agreed to before, who now says something else: their town."""
    return Agreement((), unusual(view.contact.topics if view.contact is not None else None))


def unusual(topics: frozenset[Topic] | None) -> frozenset[Topic] | None:
    """Topics that have to be named; None for the usual ones, of which every text speaks."""
    return None if not topics or topics == frozenset(DEFAULT_TOPICS) else topics


def _asked(view: View) -> Mapping[str, str]:
    asked = view.question
    return asked.data if asked is not None and asked.name == "subscribe" else {}
