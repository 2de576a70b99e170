"""The schema of these tests takes what CAP 1.2 allows, and refuses what it does not.

What each document is worth was also asked of Xerces (OpenJDK 17, javax.xml.validation) in
November 2026: it said the same.
"""

import pytest

from tests.unit.campaigns.cap_schema import broken_rules, problems

FULL = """<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
<identifier>a-1</identifier>
<sender>a@example.org</sender>
<sent>2026-11-23T06:00:00-06:00</sent>
<status>Actual</status>
<msgType>Update</msgType>
<source>a hand</source>
<scope>Restricted</scope>
<restriction>a few</restriction>
<addresses>one two</addresses>
<code>c1</code>
<code>c2</code>
<note>a note</note>
<references>a@example.org,a-0,2026-11-22T06:00:00-06:00</references>
<incidents>i1</incidents>
<info>
<language>es</language>
<category>Security</category>
<category>Safety</category>
<event>Fraude</event>
<responseType>Avoid</responseType>
<urgency>Expected</urgency>
<severity>Moderate</severity>
<certainty>Observed</certainty>
<audience>all</audience>
<eventCode><valueName>n</valueName><value>v</value></eventCode>
<effective>2026-11-23T06:00:00-06:00</effective>
<onset>2026-11-23T06:00:00-06:00</onset>
<expires>2026-11-25T06:00:00-06:00</expires>
<senderName>Alguien</senderName>
<headline>Cuidado</headline>
<description>No pague.</description>
<instruction>Espere.</instruction>
<web>https://example.org/a?b=1&amp;c=2</web>
<contact>nobody</contact>
<parameter><valueName>n</valueName><value>v</value></parameter>
<resource>
<resourceDesc>r</resourceDesc>
<mimeType>text/plain</mimeType>
<size>12</size>
<uri>https://example.org/r</uri>
<derefUri>x</derefUri>
<digest>d</digest>
</resource>
<area>
<areaDesc>Mixteca</areaDesc>
<polygon>1,1 2,2 3,3 1,1</polygon>
<circle>1,1 0</circle>
<geocode><valueName>n</valueName><value>v</value></geocode>
<altitude>1.5</altitude>
<ceiling>2.5</ceiling>
</area>
</info>
<info>
<category>Other</category>
<event>e</event>
<urgency>Past</urgency>
<severity>Minor</severity>
<certainty>Unknown</certainty>
</info>
</alert>
"""

GOOD = {
    "everything": ("", ""),
    "an empty event": ("event>e</event", "event></event"),
    "no language": ("<language>es</language>\n", ""),
    "no headline": ("<headline>Cuidado</headline>\n", ""),
    "no instruction": ("<instruction>Espere.</instruction>\n", ""),
    "a tag of two parts": (">es<", ">omq-x-mixteco<"),
    "a minus before nought": (
        "<sent>2026-11-23T06:00:00-06:00",
        "<sent>2026-11-23T12:00:00-00:00",
    ),
}

BAD = {
    "not XML": ("</alert>", ""),
    "another root": ("alert", "warning"),
    "another namespace": ("cap:1.2", "cap:1.1"),
    "no event": ("<event>Fraude</event>\n", ""),
    "an area without its name": ("<areaDesc>Mixteca</areaDesc>\n", ""),
    "a Z": ("<sent>2026-11-23T06:00:00-06:00", "<sent>2026-11-23T12:00:00Z"),
    "parts of a second": ("<sent>2026-11-23T06:00:00-06:00", "<sent>2026-11-23T06:00:00.5-06:00"),
    "a status in small letters": (">Actual<", ">actual<"),
    "a category that is none": (">Security<", ">Fraud<"),
    "a language too long": (">es<", ">chinanteco<"),
    "out of order": (
        "<headline>Cuidado</headline>\n<description>No pague.</description>",
        "<description>No pague.</description>\n<headline>Cuidado</headline>",
    ),
    "an element of nobody": ("<note>a note</note>", "<remark>a note</remark>"),
    "an element inside a text": ("a note", "a <b>note</b>"),
    "an attribute": ("<note>", '<note lang="es">'),
}


def changed(change: tuple[str, str]) -> bytes:
    old, new = change
    assert old in FULL
    return FULL.replace(old, new).encode()


@pytest.mark.parametrize("name", GOOD)
def test_a_document_that_the_schema_takes_has_no_problem(name: str) -> None:
    assert problems(changed(GOOD[name])) == []


@pytest.mark.parametrize("name", BAD)
def test_a_document_that_the_schema_refuses_has_a_problem(name: str) -> None:
    assert problems(changed(BAD[name])) != []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<identifier>a-1", "<identifier>a 1"),
        ("<identifier>a-1", "<identifier>a,1"),
        ("<identifier>a-1", "<identifier>a&lt;1"),
        ("<sender>a@", "<sender>a&amp;b@"),
        ("<sender>a@example.org", "<sender>"),
        ("<references>a@example.org,a-0,2026-11-22T06:00:00-06:00</references>\n", ""),
        (">Update<", ">Alert<"),
        ("a-0,", "a 0,"),
        ("<restriction>a few</restriction>\n", ""),
        ("<expires>2026-11-25", "<expires>2026-11-22"),
        ("<sent>2026-11-23T06:00:00-06:00", "<sent>2026-11-23T12:00:00+00:00"),
        ("https://example.org/a", "/a"),
        ("<category>Other", "<language>es</language><category>Other"),
    ],
)
def test_what_the_schema_cannot_say_is_looked_at_too(old: str, new: str) -> None:
    assert broken_rules(FULL.encode()) == []
    assert broken_rules(changed((old, new))) != []
