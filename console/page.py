"""A public page filled in."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from console import files
from console.frame import words
from kit.zones import OAXACA
from locales.catalog import render

HERE = Path(__file__).parent

LANGUAGES = ("es", "en")
"""Languages in which every public text exists; the first one is for whoever asks for none."""


def spoken(asked: str) -> str:
    """The language of a page that was asked for in one."""
    return asked if asked in LANGUAGES else LANGUAGES[0]


def page(template: str, path: str, asked: str, **values: object) -> str:
    """A template as HTML in the language asked for, Spanish when there is no such page.

    `path` is where the page stands, so that it can link to itself in the other language. Texts
    and values are escaped on their way into the page, whoever wrote them. Times are shown by the
    clock of Oaxaca.
    """
    language = spoken(asked)

    def text(key: str, **params: object) -> str:
        return render(key, language, params)

    def link(to: str, lang: str = language) -> str:
        more = "&" if "?" in to else "?"
        return to if lang == LANGUAGES[0] else f"{to}{more}lang={lang}"

    known = {
        "_": text,
        "link": link,
        "language": language,
        "path": path,
        "languages": LANGUAGES,
        "moment": lambda at: words.moment(at, language, OAXACA),
    }
    return environment().get_template(template).render({**known, **values})


@cache
def environment() -> Environment:
    """The templates; what they are given is escaped."""
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["asset"] = files.address
    return made
