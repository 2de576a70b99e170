"""The two cards of docs/usability.md, played as somebody who has only an address and a card: by the
words that stand on the pages, from the invitation to the result."""

import os
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from playwright.async_api import Page, expect
from sqlalchemy import select

from contacts import store as contacts
from contacts.model import Topic
from kit.channels import Channel
from staff.model import Role
from staff.signin import invitations
from tests.browser.chromium import LOOP, Chromium, needs_browser
from tests.browser.staff import PHONE, signed_in
from tests.console_stage import Console, console_stage
from tests.stores.campaign_people import Person, add_people
from transports.handset import store as handset
from transports.handset.acts import Acts
from transports.handset.model import Phone
from transports.handset.pictures import Pictures

pytestmark = needs_browser

TEXT = re.compile(r"^Texto\W*$")
PASSWORD = "tres caballos verdes corren"
MIXTECA = {"origin_region": "mixteca"}


PICTURES = os.environ.get("PICTURES", "")
"""A folder for the pictures of docs/usability.md; `make screenshots` gives one."""


async def picture(page: Page, name: str) -> None:
    """Keep what a page looks like at this step, when pictures are wanted."""
    if PICTURES:
        await page.wait_for_timeout(1_500)
        await page.screenshot(path=Path(PICTURES) / f"usability-{name}.png")


@pytest_asyncio.fixture(loop_scope=LOOP)
async def console(tmp_path: Path) -> AsyncIterator[Console]:
    async with console_stage(tmp_path) as opened:
        yield opened


async def invitation(console: Console, role: Role) -> str:
    """The address that somebody was given."""
    member = await console.member(role)
    async with console.database.write() as session:
        link = await invitations.invite(session, member, console.clock.now(), by=None)
    return f"{console.url}{link.path}"


async def come_in(page: Page, address: str) -> None:
    await page.goto(address)
    await page.get_by_label("Contraseña nueva").fill(PASSWORD)
    await page.get_by_label("Otra vez la misma").fill(PASSWORD)
    await page.get_by_role("button", name="Guardar y entrar").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Inicio")


async def add_everybody(console: Console) -> Phone:
    """Five people of the Mixteca, two of whom read English: one has blocked the bot and one has
    said no to SMS, who get nothing. And the phone of somebody who calls for help."""
    async with console.database.write() as session:
        await handset.ensure_phones(session)
        # The handset plays these endpoints: what is sent to them arrives.
        grandmother, cousin, *_rest = await handset.phones(session)
        reader = Person(about=MIXTECA, language="en")
        await add_people(
            session,
            [
                Person((Channel.TELEGRAM,), about=MIXTECA, dead=(Channel.TELEGRAM,)),
                Person((Channel.SMS,), about=MIXTECA, stopped=(Channel.SMS,), language="en"),
            ],
        )
        for phone, language in ((grandmother, "es"), (cousin, reader.language)):
            ends = [phone.endpoint(Channel.TELEGRAM)]
            made = await contacts.create(session, ends, language, console.clock.now())
            await contacts.set_topics(session, made, [Topic.FRAUD])
            await contacts.change(session, made, MIXTECA)
    return grandmother


async def test_a_campaign_in_two_languages_and_who_did_not_get_it(
    chromium: Chromium, console: Console
) -> None:
    await add_everybody(console)
    async with (
        signed_in(chromium, console, None) as writer,
        signed_in(chromium, console, None, size=PHONE) as other,
    ):
        await come_in(writer, await invitation(console, Role.COMMUNICATOR))
        await writer.get_by_role("link", name="Nueva campaña").click()
        await writer.get_by_label("Título").fill("Fraude con visas")
        await writer.get_by_label("Tema").first.select_option(label="Fraudes")
        await writer.get_by_role("button", name="Agregar condición").click()
        await writer.get_by_role("checkbox", name="Mixteca").check()
        spanish = writer.get_by_role("region", name="español")
        await spanish.get_by_role("textbox", name=TEXT).fill("Nadie del programa cobra por visas.")
        await writer.get_by_role("button", name="Agregar lengua").click()
        english = writer.get_by_role("region", name="inglés")
        await english.get_by_role("textbox", name=TEXT).fill("Nobody of the programme takes money.")
        await picture(writer, "1-editor")
        await writer.get_by_role("button", name="Guardar y pedir aprobación").click()
        await expect(writer.locator(".said")).to_contain_text("Ahora la lee y aprueba otra persona")

        await come_in(other, await invitation(console, Role.COORDINATOR))
        await other.get_by_role("link", name="Por aprobar: Fraude con visas").click()
        await picture(other, "2-approval")
        await other.get_by_role("button", name="Aprobar").click()
        await expect(other.locator(".said")).to_contain_text("aprobada")

        # The writer's first page says what is to be done now, and where.
        await writer.get_by_role("link", name="Inicio").click()
        await picture(writer, "3-home")
        await writer.get_by_role("link", name="falta empezar a enviar: Fraude con visas").click()
        await writer.locator("summary", has_text="Empezar a enviar").click()
        facts = writer.locator("details.start dl")
        # Also where the page was drawn before everybody was counted.
        await expect(facts).to_contain_text("2 · Telegram: 2", use_inner_text=True)
        await picture(writer, "7-start")
        await writer.get_by_role("button", name="Sí, empezar a enviar").click()
        await console.move(seconds=30)
        await expect(writer.locator(".heading .state")).to_have_text("terminada")
        await writer.get_by_role("link", name="Informe").click()
        missed = writer.get_by_role("region", name="Quiénes no la recibieron")
        await expect(missed).to_contain_text("se dio de baja 1 de 4", use_inner_text=True)
        await picture(writer, "4-report")
    sent = await said_to_phones(console)
    assert len(sent) == 2
    assert any("Nadie del programa" in one for one in sent)
    assert any("Nobody of the programme" in one for one in sent)


async def said_to_phones(console: Console) -> set[str]:
    async with console.database.read() as session:
        rows = await session.all(select(handset.handset_line.c.body))
    return {str(row["body"]) for row in rows}


async def test_a_case_is_taken_answered_and_closed_on_a_phone(
    chromium: Chromium, console: Console
) -> None:
    caller = await add_everybody(console)
    hands = Acts(console.database, console.platform.intake, console.clock, Pictures())
    async with signed_in(chromium, console, None, size=PHONE) as guard:
        await come_in(guard, await invitation(console, Role.DUTY))
        await hands.write(caller.id, Channel.TELEGRAM, "SOS mi hijo no llega a Nogales")
        await guard.get_by_role("link", name="Nadie tiene el caso").click()
        await picture(guard, "5-case")
        await guard.get_by_role("button", name="Aceptar el caso").click()
        await expect(guard.locator(".said")).to_contain_text("El caso es suyo")
        await guard.get_by_label("Escribirle a la persona").fill("¿Cuándo habló con él?")
        await guard.get_by_role("button", name="Enviar a la persona").click()
        await expect(guard.locator(".said")).to_contain_text("va en camino")
        await guard.get_by_text("Cerrar el caso").first.click()
        await guard.get_by_label("Resultado").select_option(label="Localizada")
        await guard.get_by_label("Cómo se sabe").fill("Llamó a su casa.")
        await picture(guard, "6-close")
        await guard.get_by_role("button", name="Cerrar el caso").last.click()
        await expect(guard.locator(".said")).to_contain_text("El caso está cerrado")
        await guard.get_by_role("link", name="Inicio").click()
        await expect(guard.get_by_text("Nada le espera ahora")).to_be_visible()
