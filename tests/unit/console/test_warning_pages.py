"""`/avisos` as people read it: true to what stands, useful when nothing does, safe to pass on."""

import secrets
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi import FastAPI
from httpx import Response

from campaigns.warnings.model import Bulletin, Severity, Status
from console.headers import SecurityHeaders
from console.routes import PublicFacts
from console.warning_pages import MOST_WHOLE, warning_pages
from console.warnings import warning_routes
from db.session import Database
from directory import store as directory
from directory.model import Entry
from kit.channels import Channel, Endpoint
from kit.clock import Clock
from staff import service as staff
from staff.model import Role
from tests.databases import sqlite_database
from tests.unit.campaigns.bulletins import ISSUER, SPANISH
from tests.unit.console.answers import answer, site
from tests.unit.console.test_public_pages import Reader
from tests.unit.console.test_warnings import (
    CLOCK,
    ISSUED,
    LAST,
    NEWER,
    NO_NAMES,
    NOW,
    Stopped,
    publish,
)

FACTS = PublicFacts("Instituto Ñandú & <hijos>", False, True, True, "")


@pytest.fixture
async def kept(tmp_path: Path) -> AsyncIterator[Database]:
    database = await sqlite_database(tmp_path)
    yield database
    await database.close()


async def ask(
    database: Database,
    path: str,
    *,
    clock: Clock = CLOCK,
    facts: PublicFacts = FACTS,
    headers: Mapping[str, str] | None = None,
) -> Response:
    app = FastAPI()
    app.add_middleware(SecurityHeaders)
    app.include_router(warning_routes(database, clock, ISSUER))
    app.include_router(warning_pages(database, clock, site(facts)))
    return await answer(app, path, headers=headers)


async def read(
    database: Database, path: str, *, clock: Clock = CLOCK, facts: PublicFacts = FACTS
) -> Reader:
    response = await ask(database, path, clock=clock, facts=facts)
    assert response.status_code == 200
    assert "set-cookie" not in response.headers
    return Reader(response.text)


async def test_with_no_warning_the_page_tells_what_a_fraud_looks_like(kept: Database) -> None:
    page = await read(kept, "/avisos")
    for said in (
        "no hay ningún aviso vigente", "dinero antes de empezar", "la cuenta de una persona",
        "número de petición", "más de 10 meses", "originales", "otro día otra", "garantizan",
        "cita del consulado", "hojas en blanco", "contratados.org",
        "no quiere decir que sea de confianza", "VERIFICAR",
        "El instituto nunca cobra ni pide dinero",
    ):  # fmt: skip
        assert said in page.text, said
    assert "/avisos.atom" in page.links()
    english = await read(kept, "/avisos?lang=en")
    assert "There is no warning in force now" in english.text
    alone = await read(kept, "/avisos", facts=replace(FACTS, telegram=False, sms=False))
    assert "VERIFICAR" not in alone.text


async def test_the_line_for_reports_is_named_only_when_somebody_here_called_it(
    kept: Database,
) -> None:
    line = Entry("anonymous_report", "Denuncia", "MX", "089", "https://example.gob.mx", "2026-10")
    async with kept.write() as session:
        await directory.save(session, [line])
        member = await staff.add(
            session, name="Persona Inventada", email="p@example.org", role=Role.DUTY,
            endpoints=[Endpoint(Channel.TELEGRAM, "700001")], now=NOW, pick=secrets.randbelow,
        )  # fmt: skip
        (found,) = await directory.find(session, ["MX"])
    assert "089" not in (await read(kept, "/avisos")).text
    async with kept.write() as session:
        await directory.set_checked(session, found.id, member, NOW)
    assert "tel:089" in (await read(kept, "/avisos")).links()


async def test_a_warning_stands_in_the_list_and_on_a_page_of_its_own(kept: Database) -> None:
    await publish(kept, ISSUED)
    page = await read(kept, "/avisos")
    assert SPANISH.headline in page.text
    assert "hora de Oaxaca" in page.text
    assert "/avisos/12" in page.links()
    own = await read(kept, "/avisos/12")
    for said in (SPANISH.headline, SPANISH.event, SPANISH.area, SPANISH.description,
                 *SPANISH.instruction.splitlines(), "Instituto Ñandú & <hijos>"):  # fmt: skip
        assert said in own.text, said
    # Its words in other languages are marked as such, and none is made up.
    tongues = [a.get("lang") for tag, a in own.elements if tag == "summary"]
    assert tongues == ["en", "und-x-mixe"]
    assert "https://example.org/visas?a=1&b=2" in own.links()
    english = await read(kept, "/avisos/12?lang=en")
    assert english.text.index("Beware of false visas") < english.text.index("Cuidado con las")
    told = {one["property"]: one["content"] for one in own.all("meta") if "property" in one}
    assert told["og:title"].startswith(SPANISH.headline)
    assert told["og:description"] == SPANISH.description
    assert told["og:url"] == "https://avisos.example.org/avisos/12"
    for page in (own, english, await read(kept, "/avisos")):
        assert not page.all("script") + page.all("style") + page.all("img")
        assert not [a for _, a in page.elements if "style" in a]


async def test_a_warning_is_passed_on_with_its_address_and_no_more(kept: Database) -> None:
    await publish(kept, replace(ISSUED, infos=(replace(SPANISH, headline="A & B? #1 <b>"),)))
    own = await read(kept, "/avisos/12")
    (whatsapp,) = [one for one in own.links() if "wa.me" in one]
    text = parse_qs(urlsplit(whatsapp).query)["text"]
    assert text == ["Aviso: A & B? #1 <b>\nhttps://avisos.example.org/avisos/12"]
    (telegram,) = [one for one in own.links() if "t.me" in one]
    assert parse_qs(urlsplit(telegram).query)["url"] == ["https://avisos.example.org/avisos/12"]
    assert any(one.startswith("sms:") for one in own.links())
    assert not own.all("b")


async def test_whoever_has_an_old_address_is_told_what_became_of_it(kept: Database) -> None:
    await publish(kept, ISSUED, NEWER)
    old = await read(kept, "/avisos/12")
    assert "Este aviso ya no vale. El nuevo es:" in old.text
    assert "/avisos/12-2" in old.links()
    assert not [one for one in old.links() if "wa.me" in one]
    await publish(kept, LAST)
    assert "Este aviso se retiró" in (await read(kept, "/avisos/12")).text
    gone = await read(kept, "/avisos/12-3")
    assert "Este aviso se retiró" in gone.text
    assert SPANISH.instruction.splitlines()[0] not in gone.text
    listed = await read(kept, "/avisos")
    assert "no hay ningún aviso vigente" in listed.text
    assert "Avisos retirados" in listed.text
    assert "/avisos/12-3" in listed.links()


async def test_a_warning_that_is_over_says_so_and_leaves_the_list(kept: Database) -> None:
    await publish(kept, ISSUED)
    later = Stopped(ISSUED.expires + timedelta(seconds=1))
    assert "Este aviso terminó" in (await read(kept, "/avisos/12", clock=later)).text
    assert "/avisos/12" not in (await read(kept, "/avisos", clock=later)).links()


async def test_a_test_is_never_taken_for_a_real_warning(kept: Database) -> None:
    await publish(kept, replace(ISSUED, status=Status.TEST))
    for path in ("/avisos", "/avisos/12"):
        assert "PRUEBA" in (await read(kept, path)).text.upper(), path


async def test_a_name_that_is_none_leads_to_the_warnings_there_are(kept: Database) -> None:
    await publish(kept, ISSUED)
    for name in NO_NAMES:
        found = await ask(kept, f"/avisos/{name}")
        if name == "12.cap.xml":
            assert found.headers["content-type"] == "application/cap+xml"
            continue
        assert found.status_code == 404, name
        if "%2f" not in name:
            assert "/avisos" in Reader(found.text).links(), name


async def test_many_warnings_make_no_heavy_page_and_whoever_has_it_gets_nothing_again(
    kept: Database,
) -> None:
    for number in range(100):
        await publish(kept, _long(number))
    whole = await ask(kept, "/avisos", headers={"Accept-Encoding": "identity"})
    page = Reader(whole.text)
    assert len(page.all("article")) == MOST_WHOLE
    assert len([one for one in page.links() if one.startswith("/avisos/")]) == 100
    assert len(whole.content) < 60_000
    assert "max-age=60" in whole.headers["cache-control"]
    tag = {"If-None-Match": whole.headers["etag"], "Accept-Encoding": "identity"}
    assert (await ask(kept, "/avisos", headers=tag)).status_code == 304
    await publish(kept, replace(ISSUED, campaign_id=500, identifier="urn:uuid:500"))
    assert (await ask(kept, "/avisos", headers=tag)).status_code == 200


def _long(number: int) -> Bulletin:
    said = replace(SPANISH, headline=f"Aviso inventado {number}", description="palabra " * 500)
    return replace(
        ISSUED,
        campaign_id=100 + number,
        identifier=f"urn:uuid:{number}",
        severity=Severity.EXTREME,
        infos=(said,),
    )
