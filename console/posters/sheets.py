"""Posters as they are printed: which paper, how many on a sheet, and what stands on each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from campaigns.posters.links import Reach
from campaigns.posters.model import Poster, origin_of
from console.posters.reaching import Ways, ways
from contacts.model import Topic
from contacts.places import Gazetteer
from locales.catalog import render
from locales.text import _


class Paper(StrEnum):
    """Sheets that printers here have; the first is the usual one."""

    LETTER = "carta"
    A4 = "a4"


class Size(StrEnum):
    """How large a poster is on its sheet."""

    WHOLE = "hoja"
    STRIPS = "tiras"
    HALF = "media"
    QUARTER = "cuarto"


COPIES = {Size.WHOLE: 1, Size.STRIPS: 1, Size.HALF: 2, Size.QUARTER: 4}
STRIPS = 8
LONG_NAME = 20

PAPERS = {Paper.LETTER: _("console.posters.paper.letter"), Paper.A4: _("console.posters.paper.a4")}
SIZES = {
    Size.WHOLE: _("console.posters.size.whole"),
    Size.STRIPS: _("console.posters.size.strips"),
    Size.HALF: _("console.posters.size.half"),
    Size.QUARTER: _("console.posters.size.quarter"),
}
ABOUT = {
    None: _("poster.about.usual"),
    Topic.PROGRAMS: _("poster.about.programs"),
    Topic.FRAUD: _("poster.about.fraud"),
    Topic.EMERGENCY: _("poster.about.emergency"),
}


@dataclass(frozen=True, slots=True)
class Printed:
    """One poster with all its words. `say` says a key in the poster's language."""

    code: str
    language: str
    say: Callable[..., str]
    place: str
    programme: str
    about: str
    ways: Ways

    @property
    def is_long(self) -> bool:
        """Whether the name of the place needs smaller letters."""
        return len(self.place) > LONG_NAME


@dataclass(frozen=True, slots=True)
class Sheets:
    """How posters are laid on paper."""

    paper: Paper = Paper.LETTER
    size: Size = Size.WHOLE

    @property
    def copies(self) -> int:
        """Copies of a poster on one sheet, when it is printed alone."""
        return COPIES[self.size]

    @property
    def strips(self) -> int:
        """Strips at its foot that people tear off."""
        return STRIPS if self.size is Size.STRIPS else 0


def read_sheets(paper: str, size: str) -> Sheets:
    """What was asked for; the usual where it is nothing that there is."""
    return Sheets(
        Paper(paper) if paper in set(Paper) else Paper.LETTER,
        Size(size) if size in set(Size) else Size.WHOLE,
    )


def printed(poster: Poster, reach: Reach, gazetteer: Gazetteer) -> Printed:
    """A poster as it will hang."""
    language = poster.draft.language
    origin = origin_of(poster.draft, gazetteer)

    def say(key: str, **params: object) -> str:
        return render(key, language, params)

    return Printed(
        poster.code,
        language,
        say,
        "" if origin is None else origin.label,
        poster.draft.programme,
        ABOUT[poster.draft.topic],
        ways(reach, language, poster.code),
    )


def laid_out(posters: Sequence[Printed], sheets: Sheets) -> list[Sequence[Printed]]:
    """Sheet by sheet: of one poster as many copies as fit, of several each once."""
    if len(posters) == 1:
        return [list(posters) * sheets.copies]
    step = sheets.copies
    return [posters[at : at + step] for at in range(0, len(posters), step)]
