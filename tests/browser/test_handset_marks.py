"""What stands bold, italic or as a link, in a real browser."""

from playwright.async_api import Page, expect

from delivery.content import Content, Entity
from delivery.model import Lane
from delivery.transport import Outgoing
from kit.channels import Channel, Endpoint
from tests.browser.chromium import needs_browser
from tests.browser.window import panel
from tests.transports.handset_stage import OFELIA, Stage

pytestmark = needs_browser


async def shown(page: Page, playing: Stage, text: str, *marks: Entity) -> str:
    """The line's text as the browser has it."""
    to = Endpoint(Channel.TELEGRAM, OFELIA)
    content = Content(text, "", entities=marks)
    await playing.transport(Channel.TELEGRAM).send(Outgoing(1, to, content, Lane.BULK))
    said = panel(page, 1, Channel.TELEGRAM).locator(".said")
    await expect(said).to_have_text([text])
    return await said.inner_html()


async def test_marks_lie_inside_each_other_and_count_as_telegram_does(
    page: Page, playing: Stage
) -> None:
    html = await shown(
        page,
        playing,
        "🌵 uno dos",
        Entity("bold", 3, 7),
        Entity("italic", 7, 3),
        Entity("link", 7, 3, "https://example.org/a"),
    )
    link = '<a href="https://example.org/a" target="_blank" rel="noopener noreferrer">dos</a>'
    assert html == f"🌵 <b>uno </b><b><i>{link}</i></b>"


async def test_no_mark_runs_a_script(page: Page, playing: Stage) -> None:
    title = await page.title()
    html = await shown(
        page,
        playing,
        "<b>hola</b> aquí",
        Entity("link", 12, 4, "javascript:document.title='taken'"),
        Entity("bold", 0, 3),
    )
    assert html == "<b>&lt;b&gt;</b>hola&lt;/b&gt; <a>aquí</a>"
    assert await page.title() == title
