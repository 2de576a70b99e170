"""What the public reads of a warning: valid CAP 1.2 and Atom, whatever the words in it."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.warnings import atom, cap
from campaigns.warnings.model import (
    MOST_REFERENCES,
    Bulletin,
    Category,
    Certainty,
    Info,
    Issuer,
    MessageKind,
    Reference,
    Severity,
    Status,
    Urgency,
    may_warn,
    packed,
    unpacked,
    writable,
    written_in,
)
from contacts.model import Topic
from locales.languages import language_codes
from tests.unit.campaigns.bulletins import (
    ALERT,
    CANCEL,
    ENGLISH,
    ISSUER,
    MIXE,
    NOON,
    SPANISH,
    UPDATE,
    WARNING,
)
from tests.unit.campaigns.cap_schema import CAP, broken_rules, problems

ATOM = "{http://www.w3.org/2005/Atom}"
HOSTILE = (
    "]]>",
    "</alert><alert>",
    "<!DOCTYPE a [<!ENTITY b 'c'>]>&b;",
    "<?xml version='1.0'?>",
    "<![CDATA[ a ]]>",
    "a & b &amp; c &#0; &lt;",
    "\"' {headline} {0} %s",
    "\x00\x07\x0b\x1b[31m\x7f\x85",
    "\ud800 \udfff \ufffe \uffff",
    "línea\r\nlínea\rlínea\u2028línea",
    "ꞌ ë ɨ 🌵 \u202e \u200f",
)


def valid(bulletin: Bulletin, issuer: Issuer = ISSUER) -> Element:
    """The document, of which schema and standard have nothing bad to say."""
    document = cap.document(bulletin, issuer)
    assert problems(document) == []
    assert broken_rules(document) == []
    return ElementTree.fromstring(document)


def text(element: Element, name: str) -> str:
    return element.findtext(f"{CAP}{name}", "")


def saying(words: str) -> Bulletin:
    info = Info("es", words, words, words, words, words)
    return replace(ALERT, infos=(info,), note=words)


def atom_faults(document: bytes) -> list[str]:
    """What RFC 4287 demands (4.1.1, 4.1.2, 4.2.6, 4.2.7) and does not hold."""
    feed = ElementTree.fromstring(document)
    found = [] if feed.tag == f"{ATOM}feed" else ["no feed"]
    entries = feed.findall(f"{ATOM}entry")
    for element in (feed, *entries):
        for name in ("id", "title", "updated"):
            if len(element.findall(f"{ATOM}{name}")) != 1:
                found.append(f"not one {name}")
        if re.match(r"[a-z][a-z0-9+.-]*:\S+$", element.findtext(f"{ATOM}id", "")) is None:
            found.append("an id that is no IRI")
        for name in ("updated", "published"):
            for at in element.findall(f"{ATOM}{name}"):
                if (
                    re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)", at.text or "")
                    is None
                ):
                    found.append(f"{name} is no date")
    if not [one for one in feed.findall(f"{ATOM}author") if one.findtext(f"{ATOM}name")]:
        found.append("nobody is the author")
    links = [link.attrib.get("rel", "alternate") for link in feed.findall(f"{ATOM}link")]
    if links.count("self") != 1 or links.count("alternate") > 1:
        found.append("the feed's links are wrong")
    for entry in entries:
        alternates = [
            (link.attrib.get("type"), link.attrib.get("hreflang"))
            for link in entry.findall(f"{ATOM}link")
            if link.attrib.get("rel", "alternate") == "alternate"
        ]
        if entry.find(f"{ATOM}content") is None and not alternates:
            found.append("an entry with neither content nor link")
        if len(alternates) != len(set(alternates)):
            found.append("an entry with the same link twice")
        found += ["a category without its term"] * sum(
            "term" not in one.attrib for one in entry.findall(f"{ATOM}category")
        )
        if len(entry.findall(f"{ATOM}summary")) > 1:
            found.append("two summaries")
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    if len(ids) != len(set(ids)):
        found.append("one id twice")
    return found


def entries(*bulletins: Bulletin) -> list[Element]:
    document = atom.feed(bulletins, ISSUER, NOON)
    assert atom_faults(document) == []
    return ElementTree.fromstring(document).findall(f"{ATOM}entry")


def test_an_alert_says_in_each_language_what_the_campaign_says() -> None:
    alert = valid(ALERT)
    assert text(alert, "identifier") == ALERT.identifier
    assert text(alert, "sent") == "2026-11-23T06:00:00-06:00"
    assert [text(alert, name) for name in ("status", "msgType", "scope")] == [
        "Actual",
        "Alert",
        "Public",
    ]
    assert alert.find(f"{CAP}references") is None
    assert alert.find(f"{CAP}note") is None
    spanish, english, mixe = alert.findall(f"{CAP}info")
    assert [text(info, "language") for info in (spanish, english, mixe)] == ["es", "en", "x-mixe"]
    assert text(spanish, "headline") == "Cuidado con las visas falsas"
    assert text(spanish, "description") == "Nadie del programa le pedirá dinero."
    assert text(spanish, "instruction") == "No pague.\nGuarde los recibos."
    assert text(spanish, "expires") == "2026-11-25T06:00:00-06:00"
    assert text(spanish, "senderName") == ISSUER.name
    assert text(spanish, "web") == "https://example.org/visas?a=1&b=2"
    assert spanish.findtext(f"{CAP}area/{CAP}areaDesc") == "Mixteca, Oaxaca"
    assert text(english, "headline") == "Beware of false visas"
    assert english.find(f"{CAP}instruction") is None


def test_what_nobody_wrote_in_a_language_is_left_out_of_its_block() -> None:
    mixe = valid(ALERT).findall(f"{CAP}info")[2]
    assert text(mixe, "description") == "…"
    assert mixe.find(f"{CAP}headline") is None
    assert mixe.find(f"{CAP}instruction") is None
    assert mixe.findtext(f"{CAP}area/{CAP}areaDesc") == "Mixteca, Oaxaca"


@pytest.mark.parametrize(
    ("language", "written"),
    [("es", "Cuidado"), ("en", ""), ("mixe", "Ayuujk"), ("mto", "Ayuujk"), ("mix", "")],
)
def test_a_text_is_of_its_language_or_its_family_and_never_the_spanish_one(
    language: str, written: str
) -> None:
    assert written_in({"es": "Cuidado", "mixe": "Ayuujk"}, language) == written


@pytest.mark.parametrize(
    ("status", "kind", "headline"),
    [
        (Status.TEST, MessageKind.ALERT, "TEST, not real"),
        (Status.EXERCISE, MessageKind.ALERT, "EXERCISE, not real"),
        (Status.ACTUAL, MessageKind.CANCEL, "Warning withdrawn"),
        (Status.TEST, MessageKind.CANCEL, "TEST, not real: Warning withdrawn"),
    ],
)
def test_what_is_not_meant_or_stands_no_more_says_so_without_a_headline_too(
    status: Status, kind: MessageKind, headline: str
) -> None:
    source = CANCEL if kind is MessageKind.CANCEL else ALERT
    english = replace(ENGLISH, headline="")
    alert = valid(replace(source, status=status, infos=(SPANISH, english)))
    assert text(alert.findall(f"{CAP}info")[1], "headline") == headline


def test_an_update_names_what_it_takes_the_place_of() -> None:
    sender = cap.sender_of(ISSUER)
    assert (
        text(valid(UPDATE), "references")
        == f"{sender},{ALERT.identifier},2026-11-23T06:00:00-06:00"
    )


def test_what_a_reference_says_is_what_the_earlier_message_says_of_itself() -> None:
    alert, update = valid(ALERT), valid(UPDATE)
    own = ",".join(text(alert, name) for name in ("sender", "identifier", "sent"))
    assert text(update, "references") == own


def test_a_cancel_names_every_earlier_message_and_tells_nobody_what_to_do() -> None:
    cancel = valid(CANCEL)
    assert len(text(cancel, "references").split()) == 2
    for info in cancel.findall(f"{CAP}info"):
        assert text(info, "urgency") == "Past"
        assert info.find(f"{CAP}instruction") is None
    spanish = cancel.findall(f"{CAP}info")[0]
    assert text(spanish, "headline") == "Retirado: Cuidado con las visas falsas"
    assert text(spanish, "description") == "Este aviso se retiró y ya no está vigente."


@pytest.mark.parametrize(
    ("status", "word"), [(Status.TEST, "PRUEBA"), (Status.EXERCISE, "SIMULACRO")]
)
def test_nobody_can_take_what_is_not_meant_for_real(status: Status, word: str) -> None:
    alert = valid(replace(ALERT, status=status))
    assert text(alert, "status") == status.value
    spanish = alert.findall(f"{CAP}info")[0]
    assert text(spanish, "headline").startswith(f"{word}, no es real: ")
    (entry,) = entries(replace(ALERT, status=status))
    assert entry.findtext(f"{ATOM}title", "").startswith(f"{word}, no es real: ")


def test_an_exercise_says_in_its_note_which_one_it_is() -> None:
    assert text(valid(replace(ALERT, status=Status.EXERCISE)), "note") == "Visas"


@pytest.mark.parametrize("words", HOSTILE)
def test_no_words_at_all_become_markup_or_break_a_document(words: str) -> None:
    alert = valid(saying(words))
    (info,) = alert.findall(f"{CAP}info")
    for name in ("headline", "event", "description", "instruction"):
        assert text(info, name) == writable(words)
    (entry,) = entries(saying(words))
    assert entry.findtext(f"{ATOM}title", "") == writable(words)


def test_a_megabyte_of_brackets_is_text_like_any_other() -> None:
    words = "]]><&" * 200_000
    alert = valid(saying(words))
    assert alert.findtext(f"{CAP}info/{CAP}description") == words
    (entry,) = entries(saying(words))
    assert entry.findtext(f"{ATOM}summary") == words


@settings(max_examples=200)
@given(
    st.text(st.characters(), max_size=40),
    st.text(st.characters(), max_size=20),
    st.sampled_from(language_codes()),
)
def test_any_text_of_anybody_makes_valid_documents(words: str, name: str, language: str) -> None:
    info = Info(language, words, words, words, words, words)
    bulletin = replace(ALERT, infos=(SPANISH, info) if language != "es" else (info,), note=words)
    issuer = Issuer(name, "https://avisos.example.org")
    valid(bulletin, issuer)
    assert atom_faults(atom.feed([bulletin], Issuer(name + "x", issuer.url), NOON)) == []


@pytest.mark.parametrize("language", language_codes())
def test_every_language_of_the_registry_has_a_tag_that_the_schema_takes(language: str) -> None:
    bulletin = replace(ALERT, infos=(replace(SPANISH, language=language),))
    assert text(valid(bulletin).findall(f"{CAP}info")[0], "language") == cap.tag_of(language)


def test_no_two_languages_share_a_tag_but_the_two_codes_of_zapotec() -> None:
    tags = [cap.tag_of(language).lower() for language in language_codes() if language != "zap"]
    assert len(tags) == len(set(tags))
    assert cap.tag_of("zap") == "zap"
    assert cap.tag_of("mix") == "mix"
    assert cap.tag_of("zapoteco") == "zap"
    assert cap.tag_of("mixteco") == "omq-x-mixteco"
    assert cap.tag_of("chinanteco") == "omq-x-chinante"


def test_two_codes_for_one_language_make_one_block() -> None:
    infos = tuple(replace(SPANISH, language=language) for language in ("es", "zap", "zapoteco"))
    assert len(valid(replace(ALERT, infos=infos)).findall(f"{CAP}info")) == 2


@pytest.mark.parametrize(
    ("name", "url", "sender"),
    [
        ("IAIMO", "https://avisos.example.org", "iaimo@avisos.example.org"),
        (ISSUER.name, ISSUER.url, "instituto-nandu-s-c-hijos@avisos.example.org"),
        ("机构", "http://127.0.0.1:8000", "机构@127.0.0.1"),
        ("…", "http://[::1]:8000", "tequio@::1"),
        ("a" * 200, "https://EXAMPLE.org:8443/x", "a" * 40 + "@example.org"),
    ],
)
def test_the_sender_is_made_of_the_name_and_the_host(name: str, url: str, sender: str) -> None:
    assert cap.sender_of(Issuer(name, url)) == sender
    assert text(valid(ALERT, Issuer(name, url)), "sender") == sender


def test_times_are_written_with_oaxacas_offset_and_without_parts_of_a_second() -> None:
    # A summer in the far past, when Oaxaca still put its clocks forward.
    sent = datetime.fromisoformat("2021-07-01T12:00:00.900000+00:00")
    alert = valid(replace(ALERT, sent=sent))
    assert text(alert, "sent") == "2021-07-01T07:00:00-05:00"


def test_the_feed_links_each_message_by_its_name() -> None:
    alert, update = entries(ALERT, UPDATE)
    (link,) = alert.findall(f"{ATOM}link")
    assert link.attrib["href"] == "https://avisos.example.org/avisos/12.cap.xml"
    assert link.attrib["type"] == "application/cap+xml"
    (link,) = update.findall(f"{ATOM}link")
    assert link.attrib["href"] == "https://avisos.example.org/avisos/12-2.cap.xml"
    assert alert.findtext(f"{ATOM}id") == ALERT.identifier
    assert alert.findtext(f"{ATOM}summary") == SPANISH.description


def test_a_feed_without_anything_in_it_is_a_feed_too() -> None:
    assert entries() == []


def test_the_check_of_feeds_sees_what_is_wrong() -> None:
    whole = atom.feed([ALERT], ISSUER, NOON)
    for broken in (
        whole.replace(b"<updated>", b"<updated>on ", 1),
        whole.replace(b"<id>https", b"<id>", 1).replace(b"<id>://", b"<id>"),
        whole.replace(b'rel="self"', b'rel="alternate"'),
        whole.replace(b"author", b"writer"),
        whole.replace(b'rel="alternate"', b'rel="related"'),
        atom.feed([ALERT, ALERT], ISSUER, NOON),
    ):
        assert atom_faults(broken) != []


def test_a_warning_comes_back_as_it_was_packed() -> None:
    whole = replace(
        WARNING,
        status=Status.EXERCISE,
        headline={"es": "Cuidado"},
        instruction={"es": "No pague.", "en": "Do not pay."},
        web="https://example.org",
        updates=12,
    )
    assert unpacked(packed(whole)) == whole
    assert unpacked(packed(WARNING)) == WARNING
    assert packed(replace(WARNING, event=dict(sorted(WARNING.event.items())))) == packed(WARNING)
    assert packed(replace(WARNING, expires=timedelta(hours=49))) != packed(WARNING)


def test_only_fraud_and_emergencies_are_for_the_public() -> None:
    assert may_warn(Topic.FRAUD, emergency=False)
    assert may_warn(Topic.PROGRAMS, emergency=True)
    assert not may_warn(Topic.PROGRAMS, emergency=False)
    assert not may_warn(Topic.EMERGENCY, emergency=False)


def test_a_chain_of_updates_does_not_grow_for_ever() -> None:
    many = tuple(Reference(f"urn:x:{number}", NOON) for number in range(50))
    chain = replace(ALERT, references=many).chain
    assert len(chain) == MOST_REFERENCES
    assert chain[-1].identifier == ALERT.identifier


def test_a_message_speaks_to_somebody_in_the_nearest_language_it_has() -> None:
    assert ALERT.in_language("mto") == MIXE
    assert ALERT.in_language("en") == ENGLISH
    assert ALERT.in_language("zpu") == SPANISH


@pytest.mark.parametrize(
    "other",
    [
        replace(ALERT, infos=(SPANISH,)),
        replace(ALERT, severity=Severity.SEVERE),
        replace(ALERT, urgency=Urgency.IMMEDIATE),
        replace(ALERT, certainty=Certainty.LIKELY),
        replace(ALERT, category=Category.SAFETY),
        replace(ALERT, status=Status.TEST),
        replace(ALERT, web=None),
        replace(ALERT, expires=ALERT.expires + timedelta(hours=1)),
    ],
)
def test_whatever_is_changed_in_it_makes_another_message(other: Bulletin) -> None:
    assert not ALERT.says_the_same(other)


def test_when_it_is_said_again_does_not_make_it_another_message() -> None:
    assert ALERT.says_the_same(
        replace(UPDATE, expires=ALERT.expires + timedelta(hours=1), references=())
    )
