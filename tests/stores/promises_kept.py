"""What must be true of every case after every single event, whatever came before: who is paged, and
who owns it. What is told to whom stands in `promises_told`.

Each function is one promise; its docstring says it in words. `before` and `after` are what the
tables say, `deed` is what has happened between.
"""

from collections.abc import Iterator
from datetime import datetime

from alerts.lease import LONGEST_SNOOZE
from alerts.model import CaseState, EntryKind, Timer, Urgency
from alerts.store import HASTE
from alerts.timers import PUT_BACK
from staff.model import Right
from tests.stores.promises_world import (
    ACTS,
    OWNING,
    PAGES,
    Broken,
    By,
    Deed,
    Line,
    Play,
    Sight,
    lines_of,
    must,
)


def the_next_page_is_due(play: Play, before: Sight, after: Sight, deed: Deed) -> None:
    """A case that nobody owns always has its next page due: no later than its policy lets people
    wait, or, if it may wait, when the office opens. Once what is due has been done, the next page
    lies in the future, so it goes on for ever. A case that somebody owns, or that is closed, pages
    nobody."""
    for case in after.cases.values():
        due = after.timer(case.id, Timer.PAGE)
        if case.state is not CaseState.OPEN:
            must(due is None, case, "a page is due although nobody waits for one")
            continue
        if due is None:
            raise Broken(f"case {case.id} has no owner and no page due")
        steps = after.policy_of(case).steps
        wait = max([play.times.page, *(one.wait or play.times.page for one in steps)])
        latest = _at_the_latest(play, deed) + wait
        if case.urgency is Urgency.CAN_WAIT:
            latest = max(latest, play.opens_latest())
        must(due <= latest, case, f"the next page is due only in {due - play.now}")
        must(not deed.worked or due > play.now, case, "the page that was due was not done")


def an_owner_must_act(play: Play, before: Sight, after: Sight, deed: Deed) -> None:
    """Who owns a case has it for a time only, and must act in it and write that down. Only an act
    gives more time. When the time is over the case is nobody's again; so it is, as soon as what is
    due has been done, when its owner has left or may not handle cases any more."""
    for case in after.cases.values():
        until = after.timer(case.id, Timer.LEASE)
        if case.state is not CaseState.ACKNOWLEDGED:
            warned = after.timer(case.id, Timer.WARNING)
            must(until is None and warned is None, case, "nobody owns it, and the time runs")
            continue
        if until is None:
            raise Broken(f"case {case.id} is owned for ever")
        policy = after.policy_of(case)
        longest = max(policy.lease, policy.renewal)
        if EntryKind.SNOOZED in _kinds_since_owned(play.lines.get(case.id, [])):
            longest = max(longest, *LONGEST_SNOOZE.values())
        must(
            until <= _at_the_latest(play, deed) + longest,
            case,
            f"it is owned for {until - play.now}",
        )
        was, earlier = before.cases.get(case.id), before.timer(case.id, Timer.LEASE)
        kept = was is not None and was.owner_id == case.owner_id
        if kept and earlier is not None and until > earlier:
            acted = any(line.kind in ACTS for line in lines_of(after.lines, case))
            must(acted or deed.loses, case, "its owner got more time without an act")
        if deed.worked:
            owner = after.members.get(case.owner_id or 0)
            able = owner is not None and owner.may(Right.HANDLE_CASES)
            must(able, case, "its owner may not handle cases any more")
            must(until > play.now, case, "its owner has let the time run out and still has it")


def a_case_has_one_owner(play: Play, before: Sight, after: Sight, deed: Deed) -> None:
    """One person owns a case, and only while it neither waits nor is closed. It is the person whom
    the timeline names last: by accepting, by taking over, by opening it again. Nobody loses a case
    to a colleague who merely accepts; of two who accept at once one hears that it is taken."""
    for case in after.cases.values():
        owned = case.state is CaseState.ACKNOWLEDGED
        # A closed case still tells whose it was.
        named = case.owner_id is not None
        must(named if owned else not named or case.state is CaseState.CLOSED, case, "owned or not")
        if not owned:
            continue
        lines = [one for one in play.lines[case.id] if one.kind in OWNING and one.member_id]
        must(bool(lines) and lines[-1].member_id == case.owner_id, case, "another was named last")
        was = before.cases.get(case.id)
        if was is not None and was.state is case.state and was.owner_id != case.owner_id:
            kinds = {line.kind for line in lines_of(after.lines, case)}
            must(EntryKind.TAKEN_OVER in kinds, case, "it was taken without taking it over")


def only_a_person_lowers_or_closes(play: Play, before: Sight, after: Sight, deed: Deed) -> None:
    """Nothing but somebody of the staff closes a case. Nothing makes it less urgent but their
    button, or the reporter's own at night for what is no danger to anybody; and never where an SOS
    was repeated or words of danger were heard. Those, and a button that names what does not
    wait, take a case that waits out of its waiting. A new SOS needs a new answer: nobody owns
    the case until somebody accepts it again. "False alarm", words, failures and time change
    none of this."""
    for case in after.cases.values():
        was = before.cases.get(case.id)
        mine = deed.case_id == case.id
        if case.urgency is Urgency.CAN_WAIT:
            must(case.id not in play.dangerous, case, "it waits, and words of danger were heard")
            must(not (mine and deed.cannot_wait), case, f"it waits, although {deed.name}")
        if mine and deed.sos:
            must(case.urgency is Urgency.LIFE, case, "a new SOS did not make it a matter of life")
            must(case.state is CaseState.OPEN, case, "a new SOS, and it is still owned")
            paged = any(line.kind in (*PAGES, EntryKind.NOBODY_TO_PAGE) for line in after.lines)
            must(paged, case, "a new SOS, and nobody was paged")
        if was is None:
            continue
        if case.state is CaseState.CLOSED and was.state is not CaseState.CLOSED:
            must(mine and deed.closes and deed.by is By.STAFF, case, f"closed by: {deed.name}")
        if HASTE.index(case.urgency) > HASTE.index(was.urgency):
            may = mine and deed.waits and was.urgency is Urgency.UNSORTED
            must(may, case, f"made less urgent by: {deed.name}")
            serious = case.id in play.serious and deed.by is By.REPORTER
            must(not serious, case, "a button took back what another had named")


def what_can_wait_wakes_nobody_at_night(
    play: Play, before: Sight, after: Sight, deed: Deed
) -> None:
    """Nobody is paged before the office opens for a case that can wait, nor for several of which
    each can wait."""
    for line in after.lines:
        was, case = before.cases.get(line.case_id), after.cases[line.case_id]
        waited = was is not None and was.urgency is Urgency.CAN_WAIT is case.urgency
        if line.kind in PAGES and waited:
            must(after.opening.is_open(line.at), case, "it can wait, and somebody was woken")
    for row in after.rows:
        if (row.about or "").startswith("bundle:") and not after.opening.is_open(row.at):
            named = [one for one in after.cases.values() if one.folio in row.content.chat]
            awake = any(one.urgency is not Urgency.CAN_WAIT for one in named)
            must(awake, named[0], "all of a bundle can wait, and somebody was woken")


def _at_the_latest(play: Play, deed: Deed) -> datetime:
    """From when on a wait is counted. A clock that was put back is noticed when what is due has
    been done; until then it may be counted from the latest time there ever was."""
    return play.now + PUT_BACK if deed.worked else play.high


def _kinds_since_owned(lines: list[Line]) -> Iterator[EntryKind]:
    for line in reversed(lines):
        yield line.kind
        if line.kind in OWNING:
            return
