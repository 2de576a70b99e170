"""Checks the catalogues against the code: `python -m locales.check`, a part of `make check`.

Prints a line per fault and ends with status 1 when there is one. The segments are counted by
smsutil, a development dependency: this package stands below `delivery`, and a second counter
checks the first.
"""

import sys
import unicodedata
from collections.abc import Collection, Iterator, Mapping

import smsutil

from locales import po
from locales.catalog import DIRECTORY, placeholders
from locales.samples import LONGER, samples

COMPLETE = ("es", "en")
"""Languages in which every text must exist; others may lack some and fall back."""

IN_SMS = ("sms.", "word.", "when.", "button.")
BUTTONS = ("button.", "chat.button.", "sms.option.")
BUTTON_SIGNS = 24

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
                found += [f"{language}: {key} {why}" for why in _faults_of(key, text, language)]
                found += [f"{language}: {key} {why}" for why in _differences(text, spanish)]
    return found


def _faults_of(key: str, text: str, language: str) -> Iterator[str]:
    if text != unicodedata.normalize("NFC", text):
        yield "is not in Unicode's composed form (NFC), which costs an SMS its alphabet"
    if text != text.strip():
        yield "begins or ends with a blank"
    if key.startswith(BUTTONS) and len(text) > BUTTON_SIGNS:
        yield f"is a button of {len(text)} signs; {BUTTON_SIGNS} are shown"
    try:
        names = placeholders(text)
    except ValueError as error:
        yield str(error)
        return
    if key.startswith("sms."):
        yield from _faults_of_sms(key, text, names, samples(language))
    elif key.startswith(IN_SMS):
        yield from _not_gsm(text)


def _faults_of_sms(
    key: str, text: str, names: Collection[str], values: Mapping[str, str]
) -> Iterator[str]:
    unknown = sorted(names - values.keys())
    if unknown:
        yield f"holds {unknown[0]}, which has no value in locales/samples.py"
        return
    yield from _not_gsm(text)
    filled = text.format(**{name: values[name] for name in names})
    sent = smsutil.split(filled)
    limit = LONGER.get(key, 1)
    if len(sent.parts) > limit:
        units = sent.total_bytes
        yield f"takes {len(sent.parts)} segments ({units} units), {limit} allowed"


def _not_gsm(text: str) -> Iterator[str]:
    strange = dict.fromkeys(sign for sign in text if not smsutil.is_valid_gsm(sign))
    if strange:
        yield f"holds signs outside GSM-7: {' '.join(strange)}"


def _differences(text: str, spanish: str) -> Iterator[str]:
    try:
        here, there = placeholders(text), placeholders(spanish)
    except ValueError:
        return  # Told by _faults_of.
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
