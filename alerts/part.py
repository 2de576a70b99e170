"""What part a member has in a case, and which acts that allows: for what a page offers. The
services decide again when something is done. Pure."""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

from alerts.model import Case, CaseState, Urgency
from kit.channels import Channel
from staff.hours import Opening
from staff.model import Member, Right


class Part(StrEnum):
    """What somebody is to a case. Who only handles cases sees of it what a page says."""

    OWNER = "owner"
    HELPER = "helper"
    SUPERVISOR = "supervisor"
    OUTSIDE = "outside"

    @property
    def reads(self) -> bool:
        """Whether they may read what the reporter wrote."""
        return self is not Part.OUTSIDE


class Act(StrEnum):
    """What can be done in a case."""

    ACCEPT = "accept"
    REPLY = "reply"
    NOTE = "note"
    REFER = "refer"
    CLOSE = "close"
    PASS_ON = "pass_on"
    SNOOZE = "snooze"
    HOURS = "hours"
    HELPER = "helper"
    WELL = "well"
    REVEAL = "reveal"
    LET_WAIT = "let_wait"
    TAKE_OVER = "take_over"
    REOPEN = "reopen"


WORKS = (Act.REPLY, Act.NOTE, Act.REFER, Act.HOURS, Act.WELL, Act.REVEAL)
OWNS = (Act.CLOSE, Act.PASS_ON, Act.SNOOZE, Act.HELPER)


def part_of(case: Case, member: Member, helpers: Collection[int]) -> Part:
    """The part of a member: whoever owns it is its owner also after the close."""
    if case.owner_id is not None and case.owner_id == member.id:
        return Part.OWNER
    if member.id in helpers:
        return Part.HELPER
    return Part.SUPERVISOR if member.may(Right.SUPERVISE_CASES) else Part.OUTSIDE


def acts_of(
    case: Case, member: Member, part: Part, opening: Opening, now: datetime
) -> tuple[Act, ...]:
    """What the member may do now, the main thing first."""
    handles = member.may(Right.HANDLE_CASES)
    # Of who writes in a chat there is no number to be seen.
    works = [one for one in WORKS if one is not Act.REVEAL or case.reporter.channel is Channel.SMS]
    found: list[Act] = []
    match case.state:
        case CaseState.OPEN:
            if handles:
                found += [Act.ACCEPT, Act.PASS_ON]
                if case.urgency is Urgency.UNSORTED and not opening.is_open(now):
                    found.append(Act.LET_WAIT)
            if part.reads:
                found += [one for one in works if one is not Act.REPLY]
        case CaseState.ACKNOWLEDGED:
            if part.reads:
                found += [one for one in works if one is not Act.REPLY or not case.silenced]
            if part is Part.OWNER:
                found += OWNS
            elif handles:
                found.append(Act.TAKE_OVER)
        case CaseState.CLOSED:
            if handles:
                found.append(Act.REOPEN)
            if part.reads:
                found += [one for one in works if one in (Act.REFER, Act.REVEAL)]
    return tuple(found)
