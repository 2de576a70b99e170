"""How campaigns are shown: as a document for programs, as tables for people."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import yaml
from rich.markup import escape
from rich.table import Table

from app.cli.figure_words import print_fingerprint, print_heading
from app.cli.frame import say, screen
from app.cli.names import channel_name
from campaigns.brakes.cohort import Verdict
from campaigns.lifecycle import STATE_NAMES
from campaigns.model import Campaign, CampaignState
from campaigns.sheet.cautions import WAITING, Caution, while_waiting
from campaigns.sheet.previewing import Preview
from campaigns.standing import ROW_STATES, Status
from campaigns.telling import WHY
from console.api.documents import Document, caution_document
from console.api.written import written
from delivery.model import Skip, State
from kit.zones import OAXACA
from locales.languages import FALLBACK
from locales.text import _

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
    for channel, people in found.reach.by_channel.items():
        table.add_row(channel_name(channel), str(people))
    for language, people in found.reach.by_language.items():
        table.add_row(language, str(people))
    for why, people in found.reach.excluded.items():
        table.add_row(say(EXCLUSIONS[why]), str(people))
    screen.print(table)


def acted_document(found: Campaign) -> Document:
    """What `--json` prints of a step of its life; what to look at again while it can be changed."""
    told = [caution_document(one, FALLBACK) for one in while_waiting(found)]
    plain = {"id": found.id, "state": found.state, "content_hash": found.draft.content_hash}
    return plain | ({"cautions": told} if told else {})


def print_acted(found: Campaign) -> None:
    """Where it stands now, and what to look at again."""
    screen.print(say(_("cli.campaigns.now"), id=found.id, state=STATE_NAMES[found.state]))
    if found.state in WAITING:
        print_fingerprint(found)
    print_cautions(while_waiting(found))


def print_created(found: Campaign) -> None:
    """Its number, and what to look at again."""
    is_draft = found.state is CampaignState.DRAFT
    key = _("cli.campaigns.kept") if is_draft else _("cli.campaigns.created")
    screen.print(say(key, id=found.id))
    print_fingerprint(found)
    print_cautions(while_waiting(found))


def print_cautions(found: Iterable[Caution]) -> None:
    """A line for each thing to look at again."""
    for one in found:
        told = say(one.phrase.key, **one.phrase.params)
        screen.print(f"! {told}", style="yellow", markup=False, highlight=False)


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
    print_heading(found)
    print_fingerprint(found)
    told = yaml.safe_dump(written(found.draft), allow_unicode=True, sort_keys=False, width=100)
    screen.print(told, markup=False, highlight=False, soft_wrap=True)


def clock_of(at: datetime) -> str:
    """An instant as the clock of Oaxaca shows it."""
    return at.astimezone(ZoneInfo(OAXACA)).strftime("%d/%m/%Y %H:%M")


def print_status(found: Status) -> None:
    """The campaign in a line, then its rows by state."""
    campaign = found.campaign
    print_heading(campaign)
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
