"""What a file may change about somebody who is known already."""

from datetime import UTC, datetime

from contacts.csv_file import RowError
from contacts.merging import ImportRow, Known, Profile, sort_by_person
from contacts.model import Relation, Topic
from kit.channels import Channel, Endpoint

MARCH, JUNE, AUGUST = (datetime(2026, month, 1, tzinfo=UTC) for month in (3, 6, 8))
PHONE = Endpoint(Channel.SMS, "+12135550101")
CHAT = Endpoint(Channel.TELEGRAM, "101")
OTHER = Endpoint(Channel.SMS, "+12135550102")
NOTHING = Profile()


def row(
    *endpoints: Endpoint,
    line: int = 2,
    profile: Profile = NOTHING,
    topics: frozenset[Topic] = frozenset(),
    at: datetime = JUNE,
) -> ImportRow:
    return ImportRow(line, endpoints or (PHONE,), profile, topics, at, "hoja 1")


def test_full_cells_replace_and_empty_cells_leave_what_is_known() -> None:
    known = Known(Profile(language="en", country="MX", relation=Relation.FAMILY))
    after = known.merged(row(profile=Profile(language="mixteco"))).profile
    assert after == Profile(language="mixteco", country="MX", relation=Relation.FAMILY)


def test_a_new_place_takes_the_old_city_and_zone_away() -> None:
    known = Known(Profile(country="US", state="CA", city="Fresno", zone="America/Los_Angeles"))
    moved = known.merged(row(profile=Profile(country="US", state="NY", zone="America/New_York")))
    assert moved.profile == Profile(country="US", state="NY", zone="America/New_York")


def test_a_vaguer_word_for_the_same_place_takes_nothing_away() -> None:
    place = Profile(country="US", state="CA", city="Fresno", zone="America/Los_Angeles")
    again = Known(place).merged(row(profile=Profile(country="US", zone="America/Denver")))
    assert again.profile == place


def test_an_exacter_word_for_the_same_place_is_taken() -> None:
    known = Known(Profile(country="US", zone="America/Denver"))
    place = Profile(country="US", state="CA", zone="America/Los_Angeles")
    assert known.merged(row(profile=place)).profile == place


def test_an_origin_is_replaced_as_a_whole() -> None:
    known = Known(Profile(origin_clave=20399, origin_region="mixteca"))
    after = known.merged(row(profile=Profile(origin_region="istmo"))).profile
    assert (after.origin_clave, after.origin_region) == (None, "istmo")


def test_what_somebody_said_since_the_consent_stands() -> None:
    known = Known(Profile(language="en"), agreed_at=AUGUST, spoke_at=AUGUST)
    given = row(profile=Profile(language="es", country="MX"), topics=frozenset({Topic.FRAUD}))
    after = known.merged(given)
    assert after.profile == Profile(language="en", country="MX")
    assert after.topics == frozenset()


def test_a_newer_consent_adds_topics() -> None:
    known = Known(topics=frozenset({Topic.FRAUD}), agreed_at=MARCH, spoke_at=MARCH)
    after = known.merged(row(topics=frozenset({Topic.PROGRAMS})))
    assert after.topics == {Topic.FRAUD, Topic.PROGRAMS}


def test_the_same_consent_again_brings_back_no_topic_that_was_taken_out() -> None:
    known = Known(imported=frozenset({JUNE}), agreed_at=JUNE)
    assert known.merged(row(topics=frozenset({Topic.FRAUD}))).topics == frozenset()


def test_rows_of_one_file_add_up_for_a_new_person() -> None:
    new = Known(is_new=True)
    first = new.merged(row(topics=frozenset({Topic.FRAUD})))
    assert first.merged(row(topics=frozenset({Topic.PROGRAMS}))).topics == {
        Topic.FRAUD,
        Topic.PROGRAMS,
    }


def test_a_no_is_not_led_around_by_another_address() -> None:
    assert not Known(spoke_at=AUGUST, said_no=True).may_be_written_elsewhere(row())
    assert Known(spoke_at=MARCH, said_no=True).may_be_written_elsewhere(row())
    assert Known(spoke_at=AUGUST).may_be_written_elsewhere(row())


def test_rows_are_sorted_by_any_of_their_addresses() -> None:
    rows = [row(PHONE), row(CHAT, PHONE, line=3), row(CHAT, line=4), row(OTHER, line=5)]
    found = sort_by_person(rows, {}, set())
    assert [[one.line for one in group] for group in found.rows.values()] == [[2, 3, 4], [5]]
    assert found.created == 2
    assert not found.errors


def test_known_people_keep_their_id() -> None:
    found = sort_by_person([row(PHONE, CHAT)], {CHAT: 12}, set())
    assert list(found.rows) == [12]
    assert found.owners[PHONE] == 12
    assert found.created == 0


def test_a_row_that_ties_two_people_together_is_refused() -> None:
    found = sort_by_person([row(PHONE, CHAT)], {PHONE: 1, CHAT: 2}, set())
    assert not found.rows
    assert found.errors == [RowError(2, "telegram_id", "import.two_people")]


def test_who_asked_to_be_forgotten_is_refused_until_they_come_back() -> None:
    found = sort_by_person([row(PHONE), row(CHAT, line=3)], {}, {PHONE, CHAT})
    assert [(error.line, error.column) for error in found.errors] == [
        (2, "phone"),
        (3, "telegram_id"),
    ]
    assert not found.rows
    assert sort_by_person([row(PHONE)], {PHONE: 4}, {PHONE}).rows
