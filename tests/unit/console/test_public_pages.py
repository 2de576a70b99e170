"""The front page and the privacy notice: true, complete, and safe to show."""

import re
from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
from fastapi import FastAPI
from httpx import Response

from console.routes import PublicFacts, Stored, public_routes
from contacts.model import NOTICE_VERSION
from staff.institute import store
from staff.institute.model import Institute, Version
from tests.databases import sqlite_database
from tests.unit.console.answers import NOTHING_WRITTEN, answer, site

TRIAL = PublicFacts("IAIMO", trial=True, telegram=True, sms=True, transparency_contact="")
LIVE = replace(TRIAL, trial=False)
FULL = "/privacidad/completo"
PAGES = ("/", "/privacidad", FULL, "/?lang=en", "/privacidad?lang=en", f"{FULL}?lang=en")
WRITTEN = Version(
    3,
    Institute(
        name="Instituto Inventado",
        address="Calle Inventada 1\nOaxaca",
        phone="+529515550100",
        hours="de 9 a 17",
        web="https://instituto.example.org",
        transparency_unit="Unidad Inventada",
        transparency_address="Calle Inventada 2",
        transparency_contact="ut@instituto.example.org",
        legal_basis="Ley inventada",
        authorities="A ninguna inventada",
        keeping="Dos años inventados",
    ),
    datetime(2026, 11, 23, 18, 30, tzinfo=UTC),
    7,
)


async def shown(
    path: str,
    facts: PublicFacts = LIVE,
    method: str = "GET",
    written: Version = NOTHING_WRITTEN,
    headers: Mapping[str, str] | None = None,
) -> Response:
    app = FastAPI()
    app.include_router(public_routes(site(facts, written)))
    return await answer(app, path, method, headers)


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


async def read(path: str, facts: PublicFacts = LIVE, written: Version = NOTHING_WRITTEN) -> Reader:
    response = await shown(path, facts, written=written)
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
    leads = [one for one in page.links() if one.startswith("/suscribirse")]
    assert bool(leads) is (telegram or sms)
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
        (FULL, "es"),
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
    assert named in (await read(FULL)).text


async def test_the_simplified_notice_comes_first_and_leads_to_the_full_one_and_back() -> None:
    short, full = await read("/privacidad"), await read(FULL)
    for said in ("IAIMO es responsable", "Para qué los usamos", "Telegram", "Twilio",
                 "compañías telefónicas", "BORRAR", "BAJA", "Unidad de Transparencia",
                 "Texto propuesto", NOTICE_VERSION):  # fmt: skip
        assert said in short.text, said
    assert len(short.text) < len(full.text) / 1.5
    assert FULL in short.links()
    assert "/privacidad" in full.links()
    assert f"{FULL}?lang=en" in (await read("/privacidad?lang=en")).links()


async def test_what_staff_wrote_stands_before_the_environment_and_nothing_of_it_is_pending() -> (
    None
):
    whole = await read(FULL, replace(LIVE, transparency_contact="ut@antes"), WRITTEN)
    for part in fields(WRITTEN.said):
        said = getattr(WRITTEN.said, part.name)
        assert part.name in ("phone", "hours", "web") or said in whole.text, part.name
    assert "ut@antes" not in whole.text
    assert not [a for _, a in whole.elements if "pending" in a.get("class", "")]
    # By the clock of Oaxaca.
    assert "23 nov 2026, 12:30" in whole.text
    front = await read("/", LIVE, WRITTEN)
    assert "Instituto Inventado" in front.text
    assert {"tel:+529515550100", "https://instituto.example.org"} <= set(front.links())
    assert "+52 951 555 0100" in front.text


async def test_what_nobody_has_given_is_pending_by_name() -> None:
    whole = await read(FULL)
    assert len([a for _, a in whole.elements if "pending" in a.get("class", "")]) == 5
    partly = replace(WRITTEN, said=Institute(transparency_contact="ut@instituto.example.org"))
    assert "el domicilio de su Unidad" in (await read(FULL, LIVE, partly)).text
    partly = replace(WRITTEN, said=Institute(transparency_address="Calle Inventada 2"))
    assert "cómo comunicarse con su Unidad" in (await read("/privacidad", LIVE, partly)).text


async def test_words_of_the_institute_are_marked_as_spanish_on_an_english_page() -> None:
    whole = await read(f"{FULL}?lang=en", LIVE, WRITTEN)
    marked = [tag for tag, a in whole.elements if a.get("lang") == "es" and tag == "p"]
    assert len(marked) == 5


async def test_a_page_is_sent_once_to_whoever_keeps_it_and_packed_for_a_slow_line() -> None:
    for path in PAGES:
        whole = await shown(path, written=WRITTEN, headers={"Accept-Encoding": "gzip"})
        assert whole.headers["content-encoding"] == "gzip"
        assert len(whole.content) < 30_000, path
        tag = whole.headers["etag"]
        again = {"If-None-Match": tag, "Accept-Encoding": "gzip"}
        assert (await shown(path, written=WRITTEN, headers=again)).status_code == 304
        newer = replace(WRITTEN, said=replace(WRITTEN.said, name="Otro Instituto"))
        assert (await shown(path, written=newer, headers=again)).status_code == 200
        plain = await shown(path, written=WRITTEN, headers={"Accept-Encoding": "identity"})
        assert "content-encoding" not in plain.headers
        assert plain.text == whole.text


async def test_a_link_that_is_passed_on_tells_what_it_leads_to() -> None:
    page = await read(f"{FULL}?lang=en", LIVE, WRITTEN)
    told = {one["property"]: one["content"] for one in page.all("meta") if "property" in one}
    assert told["og:url"] == f"https://avisos.example.org{FULL}?lang=en"
    assert told["og:title"] == "Full privacy notice · Instituto Inventado"
    assert told["og:locale"] == "en_US"
    assert told["og:description"]


@pytest.mark.parametrize("path", ["/privacidad", f"{FULL}?lang=en"])
async def test_the_notice_is_the_same_for_everybody_who_agrees_to_its_version(path: str) -> None:
    whole = await read(path, LIVE)
    fewer = await read(path, replace(LIVE, sms=False))
    assert whole.text == fewer.text


async def test_an_unknown_transparency_unit_is_said_to_be_pending() -> None:
    assert "todavía no ha puesto" in (await read("/privacidad")).text


async def test_the_contact_of_the_environment_stands_where_staff_wrote_none() -> None:
    page = await read("/privacidad", replace(LIVE, transparency_contact="ut@iaimo.example"))
    assert "ut@iaimo.example" in page.text
    assert "el domicilio de su Unidad" in page.text
    assert "cómo comunicarse con su Unidad" not in page.text


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


async def test_while_the_database_does_not_answer_the_front_page_says_what_it_saw_last(
    tmp_path: Path,
) -> None:
    database = await sqlite_database(tmp_path)
    look = Stored(database)
    async with database.write() as session:
        await store.add(session, 1, WRITTEN.said, 1, datetime(2026, 11, 23, tzinfo=UTC))
    assert (await look()).said == WRITTEN.said
    async with database.writer.begin() as connection:
        await connection.exec_driver_sql("DROP TABLE institute_version")
    assert (await look()).said == WRITTEN.said
    await database.close()


async def test_a_file_has_its_kind_and_another_name_is_not_found() -> None:
    style = await shown("/static/console.css")
    assert style.headers["content-type"].startswith("text/css")
    assert "http" not in style.text
    for name in ("page.py", "..%2Fpage.py", "%2e%2e", "console.css.bak"):
        assert (await shown(f"/static/{name}")).status_code == 404


@pytest.mark.parametrize("path", ["/", "/privacidad", "/static/console.css"])
async def test_a_page_can_be_asked_for_by_its_head(path: str) -> None:
    assert (await shown(path, method="HEAD")).status_code == 200
