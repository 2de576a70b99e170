"""The campaign file: what it may hold, and the line of everything that is wrong."""

from datetime import UTC, datetime, timedelta
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.content.model import Link, Wording
from campaigns.model import CampaignClass, CampaignDraft
from campaigns.schedule.model import At, Now
from campaigns.written.document import MOST_BYTES, FileError
from campaigns.written.file import read
from contacts.model import Topic
from kit.channels import Channel

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)

WHOLE = """\
title: Fraudes con visas
topic: fraud
class: normal
audience: topic:fraud and region:mixteca
channels: [telegram, sms]
content:
  es:
    text: |
      Nadie del programa le pedirá dinero.
      Verifique antes de pagar.
    sms: "IAIMO: nadie le pedira dinero."
    buttons:
      - label: Saber más
        url: https://example.org/fraudes
  en:
    text: Nobody will ask you for money.
schedule:
  at: 2026-12-01 09:00
  timezone: America/Mexico_City
stale_after: 6h
"""


def draft_of(text: str) -> CampaignDraft:
    found = read(text.encode(), NOON)
    assert isinstance(found, CampaignDraft), found
    return found


def errors_of(data: str | bytes) -> list[FileError]:
    found = read(data if isinstance(data, bytes) else data.encode(), NOON)
    assert isinstance(found, list)
    assert found
    return found


def faults_of(data: str | bytes) -> list[tuple[int, str]]:
    """Line and last word of the key of each error."""
    return [(error.line, error.key.split(".")[-1]) for error in errors_of(data)]


def changed(old: str, new: str) -> str:
    assert WHOLE.count(old) == 1
    return WHOLE.replace(old, new)


def test_a_whole_file_is_read() -> None:
    assert draft_of(WHOLE) == CampaignDraft(
        title="Fraudes con visas",
        topic=Topic.FRAUD,
        kind=CampaignClass.NORMAL,
        audience="topic:fraud and region:mixteca",
        channels=(Channel.TELEGRAM, Channel.SMS),
        contents={
            "es": Wording(
                "Nadie del programa le pedirá dinero.\nVerifique antes de pagar.",
                "IAIMO: nadie le pedira dinero.",
                (Link("Saber más", "https://example.org/fraudes"),),
            ),
            "en": Wording("Nobody will ask you for money."),
        },
        schedule=At(datetime(2026, 12, 1, 15, tzinfo=UTC), "America/Mexico_City"),
        stale_after=timedelta(hours=6),
    )


def test_the_least_that_a_file_may_hold() -> None:
    draft = draft_of(
        "title: Aviso\ntopic: programs\naudience: country:US\ncontent: {es: {text: Hola}}\n"
    )
    assert draft.kind is CampaignClass.NORMAL
    assert draft.channels == (Channel.TELEGRAM, Channel.SMS)
    assert draft.schedule == Now()
    assert draft.stale_after is None
    assert draft.contents["es"].in_sms == "Hola"


def test_an_sms_alone_is_said_in_chats_too() -> None:
    draft = draft_of("title: A\ntopic: fraud\naudience: country:US\ncontent: {es: {sms: Hola}}\n")
    assert draft.contents["es"] == Wording("Hola", "Hola")


def test_every_value_stays_the_text_that_was_written() -> None:
    draft = draft_of(changed("Nobody will ask you for money.", "no"))
    assert draft.contents["en"].text == "no"


def test_the_end_of_a_line_may_be_that_of_windows_and_a_mark_may_stand_in_front() -> None:
    data = b"\xef\xbb\xbf" + WHOLE.replace("\n", "\r\n").encode()
    assert read(data, NOON) == draft_of(WHOLE)


def test_emoji_and_marks_of_direction_are_kept() -> None:
    draft = draft_of(changed("Nobody will", "🌵 \u200fNobody will"))
    assert draft.contents["en"].text.startswith("🌵 \u200fNobody")


def test_an_offset_says_the_instant_by_itself() -> None:
    draft = draft_of(
        changed("2026-12-01 09:00\n  timezone: America/Mexico_City", "2026-12-01T09:00-08:00")
    )
    assert isinstance(draft.schedule, At)
    assert draft.schedule.due_at == datetime(2026, 12, 1, 17, tzinfo=UTC)


LONG_SMS = "a" * 1_531
ACCENTED_SMS = "á" * 671

FAULTS: list[tuple[str, str, list[tuple[int, str]]]] = [
    ("class: normal", "clas: normal", [(3, "unknown_key")]),
    ("title: Fraudes con visas\n", "", [(1, "missing")]),
    ("title: Fraudes con visas", "title:", [(1, "missing")]),
    ("title: Fraudes con visas", "title: [a]", [(1, "not_a_text")]),
    ("title: Fraudes con visas", f"title: {'a' * 121}", [(1, "title")]),
    ("title: Fraudes con visas", "title: '  '", [(1, "title")]),
    ("topic: fraud\n", "topic: news\n", [(2, "unknown_value")]),
    ("class: normal", "class: urgent", [(3, "unknown_value")]),
    ("region:mixteca", "town:mixteca", [(4, "unknown_field")]),
    ("region:mixteca", "region:north", [(4, "unknown_value")]),
    ("region:mixteca", "joined:2026", [(4, "unknown_value")]),
    ("[telegram, sms]", "[telegram, fax]", [(5, "unknown_value")]),
    ("[telegram, sms]", "[sms, sms]", [(5, "channel_twice")]),
    ("[telegram, sms]", "[]", [(5, "no_channel")]),
    ("[telegram, sms]", "sms", [(5, "not_a_list")]),
    ("  en:\n", "  english:\n", [(15, "unknown_language")]),
    ("  es:\n", "  mix:\n", [(6, "no_spanish")]),
    ("    text: Nobody will ask you for money.", "    text:", [(16, "empty_text")]),
    ("    text: Nobody will ask you for money.", "    text: '  '", [(16, "empty_text")]),
    ("    text: Nobody will ask you for money.\n", "", [(15, "empty_content")]),
    ("Nobody will ask you for money.", "a" * 4_097, [(16, "text_long"), (16, "sms_long")]),
    ("Nobody will ask you for money.", LONG_SMS, [(16, "sms_long")]),
    ("IAIMO: nadie le pedira dinero.", LONG_SMS, [(11, "sms_long")]),
    ("IAIMO: nadie le pedira dinero.", ACCENTED_SMS, [(11, "sms_long")]),
    ("https://example.org/fraudes", "http://example.org/fraudes", [(14, "url")]),
    ("https://example.org/fraudes", "https://", [(14, "url")]),
    ("https://example.org/fraudes", "https://bank@example.org", [(14, "url")]),
    ("https://example.org/fraudes", "javascript:alert(1)", [(14, "url")]),
    ("        url: https://example.org/fraudes\n", "", [(13, "button_kind")]),
    ("label: Saber más", "label: " + "a" * 65, [(13, "label_long")]),
    ("label: Saber más", "data: x\n        label: Saber más", [(13, "unknown_key")]),
    ("  en:\n", "  en:\n    media: foto.jpg\n", [(16, "no_files")]),
    ("America/Mexico_City", "America/Oaxaca", [(19, "unknown_zone")]),
    ("America/Mexico_City", "../../etc/passwd", [(19, "unknown_zone")]),
    ("2026-12-01 09:00", "tomorrow", [(18, "at")]),
    ("2026-12-01 09:00", "2026-12-01", [(18, "at")]),
    ("2026-12-01 09:00", "2026-02-30 09:00", [(18, "at")]),
    ("2026-12-01 09:00", "9999-12-31T23:59", [(18, "at")]),
    ("2026-12-01 09:00", "2025-12-01 09:00", [(18, "at_past")]),
    ("  timezone: America/Mexico_City\n", "", [(18, "at_naive")]),
    ("  at: 2026-12-01 09:00\n", "", [(18, "missing")]),
    ("stale_after: 6h", "stale_after: soon", [(20, "stale_after")]),
    ("stale_after: 6h", "stale_after: 0h", [(20, "stale_after")]),
    ("stale_after: 6h", "stale_after: 99999d", [(20, "stale_after")]),
    ("stale_after: 6h", "title: otra vez", [(20, "twice")]),
    ("stale_after: 6h", "---\ntitle: otra", [(20, "second_document")]),
    ("class: normal", "class: !!python/object/apply:os.system [id]", [(3, "tag")]),
    ("class: normal", "class: &a normal", [(3, "alias")]),
    ("class: normal", "class: *a", [(3, "alias")]),
    ("class: normal", "? [a]\n: normal", [(3, "key_not_text")]),
    ("class: normal", "class: normal: x", [(3, "not_yaml")]),
    ("class: normal", "class: a\x07", [(3, "control_sign")]),
    ("class: normal", "class: " + "[" * 20 + "]" * 20, [(3, "too_deep")]),
]


@pytest.mark.parametrize(("old", "new", "expected"), FAULTS)
def test_a_fault_is_told_with_its_line(old: str, new: str, expected: list[tuple[int, str]]) -> None:
    assert faults_of(changed(old, new)) == expected


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", (1, "not_a_mapping")),
        (b"# nothing\n", (1, "not_a_mapping")),
        (b"- a\n- b\n", (1, "not_a_mapping")),
        (b"hola", (1, "not_a_mapping")),
        ("title: Cañada\n".encode("latin-1"), (1, "not_utf8")),
        ("a: b\ntitle: Cañada\n".encode("latin-1"), (2, "not_utf8")),
        (WHOLE.encode("utf-16"), (1, "not_utf8")),
        (b"\x00\x00", (1, "control_sign")),
        (b"a: " + b"x" * MOST_BYTES, (1, "too_big")),
        (b"a:\n" + b"- b\n" * 20_000, (9999, "too_deep")),
    ],
)
def test_what_is_no_campaign_at_all_is_refused(data: bytes, expected: tuple[int, str]) -> None:
    assert faults_of(data) == [expected]


def test_a_bomb_of_aliases_is_refused_before_it_grows() -> None:
    bomb = "a: &a [x, x]\n" + "\n".join(
        f"{name}: &{name} [{', '.join(f'*{before}' for _ in range(9))}]"
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    assert faults_of(bomb) == [(1, "alias")]


def test_all_faults_are_told_at_once_in_the_order_of_the_lines() -> None:
    text = changed("topic: fraud\n", "topic: news\n").replace("region:mixteca", "town:x")
    text = text.replace("America/Mexico_City", "Oaxaca").replace("class:", "kind:")
    assert faults_of(text) == [
        (2, "unknown_value"),
        (3, "unknown_key"),
        (4, "unknown_field"),
        (19, "unknown_zone"),
    ]


def test_an_unknown_key_is_answered_with_those_that_exist() -> None:
    error = errors_of(changed("class: normal", "clas: normal"))[0]
    assert error.params["found"] == "clas"
    assert "class, audience, channels, content" in str(error.params["expected"])


@pytest.mark.parametrize(
    ("audience", "line", "column"),
    [
        ("audience: topic:fraud and town:x", 3, 27),
        ('audience: "topic:fraud and town:x"', 3, 28),
        ("audience: 'topic:fraud and town:x'", 3, 28),
        ('audience: "origin:\\"Tlaxiaco\\" and town:x"', 3, 36),
        ("audience: |\n  topic:fraud\n  and town:x", 5, 7),
        ("audience: >-\n  topic:fraud\n\n  and country:US\n  and town:x", 7, 7),
        ("audience: topic:fraud\n  and town:x", 4, 7),
        ("audience:\n  topic:fraud and\n  town:x", 5, 3),
        ('audience: "topic:fraud and\n\n  town:x"', 5, 3),
        ("audience: topic:fraud and", 3, 25),
    ],
)
def test_a_fault_in_the_audience_is_told_where_it_stands_in_the_file(
    audience: str, line: int, column: int
) -> None:
    text = f"title: A\ntopic: fraud\n{audience}\ncontent: {{es: {{text: Hola}}}}\n"
    error = errors_of(text)[0]
    assert (error.line, error.column) == (line, column)


def test_an_hour_that_clocks_jump_over_is_refused() -> None:
    text = changed("2026-12-01 09:00", "2027-03-14 02:30").replace("Mexico_City", "Los_Angeles")
    assert faults_of(text) == [(18, "at_skipped")]


def test_an_hour_that_comes_twice_is_refused() -> None:
    text = changed("2026-12-01 09:00", "2027-11-07 01:30").replace("Mexico_City", "Los_Angeles")
    assert faults_of(text) == [(18, "at_twice")]


def test_a_long_text_needs_no_sms_when_none_is_sent() -> None:
    text = changed("[telegram, sms]", "[telegram]").replace(
        "Nobody will ask you for money.", "a" * 4_096
    )
    assert draft_of(text).channels == (Channel.TELEGRAM,)


def test_an_sms_of_exactly_ten_segments_is_allowed() -> None:
    assert draft_of(changed("Nobody will ask you for money.", "a" * 1_530))


@given(
    st.one_of(
        st.binary(max_size=300),
        st.text(max_size=300).map(str.encode),
        st.tuples(st.integers(0, len(WHOLE)), st.integers(0, 40), st.text(max_size=12)).map(
            lambda cut: (WHOLE[: cut[0]] + cut[2] + WHOLE[cut[0] + cut[1] :]).encode()
        ),
    )
)
def test_no_file_at_all_breaks_the_reader(data: bytes) -> None:
    found = read(data, NOON)
    if isinstance(found, CampaignDraft):
        return
    assert found
    lines = data.decode(errors="replace").replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
    assert all(1 <= error.line <= lines for error in found)


def test_comments_and_a_schedule_of_now_are_read() -> None:
    text = dedent(
        """
        # Un aviso.
        title: Aviso   # para todos
        topic: emergency
        class: emergency
        audience: country:US
        content:
          es: {text: "Huracán: resguárdese."}
        schedule: now
        """
    )
    assert draft_of(text).kind is CampaignClass.EMERGENCY
