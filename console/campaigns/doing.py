"""What is done to a campaign by the buttons of its page."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from fastapi import Response

from campaigns import deciding, service, trying
from campaigns.audience import audiences
from campaigns.figures.model import missed_expression
from campaigns.jobs import PAUSE_SECONDS
from campaigns.lifecycle import STATE_NAMES
from campaigns.model import CampaignState
from campaigns.returns import service as returns
from campaigns.warnings import service as warnings
from console.campaigns import acts, words
from console.campaigns.one import ONE, Desk, address, page
from console.campaigns.seen import changes
from console.editor.names import NAMES
from console.frame.pages import StaffPages
from console.frame.problems import status_of
from console.frame.visit import Visit
from contacts.gazetteer import load_gazetteer
from db.session import Session
from delivery.deciding import Decision
from kit.errors import Invalid, Refused
from locales.text import _
from staff.model import Right
from staff.signin.forms import once

MOST_TESTERS = 20
MOST_BATCHES = 20
"""Units of a decision while somebody waits; for more rows the page says that some are left."""

Do = Callable[[Session, int, Visit, Desk], Awaitable[CampaignState]]
Take = Callable[[Session], Awaitable[int]]


def add_doing(pages: StaffPages, desk: Desk) -> None:
    """Add the buttons."""
    for name, do in _STEPS.items():
        _add_step(pages, desk, name, do)
    _add_approval(pages, desk)
    _add_return(pages, desk)
    _add_decisions(pages)
    _add_test(pages)
    _add_withdrawal(pages)
    _add_missed(pages)


async def _submit(session: Session, campaign_id: int, visit: Visit, desk: Desk) -> CampaignState:
    del desk
    return await service.submit(session, campaign_id, visit.member, visit.now)


async def _start(session: Session, campaign_id: int, visit: Visit, desk: Desk) -> CampaignState:
    return await service.start(session, campaign_id, visit.member, visit.now, desk.conduct)


async def _pause(session: Session, campaign_id: int, visit: Visit, desk: Desk) -> CampaignState:
    del desk
    return await service.pause(session, campaign_id, visit.member, visit.now)


async def _resume(session: Session, campaign_id: int, visit: Visit, desk: Desk) -> CampaignState:
    del desk
    return await service.resume(session, campaign_id, visit.member, visit.now)


async def _cancel(session: Session, campaign_id: int, visit: Visit, desk: Desk) -> CampaignState:
    del desk
    return await service.cancel(session, campaign_id, visit.member, visit.now)


_STEPS: Mapping[str, Do] = {
    acts.SUBMIT.name: _submit,
    acts.START.name: _start,
    acts.PAUSE.name: _pause,
    acts.RESUME.name: _resume,
    acts.CANCEL.name: _cancel,
}


def _add_step(pages: StaffPages, desk: Desk, name: str, do: Do) -> None:
    @pages.post(f"{ONE}/{name}", needs=Right.WRITE_CAMPAIGNS)
    async def step(visit: Visit) -> Response:
        campaign_id = visit.number("id")
        # Half a second the first time, which must not fall into the unit.
        await asyncio.to_thread(load_gazetteer)
        async with visit.database.write() as session:
            if not await once(session, visit.form["once"], visit.now):
                return _taken(visit, campaign_id)
            state = await do(session, campaign_id, visit, desk)
        return _now(visit, campaign_id, state)


def _add_approval(pages: StaffPages, desk: Desk) -> None:
    @pages.post(f"{ONE}/{acts.APPROVE.name}", needs=Right.APPROVE_CAMPAIGNS)
    async def approve(visit: Visit) -> Response:
        campaign_id, seen = visit.number("id"), visit.form["seen"]
        await asyncio.to_thread(load_gazetteer)
        state: CampaignState | None = None
        async with visit.database.write() as session:
            if not await once(session, visit.form["once"], visit.now):
                return _taken(visit, campaign_id)
            campaign = await service.hold(session, campaign_id)
            is_same = bool(seen) and campaign.draft.content_hash == seen
            if is_same:
                state = await service.approve(
                    session, campaign_id, visit.member, visit.now, desk.conduct, seen
                )
        if state is not None:
            return _now(visit, campaign_id, state)
        return visit.page(
            "campaigns/changed.html",
            status=409,
            campaign=campaign,
            found=changes(visit.form["document"], campaign.draft),
            names=NAMES,
            words=words,
            back=address(campaign_id),
        )


def _add_return(pages: StaffPages, desk: Desk) -> None:
    @pages.post(f"{ONE}/{acts.RETURN.name}", needs=Right.APPROVE_CAMPAIGNS)
    async def send_back(visit: Visit) -> Response:
        campaign_id, seen = visit.number("id"), visit.form["seen"]
        try:
            async with visit.database.write() as session:
                if not await once(session, visit.form["once"], visit.now):
                    return _taken(visit, campaign_id)
                campaign = await service.hold(session, campaign_id)
                # In another state it is that which has to be said.
                is_other = campaign.draft.content_hash != seen
                if campaign.state is CampaignState.REVIEW and is_other:
                    raise Refused(_("console.campaigns.return_changed"))
                await returns.send_back(
                    session, campaign_id, visit.member, visit.form["words"], visit.now
                )
        except (Invalid, Refused) as problem:
            sentence = visit.text(problem.key, **problem.params)
            return await page(visit, desk, sentence, status_of(problem))
        return visit.go(address(campaign_id), _("console.campaigns.returned"))


def _add_decisions(pages: StaffPages) -> None:
    @pages.post(f"{ONE}/{acts.RETRY.name}", needs=Right.WRITE_CAMPAIGNS)
    async def retry(visit: Visit) -> Response:
        campaign_id = visit.number("id")

        async def take(session: Session) -> int:
            return await deciding.retry(session, campaign_id, visit.member, visit.now)

        return await _decide(visit, campaign_id, take, address(campaign_id))

    @pages.post(f"{ONE}/inciertos", needs=Right.WRITE_CAMPAIGNS)
    async def resolve(visit: Visit) -> Response:
        campaign_id, typed = visit.number("id"), visit.form["decision"]
        if typed not in set(Decision):
            raise Invalid(_("console.campaigns.uncertain.choose"))

        async def take(session: Session) -> int:
            decision = Decision(typed)
            return await deciding.resolve(session, campaign_id, decision, visit.member, visit.now)

        return await _decide(visit, campaign_id, take, address(campaign_id))


async def _decide(visit: Visit, campaign_id: int, take: Take, to: str) -> Response:
    """Unit after unit, with room for everybody else between."""
    rows = 0
    for number in range(MOST_BATCHES):
        async with visit.database.write() as session:
            if not number and not await once(session, visit.form["once"], visit.now):
                return _taken(visit, campaign_id)
            taken = await take(session)
        if not taken:
            return visit.go(to, _("console.campaigns.decided"), rows=rows)
        rows += taken
        await asyncio.sleep(PAUSE_SECONDS)
    return visit.go(to, _("console.campaigns.decided_some"), rows=rows)


def _add_test(pages: StaffPages) -> None:
    @pages.post(f"{ONE}/prueba", needs=Right.WRITE_CAMPAIGNS)
    async def test(visit: Visit) -> Response:
        campaign_id, ids = visit.number("id"), set(visit.form.several("to"))
        async with visit.database.write() as session:
            to = [
                one
                for one in await trying.testers(session, campaign_id, visit.member)
                if str(one.id) in ids
            ]
            if not to or len(to) != len(ids) or len(to) > MOST_TESTERS:
                raise Invalid(_("console.campaigns.test.choose"), most=MOST_TESTERS)
            if not await once(session, visit.form["once"], visit.now):
                return _taken(visit, campaign_id)
            sent = await trying.try_out(session, campaign_id, to, visit.member, visit.now)
        there = f"{address(campaign_id)}?hecho=prueba#hecho"
        return visit.go(there, _("console.campaigns.test.sent"), sent=sent)


def _add_withdrawal(pages: StaffPages) -> None:
    @pages.post(f"{ONE}/retirar-aviso", needs=Right.APPROVE_CAMPAIGNS)
    async def withdraw(visit: Visit) -> Response:
        campaign_id = visit.number("id")
        async with visit.database.write() as session:
            await service.seen_by(session, campaign_id, visit.member)
            if not await once(session, visit.form["once"], visit.now):
                return _taken(visit, campaign_id)
            await warnings.withdraw(session, campaign_id, visit.member, visit.now)
        return visit.go(address(campaign_id), _("console.campaigns.warning.withdrawn"))


def _add_missed(pages: StaffPages) -> None:
    @pages.post(f"{ONE}/faltantes", needs=Right.WRITE_CAMPAIGNS)
    async def missed(visit: Visit) -> Response:
        """Keep those who did not get it as an audience of their own."""
        campaign_id = visit.number("id")
        async with visit.database.write() as session:
            campaign = await service.seen_by(session, campaign_id, visit.member)
            if not await once(session, visit.form["once"], visit.now):
                return _taken(visit, campaign_id)
            kept = await audiences.save(
                session,
                visit.form["name"],
                missed_expression(campaign),
                visit.member,
                visit.now,
            )
        where = f"{address(campaign_id)}/informe"
        return visit.go(where, _("console.campaigns.missed.saved"), name=kept.name)


def _now(visit: Visit, campaign_id: int, state: CampaignState) -> Response:
    return visit.go(address(campaign_id), _("console.campaigns.now"), state=STATE_NAMES[state])


def _taken(visit: Visit, campaign_id: int) -> Response:
    """The same form a second time: nothing is done again."""
    return visit.go(address(campaign_id), _("console.campaigns.taken_already"))
