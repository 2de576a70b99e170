"""The form of a campaign says what its file says, and faults stand beside their fields."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.audience.language import AudienceError, parse
from campaigns.brakes.cohort import Cohort
from campaigns.content.model import Helped, Link, Media, Poll, Reply, Wording
from campaigns.files.formats import MediaKind
from campaigns.model import CampaignClass, CampaignDraft
from campaigns.schedule.model import After, At, AtLocal, Cron, Every, Now, Schedule
from campaigns.warnings.model import Category, Certainty, Severity, Status, Urgency, Warning
from campaigns.written.document import Scalar, Table, read_document
from campaigns.written.file import Outside
from console.editor.difference import differences
from console.editor.fields import Fields
from console.editor.filling import empty, fields_of
from console.editor.form import audience_of
from console.editor.lines import Leaf, lined
from console.editor.parts import changed
from console.editor.reading import read, refused
from console.editor.when import twice
from contacts.model import Topic
from engine.cron import CronCalendar
from kit.channels import Channel
from kit.errors import Refused
from locales.catalog import render

NOW = datetime(2026, 11, 23, 18, tzinfo=UTC)
PHOTO = Media(MediaKind.PHOTO, "a" * 64, "foto.jpg", 1200)
OUTSIDE = Outside(CronCalendar(), lambda word: word == "alta", None, {PHOTO.sha256: PHOTO}.get)

TEN = datetime.fromisoformat("2026-12-01T10:00")
SCHEDULES: list[Schedule] = [
    Now(),
    At(datetime(2026, 12, 1, 16, tzinfo=UTC), "America/Mexico_City"),
    # The second of the two times at which New York's clocks show half past one.
    At(datetime(2027, 11, 7, 6, 30, tzinfo=UTC), "America/New_York"),
    At(datetime(2026, 12, 1, 16, 0, 30, tzinfo=UTC), "UTC"),
    AtLocal(TEN),
    Every(2, "weeks", TEN, None, date(2027, 3, 1), (date(2026, 12, 29),)),
    Cron("0 10 * * 1", "America/Mexico_City", date(2026, 12, 1), None, ()),
    After(7, time(9, 30)),
    After(0),
]
WARNING = Warning(
    event={"es": "Fraude con visas", "en": "Visa fraud"},
    category=Category.SECURITY,
    urgency=Urgency.EXPECTED,
    severity=Severity.MODERATE,
    certainty=Certainty.OBSERVED,
    expires=timedelta(hours=48),
    area={"es": "Oregón y Washington"},
    status=Status.TEST,
    instruction={"es": "No pague.\nEscriba VERIFICAR."},
    web="https://example.org/avisos",
)


def draft(**other: object) -> CampaignDraft:
    """A campaign that says all that one can say."""
    given_: dict[str, Any] = {
        "title": "Nadie cobra: por una \"visa\" # 'nunca' <b>",
        "topic": Topic.FRAUD,
        "kind": CampaignClass.EMERGENCY,
        "audience": "region:mixteca and country:US and (state:OR or state:WA)",
        "channels": (Channel.SMS, Channel.TELEGRAM),
        "contents": {
            "es": Wording(
                "**Nadie** cobra.\n\n  - uno\n\\*dos {town|su pueblo}: \t#no",
                "IAIMO: nadie cobra: BAJA",
                (Link("Leer", "https://example.org/a"), Reply("Sí", "FERIA"), Helped("Sirvió")),
                Poll("¿Le cobraron?", ("Sí", "No", "No sé")),
                PHOTO,
            ),
            "en": Wording("Nobody 🙂 charges", None, (), Poll("Were you?", ("Yes", "No", "?"))),
        },
        "schedule": Now(),
        "stale_after": timedelta(minutes=90),
        "reason": "Salen esta noche",
        "cohort": Cohort(250, timedelta(hours=2), 1_050, 100),
        "keyword": "visas",
        "warning": WARNING,
    }
    return CampaignDraft(**{**given_, **other})


def typed(**other: str) -> Fields:
    """A form with as little as it needs."""
    least = {"title": "Visas", "c.es.text": "Nadie cobra"}
    return empty().put({**least, **{name.replace("__", "."): said for name, said in other.items()}})


def told(fields: Fields) -> dict[str, str]:
    """The faults of a form by field, in Spanish."""
    faults = read(fields, NOW, OUTSIDE).faults
    return {
        name: " ".join(render(one.phrase.key, "es", one.phrase.params) for one in each)
        for name, each in faults.items()
    }


@pytest.mark.parametrize("schedule", SCHEDULES, ids=lambda one: type(one).__name__)
def test_a_campaign_comes_back_from_its_form_as_it_was(schedule: Schedule) -> None:
    whole = draft(schedule=schedule)
    found = read(fields_of(whole), NOW, OUTSIDE)
    assert found.faults == {}
    assert found.draft is not None
    assert found.draft.content_hash == whole.content_hash
    assert fields_of(found.draft) == fields_of(whole)


@pytest.mark.parametrize(
    "audience",
    [
        "topic:fraud",
        "topic:programs",
        "not (state:CA or state:OR)",
        'joined:>=2026-01-01 and joined:"2026-02-01T10:00:00Z"',
        "origin:20397 or saved:viveros or received:12 or tag:poll-12-1",
        "region:mixteca and (state:CA or (country:MX and\n not topic:fraud))",
        "language:mixteco and channel:sms and relation:family",
    ],
)
def test_every_audience_selects_the_same_after_the_form(audience: str) -> None:
    found = read(fields_of(draft(audience=audience)), NOW, OUTSIDE).draft
    assert found is not None
    assert parse(found.audience) == parse(audience) or found.audience == (
        "not state:CA and not state:OR"
    )


def test_what_is_left_out_stays_left_out() -> None:
    found = read(typed(), NOW, OUTSIDE).draft
    assert found == CampaignDraft(
        "Visas",
        Topic.PROGRAMS,
        CampaignClass.NORMAL,
        "topic:programs",
        (Channel.TELEGRAM, Channel.SMS),
        {"es": Wording("Nadie cobra")},
        Now(),
    )


SIGNS = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n\t:#-'\"\\|>{}[]&*!%@`"),
    max_size=80,
)


@given(st.lists(SIGNS, min_size=1, max_size=4))
def test_whatever_is_typed_is_read_back_sign_by_sign(texts: list[str]) -> None:
    clean = [value for _name, value in Fields([("x", text) for text in texts])]
    leaves = [Leaf(text, f"f{place}", long=place % 2 == 0) for place, text in enumerate(clean)]
    document = lined({f"k{place}": leaf for place, leaf in enumerate(leaves)})
    _source, table = read_document(document.data)
    for place, leaf in enumerate(leaves):
        node = table.entries[f"k{place}"][1]
        assert isinstance(node, Scalar)
        # The file, too, reads its texts without the blanks around them.
        assert node.text.strip() == leaf.text.strip()
        assert document.place(node.line, node.column).field == leaf.field


@given(st.lists(SIGNS, max_size=3))
def test_no_text_ever_breaks_the_form(texts: list[str]) -> None:
    names = ("title", "c.es.text", "audience")
    fields = typed().put({"audience_as": "text", **dict(zip(names, texts, strict=False))})
    found = read(fields, NOW, OUTSIDE)
    assert (found.draft is None) == bool(found.faults)
    if found.draft is not None:
        assert list(found.draft.contents) == ["es"]
        assert found.draft.keyword is None


def test_what_looks_like_a_file_inside_of_a_text_is_text() -> None:
    for text in ("x\nkeyword: feria\ntitle: otra", '"\nkeyword: feria', "- a: b", "|2-\n---\n"):
        found = read(typed(title=text[:100], c__es__text=text), NOW, OUTSIDE).draft
        assert found is not None
        assert found.keyword is None
        assert "".join(found.contents["es"].text.split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("fields", "faults"),
    [
        (typed(title=""), {"title": "1 a 120"}),
        (typed(title="x" * 121), {"title": "1 a 120"}),
        (typed(topic="nothing"), {"topic": "Tema"}),
        (typed(channels=""), {"channels": "Elija por dónde"}),
        (typed(c__es__text=""), {"c.es.text": "Falta el texto"}),
        (typed(c__es__text="a\n **b"), {"c.es.text": "«**»"}),
        (typed(c__es__text="", c__es__sms="{town}"), {"c.es.sms": "{town|sus palabras}"}),
        (typed().added([("language", "mixteco")]), {"c.mixteco.text": "Falta el texto"}),
        (typed(c__es__media="b" * 64), {"c.es.media": "ya no está guardado"}),
        (
            typed(c__es__button="3", c__es__button__3__value="x"),
            {"c.es.button.3.label": "1 a 64"},
        ),
        (typed(c__es__poll__question="¿Qué?"), {"c.es.poll.answer": "de 2 a 4"}),
        (
            typed(c__es__poll__question="¿Qué?").added(
                [("c.es.poll.answer", one) for one in ("Sí", "No")]
                + [("language", "en"), ("c.en.text", "Hi")]
            ),
            {"c.en.poll.question": "en todas las lenguas"},
        ),
        (typed(when="at"), {"at_day": "un día y una hora"}),
        (typed(when="at", at_day="2026-11-01", at_time="10:00"), {"at_day": "ya pasó"}),
        (typed(when="at", at_day="2027-99-01", at_time="25:00"), {"at_day": "un día y una hora"}),
        (typed(when="at", at_day="2026-12-01", at_time="10:00", zone="Mars"), {"zone": "zona"}),
        (
            typed(when="every", every_count="x", at_day="2026-12-01", at_time="10:00"),
            {"every_count": "cada cuánto"},
        ),
        (typed(when="cron", cron="each day"), {"cron": "cron"}),
        (typed(when="after", after_days="-1"), {"after_days": "de 0 a"}),
        (typed(stale_n="soon", stale_unit="h"), {"stale_n": "un número"}),
        (typed(cohort="1", cohort_share="80"), {"cohort_share": "hasta 50"}),
        (typed(keyword="ALTA"), {"keyword": "otra cosa"}),
        (
            typed(topic="fraud", warning="1"),
            {
                "w.event.es": "1 a 120",
                "w.area.es": "1 a 500",
                "w.status": "Es",
                "w.category": "Clase",
                "w.urgency": "pronto",
                "w.severity": "Gravedad",
                "w.certainty": "Certeza",
                "w.expires_n": "15 minutos",
            },
        ),
        (typed(audience_as="text", audience="region:mixteca\nor x"), {"audience": "campo"}),
        (typed(audience_as="text", audience=" "), {"audience": "para quién"}),
    ],
)
def test_each_fault_stands_beside_its_field_in_words(
    fields: Fields, faults: dict[str, str]
) -> None:
    found = told(fields)
    assert found.keys() == faults.keys()
    for name, words in faults.items():
        assert words in found[name]
        # Of fields as a form calls them, and not as a file does.
        assert "timezone" not in found[name]
        assert "answers" not in found[name]


def test_a_fault_in_a_text_of_lines_says_at_which_line_and_sign() -> None:
    text = "nada\n\n  muy _bien_ y **mal"
    (fault,) = read(typed(c__es__text=text), NOW, OUTSIDE).faults["c.es.text"]
    assert (fault.line, fault.sign) == (3, 16)
    whole = "region:mixteca\n  or nobody:x"
    fields = typed(audience_as="text", audience=whole)
    (fault,) = read(fields, NOW, OUTSIDE).faults["audience"]
    assert (fault.line, fault.sign) == (2, 6)


def test_conditions_that_cannot_be_read_are_told_at_the_condition_and_nothing_is_lost() -> None:
    rows = [
        ("row", "0"),
        ("row.0.field", "origin"),
        ("row.0.more", "San Juan Mixtepec"),
        ("row", "4"),
        ("row.4.field", "state"),
        ("row.4.is", "not"),
        ("row.4.value", "CA"),
    ]
    fields = typed().added(rows)
    assert told(fields).keys() == {"row.0"}
    assert "20208" in told(fields)["row.0"]
    chosen = changed(fields.put({"row.0.more": "20208 San Juan Mixtepec, Mixteca"}), "rows", "")
    assert audience_of(chosen)[0] == "origin:20208 and not state:CA"
    assert chosen.one("row.0.value") == "20208"
    assert told(chosen) == {}
    # What cannot be added stays where it was typed.
    assert changed(fields, "rows", "").one("row.0.more") == "San Juan Mixtepec"


def test_buttons_of_the_form_change_it_and_nothing_else() -> None:
    fields = typed()
    fields = changed(fields.put({"row_new": "region"}), "row_add", "")
    fields = changed(fields.added([("row.0.value", "mixteca")]), "row_add", "")
    fields = changed(fields.added([("row.1.more", "istmo")]), "rows", "")
    assert audience_of(fields)[0] == "region:mixteca and region:istmo"
    assert audience_of(fields.put({"match": "any"}))[0] == "region:mixteca or region:istmo"
    text = changed(fields, "as_text", "")
    assert text.one("audience") == "region:mixteca and region:istmo"
    back = changed(text, "as_rows", "")
    assert audience_of(back) == audience_of(fields)
    nested = text.put({"audience": "topic:fraud and (state:CA or not country:US)"})
    assert changed(nested, "as_rows", "") == nested
    assert audience_of(changed(fields, "row_remove", "0"))[0] == "region:istmo"
    fields = changed(fields.put({"language_new": "en"}), "language_add", "")
    fields = changed(changed(fields, "button_add", "en"), "button_add", "en")
    assert fields.numbers("c.en.button") == ("0", "1")
    fields = changed(fields.put({"c.en.text": "Hi"}), "button_remove", "c.en.button.0")
    assert fields.numbers("c.en.button") == ("1",)
    gone = changed(fields, "language_remove", "en")
    assert gone.each("language") == ("es",)
    assert not any(name.startswith("c.en.") for name, _value in gone)
    # Acts that are none, on things that are not there.
    for act, on in (("x", ""), ("row_remove", "99"), ("language_remove", "es"), ("row_add", "")):
        done = changed(gone.put({"language_new": "xx"}), act, on)
        assert done.one("title") == "Visas"
        assert done.each("language") == ("es",)
    assert changed(gone.put({"language_new": "xx"}), "language_add", "").each("language") == ("es",)


def test_no_number_of_presses_makes_the_form_larger_than_it_may_be() -> None:
    fields = typed()
    for _press in range(40):
        fields = changed(changed(fields, "row_add", ""), "button_add", "es")
        fields = changed(fields, "language_add", "")
    assert len(fields.numbers("row")) == 20
    assert len(fields.numbers("c.es.button")) == 8


def test_an_hour_that_comes_twice_is_asked_for_and_kept_to_its_day() -> None:
    fields = typed(when="at", at_day="2027-11-07", at_time="01:30", zone="America/New_York")
    assert "dos veces" in told(fields)["at_day"]
    assert twice(fields) == ("-04:00", "-05:00")
    found = read(fields.put({"at_offset": "-05:00"}), NOW, OUTSIDE).draft
    assert found is not None
    assert found.schedule == At(datetime(2027, 11, 7, 6, 30, tzinfo=UTC), "America/New_York")
    moved = fields.put({"at_offset": "-05:00", "at_day": "2027-11-08"})
    found = read(moved, NOW, OUTSIDE).draft
    assert found is not None
    assert found.schedule == At(datetime(2027, 11, 8, 6, 30, tzinfo=UTC), "America/New_York")
    skipped = fields.put({"at_day": "2027-03-14", "at_time": "02:30"})
    assert "se adelanta" in told(skipped)["at_day"]


def test_a_difference_is_told_part_by_part_and_the_same_says_nothing() -> None:
    one = fields_of(draft())
    assert differences(one, one) == ()
    other = fields_of(draft(title="Otra", schedule=SCHEDULES[1], cohort=None))
    assert [each.name for each in differences(one, other)] == ["title", "schedule", "cohort"]
    changed_ = one.put({"c.en.text": "Else"}).without("language", "c.es.button")
    found = differences(one, changed_.added([("language", "es"), ("language", "en")]))
    assert [(each.name, each.language) for each in found] == [("buttons", "es"), ("text", "en")]


def test_what_a_service_refuses_stands_beside_its_field() -> None:
    fields = typed()
    taken = Refused("campaigns.keyword_taken", keyword="feria", id=3)
    assert refused(taken, fields).keys() == {"keyword"}
    with pytest.raises(AudienceError) as error:
        parse("region:nowhere")
    assert refused(error.value, fields)["audience"][0].line is None
    (fault,) = refused(error.value, fields.put({"audience_as": "text"}))["audience"]
    assert fault.sign == 8
    assert refused(Refused("staff.not_allowed"), fields).keys() == {""}


def test_a_table_of_the_form_is_one_of_the_file() -> None:
    document = lined({"a": {"b": [Leaf("1", "x"), {"c": Leaf("2", "y")}]}, "d": [], "e": {}})
    _source, table = read_document(document.data)
    inner = table.entries["a"][1]
    assert isinstance(inner, Table)
    assert document.place(99, 1).field == ""
