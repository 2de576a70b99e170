"""What the templates of the editor show of a form: every field with what was typed and what is
wrong with it, every choice in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import permutations

from campaigns.audience.fields import SAVED, Field
from campaigns.content.model import Media
from console.editor import choices as offered
from console.editor.choices import Choice, Known
from console.editor.fields import Fields
from console.editor.form import (
    AS_TEXT,
    NOT,
    audience_of,
    languages_of,
    warned_in,
)
from console.editor.names import NAMES, WARNING_CHOICES, ZONES
from console.editor.parts import MOST_BUTTONS, MOST_LANGUAGES, MOST_ROWS, shows_as_rows
from console.editor.preview import Shown, shown
from console.editor.reading import Fault, Faults
from console.editor.when import twice
from console.frame.words import language_name
from delivery.model import reason_words
from kit.channels import WRITTEN, Channel
from locales.catalog import render
from locales.text import _

DAY = len("2026-12-01")

FEW = 9
"""So many values are all shown; of more, those that were chosen, and a list to add from."""


Options = Sequence[tuple[str, str]]
"""Values with what they are called."""

ANCHORS = {"when": "when.now", "class": "class.normal"}


CALLED = {"answer": "answers", "kind": "buttons", "value": "buttons", "stale": "stale_after"}
"""Parts of names of fields that are called otherwise."""


@dataclass(frozen=True, slots=True)
class RowShown:
    """A condition of the audience. `chosen` are its values; `others` can be added."""

    number: str
    field: str
    negated: bool
    sign: str
    chosen: tuple[Choice, ...]
    others: tuple[Choice, ...]
    few: bool
    more: str

    @property
    def name(self) -> str:
        """What its fields begin with."""
        return f"row.{self.number}"

    @property
    def values(self) -> tuple[str, ...]:
        return tuple(one.value for one in self.chosen)

    @property
    def is_one_day(self) -> bool:
        """Whether a calendar can show when somebody joined: not several days, not an instant."""
        return not self.chosen or (len(self.chosen) == 1 and len(self.values[0]) == DAY)


@dataclass(frozen=True)
class View:
    """A form as it is shown."""

    fields: Fields
    language: str
    known: Known = field(default_factory=Known)
    files: Sequence[Media] = ()
    faults: Faults = field(default_factory=dict)

    def one(self, name: str, usual: str = "") -> str:
        """What stands in a field."""
        return self.fields.one(name, usual)

    def on(self, name: str, value: str) -> bool:
        """Whether a field has a value."""
        return value in self.fields.each(name)

    def fault(self, *names: str) -> str:
        """What is wrong with a field, or with several that are shown as one."""
        told = [self.sentence(one) for name in names for one in self.faults.get(name, ())]
        return " ".join(dict.fromkeys(told))

    def sentence(self, fault: Fault) -> str:
        """A fault, with its place in a text of several lines."""
        said = render(fault.phrase.key, self.language, fault.phrase.params)
        if fault.line is None:
            return said
        place = {"line": fault.line, "sign": fault.sign or 1}
        where = render(_("console.editor.fault.place"), self.language, place)
        return f"{where} {said}"

    @property
    def summary(self) -> tuple[tuple[str, str, str], ...]:
        """Each fault, with the element of the page that it leads to, "" when there is none, and
        what that is called."""
        return tuple(
            (self._anchor(name), self._called(name), self.sentence(one))
            for name, told in self.faults.items()
            for one in told
        )

    def _anchor(self, name: str) -> str:
        if name == "audience" and self.as_text:
            return "audience-text"
        return ANCHORS.get(name, name)

    def _called(self, name: str) -> str:
        """A field as its label calls it: "English · Text"."""
        first, *rest = name.split(".")
        if first == "row":
            asked = self.fields.one(f"{name}.field")
            key = offered.FIELD_NAMES.get(asked, NAMES["audience"])
            return render(key, self.language)
        if first == "c":
            part = NAMES.get(CALLED.get(rest[-1], rest[-1]), NAMES["content"])
            return f"{self.language_name(rest[0])} · {render(part, self.language)}"
        if first == "w":
            return render(NAMES.get(rest[0].removesuffix("_n"), NAMES["warning"]), self.language)
        begins = first.removesuffix("_n").split("_")[0]
        return render(NAMES.get(CALLED.get(begins, begins), NAMES["schedule"]), self.language)

    @property
    def topics(self) -> Options:
        return self._options(offered.TOPICS)

    @property
    def ways(self) -> Options:
        """The channels in each order, and alone."""
        orders = (order for many in (2, 1) for order in permutations(WRITTEN, many))
        return tuple((",".join(order), self._way(order)) for order in orders)

    def _way(self, order: Sequence[Channel]) -> str:
        names = [self.channel(one) for one in order]
        if len(names) == 1:
            return render(_("console.editor.only"), self.language, {"first": names[0]})
        params = {"first": names[0], "second": names[1]}
        return render(_("console.editor.else"), self.language, params)

    def channel(self, name: str) -> str:
        """What a channel is called."""
        key = offered.CHANNELS.get(name)
        return name if key is None else render(key, self.language)

    @property
    def by_chat(self) -> bool:
        return Channel.TELEGRAM in self.fields.one("channels").split(",")

    @property
    def zones(self) -> Options:
        """By whose clock."""
        chosen = self.fields.one("zone")
        other = ((chosen, chosen),) if chosen and chosen not in ZONES else ()
        return (*self._options(ZONES), *other)

    @property
    def warning_words(self) -> Sequence[tuple[str, str, Options]]:
        """The words of CAP that a warning chooses from."""
        return tuple(
            (name, render(NAMES[name], self.language), self._options(words))
            for name, words in WARNING_CHOICES.items()
        )

    @property
    def files_offered(self) -> Options:
        """The files that are kept, by name."""
        none = render(_("console.editor.media_none"), self.language)
        return (("", none), *((one.sha256, f"{one.name} ({one.kind})") for one in self.files))

    def file_name(self, code: str) -> str:
        """The file of a language."""
        chosen = self.fields.one(f"c.{code}.media")
        return next((one.name for one in self.files if one.sha256 == chosen), chosen[:12])

    def reason(self, why: str) -> str:
        """Why somebody cannot be written to."""
        phrase = reason_words(why)
        return why if phrase is None else render(phrase.key, self.language, phrase.params)

    def _options(self, names: Mapping[str, str]) -> Options:
        return tuple((str(value), render(key, self.language)) for value, key in names.items())

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """In which it says something."""
        return languages_of(self.fields)

    @property
    def warned(self) -> tuple[str, ...]:
        return warned_in(self.fields)

    def language_name(self, code: str) -> str:
        return language_name(code, self.language)

    @cached_property
    def new_languages(self) -> tuple[Choice, ...]:
        """Those that can be added."""
        if len(self.languages) >= MOST_LANGUAGES:
            return ()
        every = offered.choices(Field.LANGUAGE, self.language, self.known)
        return tuple(one for one in every if one.value not in self.languages)

    def buttons(self, code: str) -> tuple[str, ...]:
        """The marks of the buttons of a language."""
        return self.fields.numbers(f"c.{code}.button")

    def has_room(self, code: str) -> bool:
        return len(self.buttons(code)) < MOST_BUTTONS

    def answers(self, code: str) -> tuple[str, ...]:
        """Four lines for the answers of a poll."""
        given = [one for one in self.fields.each(f"c.{code}.poll.answer") if one.strip()]
        return tuple([*given, "", "", "", ""][: max(4, len(given))])

    def opened(self, *names: str) -> bool:
        """Whether a part that is folded away has something in it, or something wrong."""
        return any(self.fields.has(name) or name in self.faults for name in names)

    @property
    def as_text(self) -> bool:
        """Whether the audience is written as a text."""
        return self.fields.one("audience_as") == AS_TEXT

    @property
    def expression(self) -> str:
        """The audience as the language of audiences writes it."""
        return audience_of(self.fields)[0].strip()

    @property
    def can_be_rows(self) -> bool:
        return not self.fields.one("audience").strip() or shows_as_rows(self.fields.one("audience"))

    @cached_property
    def rows(self) -> tuple[RowShown, ...]:
        return tuple(self._row(number) for number in self.fields.numbers("row"))

    @property
    def more_rows(self) -> bool:
        return len(self.rows) < MOST_ROWS

    @property
    def field_names(self) -> Mapping[str, str]:
        return offered.FIELD_NAMES

    @property
    def signs(self) -> Mapping[str, str]:
        return offered.SIGNS

    def typed(self, asked: str) -> Sequence[Choice]:
        """What a browser offers for a field into which people type."""
        if asked == Field.ORIGIN:
            return offered.towns()
        tags = self.known.tags if asked == Field.TAG else ()
        return tuple(Choice(one, one) for one in tags)

    @property
    def twice(self) -> tuple[str, ...]:
        return twice(self.fields)

    def shown(self, code: str) -> Shown:
        """What somebody of a language gets, as far as it is written."""
        return shown(self.fields, code, filled=self.fields.one("filled") == "1")

    def _row(self, number: str) -> RowShown:
        name = f"row.{number}"
        asked = self.fields.one(f"{name}.field")
        asked = asked if asked in offered.FIELD_NAMES else Field.REGION.value
        chosen = tuple(dict.fromkeys(one for one in self.fields.each(f"{name}.value") if one))
        every = offered.choices(asked, self.language, self.known)
        few = bool(every) and len(every) <= FEW and asked not in (SAVED, Field.RECEIVED)
        words = {one.value: one.words for one in every}
        return RowShown(
            number,
            asked,
            self.fields.one(f"{name}.is") == NOT,
            self.fields.one(f"{name}.sign", ">="),
            tuple(Choice(one, words.get(one) or self._words(asked, one)) for one in chosen),
            tuple(one for one in every if few or one.value not in chosen),
            few,
            self.fields.one(f"{name}.more"),
        )

    def _words(self, asked: str, value: str) -> str:
        return offered.words_of(asked, value, self.language, self.known)
