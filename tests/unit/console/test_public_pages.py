"""The front page and the privacy notice: true, complete, and safe to show."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from fastapi import FastAPI
from httpx import Response

from console.routes import PublicFacts, public_routes
from contacts.model import NOTICE_VERSION
from tests.unit.console.answers import answer

TRIAL = PublicFacts("IAIMO", trial=True, telegram=True, sms=True, transparency_contact="")
LIVE = replace(TRIAL, trial=False)
PAGES = ("/", "/privacidad", "/?lang=en", "/privacidad?lang=en")


async def shown(path: str, facts: PublicFacts = LIVE, method: str = "GET") -> Response:
    app = FastAPI()
    app.include_router(public_routes(facts))
    return await answer(app, path, method)


class Reader(HTMLParser):
    """What a browser makes of a page: its elements in order, and what is to be read."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.elements if name == tag]

    def links(self) -> list[str]:
        return [link["href"] for tag in ("a", "link") for link in self.all(tag)]


async def read(path: str, facts: PublicFacts = LIVE) -> Reader:
    response = await shown(path, facts)
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    return Reader(response.text)


async def test_the_front_page_says_whose_it_is_and_where_danger_goes() -> None:
    page = await read("/")
    assert "IAIMO" in page.text
    assert "¿Peligro? 911" in page.text
    assert "tel:911" in page.links()
    assert "/privacidad" in page.links()


@pytest.mark.parametrize("path", PAGES)
async def test_in_trial_mode_every_page_has_the_banner_with_the_way_to_the_handset(
    path: str,
) -> None:
    page = await read(path, TRIAL)
    said = "nothing leaves this" if "en" in path.partition("?")[2] else "nada sale de esta máquina"
    assert said in page.text
    assert "/handset" in page.links()


@pytest.mark.parametrize("path", PAGES)
async def test_with_a_provider_no_page_speaks_of_a_trial_or_of_the_handset(path: str) -> None:
    response = await shown(path, LIVE)
    assert "handset" not in response.text
    assert "de prueba" not in response.text
    assert "rial mode" not in response.text


@pytest.mark.parametrize(
    ("telegram", "sms"), [(True, True), (True, False), (False, True), (False, False)]
)
@pytest.mark.parametrize("path", ["/", "/?lang=en"])
async def test_the_front_page_names_only_channels_that_are_configured(
    path: str, telegram: bool, sms: bool
) -> None:
    page = await read(path, replace(LIVE, telegram=telegram, sms=sms))
    assert ("Telegram" in page.text) is telegram
    assert ("SMS" in page.text) is sms
    assert ("SOS" in page.text) is (telegram or sms)
    assert "911" in page.text


@pytest.mark.parametrize("path", PAGES)
async def test_the_name_of_the_institute_is_text_and_never_markup(path: str) -> None:
    page = await read(path, replace(TRIAL, institute='<script>alert("x")</script> & "{hijos}"'))
    assert not page.all("script")
    assert '<script>alert("x")</script> & "{hijos}"' in page.text


async def test_the_contact_of_the_transparency_unit_is_text_and_never_markup() -> None:
    page = await read("/privacidad", replace(LIVE, transparency_contact="<img src=x> ut@iaimo"))
    assert not page.all("img")
    assert "<img src=x> ut@iaimo" in page.text


@pytest.mark.parametrize(
    ("path", "language"),
    [
        ("/", "es"),
        ("/?lang=es", "es"),
        ("/?lang=en", "en"),
        ("/?lang=mix", "es"),
        ("/?lang=../../etc", "es"),
        ("/privacidad?lang=en", "en"),
    ],
)
async def test_a_page_says_its_language_and_links_to_the_other_one(
    path: str, language: str
) -> None:
    page = await read(path)
    assert page.all("html") == [{"lang": language}]
    bare = path.partition("?")[0]
    other = ("en", f"{bare}?lang=en") if language == "es" else ("es", bare)
    switches = [(a["lang"], a["href"]) for a in page.all("a") if "lang" in a]
    assert switches == [other]


async def test_the_english_pages_link_to_each_other() -> None:
    assert "/privacidad?lang=en" in (await read("/?lang=en")).links()
    assert "/?lang=en" in (await read("/privacidad?lang=en")).links()


@pytest.mark.parametrize(
    "named",
    [
        "IAIMO es responsable",  # who
        "teléfono",  # which data
        "Para qué los usamos",
        "origen étnico",  # sensitive
        "Posesión de Sujetos Obligados",  # legal basis
        "14 de noviembre de 2025",
        "Telegram",  # foreign recipients
        "Twilio",
        "compañías telefónicas",
        "Acceso",
        "Rectificación",
        "Cancelación",
        "Oposición",
        "20 días hábiles",
        "Unidad de Transparencia",
        "Texto propuesto, pendiente de revisión jurídica",
        NOTICE_VERSION,
    ],
)
async def test_the_notice_says_what_the_law_asks_for(named: str) -> None:
    assert named in (await read("/privacidad")).text


@pytest.mark.parametrize("path", ["/privacidad", "/privacidad?lang=en"])
async def test_the_notice_is_the_same_for_everybody_who_agrees_to_its_version(path: str) -> None:
    whole = await read(path, LIVE)
    fewer = await read(path, replace(LIVE, sms=False))
    assert whole.text == fewer.text


async def test_an_unknown_transparency_unit_is_said_to_be_pending() -> None:
    assert "todavía no ha puesto" in (await read("/privacidad")).text


async def test_a_known_transparency_unit_is_shown_and_nothing_is_pending_of_it() -> None:
    page = await read("/privacidad", replace(LIVE, transparency_contact="ut@iaimo.example"))
    assert "ut@iaimo.example" in page.text
    assert "todavía no ha puesto" not in page.text


@pytest.mark.parametrize("path", PAGES)
async def test_no_page_shows_a_phone_number_but_911(path: str) -> None:
    page = await read(path)
    assert {link for link in page.links() if link.startswith("tel:")} <= {"tel:911"}
    assert not re.findall(r"\d[\d ()-]{6,}\d", page.text.replace(NOTICE_VERSION, ""))


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_loads_only_our_own_files_and_they_are_there(path: str) -> None:
    page = await read(path, TRIAL)
    assert not [a for _, a in page.elements if "style" in a or any(n[:2] == "on" for n in a)]
    for href in [link["href"] for link in page.all("link")]:
        assert href.startswith("/static/")
        assert (await shown(href)).status_code == 200
    assert not page.all("style") + page.all("script") + page.all("img") + page.all("iframe")


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_can_be_read_by_ear(path: str) -> None:
    page = await read(path, TRIAL)
    assert len(page.all("h1")) == len(page.all("main")) == 1
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    named = [a["aria-labelledby"] for _, a in page.elements if "aria-labelledby" in a]
    inside = [href[1:] for href in page.links() if href.startswith("#")]
    assert set(named + inside) <= set(ids)


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_sets_no_cookie_as_the_notice_says(path: str) -> None:
    assert "set-cookie" not in (await shown(path)).headers


async def test_a_file_has_its_kind_and_another_name_is_not_found() -> None:
    style = await shown("/static/console.css")
    assert style.headers["content-type"].startswith("text/css")
    assert "http" not in style.text
    for name in ("page.py", "..%2Fpage.py", "%2e%2e", "console.css.bak"):
        assert (await shown(f"/static/{name}")).status_code == 404


@pytest.mark.parametrize("path", ["/", "/privacidad", "/static/console.css"])
async def test_a_page_can_be_asked_for_by_its_head(path: str) -> None:
    assert (await shown(path, method="HEAD")).status_code == 200
