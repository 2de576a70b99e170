"""What topics are called."""

from collections.abc import Collection

from bot import texts
from contacts.model import Topic
from locales.phrases import all_of
from locales.text import Text

TOPIC_WORDS: dict[Topic, Text] = {
    Topic.PROGRAMS: texts.TOPIC_PROGRAMS,
    Topic.FRAUD: texts.TOPIC_FRAUD,
    Topic.EMERGENCY: texts.TOPIC_EMERGENCY,
}


def topic_words(topics: Collection[Topic]) -> object:
    """Topics as people name them: "programas y fraudes"."""
    return all_of([TOPIC_WORDS[topic] for topic in Topic if topic in topics])
