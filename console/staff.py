"""All pages for staff, put together."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from alerts.model import Times
from campaigns.conduct import Conduct
from campaigns.sheet.prices import Prices
from campaigns.written.file import Outside
from console.campaigns.pages import add_campaigns
from console.cases.files import Fetch
from console.cases.letters import Letters
from console.cases.routes import add_cases
from console.editor.pages import add_editor
from console.frame.layout import Layout
from console.frame.pages import StaffPages
from console.frame.streams import Streams
from console.frame.visit import Visit
from console.home.needs import Alarms, Elsewhere, NoAlarms
from console.home.pages import add_home
from console.signin.account import add_account
from console.signin.entering import add_entering
from console.signin.steps import add_steps
from db.session import Database
from kit.clock import Clock
from staff.signin.service import SignIn


@dataclass(frozen=True, slots=True)
class Ports:
    """What pages need of the rest of the platform that they may not import."""

    times: Times
    letters: Letters
    fetch: Fetch
    conduct: Conduct
    prices: Callable[[], Prices]
    outside: Outside
    alarms: Alarms = field(default_factory=NoAlarms)


def staff_routes(
    database: Database, clock: Clock, stop: asyncio.Event, layout: Layout, ports: Ports
) -> StaffPages:
    """Every page for who works here. Streams end when `stop` is set."""
    pages = StaffPages(database, clock, layout)

    async def still_in(visit: Visit) -> bool:
        found = await pages.signed_in(visit.request)
        return found is not None and found.stage is visit.who.stage

    streams = Streams(database, stop, still_in)
    sign_in = SignIn(database, layout.trial)
    add_entering(pages, sign_in)
    add_steps(pages, sign_in)
    add_account(pages, sign_in)
    add_home(pages, streams, Elsewhere(ports.letters, ports.alarms))
    add_cases(pages, streams, ports.times, ports.letters, ports.fetch)
    add_editor(pages, ports.outside, stop)
    # Last of those under /campanas: /campanas/{id} takes whatever stands there.
    add_campaigns(pages, streams, ports.conduct, ports.prices)
    return pages
