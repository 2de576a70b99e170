"""A public page filled in."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from locales.catalog import render

HERE = Path(__file__).parent

LANGUAGES = ("es", "en")
"""Languages in which every public text exists; the first one is for whoever asks for none."""


def page(template: str, path: str, asked: str, **values: object) -> str:
    """A template as HTML in the language asked for, Spanish when there is no such page.

    `path` is where the page stands, so that it can link to itself in the other language. Texts
    and values are escaped on their way into the page, whoever wrote them.
    """
    language = asked if asked in LANGUAGES else LANGUAGES[0]

    def text(key: str, **params: object) -> str:
        return render(key, language, params)

    def link(to: str, lang: str = language) -> str:
        return to if lang == LANGUAGES[0] else f"{to}?lang={lang}"

    return (
        environment()
        .get_template(template)
        .render(_=text, link=link, language=language, path=path, languages=LANGUAGES, **values)
    )


@cache
def environment() -> Environment:
    """The templates; what they are given is escaped."""
    return Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
