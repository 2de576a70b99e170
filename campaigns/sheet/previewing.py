"""What a draft would cost and whom it would reach if it left now."""

from collections import Counter
from dataclasses import dataclass

from campaigns import ledger
from campaigns.audience.audiences import expanded
from campaigns.audience.language import parse
from campaigns.audience.selection import condition, subscribed
from campaigns.content.gsm7 import SmsPreview, sms_preview
from campaigns.model import CampaignDraft
from campaigns.service import check
from db.session import Session
from delivery.model import Skip
from kit.channels import Channel


@dataclass(frozen=True, slots=True)
class Reach:
    """How many contacts an audience has, and by which way each would be reached.

    `by_channel` and `by_language` count those who would be sent something, each once; `excluded`
    those who would not, by reason.
    """

    total: int
    by_channel: dict[Channel, int]
    by_language: dict[str, int]
    excluded: dict[Skip, int]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a campaign costs in each language by SMS, and whom it reaches."""

    sms: dict[str, SmsPreview]
    reach: Reach


async def preview(session: Session, draft: CampaignDraft) -> Preview:
    """What a draft would cost and whom it would reach if it left now. Refused as `create` does."""
    await check(session, draft)
    people = ledger.recipients(
        condition(await expanded(session, parse(draft.audience))),
        subscribed(draft.topic),
        draft.channels,
        draft.contents.keys(),
    )
    sms = {
        language: sms_preview(wording.in_sms)
        for language, wording in draft.contents.items()
        if Channel.SMS in draft.channels
    }
    total, channels, languages = 0, Counter[Channel](), Counter[str]()
    excluded = Counter[Skip]()
    for channel, language, why, count in await ledger.reach(session, people):
        total += count
        if why is not None:
            excluded[why] += count
            continue
        channels[channel] += count
        languages[language] += count
    return Preview(sms, Reach(total, dict(channels), dict(languages), dict(excluded)))
