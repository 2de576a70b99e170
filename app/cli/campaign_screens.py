"""How campaigns are shown: as a document for programs, as tables for people."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import yaml
from rich.markup import escape
from rich.table import Table

from app.cli.frame import say, screen
from campaigns.brakes.cohort import Verdict
from campaigns.lifecycle import STATE_NAMES
from campaigns.model import Campaign
from campaigns.sheet.previewing import Preview
from campaigns.standing import Status
from campaigns.telling import WHY
from console.api.written import written
from delivery.model import Skip, State
from kit.zones import OAXACA
from locales.text import _

ROW_STATES: dict[State, str] = {
    State.PENDING: _("campaigns.row.pending"),
    State.SENDING: _("campaigns.row.sending"),
    State.UNCERTAIN: _("campaigns.row.uncertain"),
    State.SENT: _("campaigns.row.sent"),
    State.DELIVERED: _("campaigns.row.delivered"),
    State.UNDELIVERED: _("campaigns.row.undelivered"),
    State.FAILED: _("campaigns.row.failed"),
    State.SKIPPED: _("campaigns.row.skipped"),
}
EXCLUSIONS: dict[Skip, str] = {
    Skip.NO_CONSENT: _("campaigns.excluded.no_consent"),
    Skip.OPTED_OUT: _("campaigns.excluded.opted_out"),
    Skip.NO_ADDRESS: _("campaigns.excluded.no_address"),
    Skip.FULL: _("campaigns.excluded.full"),
}
PREVIEW_COLUMNS = (
    _("cli.campaigns.language"),
    _("cli.campaigns.encoding"),
    _("cli.campaigns.units"),
    _("cli.campaigns.segments"),
)


def preview_document(found: Preview) -> dict[str, object]:
    """What `preview --json` prints."""
    reach = found.reach
    return {
        "sms": {
            language: {
                "encoding": cost.encoding,
                "units": cost.units,
                "segments": len(cost.segments),
                "parts": list(cost.segments),
                "blockers": list(cost.blockers),
                "offered": cost.offered,
                "offered_segments": cost.offered_segments,
            }
            for language, cost in found.sms.items()
        },
        "audience": {
            "total": reach.total,
            "by_channel": reach.by_channel,
            "by_language": reach.by_language,
            "excluded": reach.excluded,
        },
    }


def print_preview(found: Preview) -> None:
    """The costs by language, then the people by channel, language and reason of exclusion."""
    costs = Table(*(say(column) for column in PREVIEW_COLUMNS))
    for language, cost in found.sms.items():
        costs.add_row(language, cost.encoding, str(cost.units), str(len(cost.segments)))
    if found.sms:
        screen.print(costs)
    for language, cost in found.sms.items():
        for number, part in enumerate(cost.segments, 1):
            screen.print(f"{language} {number}: {part}", markup=False, highlight=False)
        if cost.blockers:
            signs = " ".join(cost.blockers)
            screen.print(say(_("cli.campaigns.blockers"), signs=signs), markup=False)
        if cost.offered is not None:
            words = say(_("cli.campaigns.offered"), segments=cost.offered_segments)
            screen.print(f"{words}\n{cost.offered}", markup=False, highlight=False)
    table = Table(show_header=False)
    table.add_row(say(_("cli.campaigns.total")), str(found.reach.total), style="bold")
    for group in (found.reach.by_channel, found.reach.by_language):
        for name, people in group.items():
            table.add_row(str(name), str(people))
    for why, people in found.reach.excluded.items():
        table.add_row(say(EXCLUSIONS[why]), str(people))
    screen.print(table)


def listed_document(found: Sequence[Campaign]) -> list[dict[str, object]]:
    """What `list --json` prints."""
    return [
        {
            "id": one.id,
            "title": one.draft.title,
            "state": one.state,
            "due_at": None if one.due is None else one.due.due_at.isoformat(),
        }
        for one in found
    ]


def print_listed(found: Sequence[Campaign]) -> None:
    """A line for each campaign."""
    table = Table(show_header=False)
    for one in found:
        due = "" if one.due is None else clock_of(one.due.due_at)
        table.add_row(str(one.id), escape(one.draft.title), say(STATE_NAMES[one.state].key), due)
    screen.print(table)


def print_campaign(found: Campaign) -> None:
    """A campaign as its file would say it."""
    heading = say(
        _("cli.campaigns.heading"),
        id=found.id,
        title=found.draft.title,
        state=STATE_NAMES[found.state],
    )
    screen.print(heading, markup=False, highlight=False)
    told = yaml.safe_dump(written(found.draft), allow_unicode=True, sort_keys=False, width=100)
    screen.print(told, markup=False, highlight=False, soft_wrap=True)


def clock_of(at: datetime) -> str:
    """An instant as the clock of Oaxaca shows it."""
    return at.astimezone(ZoneInfo(OAXACA)).strftime("%d/%m/%Y %H:%M")


def status_document(found: Status) -> dict[str, object]:
    """What `status --json` prints: every state of a row is there, zero included."""
    return {
        "id": found.campaign.id,
        "state": found.campaign.state,
        "counts": {str(state): rows for state, rows in found.counts.items()},
        "held_until": None if found.held_until is None else found.held_until.isoformat(),
        "broken": list(found.broken),
        "due_at": None if found.campaign.due is None else found.campaign.due.due_at.isoformat(),
        "leaves_at": None if found.leaves_at is None else found.leaves_at.isoformat(),
        "missed": found.missed,
        "stopped_for": found.campaign.stopped_for,
    }


def print_status(found: Status) -> None:
    """The campaign in a line, then its rows by state."""
    campaign = found.campaign
    heading = say(
        _("cli.campaigns.heading"),
        id=campaign.id,
        title=campaign.draft.title,
        state=STATE_NAMES[campaign.state],
    )
    screen.print(heading, markup=False, highlight=False)
    table = Table(show_header=False)
    for row_state, rows in found.counts.items():
        table.add_row(say(ROW_STATES[row_state]), str(rows))
    screen.print(table)
    if found.held_until is not None:
        screen.print(say(_("cli.campaigns.held")))
    if campaign.due is not None and campaign.due.local is not None:
        when = campaign.due.local.strftime("%d/%m/%Y %H:%M")
        screen.print(say(_("cli.campaigns.due_local"), when=when))
    elif campaign.due is not None:
        screen.print(say(_("cli.campaigns.due"), when=clock_of(campaign.due.due_at)))
    if found.leaves_at is not None:
        screen.print(say(_("cli.campaigns.leaves"), when=clock_of(found.leaves_at)))
    if found.missed:
        screen.print(say(_("cli.campaigns.missed"), times=found.missed))
    if campaign.stopped_for is not None:
        why = WHY[Verdict(campaign.stopped_for)]
        screen.print(say(_("cli.campaigns.stopped"), id=campaign.id, why=why))
    for sender in found.broken:
        screen.print(say(_("cli.campaigns.broken"), sender=sender, id=campaign.id))
    if found.counts[State.UNCERTAIN]:
        screen.print(say(_("cli.campaigns.uncertain"), id=campaign.id))
