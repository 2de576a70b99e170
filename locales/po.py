"""Reading and writing catalogue files, and finding the keys that the code names."""

import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
TEMPLATE = ROOT / "locales" / "messages.pot"
METHODS = [("**/static/**", "ignore"), ("**.py", "python"), ("**/templates/**", "jinja2")]
NOTE = ":"
"""A comment `#: …` right above a key is a note to the translators."""

# Kept for ever: a date that moved would change every file with every update.
CREATED = datetime(2026, 11, 22, tzinfo=UTC)


@dataclass(slots=True)
class Use:
    """Where the code names a key, and what it says about it."""

    files: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)


def extract(root: Path = ROOT) -> dict[str, Use]:
    """Every key inside `_("…")` in the packages of `pyproject.toml`, code and templates."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    found: dict[str, Use] = {}
    for package in project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]:
        for file, _line, key, notes, _context in extract_from_dir(
            root / package, METHODS, keywords={"_": None}, comment_tags=(NOTE,)
        ):
            use = found.setdefault(key if isinstance(key, str) else key[0], Use())
            use.files.add(f"{package}/{file}")
            use.notes += [note.removeprefix(NOTE).strip() for note in notes]
    return found


def files(directory: Path) -> list[Path]:
    """The catalogue of each language below a directory, in order of its code."""
    return sorted(directory.glob("*/LC_MESSAGES/messages.po"))


def language_of(path: Path) -> str:
    """The language of a catalogue file, from its folder."""
    return path.parents[1].name


def read(path: Path) -> dict[str, str]:
    """Key to text; "" where it is untranslated or marked fuzzy. Obsolete entries are left out."""
    return {
        str(message.id): "" if message.fuzzy else str(message.string)
        for message in _parse(path)
        if message.id
    }


def repeated(path: Path) -> list[str]:
    """Keys that stand in a file more than once; the parser would keep the last in silence."""
    lines = path.read_text(encoding="utf-8").splitlines()
    ids = Counter(line.removeprefix("msgid ").strip('"') for line in lines if line[:6] == "msgid ")
    return sorted(key for key, count in ids.items() if count > 1)


def write_template(path: Path, uses: Mapping[str, Use]) -> None:
    """Write the template, a catalogue without texts."""
    _write(path, _template(uses))


def update(path: Path, uses: Mapping[str, Use]) -> list[str]:
    """Bring a catalogue up to the code; gives the keys that still have no text.

    Texts and the comments of translators stay as they are. An entry that the code no longer names
    becomes obsolete (`#~`), and comes back with its text when the code names it again.
    """
    catalog = _parse(path) if path.exists() else _new(language_of(path))
    for message in catalog.obsolete.values():
        catalog[message.id] = message
    catalog.obsolete.clear()
    # Never a guess from a key that looks alike.
    catalog.update(_template(uses), no_fuzzy_matching=True, update_creation_date=False)
    catalog.obsolete = {key: entry for key, entry in catalog.obsolete.items() if entry.string}
    _write(path, catalog)
    return [str(message.id) for message in catalog if message.id and not message.string]


def _parse(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, abort_invalid=True)


def _new(language: str | None) -> Catalog:
    return Catalog(
        locale=language,
        project="Tequio",
        version="0.1",
        msgid_bugs_address="-",
        last_translator="-",
        language_team="-",
        creation_date=CREATED,
        revision_date=CREATED,
        fuzzy=False,
        header_comment="# Texts of Tequio. How to add one: locales/text.py",
    )


def _template(uses: Mapping[str, Use]) -> Catalog:
    catalog = _new(None)
    for key, use in uses.items():
        places = [(file, 0) for file in sorted(use.files)]
        catalog.add(key, locations=places, auto_comments=use.notes)
    return catalog


def _write(path: Path, catalog: Catalog) -> None:
    text = BytesIO()
    write_po(text, catalog, width=0, sort_output=True, include_lineno=False)
    if not path.exists() or path.read_bytes() != text.getvalue():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.getvalue())
