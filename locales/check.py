"""Checks the catalogues against the code: `python -m locales.check`, a part of `make check`.

Prints a line per fault and ends with status 1 when there is one. What a text may be stands in
`locales.limits`. The segments are counted by smsutil, a development dependency: this package stands
below `delivery`, and a second counter checks the first.
"""

import sys
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import smsutil

from locales import limits, po
from locales.catalog import DIRECTORY, placeholders
from locales.limits import Broken, Rule

COMPLETE = ("es", "en")
"""Languages in which every text must exist; others may lack some and fall back."""

_SAYS: Mapping[Rule, str] = {
    Rule.COMPOSED: "is not in Unicode's composed form (NFC), which costs an SMS its alphabet",
    Rule.EDGES: "begins or ends with a blank",
    Rule.BUTTON: "is a button of {signs} signs; {most} are shown",
    Rule.BRACES: "{reason}",
    Rule.SAMPLE: "holds {name}, which has no value in locales/samples.py",
    Rule.GSM: "holds signs outside GSM-7: {signs}",
    Rule.SEGMENTS: "takes {segments} segments ({units} units), {most} allowed",
}

Catalogue = Mapping[str, str]


def faults(used: Collection[str], catalogues: Mapping[str, Catalogue]) -> list[str]:
    """What is wrong, a line each: `used` are the keys of the code, the catalogues key to text."""
    found = []
    for language in COMPLETE:
        texts = catalogues.get(language, {})
        found += [f"{language}: {key} has no text" for key in sorted(used) if not texts.get(key)]
    for language, texts in sorted(catalogues.items()):
        found += [f"{language}: {key} is used nowhere" for key in sorted(texts.keys() - used)]
        for key, text in sorted(texts.items()):
            if text and key in used:
                spanish = catalogues.get("es", {}).get(key) or text
                found += [
                    f"{language}: {key} {_told(one)}"
                    for one in limits.broken(key, text, language, _count)
                ]
                found += [f"{language}: {key} {why}" for why in _differences(text, spanish)]
    return found


def _told(one: Broken) -> str:
    return _SAYS[one.rule].format(**one.params)


@dataclass(frozen=True, slots=True)
class _Counted:
    """What smsutil counts of a text; a cost as `locales.limits` asks for it."""

    units: int
    segments: int
    blockers: tuple[str, ...]


def _count(text: str) -> _Counted:
    sent = smsutil.split(text)
    strange = dict.fromkeys(sign for sign in text if not smsutil.is_valid_gsm(sign))
    return _Counted(sent.total_bytes, len(sent.parts), tuple(strange))


def _differences(text: str, spanish: str) -> Iterator[str]:
    try:
        here, there = placeholders(text), placeholders(spanish)
    except ValueError:
        return  # Told by `limits.broken`.
    if here != there:
        yield f"has other placeholders than the Spanish text: {', '.join(sorted(here ^ there))}"


def faults_of_files(used: Collection[str]) -> list[str]:
    """What the parsed texts no longer show: repeated entries, and a template that is behind."""
    found = [
        f"{po.language_of(path)}: {key} stands in the file more than once"
        for path in po.files(DIRECTORY)
        for key in po.repeated(path)
    ]
    template = po.read(po.TEMPLATE).keys() if po.TEMPLATE.exists() else set()
    if template != set(used):
        found.append("locales/messages.pot is behind the code: run python -m locales.update")
    return found


def main() -> int:
    """Check the project's catalogues; 0 when nothing is wrong."""
    used = po.extract().keys()
    catalogues = {po.language_of(path): po.read(path) for path in po.files(DIRECTORY)}
    found = faults(used, catalogues) + faults_of_files(used)
    print("\n".join(found or [f"{len(used)} texts in {len(catalogues)} languages are in order"]))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
