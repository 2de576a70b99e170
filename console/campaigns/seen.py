"""What somebody has read of a campaign, carried along by its page, and what is another by now."""

import json

from campaigns.model import CampaignDraft
from console.editor.difference import Difference, differences
from console.editor.fields import Fields
from console.editor.filling import fields_of

LONGEST = 200_000


def packed(draft: CampaignDraft) -> str:
    """A draft as the page carries it along."""
    return json.dumps(list(fields_of(draft)), ensure_ascii=False, separators=(",", ":"))


def changes(text: str, now: CampaignDraft) -> tuple[Difference, ...]:
    """What a draft says that what was packed did not; `ours` is what stood there. Of a text that is
    nothing packed, everything: it came from outside."""
    return differences(fields_of(now), Fields(_pairs(text)))


def _pairs(text: str) -> list[tuple[str, str]]:
    if len(text) > LONGEST:
        return []
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return []
    if not isinstance(found, list):
        return []
    return [
        (one[0], one[1])
        for one in found
        if isinstance(one, list) and len(one) == 2 and all(isinstance(part, str) for part in one)
    ]
