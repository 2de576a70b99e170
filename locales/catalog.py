"""The texts of every language, read from the gettext catalogues, and how one is filled.

The `.po` files are read when the first text is asked for (call `catalogues()` at start to have a
broken file stop the start). No `.mo` file is written, so none can be stale.

A fault in a text must not leave somebody without an answer. So `render` never fails: a text that a
language lacks is taken from the next language of its chain (Spanish is always the last), a value
that was not given becomes "-", and a key that no catalogue has becomes `LAST_RESORT`. The last two
are faults of the code and are told by a `FaultyText` warning, which names keys and placeholders and
no values. The tests turn every warning into an error, and so does `python -W error`.

Wordings of staff, each approved by a second person, are laid over those of the files by `overlay`;
one that could not be filled in the place of the file's is left out there.
"""

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from string import Formatter

from locales import po
from locales.languages import fallback_chain
from locales.text import NOTHING, Phrase, Text, _

DIRECTORY = Path(__file__).parent
LAST_RESORT = _("word.last_resort")
BLANK = "-"


class FaultyText(UserWarning):
    """A text was asked for that no catalogue has, or without a value that it needs."""


class CatalogueError(Exception):
    """A catalogue cannot be used; names the language, the key and what is wrong."""


@dataclass(frozen=True, slots=True)
class Catalogues:
    """The templates of each language by key; untranslated entries are left out."""

    templates: Mapping[str, Mapping[str, str]]

    def render(self, key: str, language: str, params: Mapping[str, object] = NOTHING) -> str:
        """The text of `key` in a language, filled. See the module for what happens to faults."""
        template = self.template(key, language)
        if template is None:
            warnings.warn(f"no catalogue has {key}", FaultyText, stacklevel=2)
            template = self.template(LAST_RESORT, language) or ""
        names = placeholders(template)
        missing = names - params.keys()
        if missing:
            named = ", ".join(sorted(missing))
            warnings.warn(f"{key} needs {named}", FaultyText, stacklevel=2)
        values = {name: self._value(params[name], language) for name in names - missing}
        return template.format(**dict.fromkeys(missing, BLANK), **values)

    def template(self, key: str, language: str) -> str | None:
        """The text of `key` for readers of a language, not filled; None when no language has it."""
        for code in fallback_chain(language):
            if found := self.templates.get(code, {}).get(key):
                return found
        return None

    def _value(self, value: object, language: str) -> str:
        if isinstance(value, Phrase):
            return self.render(value.key, language, value.params)
        if isinstance(value, Text):
            # Whoever composes picks the wording; inside a phrase the one that fits everywhere.
            return self.render(value.sms, language)
        return str(value)


# Texts are few, and a page of a long case fills hundreds.
@lru_cache(maxsize=16_384)
def placeholders(template: str) -> frozenset[str]:
    """The names in `{…}` of a template.

    Raises ValueError when a brace is not closed, or holds anything but a lower-case name: a
    template could else reach into the values it is given.
    """
    names = set()
    for _literal, name, spec, conversion in Formatter().parse(template):
        if name is None:
            continue
        if not name.isidentifier() or name != name.lower() or spec or conversion:
            raise ValueError(f"{{{name}}} is not a placeholder: write {{lower_case}}")
        names.add(name)
    return frozenset(names)


def load(directory: Path = DIRECTORY) -> Catalogues:
    """Read `*/LC_MESSAGES/messages.po` below a directory; a new language is a new folder.

    Raises CatalogueError for a template that cannot be filled.
    """
    templates: dict[str, dict[str, str]] = {}
    for path in po.files(directory):
        language = po.language_of(path)
        templates[language] = {key: text for key, text in po.read(path).items() if text}
        for key, text in templates[language].items():
            try:
                placeholders(text)
            except ValueError as error:
                raise CatalogueError(f"{language}: {key}: {error}") from error
    return Catalogues(templates)


@cache
def catalogues() -> Catalogues:
    """The catalogues of the project, read once."""
    return load()


Wordings = Mapping[str, Mapping[str, str]]
"""Language to key to template."""


@dataclass(slots=True)
class _Spoken:
    """What `render` speaks; without `overlaid`, the files."""

    overlaid: Catalogues | None = None


_spoken = _Spoken()


def overlay(wordings: Wordings) -> tuple[tuple[str, str], ...]:
    """Have `render` say these in the place of the files' texts, and no earlier ones; for this
    process, from the next text on.

    Gives those that were left out, as (language, key): templates that cannot be filled, or need
    other values than the text of the files, and keys that the files do not have.
    """
    files = catalogues()
    templates = {language: dict(texts) for language, texts in files.templates.items()}
    left_out = []
    for language, texts in wordings.items():
        for key, text in texts.items():
            if _stands_in(text, files.template(key, language)):
                templates.setdefault(language, {})[key] = text
            else:
                left_out.append((language, key))
    _spoken.overlaid = Catalogues(templates) if wordings else None
    return tuple(left_out)


def _stands_in(text: str, original: str | None) -> bool:
    if not text or original is None:
        return False
    try:
        return placeholders(text) == placeholders(original)
    except ValueError:
        return False


def render(key: str, language: str, params: Mapping[str, object] = NOTHING) -> str:
    """The text of `key` in a language, its placeholders filled; never fails (see the module).

    Values are put in with `str`; a `Phrase` is first rendered in the same language.
    """
    return (_spoken.overlaid or catalogues()).render(key, language, params)
