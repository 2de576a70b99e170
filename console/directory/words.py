"""What people read in the place of codes of the directory."""

import re
from collections.abc import Mapping, Sequence

from console.home.words import country_name, state_name
from contacts.phones import as_read as as_read
from directory.model import Entry, Heard, Standing
from locales.catalog import render
from locales.text import _

KINDS: Mapping[str, str] = {
    "consular_hotline_24h": _("console.directory.kind.hotline"),
    "consular_hotline_tollfree": _("console.directory.kind.hotline_free"),
    "consular_hotline_24h_shortcode": _("console.directory.kind.hotline_mexico"),
    "consulate_emergency": _("console.directory.kind.consulate_emergency"),
    "consulate_protection": _("console.directory.kind.consulate_protection"),
    "consulate_switchboard": _("console.directory.kind.consulate_switchboard"),
    "consular_appointments": _("console.directory.kind.appointments"),
    "passport_appointments": _("console.directory.kind.passports"),
    "emergency_shortcode": _("console.directory.kind.emergency"),
    "anonymous_report_shortcode": _("console.directory.kind.report"),
    "crisis_shortcode": _("console.directory.kind.crisis"),
    "trafficking_hotline": _("console.directory.kind.trafficking"),
    "trafficking_text_shortcode": _("console.directory.kind.trafficking_text"),
    "fraud_report": _("console.directory.kind.fraud_report"),
    "fraud_verify": _("console.directory.kind.fraud_verify"),
    "immigration_court_info": _("console.directory.kind.court"),
    "inm": _("console.directory.kind.inm"),
    "locatel": _("console.directory.kind.locatel"),
    "missing_persons_whatsapp": _("console.directory.kind.missing"),
    "state_institute_legacy": _("console.directory.kind.institute"),
}
"""By the kind of an entry. Files may bring others; they are shown as they stand there."""

STANDINGS: Mapping[Standing, str] = {
    Standing.VERIFIED: _("console.directory.standing.verified"),
    Standing.MARKED: _("console.directory.standing.marked"),
    Standing.KEPT_BACK: _("console.directory.standing.kept_back"),
    Standing.HIDDEN: _("console.directory.standing.hidden"),
}
HEARD: Mapping[Heard, str] = {
    Heard.THEM: _("console.directory.heard.them"),
    Heard.OTHERS: _("console.directory.heard.others"),
    Heard.NOBODY: _("console.directory.heard.nobody"),
}
SAID: Mapping[Heard, str] = {
    Heard.THEM: _("console.directory.said.verified"),
    Heard.OTHERS: _("console.directory.said.wrong"),
    Heard.NOBODY: _("console.directory.said.unanswered"),
}
DONE: Mapping[str, str] = {
    "directory.verify": _("console.directory.done.verified"),
    "directory.wrong": _("console.directory.done.wrong"),
    "directory.unanswered": _("console.directory.done.unanswered"),
    "directory.add": _("console.directory.done.added"),
    "directory.correct": _("console.directory.done.corrected"),
    "directory.bring_back": _("console.directory.done.brought_back"),
}
"""By the act in the audit."""

FIELDS: Mapping[str, str] = {
    "name": _("console.directory.field.name"),
    "kind": _("console.directory.field.kind"),
    "phone_e164": _("console.directory.field.phone"),
    "country": _("console.directory.field.country"),
    "state": _("console.directory.field.state"),
    "city": _("console.directory.field.city"),
    "source": _("console.directory.field.source"),
    "source_date": _("console.directory.field.source_date"),
}
"""By the column of a file, in the order of the form."""

UNDATED = "undated"
_WHY_UNDATED: Sequence[tuple[re.Pattern[str], str]] = (
    (re.compile("third-party site"), _("console.directory.undated.third_party")),
    (re.compile(r"mirror of (?P<page>\S+)"), _("console.directory.undated.mirror")),
    (re.compile(r"written (?P<number>[\d-]+)"), _("console.directory.undated.written")),
    (
        re.compile(r"same number in (?P<page>\S+) (?P<day>[\d-]+)"),
        _("console.directory.undated.same_number"),
    ),
)


def place(entry: Entry, language: str) -> str:
    """Where a number is of: "Los Ángeles, California"; a country where there is no state."""
    state = state_name(f"{entry.country}-{entry.state}", language) if entry.state else ""
    near = ", ".join(part for part in (entry.city, state) if part)
    return near or country_name(entry.country, language)


def source_date(written: str, language: str) -> str:
    """The date of a source as people read it. A file may say "undated", and why, in its own words:
    those that the one which comes with the platform uses have a text, others stay as they are."""
    if not written.startswith(UNDATED):
        return written
    undated = render(_("console.directory.source_undated"), language)
    why = written.removeprefix(UNDATED).strip(" ;()")
    for pattern, key in _WHY_UNDATED:
        if found := pattern.fullmatch(why):
            return f"{undated} ({render(key, language, found.groupdict())})"
    return f"{undated} ({why})" if why else undated


def is_address(source: str) -> bool:
    """Whether a source can be opened."""
    return source.startswith(("https://", "http://"))
