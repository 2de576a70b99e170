"""Messages of which nobody knows whether they left: a person decides."""

from fastapi import Response

from campaigns import lifecycle, service, standing
from console.campaigns import words
from console.campaigns.one import ONE, address
from console.frame.pages import StaffPages
from console.frame.visit import LARGEST_ID, Visit
from delivery.model import State
from kit.errors import Refused
from staff.model import Right


def add_uncertain(pages: StaffPages) -> None:
    """Add the list of what is to be decided."""

    @pages.get(f"{ONE}/inciertos", needs=Right.SEE_CAMPAIGNS)
    async def list_(visit: Visit) -> Response:
        campaign_id, typed = visit.number("id"), visit.query("despues")
        is_number = typed.isascii() and typed.isdigit() and int(typed[:18]) <= LARGEST_ID
        after = int(typed[:18]) if is_number else None
        async with visit.database.read() as session:
            campaign = await service.seen_by(session, campaign_id, visit.member)
            rows, following = await standing.uncertain(session, campaign_id, visit.member, after)
            found = await standing.status(session, campaign_id, visit.now)
        try:
            lifecycle.may_resend(campaign)
        except Refused as problem:
            why_not = visit.text(problem.key, **problem.params)
        else:
            why_not = ""
        return visit.page(
            "campaigns/uncertain.html",
            campaign=campaign,
            back=address(campaign_id),
            rows=rows,
            following=following,
            total=found.counts[State.UNCERTAIN],
            people=sum(found.counts.values()),
            why_not=why_not,
            words=words,
        )
