"""People we can write to, and what they agreed to."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from kit.channels import Channel, Endpoint
from kit.zones import OAXACA

NOTICE_VERSION = "2026-11"
"""The version of the privacy notice that a consent given today refers to."""

DEFAULT_ZONE = OAXACA


class Topic(StrEnum):
    """What a contact can agree to receive."""

    PROGRAMS = "programs"
    FRAUD = "fraud"
    EMERGENCY = "emergency"


DEFAULT_TOPICS = (Topic.PROGRAMS, Topic.FRAUD)
"""What the question of a subscription names (A1)."""


class Relation(StrEnum):
    """How a contact stands to migration; always free to leave out."""

    MIGRANT = "migrant"
    FAMILY = "family"
    RETURNED = "returned"
    TRANSIT = "transit"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Contact:
    """A person we can write to. Only the language always has a value."""

    id: int
    language: str
    joined_at: datetime
    origin_clave: int | None = None
    origin_region: str | None = None
    country: str | None = None
    state: str | None = None
    city: str | None = None
    zone: str | None = None
    relation: Relation | None = None
    topics: frozenset[Topic] = frozenset()


@dataclass(frozen=True, slots=True)
class Address:
    """An endpoint of a contact."""

    id: int
    contact_id: int
    endpoint: Endpoint
    dead: bool


@dataclass(frozen=True, slots=True)
class Consent:
    """A yes or a no of a person, in their own words."""

    version: str
    given: bool
    at: datetime
    channel: Channel
    words: str = field(repr=False)
    source: str = "self"
