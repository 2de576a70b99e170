"""`make screenshots`: every page of the console and every public one, at both widths and in both
languages, and contact sheets of all of them, in `var/screenshots/`.

The pages are those of the route table, filled from the invented people of `make demo`. A route with
a part that nothing here fills stops it, so that no new page is left out.
"""

import asyncio
import re
import shutil
import sys
from collections.abc import Mapping
from html import escape
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.async_api import Page

from app.settings import ROOT
from app.web import web_of
from staff.model import Role
from tests.browser.chromium import Chromium
from tests.browser.demo_stage import demo_stage
from tests.browser.staff import SIZES, faults_of_access, is_wider_than_the_window, signed_in
from tests.console_stage import Console

FOLDER = ROOT / "var" / "screenshots"
LANGUAGES = ("es", "en")
OUTSIDE = (
    "/", "/suscribirse", "/avisos", "/privacidad", "/privacidad/completo", "/entrar",
    "/entrar/invitacion/{token}", "/handset", "/nada",
)  # fmt: skip
"""Pages outside of the staff's route table, for whoever is not signed in; the last is none."""

IN_DOCS = {
    "inicio": "console-home.png",
    "casos-folio": "console-case.png",
    "guardias": "console-roster.png",
}
"""Pages whose picture on a desk, in Spanish, stands in docs/ under another name."""

PAGES_A_SHEET = 3
_PART = re.compile(r"\{\w+\}")
_NO_PAGE = re.compile(r"/eventos$|/archivos/")
"""Streams never end, and files are not read; what else is no page says so by its answer."""

_SETTLED = 400
"""Milliseconds after which a page's charts and parts stand."""


def name_of(path: str) -> str:
    """A file's name for a path."""
    return re.sub(r"\W+", "-", path).strip("-") or "portada"


def filled(path: str, known: Mapping[str, str]) -> str:
    """A path with its parts filled, by the path up to each; LookupError for an unknown one."""
    path = known.get(path, path)
    while part := _PART.search(path):
        path = path.replace(part[0], known[path[: part.start()]], 1)
    return path


async def pages_of(console: Console, role: Role | None, known: Mapping[str, str]) -> dict[str, str]:
    """Every page that somebody reads, by its name: what answers with a whole one, and is no part
    of one and no file."""
    rows = web_of(console.platform).state.rows
    routes = OUTSIDE if role is None else [row.path for row in rows if row.method == "GET"]
    found: dict[str, str] = {}
    async with console.browser(role) as browser:
        for route in routes:
            if _NO_PAGE.search(route):
                continue
            path = filled(route, known)
            if "<html" in (await browser.get(path, accept="text/html")).text[:2_000]:
                found[name_of(route)] = path
    return found


async def look(page: Page, to: Path) -> list[str]:
    """Take the picture of a page; gives what a machine sees to be wrong with it."""
    await page.wait_for_timeout(_SETTLED)
    await page.screenshot(path=to, full_page=True, animations="disabled")
    faults = [
        f"{rule} ({places})" for _impact, rule, places, _where in await faults_of_access(page)
    ]
    return [*faults, "wider than the window"] if await is_wider_than_the_window(page) else faults


def sheet_of(names: list[str]) -> str:
    """A page that shows each page four times: both widths, both languages."""
    rows = "".join(
        f"<h2>{escape(name)}</h2><div>"
        + "".join(
            f'<p class="{size}"><img alt="{language}" src="{name}-{size}-{language}.png"></p>'
            for size in SIZES
            for language in LANGUAGES
        )
        + "</div>"
        for name in names
    )
    return (
        "<!doctype html><meta charset=utf-8><title>Tequio</title><style>"
        "body{font:14px sans-serif;margin:12px;background:#ddd}h2{margin:8px 0 4px}"
        "div{display:flex;gap:10px;align-items:start}p{border:1px solid #888;margin:0;"
        "max-height:620px;overflow:hidden}img{display:block;width:100%}"
        ".phone{width:290px}.desk{width:620px}"
        f"</style>{rows}"
    )


async def main(folder: Path = FOLDER) -> list[str]:
    """Every picture and the sheets; gives what a machine saw to be wrong."""
    faults: list[str] = []
    with TemporaryDirectory() as place:
        async with demo_stage(Path(place)) as (console, known):
            chromium = Chromium()
            names: list[str] = []
            for role in (None, Role.ADMIN):
                pages = await pages_of(console, role, known)
                names += pages
                for size, language in product(SIZES, LANGUAGES):
                    async with signed_in(
                        chromium, console, role, size=SIZES[size], language=language
                    ) as page:
                        for name, path in pages.items():
                            answer = await page.goto(f"{console.url}{path}?lang={language}")
                            if answer is None or answer.ok is (name == name_of(OUTSIDE[-1])):
                                faults.append(f"{name}: not opened")
                            found = await look(page, folder / f"{name}-{size}-{language}.png")
                            faults += [f"{name} {size} {language}: {one}" for one in found]
            async with chromium.context() as context:
                drawn = await context.new_page()
                await drawn.set_viewport_size({"width": 1900, "height": 1000})
                for first in range(0, len(names), PAGES_A_SHEET):
                    some = folder / "some.html"
                    some.write_text(sheet_of(names[first : first + PAGES_A_SHEET]), "utf-8")
                    await drawn.goto(some.as_uri())
                    number = first // PAGES_A_SHEET + 1
                    await drawn.screenshot(path=folder / f"sheet-{number:02}.png", full_page=True)
                    some.unlink()
            (folder / "index.html").write_text(sheet_of(names), "utf-8")
            await chromium.close()
    return faults


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.glob("*.png"):
        old.unlink()
    wrong = asyncio.run(main())
    for one, kept in IN_DOCS.items():
        shutil.copy(FOLDER / f"{one}-desk-es.png", ROOT / "docs" / kept)
    sys.stdout.write("\n".join([*wrong, f"{FOLDER / 'index.html'}", ""]))
    sys.exit(bool(wrong))
