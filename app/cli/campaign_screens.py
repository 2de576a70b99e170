"""How campaigns are shown: as a document for programs, as tables for people."""

from rich.table import Table

from app.cli.frame import say, screen
from campaigns.lifecycle import STATE_NAMES
from campaigns.service import Preview, Status
from delivery.model import Skip, State
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
            language: {"encoding": cost.encoding, "units": cost.units, "segments": cost.segments}
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
        costs.add_row(language, cost.encoding, str(cost.units), str(cost.segments))
    if found.sms:
        screen.print(costs)
    table = Table(show_header=False)
    table.add_row(say(_("cli.campaigns.total")), str(found.reach.total), style="bold")
    for part in (found.reach.by_channel, found.reach.by_language):
        for name, people in part.items():
            table.add_row(str(name), str(people))
    for why, people in found.reach.excluded.items():
        table.add_row(say(EXCLUSIONS[why]), str(people))
    screen.print(table)


def status_document(found: Status) -> dict[str, object]:
    """What `status --json` prints: every state of a row is there, zero included."""
    return {
        "id": found.campaign.id,
        "state": found.campaign.state,
        "counts": {str(state): rows for state, rows in found.counts.items()},
        "held_until": None if found.held_until is None else found.held_until.isoformat(),
        "broken": list(found.broken),
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
    for sender in found.broken:
        screen.print(say(_("cli.campaigns.broken"), sender=sender, id=campaign.id))
    if found.counts[State.UNCERTAIN]:
        screen.print(say(_("cli.campaigns.uncertain"), id=campaign.id))
