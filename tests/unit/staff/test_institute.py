"""What may stand in what the institute says of itself, and how two forms come together."""

from dataclasses import fields

import pytest

from staff.institute.model import LIMITS, NAMES, Difference, Institute, Version, differences, meet
from staff.institute.rules import Faulty, checked


@pytest.mark.parametrize(
    ("name", "typed", "kept"),
    [
        ("name", "  Instituto Inventado \n", "Instituto Inventado"),
        ("address", " Calle 1 \r\n  Centro  ", "Calle 1\nCentro"),
        ("phone", "951 555 0100", "+529515550100"),
        ("phone", "+52 (951) 555-01.00", "+529515550100"),
        ("phone", "+1 213 555 0101", "+12135550101"),
        ("phone", "911", "911"),
        ("phone", "   ", ""),
        ("email", "hola@instituto.example.org", "hola@instituto.example.org"),
        ("web", "https://instituto.example.org/inicio?a=1", "https://instituto.example.org/inicio?a=1"),
        ("keeping", "Párrafo uno.\n\nPárrafo dos.", "Párrafo uno.\n\nPárrafo dos."),
    ],
)  # fmt: skip
def test_what_is_typed_is_kept_clean(name: str, typed: str, kept: str) -> None:
    assert checked({name: typed}) == Institute(**{name: kept})


@pytest.mark.parametrize(
    ("name", "typed", "why"),
    [
        ("name", "Uno\nDos", "institute.one_line"),
        ("name", "x" * 121, "institute.too_long"),
        ("name", "Instituto\u202e Inventado", "institute.unprintable"),
        ("address", "Calle\u200b 1\ta", "institute.unprintable"),
        ("legal_basis", "x" * 4_001, "institute.too_long"),
        ("phone", "12", "institute.phone_wrong"),
        ("phone", "llame al 911", "institute.phone_wrong"),
        ("phone", "+0 951 555 0100", "institute.phone_wrong"),
        ("phone", "\u0669\u0661\u0661", "institute.phone_wrong"),
        ("phone", "951555010", "institute.phone_wrong"),
        ("email", "hola", "institute.email_wrong"),
        ("email", "hola@casa", "institute.email_wrong"),
        ("email", "a@b.mx, c@d.mx", "institute.email_wrong"),
        ("web", "instituto.example.org", "institute.web_wrong"),
        ("web", "javascript:alert(1)//a.b", "institute.web_wrong"),
        ("web", "https://ana:clave@instituto.example.org", "institute.web_wrong"),
        ("web", "https://instituto.example.org:99999", "institute.web_wrong"),
        ("web", "https://[::1", "institute.web_wrong"),
        ("web", "https://localhost", "institute.web_wrong"),
        ("web", "https://instituto.example.org/a b", "institute.web_wrong"),
    ],
)
def test_what_cannot_be_kept_says_why(name: str, typed: str, why: str) -> None:
    with pytest.raises(Faulty) as refused:
        checked({name: typed, "hours": "de 9 a 17"})
    assert {one: fault.key for one, fault in refused.value.faults.items()} == {name: why}
    assert typed not in str(refused.value)


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(Faulty) as refused:
        checked({"phone": "x", "email": "x", "web": "x"})
    assert list(refused.value.faults) == ["phone", "email", "web"]


def test_every_field_has_its_limits() -> None:
    assert set(LIMITS) == set(NAMES) == {one.name for one in fields(Institute)}


def test_what_was_written_stands_over_what_was_given_and_nothing_over_nothing() -> None:
    given = Institute(name="IAIMO", transparency_contact="ut@antes")
    written = Institute(name="Instituto Inventado", hours="de 9 a 17")
    assert written.over(given) == Institute(
        name="Instituto Inventado", hours="de 9 a 17", transparency_contact="ut@antes"
    )
    assert Version().said.over(given) == given
    assert (written.called, Institute(name="A", short_name="B").called) == (written.name, "B")


@pytest.mark.parametrize(
    ("phone", "read"),
    [("+529515550100", "+52 951 555 0100"), ("+12135550101", "+1 213 555 0101"), ("911", "911"),
     ("+4930123456", "+4930123456"), ("", "")],
)  # fmt: skip
def test_a_phone_is_shown_in_groups(phone: str, read: str) -> None:
    assert Institute(phone=phone).phone_apart == read


def test_two_forms_meet_and_each_keeps_what_it_changed() -> None:
    seen = Institute(name="A", hours="de 9 a 17", phone="911")
    theirs = Institute(name="A", hours="de 8 a 15", phone="911", address="Calle 1")
    ours = Institute(name="B", hours="de 9 a 17", phone="911")
    met = meet(seen, theirs, ours)
    assert met.theirs == (
        Difference("address", "", "Calle 1"), Difference("hours", "de 9 a 17", "de 8 a 15")
    )  # fmt: skip
    assert met.clashes == ()
    assert met.both == Institute(name="B", hours="de 8 a 15", phone="911", address="Calle 1")


def test_where_both_wrote_something_else_ours_stands_and_the_clash_is_told() -> None:
    seen, theirs = Institute(name="A"), Institute(name="T")
    met = meet(seen, theirs, Institute(name="O"))
    assert met.clashes == (Difference("name", "T", "O"),)
    assert met.both.name == "O"
    same = meet(seen, theirs, Institute(name="T"))
    assert same.clashes == ()
    assert same.both == theirs
    assert differences(theirs, theirs) == ()
