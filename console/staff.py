"""All pages for staff, put together."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from alerts.model import Times
from campaigns.conduct import Conduct
from campaigns.sheet.prices import Prices
from campaigns.written.file import Outside
from console.audit.pages import add_audit
from console.campaigns.pages import add_campaigns
from console.cases.files import Fetch
from console.cases.letters import Letters
from console.cases.routes import add_cases
from console.contacts.routes import add_contacts
from console.directory.pages import add_directory
from console.editor.pages import add_editor
from console.frame.layout import Layout
from console.frame.pages import StaffPages
from console.frame.streams import Streams
from console.frame.visit import Visit
from console.home.needs import Alarms, Elsewhere, NoAlarms
from console.home.pages import add_home
from console.imports.pages import add_imports
from console.posters.pages import add_posters
from console.posters.reaching import Reaching
from console.roster.routes import add_roster
from console.settings.environment import Setting
from console.settings.pages import add_settings
from console.signin.account import add_account
from console.signin.entering import add_entering
from console.signin.steps import add_steps
from console.system.model import System
from console.system.pages import add_system
from console.team.pages import add_team
from db.session import Database
from kit.clock import Clock
from staff.institute.model import Institute
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
    system: System
    alarms: Alarms = field(default_factory=NoAlarms)
    # Where this platform is found: links to it begin so.
    address: str = ""
    # What the environment says of the institute, and all that it has set.
    given: Institute = field(default_factory=Institute)
    environment: Sequence[Setting] = ()
    # By which ways people reach the platform: what posters say.
    reaching: Reaching = field(default_factory=Reaching)


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
    # Before the pages of people: /personas/{id} takes whatever stands there.
    add_imports(pages, streams)
    add_contacts(pages)
    add_directory(pages)
    add_audit(pages, stop)
    add_team(pages, ports.address)
    add_system(pages, ports.system)
    add_settings(pages, ports.given, ports.environment)
    add_posters(pages, ports.reaching, ports.given)
    add_editor(pages, ports.outside, stop)
    # Last of those under /campanas: /campanas/{id} takes whatever stands there.
    add_campaigns(pages, streams, ports.conduct, ports.prices)
    add_roster(pages, ports.times)
    return pages
