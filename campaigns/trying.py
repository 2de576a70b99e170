"""Sending a campaign to staff first, exactly as people would get it."""

from collections.abc import Iterable
from datetime import datetime

from campaigns import service
from campaigns.files import wishes
from campaigns.model import CampaignState
from campaigns.service import about
from db.session import Session
from delivery import service as delivery
from delivery.content import Content, compose
from delivery.model import Lane, NewMessage
from kit.channels import Channel, Endpoint
from kit.errors import Refused
from locales.languages import FALLBACK, language_of
from locales.text import Text, _
from staff import store as staff
from staff.model import Member
from staff.store import log

HEADING = Text(_("sms.campaign.test"), _("chat.campaign.test"))
#: {id} of the campaign, {language} of what follows.


async def try_out(
    session: Session,
    campaign_id: int,
    to: Iterable[Member],
    by: Member | None,
    now: datetime,
) -> int:
    """Send every wording of a campaign to each way of some staff, behind a line that says that it
    is a test; gives how many wordings leave. What hangs on a person is said as to a stranger.

    A file is uploaded by that, and until it is, a campaign cannot be approved: what has a file
    leaves after this unit, by `campaigns.files.uploading`. Refused when one of them can be
    reached by none of the campaign's channels.
    """
    who = service.allowed(by)
    campaign = await service.get(session, campaign_id)
    if campaign.state is CampaignState.CANCELLED:
        raise Refused(_("campaigns.test.cancelled"))
    sent = 0
    for member in to:
        channels = campaign.draft.channels if member.active else ()
        ways = [way for way in member.written if way.channel in channels]
        if not ways:
            raise Refused(_("campaigns.test.no_way"), who=member.email)
        for language, wording in sorted(campaign.draft.contents.items()):
            heading = {"id": campaign_id, "language": _name(language)}
            first = compose(HEADING, FALLBACK, heading)
            content = wording.content(campaign_id)
            for way in ways:
                await _queue(session, way, first, language, now)
                if wording.media is None or way.channel is not Channel.TELEGRAM:
                    await _queue(session, way, content, language, now)
                elif not await wishes.add(
                    session, wording.media, campaign_id, member, way, language, content, now
                ):
                    raise Refused(_("campaigns.media.gone"), name=wording.media.name)
                sent += 1
    await log(session, who, "campaigns.test", about(campaign_id), now)
    return sent


async def testers(session: Session, campaign_id: int, member: Member) -> tuple[Member, ...]:
    """The staff to whom a campaign can be sent as a test; who asks stands first.

    Refused when their role does not allow a test.
    """
    service.allowed(member)
    campaign = await service.get(session, campaign_id)
    channels = campaign.draft.channels
    found = [
        one
        for one in await staff.everybody(session)
        if one.active and any(way.channel in channels for way in one.written)
    ]
    return tuple(sorted(found, key=lambda one: (one.id != member.id, one.name)))


async def _queue(
    session: Session, way: Endpoint, said: Content, language: str, now: datetime
) -> None:
    await delivery.queue(session, NewMessage((way,), said, Lane.REPLY, language), now)


def _name(code: str) -> str:
    language = language_of(code)
    return code if language is None else language.name
