"""Telling staff what became of a campaign while nobody looked."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from campaigns.brakes.cohort import Verdict
from campaigns.model import Campaign
from campaigns.schedule.occurrences import Occurrence
from db.session import Session
from delivery import service as delivery
from delivery.content import Params, compose
from delivery.model import Lane, NewMessage
from kit.channels import Endpoint
from kit.zones import OAXACA
from locales.text import Phrase, Text, _
from staff import store as staff
from staff.model import Role

MISSED = Text(_("sms.campaign.missed"), _("chat.campaign.missed"))
#: {id} of the campaign, {times} that were missed, {until} the last of them, by Oaxaca's clock.

PARTLY_MISSED = Text(_("sms.campaign.partly_missed"), _("chat.campaign.partly_missed"))
#: {id} of the campaign, of which the time by people's clocks had passed for some of them.

STOPPED = Text(_("sms.campaign.stopped"), _("chat.campaign.stopped"))
#: {id} of the campaign, {why} it stopped by itself.

ALTERED = Text(_("sms.campaign.altered"), _("chat.campaign.altered"))
#: {id} of the campaign: it, or a saved audience that it names, changed after the approval.

NO_FILE = Text(_("sms.campaign.no_file"), _("chat.campaign.no_file"))
#: {id} of the campaign, of which a file is not at Telegram any more.

WHY = {
    Verdict.FAILURES: Phrase(_("word.stopped.failures")),
    Verdict.OPT_OUTS: Phrase(_("word.stopped.opt_outs")),
}

OFFICE = ((Role.ADMIN,), (Role.COORDINATOR,))
"""Who is told when it is nobody's own: the first of these roles that somebody has."""

LANGUAGE = "es"


async def tell_missed(
    session: Session, campaign: Campaign, missed: Sequence[Occurrence], now: datetime
) -> None:
    """Its time came while nothing ran, too long ago for it to leave still."""
    at = missed[-1].due_at.astimezone(ZoneInfo(OAXACA)).strftime("%d/%m %H:%M")
    await tell_writers(session, campaign, MISSED, {"times": len(missed), "until": at}, now)


async def tell_partly_missed(session: Session, campaign: Campaign, now: datetime) -> None:
    """Its time came too long ago for people of some zones, who get nothing; others still do."""
    await tell_writers(session, campaign, PARTLY_MISSED, {}, now)


async def tell_altered(session: Session, campaign: Campaign, now: datetime) -> None:
    """Its time came, and it is not what was approved, or its audience cannot be read any more."""
    await tell_writers(session, campaign, ALTERED, {}, now)


async def tell_stopped(
    session: Session, campaign: Campaign, verdict: Verdict, now: datetime
) -> None:
    """What became of the first few passed a limit, and the others do not get it."""
    await tell_writers(session, campaign, STOPPED, {"why": WHY[verdict]}, now)


async def tell_no_file(session: Session, campaign: Campaign, now: datetime) -> None:
    """A file of it is not uploaded, or was for another bot: it waits for another test."""
    await tell_writers(session, campaign, NO_FILE, {}, now)


async def tell_writers(
    session: Session, campaign: Campaign, text: Text, params: Params, now: datetime
) -> None:
    """Tell who wrote and who approved a campaign; the office when none of them can be reached."""
    known = {**params, "id": campaign.id}
    ids = sorted({*campaign.writers, campaign.approver_id or campaign.author_id})
    found = [await staff.get(session, member_id) for member_id in ids]
    ways = [one.written[0] for one in found if one is not None and one.active and one.written]
    if ways:
        await _tell(session, ways, text, known, Lane.REPLY, now)
    else:
        await tell_office(session, text, known, Lane.REPLY, now)


async def tell_office(
    session: Session, text: Text, params: Params, lane: Lane, now: datetime
) -> None:
    """Tell whoever looks after the platform, by each of their ways: one may be out of order."""
    for roles in OFFICE:
        members = await staff.with_roles(session, roles)
        ways = [endpoint for member in members for endpoint in member.endpoints]
        await _tell(session, ways, text, params, lane, now)
        if members:
            return


async def _tell(
    session: Session,
    ways: Iterable[Endpoint],
    text: Text,
    params: Params,
    lane: Lane,
    now: datetime,
) -> None:
    for endpoint in ways:
        content = compose(text, LANGUAGE, params)
        await delivery.queue(session, NewMessage((endpoint,), content, lane, LANGUAGE), now)
