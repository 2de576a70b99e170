"""What the API reads before it does anything: languages, cursors, JSON and documents."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.model import CampaignDraft
from campaigns.written import file
from campaigns.written.document import read_document
from campaigns.written.file import Outside
from console.api.bodies import as_yaml, fields_of, read_json, refuse_unwritable
from console.api.languages import preferred
from console.api.pages import mark, name_of, numbers_of
from console.api.problems import Faulty, Malformed, answer
from console.api.written import written
from engine.cron import CronCalendar
from kit.errors import Invalid, NotFound, Problem, Refused

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
OUTSIDE = Outside(CronCalendar())

LANGUAGES = {
    "": "es",
    "en": "en",
    "en-US": "en",
    "EN;q=0.5": "en",
    "fr": "es",
    "fr, en": "en",
    "es, en": "es",
    "en;q=0.1, es;q=0.2": "es",
    "en;q=0, es;q=0": "es",
    "*": "es",
    "*, en;q=0.9": "es",
    "fr, *;q=0.1": "es",
    "en;q=x": "es",
    "en;q=2": "es",
    "en;q=nan": "es",
    "en;level=1": "es",
    ";;,,;=": "es",
}


def test_the_language_is_the_best_of_ours_that_is_asked_for() -> None:
    assert {asked: preferred(asked) for asked in LANGUAGES} == LANGUAGES


@given(st.text())
def test_no_header_is_too_odd_to_be_answered(accepted: str) -> None:
    assert preferred(accepted) in ("es", "en")


@given(st.lists(st.integers(0, 2**63 - 1), min_size=1, max_size=3))
def test_a_cursor_gives_back_its_place(place: list[int]) -> None:
    made = mark("list", *place)
    assert made.isascii()
    assert numbers_of(made, "list", len(place)) == tuple(place)
    for kind, size in (("other", len(place)), ("list", len(place) + 1)):
        with pytest.raises(Invalid):
            numbers_of(made, kind, size)


@given(st.text(max_size=60))
def test_what_is_no_cursor_is_refused_and_never_more(text: str) -> None:
    for read in (lambda: numbers_of(text, "list", 1), lambda: name_of(text, "list")):
        with pytest.raises(Invalid):
            read()


def test_a_first_page_has_no_cursor() -> None:
    assert numbers_of(None, "list", 1) is None
    assert name_of(None, "list") is None
    assert name_of(mark("list", "mixteca-us"), "list") == "mixteca-us"


SIGNS = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\u2028\u2029")
TEXTS = st.text(SIGNS)
NAMES = st.text(SIGNS, max_size=80)
"""YAML takes no name whose written form, with each sign escaped, is of over 1,024 signs."""


def nested(inner: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    return st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3)


TREES = st.dictionaries(
    st.from_regex(r"[a-z]{1,8}", fullmatch=True),
    st.recursive(TEXTS, nested, max_leaves=8),
    min_size=1,
    max_size=4,
)


def texts_of(tree: object) -> list[str]:
    if isinstance(tree, str):
        return [tree]
    if isinstance(tree, dict):
        return [text for pair in tree.items() for part in pair for text in texts_of(part)]
    assert isinstance(tree, list)
    return [text for part in tree for text in texts_of(part)]


def texts_in(node: object) -> list[str]:
    """The same of a document as the reader of campaign files has it."""
    if hasattr(node, "text"):
        return [str(node.text)]
    if hasattr(node, "items"):
        return [text for part in node.items for text in texts_in(part)]
    assert hasattr(node, "entries")
    return [text for pair in node.entries.values() for part in pair for text in texts_in(part)]


@given(TREES, st.booleans(), st.sampled_from([None, 2, "\t"]))
def test_json_means_the_same_to_the_reader_of_campaign_files(
    tree: dict[str, object], escaped: bool, indent: int | str | None
) -> None:
    document = json.dumps(tree, ensure_ascii=escaped, indent=indent).encode()
    assert read_json(document, "es") == tree
    _source, root = read_document(as_yaml(document).data)
    assert texts_in(root) == texts_of(tree)


@given(st.lists(st.sampled_from(["a", "\\n", "\\\\", "\\u00e1", "\\ud83d\\ude00", "é", "😀"])))
def test_a_place_of_a_document_is_found_again_in_what_was_sent(parts: list[str]) -> None:
    sent = f'{{"a": "{"".join(parts)}", "b": 1}}'
    read = as_yaml(sent.encode())
    place = read.data.decode().index('"b"') + 1
    assert read.column(1, place) == sent.index('"b"') + 1
    assert read.column(2, place) == place


@pytest.mark.parametrize(
    "text", ["", "{", '{"a": 1, "a": 2}', '{"a": NaN}', "[" * 100_000, "1" * 5_000, "\ufeff{}"]
)
def test_json_that_means_two_things_or_none_is_malformed(text: str) -> None:
    with pytest.raises(Malformed):
        read_json(text.encode(), "es")


@pytest.mark.parametrize("sign", ["\0", "\x07", "\x1b", "\x7f", "\ud800"])
def test_signs_that_cannot_be_kept_are_refused_wherever_they_stand(sign: str) -> None:
    for tree in (sign, [sign], {"a": {"b": [f"x{sign}"]}}, {sign: 1}, ("a", (sign,))):
        with pytest.raises(Invalid):
            refuse_unwritable(tree)
    refuse_unwritable({"a": ["línea\n\tdos 😀", 1, None, True]})


def test_an_object_has_exactly_its_fields() -> None:
    assert fields_of(b'{"to": ["a"]}', {"to": list}, "es") == {"to": ["a"]}
    for wrong in (b'{"to": "a"}', b'{"to": [], "cc": []}', b"[]", b"{}"):
        with pytest.raises(Invalid):
            fields_of(wrong, {"to": list}, "es")


SCHEDULES = (
    "schedule: now",
    "schedule: {at: 2026-12-01T10:00, timezone: America/Los_Angeles}",
    "schedule: {at: 2027-11-07T01:30:00-08:00, timezone: America/Los_Angeles}",
    "schedule: {at: 2026-12-01T10:00:00+00:00}",
    "schedule: {at: 2026-12-01T10:00, timezone: recipient}",
    'schedule: {cron: "0 10 * * 1-5", timezone: America/Mexico_City, start: 2026-12-01,'
    " end: 2027-12-01, skip: [2026-12-25, 2026-12-24]}",
    'schedule: {cron: "5 9 1 * 0", timezone: recipient}',
    "schedule: {every: 2 weeks, at: 2026-12-01T10:00, timezone: recipient, end: 2028-01-01}",
    "schedule: {every: hour, at: 2026-12-01T10:00, timezone: America/Tijuana}",
    'schedule: {after: joined, days: 7, at: "10:30"}',
    "schedule: {after: joined, days: 0}",
)
OTHERS = (
    "stale_after: 90m",
    "stale_after: 48h",
    "class: emergency\nreason: Hay huracán",
    "cohort: 0.5%",
    "cohort: {share: 12.25%, wait: 90m, failures: 100%, opt_outs: 0.01%}",
    "keyword: Feria",
    "channels: [sms]",
    "warning: {event: {es: Fraude, en: Fraud}, category: cbrne, urgency: immediate,"
    " severity: minor, certainty: likely, expires: 36h, area: Oaxaca, status: exercise,"
    ' instruction: "Uno.\\nDos.", headline: Cuidado, web: "https://example.org/a?b=c#d",'
    " updates: 12}",
)
CONTENT = """\
title: "Fraudes: «cuidado»"
topic: fraud
audience: topic:fraud and not (region:mixteca or joined:>=2026-01-01)
content:
  es:
    text: |
      **Nadie** le pedirá dinero en {town|su comunidad}: [lea](https://example.org/x_y)
      - uno
      - dos \\*tres\\*
    sms: Nadie le pedira dinero. {{gratis}}
    buttons:
      - {label: Ver, url: "https://example.org/a"}
      - {label: Más, reply: PROGRAMAS}
      - {label: Gracias, helped: true}
    poll: {question: "¿Va?", answers: [Sí, No, "3"]}
  en:
    sms: "Nobody *asks* for _money_"
    poll: {question: "Going?", answers: ["Yes", "No", Maybe]}
"""


@pytest.mark.parametrize("more", [*SCHEDULES, *OTHERS])
def test_a_campaign_is_written_as_the_document_that_it_was_read_from(more: str) -> None:
    draft = file.read(f"{CONTENT}{more}\n".encode(), NOW, OUTSIDE)
    assert isinstance(draft, CampaignDraft), draft
    again = file.read(as_yaml(json.dumps(written(draft)).encode()).data, NOW, OUTSIDE)
    assert again == draft


class OfLaterVersion(Refused):
    """A problem that this module has not heard of."""

    code = "later"


@pytest.mark.parametrize(
    ("problem", "status", "code"),
    [
        (NotFound("campaigns.unknown", id=1), 404, "not_found"),
        (Refused("campaigns.keyword_taken", keyword="a", id=1), 409, "refused"),
        (Refused("staff.not_allowed"), 403, "forbidden"),
        (Invalid("api.cursor"), 422, "invalid"),
        (OfLaterVersion("staff.email_taken"), 409, "later"),
        (Problem("api.cursor"), 422, "problem"),
        (Malformed("api.json_unusual"), 400, "malformed"),
        (Faulty([{"line": 1, "column": 2, "message": "x"}]), 422, "invalid"),
    ],
)
def test_every_problem_has_a_status_and_a_type(problem: Problem, status: int, code: str) -> None:
    for language in ("es", "en"):
        found = answer(problem, language)
        document = json.loads(bytes(found.body))
        assert (found.status_code, document["status"]) == (status, status)
        assert document["type"] == f"urn:tequio:{code}"
        assert document["title"]
        assert document["detail"]
    assert found.media_type == "application/problem+json"
