"""The `warning` of a campaign file: what it may hold, and the line of what is wrong."""

from datetime import timedelta

import pytest

from campaigns.warnings.model import Category, Certainty, Severity, Status, Urgency, Warning
from campaigns.warnings.reading import read_warning, refuse_misplaced
from campaigns.written.document import FileError, read_document
from campaigns.written.reading import Reading
from contacts.model import Topic
from locales.catalog import render

WHOLE = """\
warning:
  status: exercise
  event: {es: Fraude con visas, en: Visa fraud}
  category: security
  urgency: Expected
  severity: moderate
  certainty: OBSERVED
  expires: 48h
  area: Mixteca, Oaxaca
  headline: {es: Cuidado, mix: "…"}
  instruction:
    es: |
      No pague.
        Guarde   los recibos.
  web: https://example.org/visas?a=1#b
  updates: 12
"""
LEAST = """\
warning:
  event: Fraude
  category: Other
  urgency: Unknown
  severity: Unknown
  certainty: Unknown
  expires: 15m
  area: Oaxaca
"""


def read(text: str) -> tuple[Warning | None, list[FileError]]:
    source, table = read_document(text.encode())
    reading = Reading(source)
    return read_warning(table.entries["warning"][1], reading), reading.errors


def faults(text: str) -> list[tuple[int, str]]:
    """Line and last word of the key of each error; each is a sentence in both languages."""
    _, errors = read(text)
    for error in errors:
        for language in ("es", "en"):
            assert "{" not in render(error.key, language, error.params)
    return [(error.line, error.key.split(".")[-1]) for error in errors]


def changed(old: str, new: str) -> str:
    assert WHOLE.count(old) == 1
    return WHOLE.replace(old, new)


def test_a_whole_warning_is_read() -> None:
    found, errors = read(WHOLE)
    assert errors == []
    assert found == Warning(
        event={"es": "Fraude con visas", "en": "Visa fraud"},
        category=Category.SECURITY,
        urgency=Urgency.EXPECTED,
        severity=Severity.MODERATE,
        certainty=Certainty.OBSERVED,
        expires=timedelta(hours=48),
        area={"es": "Mixteca, Oaxaca"},
        status=Status.EXERCISE,
        headline={"es": "Cuidado", "mix": "…"},
        instruction={"es": "No pague.\nGuarde los recibos."},
        web="https://example.org/visas?a=1#b",
        updates=12,
    )


def test_the_least_that_a_warning_may_hold_is_meant_for_real() -> None:
    found, errors = read(LEAST)
    assert errors == []
    assert found is not None
    assert found.status is Status.ACTUAL
    assert found.headline == found.instruction == {}
    assert found.web is None
    assert found.updates is None


@pytest.mark.parametrize(
    "name", ["event", "category", "urgency", "severity", "certainty", "expires", "area"]
)
def test_what_cap_must_have_must_be_there(name: str) -> None:
    lines = [line for line in LEAST.splitlines() if not line.strip().startswith(name)]
    found, errors = read("\n".join(lines))
    assert found is None
    assert [error.key.split(".")[-1] for error in errors] == ["missing"]
    assert errors[0].params["name"] == name


@pytest.mark.parametrize(
    ("old", "new", "line", "fault"),
    [
        ("status: exercise", "status: system", 2, "unknown_value"),
        ("status: exercise", "state: exercise", 2, "unknown_key"),
        ("category: security", "category: fraud", 4, "unknown_value"),
        ("category: security", "category: [security]", 4, "not_a_text"),
        ("Expected", "soon", 5, "unknown_value"),
        ("severity: moderate", "severity: bad", 6, "unknown_value"),
        ("OBSERVED", "Sure", 7, "unknown_value"),
        ("48h", "14m", 8, "warning_expires"),
        ("48h", "91d", 8, "warning_expires"),
        ("48h", "99999d", 8, "warning_expires"),
        ("48h", "-1h", 8, "warning_expires"),
        ("48h", "٤٨h", 8, "warning_expires"),
        ("48h", "mañana", 8, "warning_expires"),
        ("48h", "", 8, "missing"),
        ("area: Mixteca, Oaxaca", "area: [Mixteca]", 9, "not_a_text"),
        ("area: Mixteca, Oaxaca", f"area: {'a' * 501}", 9, "warning_text"),
        ("area: Mixteca, Oaxaca", 'area: "  "', 9, "warning_text"),
        ("area: Mixteca, Oaxaca", "area: {en: Mixteca}", 9, "warning_no_spanish"),
        ("area: Mixteca, Oaxaca", "area: {es: Mixteca, xx: M}", 9, "unknown_language"),
        ("area: Mixteca, Oaxaca", "area: {es: Mixteca, en: [M]}", 9, "not_a_text"),
        ("{es: Cuidado, mix", f"{{es: {'a' * 161}, mix", 10, "warning_text"),
        ("https://example.org/visas?a=1#b", "http://example.org", 15, "url"),
        ("https://example.org/visas?a=1#b", "https://example.org/ñ", 15, "url"),
        ("https://example.org/visas?a=1#b", "https://a@example.org", 15, "url"),
        ("https://example.org/visas?a=1#b", "https://example.org/%zz", 15, "url"),
        ("https://example.org/visas?a=1#b", "https://", 15, "url"),
        ("https://example.org/visas?a=1#b", "javascript:alert(1)", 15, "url"),
        ("https://example.org/visas?a=1#b", f"https://example.org/{'a' * 2048}", 15, "url"),
        ("updates: 12", "updates: la doce", 16, "warning_updates"),
        ("updates: 12", "updates: 0", 16, "warning_updates"),
        ("updates: 12", f"updates: {'9' * 40}", 16, "warning_updates"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(old: str, new: str, line: int, fault: str) -> None:
    assert faults(changed(old, new)) == [(line, fault)]


@pytest.mark.parametrize("value", ["yes", "[a]", '""'])
def test_a_warning_that_is_no_block_is_refused(value: str) -> None:
    assert faults(f"warning: {value}\n") == [(1, "not_a_table")]


def test_everything_that_is_wrong_is_told_at_once() -> None:
    assert len(faults("warning: {status: x, event: [], expires: y, web: z}")) == 9


def test_a_warning_stands_only_in_campaigns_about_fraud_or_emergencies() -> None:
    source, table = read_document(LEAST.encode())
    key = table.entries["warning"][0]
    for topic, emergency, refused in (
        (Topic.FRAUD, False, 0),
        (Topic.PROGRAMS, True, 0),
        (Topic.PROGRAMS, False, 1),
    ):
        reading = Reading(source)
        refuse_misplaced(key, topic, emergency=emergency, reading=reading)
        assert [error.line for error in reading.errors] == [1] * refused
