"""The list of campaigns, and their calendar."""

from datetime import timedelta

from fastapi import Response

from campaigns import agenda, listing
from campaigns.conduct import Conduct
from campaigns.listing import LONGEST_SEARCH, Wanted
from campaigns.model import CampaignState
from console.campaigns import store, words
from console.frame.pages import StaffPages
from console.frame.visit import LARGEST_ID, Visit
from kit.errors import Invalid
from kit.wall import shown
from kit.zones import OAXACA
from staff.model import Right

LIST = "/campanas"
CALENDAR = f"{LIST}/calendario"
OWN = f"{LIST}/mias"
DAY = timedelta(days=1)


def add_lists(pages: StaffPages, conduct: Conduct) -> None:
    """Add the list and the calendar."""

    @pages.get(LIST, needs=Right.SEE_CAMPAIGNS)
    async def list_(visit: Visit) -> Response:
        wanted = _wanted(visit)
        async with visit.database.read() as session:
            found = await listing.page(session, visit.member, wanted)
            first = wanted.before is None
            yours = await listing.for_approval(session, visit.member) if first else ()
            left = await store.left_at(
                session, [one.id for one in found.items if one.due is None and one.people]
            )
        return visit.page(
            "campaigns/list.html",
            found=found,
            wanted=wanted,
            yours=yours,
            left=left,
            words=words,
            is_filtered=bool(wanted.state or wanted.text),
        )

    @pages.get(CALENDAR, needs=Right.SEE_CAMPAIGNS)
    async def calendar(visit: Visit) -> Response:
        today = shown(visit.now, OAXACA).date()
        try:
            first = agenda.month_of(visit.query("mes"), today)
        except Invalid as problem:
            first, trouble = today.replace(day=1), visit.text(problem.key)
        else:
            trouble = ""
        async with visit.database.read() as session:
            found = await agenda.month(session, visit.member, first, conduct)
        return visit.page(
            "campaigns/calendar.html",
            status=422 if trouble else 200,
            found=found,
            today=today,
            trouble=trouble,
            words=words,
        )

    @pages.get(OWN, needs=Right.WRITE_CAMPAIGNS)
    async def own(visit: Visit) -> Response:
        """A line for home: whose campaigns wait for somebody else's yes."""
        async with visit.database.read() as session:
            count = await store.in_review_of(session, visit.member)
        if not visit.is_part:
            return visit.go(LIST)
        return visit.page("campaigns/own.html", count=count)


def _wanted(visit: Visit) -> Wanted:
    """What the address asks for; what is none is left out: it only chooses what is shown."""
    state, before = visit.query("estado"), visit.query("antes")
    is_number = before.isascii() and before.isdigit() and 0 < int(before[:18]) <= LARGEST_ID
    return Wanted(
        int(before[:18]) if is_number else None,
        CampaignState(state) if state in set(CampaignState) else None,
        " ".join(visit.query("texto").split())[:LONGEST_SEARCH],
    )
