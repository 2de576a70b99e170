"""A campaign in the form of its file, so that who reads it can send it back changed."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from campaigns.brakes.cohort import PLACES, Cohort
from campaigns.content.model import AnyButton, Helped, Link, Reply, Wording
from campaigns.model import CampaignDraft
from campaigns.schedule.model import After, At, AtLocal, Cron, Every, Now, Schedule
from campaigns.warnings.model import Warning
from campaigns.written.dates import RECIPIENT

Written = dict[str, object]


def written(draft: CampaignDraft) -> Written:
    """What `campaigns.written.file.read` reads as the same draft while its times are to come."""
    found: Written = {
        "title": draft.title,
        "topic": str(draft.topic),
        "class": str(draft.kind),
        "audience": draft.audience,
        "channels": [str(channel) for channel in draft.channels],
        "content": {language: _wording(said) for language, said in draft.contents.items()},
        "schedule": _schedule(draft.schedule),
    }
    if draft.stale_after is not None:
        found["stale_after"] = _length(draft.stale_after)
    if draft.reason:
        found["reason"] = draft.reason
    if draft.cohort is not None:
        found["cohort"] = _cohort(draft.cohort)
    if draft.keyword is not None:
        found["keyword"] = draft.keyword
    if draft.warning is not None:
        found["warning"] = _warning(draft.warning)
    return found


def _wording(said: Wording) -> Written:
    found: Written = {"text": said.text}
    if said.sms is not None:
        found["sms"] = said.sms
    if said.media is not None:
        # The API has no folder beside a document: what is stored is named by its fingerprint.
        found["media"] = {"sha256": said.media.sha256}
    if said.buttons:
        found["buttons"] = [_button(button) for button in said.buttons]
    if said.poll is not None:
        found["poll"] = {"question": said.poll.question, "answers": list(said.poll.answers)}
    return found


def _button(button: AnyButton) -> Written:
    match button:
        case Link(label, url):
            return {"label": label, "url": url}
        case Reply(label, word):
            return {"label": label, "reply": word}
        case Helped(label):
            return {"label": label, "helped": True}


def _schedule(schedule: Schedule) -> object:
    match schedule:
        case Now():
            return "now"
        case At(due_at, zone):
            return {"at": _in_zone(due_at, zone), "timezone": zone}
        case AtLocal(at):
            return {"at": at.isoformat(), "timezone": RECIPIENT}
        case Cron(expression, zone, start, end, skip):
            found: Written = {"cron": expression, "timezone": zone or RECIPIENT}
            if start is not None:
                found["start"] = start.isoformat()
            return found | _limits(end, skip)
        case Every(count, unit, first, zone, end, skip):
            found = {"every": f"{count} {unit}", "at": first.isoformat()}
            return found | {"timezone": zone or RECIPIENT} | _limits(end, skip)
        case After(days, at):
            found = {"after": "joined", "days": days}
            return found if at is None else found | {"at": at.isoformat()}


def _in_zone(at: datetime, zone: str) -> str:
    # With its offset: an hour that comes twice on a day must stay the one that it is.
    clock = UTC if zone == "UTC" else ZoneInfo(zone)
    return at.astimezone(clock).isoformat()


def _limits(end: date | None, skip: tuple[date, ...]) -> Written:
    found: Written = {} if end is None else {"end": end.isoformat()}
    if skip:
        found["skip"] = [day.isoformat() for day in skip]
    return found


def _length(length: timedelta) -> str:
    minutes = length // timedelta(minutes=1)
    for size, letter in ((1440, "d"), (60, "h")):
        if minutes % size == 0:
            return f"{minutes // size}{letter}"
    return f"{minutes}m"


def _cohort(cohort: Cohort) -> Written:
    return {
        "share": _percent(cohort.share),
        "wait": _length(cohort.wait),
        "failures": _percent(cohort.most_failures),
        "opt_outs": _percent(cohort.most_opt_outs),
    }


def _percent(parts: int) -> str:
    whole, rest = divmod(parts, PLACES // 100)
    return f"{whole}.{rest:02}%" if rest else f"{whole}%"


def _warning(warning: Warning) -> Written:
    found: Written = {
        "status": warning.status.lower(),
        "event": _said(warning.event),
        "category": warning.category.lower(),
        "urgency": warning.urgency.lower(),
        "severity": warning.severity.lower(),
        "certainty": warning.certainty.lower(),
        "expires": _length(warning.expires),
        "area": _said(warning.area),
    }
    if warning.headline:
        found["headline"] = _said(warning.headline)
    if warning.instruction:
        found["instruction"] = _said(warning.instruction)
    if warning.web is not None:
        found["web"] = warning.web
    if warning.updates is not None:
        found["updates"] = warning.updates
    return found


def _said(said: Mapping[str, str]) -> dict[str, str]:
    return dict(said)
