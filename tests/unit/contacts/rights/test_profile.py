"""What a form carries along of a contact, and what another has changed since; covered numbers."""

from dataclasses import replace
from datetime import UTC, datetime

from contacts.masking import HIDDEN, masked
from contacts.model import Contact, Relation, Topic
from contacts.rights.profile import FIELDS, Difference, differences, packed
from kit.channels import Channel, Endpoint

NOW = datetime(2026, 11, 25, 16, tzinfo=UTC)
CONTACT = Contact(
    7, "mixteco", NOW, 20397, "mixteca", "US", "CA", "Fresno", None, Relation.MIGRANT,
    frozenset({Topic.FRAUD, Topic.PROGRAMS}),
)  # fmt: skip


def test_what_another_has_changed_is_told_field_by_field() -> None:
    seen = packed(CONTACT)
    assert differences(seen, CONTACT) == ()
    moved = replace(CONTACT, city="Selma", topics=frozenset({Topic.FRAUD}))
    assert differences(seen, moved) == (
        Difference("place", "US, CA, Fresno", "US, CA, Selma"),
        Difference("topics", "fraud programs", "fraud"),
    )
    # The clock is nobody's word.
    assert differences(seen, replace(CONTACT, zone="America/Los_Angeles")) == ()


def test_of_what_was_never_packed_here_everything_is_another() -> None:
    for hostile in ("", "[]", "null", "{", "[" * 100_000, "x" * 5_000, '{"language": 7}'):
        assert {one.name for one in differences(hostile, CONTACT)} == set(FIELDS)


def test_two_signs_of_a_number_are_shown_and_none_of_a_short_one() -> None:
    assert masked(Endpoint(Channel.SMS, "+12135550123")) == f"{HIDDEN} 23"
    assert masked(Endpoint(Channel.TELEGRAM, "12345")) == HIDDEN
