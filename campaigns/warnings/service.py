"""Publishing a warning, taking its place, taking it back. Each runs in one unit of its caller."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from uuid import uuid4

from campaigns.model import Campaign
from campaigns.warnings import store
from campaigns.warnings.model import (
    Bulletin,
    Info,
    MessageKind,
    Said,
    Urgency,
    Warning,
    text_in,
    written_in,
)
from campaigns.warnings.store import Published
from db.session import Session
from delivery.content import Content
from kit.errors import Refused
from locales.languages import FALLBACK, fallback_chain, language_of
from locales.text import _
from staff.model import Member, Right
from staff.store import log


async def check(session: Session, warning: Warning) -> None:
    """Refuse a warning that updates one that nobody published; asked when a campaign is kept."""
    if warning.updates is not None and await store.latest(session, warning.updates) is None:
        raise Refused(_("warnings.nothing_to_update"), id=warning.updates)


async def publish(
    session: Session,
    campaign: Campaign,
    contents: Mapping[str, Content],
    now: datetime,
) -> Bulletin | None:
    """Let the public read what a campaign with a warning says, in the unit that opens its run.

    `contents` are the run's; unfilled, their texts hold the author's fallbacks and no marks.
    The first run publishes an Alert, or an Update of what stands for the campaign that `updates`
    names. A later run publishes an Update when something else is said, an Alert when the last one
    is over, else nothing; and nothing after it was withdrawn, or replaced by another campaign.
    """
    warning = campaign.draft.warning
    if warning is None:
        return None
    own = await store.latest(session, campaign.id)
    if own is not None and (
        own.superseded_by is not None or own.bulletin.kind is MessageKind.CANCEL
    ):
        return None
    earlier = own
    if own is None and warning.updates is not None:
        earlier = await store.standing_for(session, warning.updates)
    if earlier is not None and not earlier.is_in_force(now):
        earlier = None
    bulletin = _bulletin(campaign, warning, contents, _next_number(own), now)
    if earlier is not None:
        if earlier is own and bulletin.says_the_same(earlier.bulletin):
            return None
        bulletin = replace(bulletin, kind=MessageKind.UPDATE, references=earlier.bulletin.chain)
    await store.add(session, bulletin, earlier)
    await log(session, None, "warnings.publish", f"campaign:{campaign.id}", now)
    return bulletin


async def withdraw(session: Session, campaign_id: int, member: Member, now: datetime) -> Bulletin:
    """Take a campaign's warning back: a Cancel that refers to it. What was sent stays sent.

    Refused when it has none, when it is over, and when another campaign has replaced it: that one
    is to be withdrawn.
    """
    if not member.may(Right.APPROVE_CAMPAIGNS):
        raise Refused(_("staff.not_allowed"))
    own = await store.latest(session, campaign_id)
    if own is None:
        raise Refused(_("warnings.none"), id=campaign_id)
    standing = await store.standing_for(session, campaign_id)
    if standing is not None and standing.bulletin.campaign_id != campaign_id:
        raise Refused(_("warnings.replaced"), id=standing.bulletin.campaign_id)
    if not own.is_in_force(now):
        raise Refused(_("warnings.over"), id=campaign_id)
    cancel = replace(
        own.bulletin,
        number=_next_number(own),
        identifier=_new_identifier(),
        kind=MessageKind.CANCEL,
        sent=now.replace(microsecond=0),
        urgency=Urgency.PAST,
        # That it is withdrawn is said by the platform, in the languages that it speaks itself.
        infos=tuple(info for info in own.bulletin.infos if _is_spoken(info.language)),
        references=own.bulletin.chain,
    )
    await store.add(session, cancel, own)
    await log(session, member.id, "warnings.withdraw", f"campaign:{campaign_id}", now)
    return cancel


def _bulletin(
    campaign: Campaign,
    warning: Warning,
    contents: Mapping[str, Content],
    number: int,
    now: datetime,
) -> Bulletin:
    sent = now.replace(microsecond=0)
    # Spanish first: a reader that shows one block alone shows the first.
    languages = sorted(contents, key=lambda language: (language != FALLBACK, language))
    said = {language: contents[language].chat for language in languages}
    infos = [
        Info(
            language=language,
            headline=written_in({FALLBACK: campaign.draft.title, **warning.headline}, language),
            event=text_in(warning.event, language),
            area=text_in(warning.area, language),
            description=_own(said, language),
            instruction=written_in(warning.instruction, language),
        )
        for language in languages
    ]
    return Bulletin(
        campaign_id=campaign.id,
        number=number,
        identifier=_new_identifier(),
        kind=MessageKind.ALERT,
        status=warning.status,
        sent=sent,
        expires=sent + warning.expires,
        category=warning.category,
        urgency=warning.urgency,
        severity=warning.severity,
        certainty=warning.certainty,
        infos=tuple(info for info in infos if info.headline or info.description),
        note=campaign.draft.title,
        web=warning.web,
    )


def _own(said: Said, language: str) -> str:
    """The text in a language; "" when it is that of the family or the Spanish one: a recording
    goes with those where its language has no text."""
    lent = {said[code] for code in fallback_chain(language) if code != language and code in said}
    return "" if said[language] in lent else said[language]


def _next_number(own: Published | None) -> int:
    return 1 if own is None else own.bulletin.number + 1


def _new_identifier() -> str:
    # Random, so that no restored backup gives one out twice; an IRI, as Atom wants its ids.
    return f"urn:uuid:{uuid4()}"


def _is_spoken(language: str) -> bool:
    known = language_of(language)
    return known is not None and known.has_catalogue
