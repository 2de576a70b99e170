"""The words of posters: whoever sends one is answered with what its campaign says."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from campaigns import store
from campaigns.content.model import Helped, Wording
from campaigns.content.placeholders import consulates
from campaigns.ledger import nearest
from campaigns.model import Campaign, CampaignState
from campaigns.replies.presses import Poster, Press, holds, keyword_form, keyword_tag
from contacts import tags
from contacts.atlas import Region
from contacts.gazetteer import load_gazetteer
from contacts.model import Contact
from db.session import Session
from delivery.content import Content
from delivery.filling import Known, Whereabouts, fill, place_key
from directory import service as directory
from kit.zones import OAXACA

OPEN_STATES = (
    CampaignState.APPROVED,
    CampaignState.SCHEDULED,
    CampaignState.SENDING,
    CampaignState.DONE,
)
"""Where a campaign stands whose keyword is answered."""


async def poster(
    session: Session,
    word: str,
    language: str,
    who: Contact | None,
    now: datetime,
    *,
    may_answer: bool,
) -> Poster | None:
    """What a word typed as a whole message is answered with; None when no poster holds it.

    `may_answer`: whether answers of this person can be kept; others get no poll and no button
    that asks for one.
    """
    keyword = keyword_form(word)
    found = None if keyword is None else await _campaign_of(session, keyword)
    if keyword is None or found is None:
        return None
    contents = found.draft.contents
    wording = contents[nearest(language, contents)]
    content = (wording if may_answer else _without_answers(wording)).content(found.id)
    return Poster(keyword, await _filled(session, content, who, now))


async def mark(session: Session, contact_id: int, keyword: str, now: datetime) -> None:
    """Remember that a contact sent the word of a poster."""
    await tags.tag(session, contact_id, keyword_tag(keyword), now)


async def gave(session: Session, press: Press, contact_id: int) -> bool:
    """Whether a contact sent the word of a poster whose answer holds this button."""
    found = await store.get(session, press.campaign_id)
    if found is None or found.draft.keyword is None:
        return False
    if keyword_tag(found.draft.keyword) not in await tags.tags_of(session, contact_id):
        return False
    return any(holds(wording.content(found.id), press) for wording in found.draft.contents.values())


async def _campaign_of(session: Session, keyword: str) -> Campaign | None:
    """The campaign of a poster's word, exactly as it was approved.

    One that is paused is not answered for, and none that held the word before it either.
    """
    over = store.campaign.c.state == CampaignState.DONE
    newest = await session.scalar(
        select(store.campaign.c.id)
        .where(
            store.campaign.c.keyword == keyword,
            store.campaign.c.state.in_((*OPEN_STATES, CampaignState.PAUSED)),
        )
        .order_by(over, store.campaign.c.id.desc())
        .limit(1)
    )
    found = None if newest is None else await store.get(session, int(newest))
    if found is None or found.state is CampaignState.PAUSED or not found.is_as_approved:
        return None
    return found


def _without_answers(wording: Wording) -> Wording:
    kept = tuple(button for button in wording.buttons if not isinstance(button, Helped))
    return replace(wording, buttons=kept, poll=None)


async def _filled(
    session: Session, content: Content, who: Contact | None, now: datetime
) -> Content:
    """With what is known of a contact today, as a run would have it."""
    names = {slot.name for slot in content.slots}
    if who is None or not names:
        return fill(content, {})
    values: dict[str, str] = {}
    if Known.REGION in names and who.origin_region is not None:
        values[Known.REGION] = Region(who.origin_region).official_name
    if Known.TOWN in names and who.origin_clave is not None:
        values[Known.TOWN] = load_gazetteer().municipalities[who.origin_clave].name
    here = Whereabouts(country=who.country, state=who.state, city=who.city)
    key = place_key(Known.NEAREST_CONSULATE, here)
    if Known.NEAREST_CONSULATE in names and key is not None:
        listed = await directory.listed(session)
        named = consulates(listed, now.astimezone(ZoneInfo(OAXACA)).date())
        values[Known.NEAREST_CONSULATE] = named.get(key, "")
    return fill(content, values)
