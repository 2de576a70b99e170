"""What must be true after every single event of what is told to whom: to the reporter, to staff,
and in the timeline.

Each function is one promise; its docstring says it in words. `before` and `after` are what the
tables say, `deed` is what has happened between.
"""

from alerts import texts
from alerts.model import Case, CaseState, EntryKind, Timer, Urgency
from alerts.speaking import about_case, about_page
from delivery.content import compose
from kit.channels import Channel, Endpoint
from tests.stores.promises_reporters import REPORTERS, SECRETS
from tests.stores.promises_world import (
    OWNING,
    Broken,
    Deed,
    Line,
    Play,
    Row,
    Sight,
    lines_of,
    must,
)


def silence_is_kept(play: Play, before: Sight, after: Sight, deed: Deed) -> None:
    """After "do not write to me", or a silent exit, no message about the case is written to this
    person any more, what was still to leave is held back, no timer waits to write to them, and
    nothing takes the silence away."""
    for case in after.cases.values():
        was = before.cases.get(case.id)
        if was is not None and was.silenced:
            must(case.silenced, case, "the silence was taken away")
            must(not _to_reporter(after, case), case, "written to in spite of the silence")
        if case.silenced:
            must(about_case(case) not in after.leaving, case, "a message is still to leave")
            must(after.timer(case.id, Timer.REPORTER) is None, case, "a message is due")


def a_person_has_it_is_said_when_one_has(
    play: Play, before: Sight, after: Sight, deed: Deed
) -> None:
    """The reporter hears "a person has your case" exactly when a named person has taken it, and not
    otherwise. They hear of the close when it is closed, and get an answer when one was written."""
    for case in after.cases.values():
        if case.silenced:
            continue
        mine = lines_of(after.lines, case)
        has = {
            compose(text, case.language, _params(case, one.pseudonym)).chat
            for text in (texts.ACCEPTED, texts.NEW_OWNER)
            for one in after.members.values()
        }
        said = [row for row in _to_reporter(after, case) if row.content.chat in has]
        owning = [line for line in mine if line.kind in OWNING and line.member_id is not None]
        must(len(said) == len(owning), case, f"{len(owning)} took it, it was told {len(said)}")
        others = len(_to_reporter(after, case)) - len(said)
        told = (EntryKind.REPLIED, EntryKind.CLOSED, EntryKind.NUMBERS_SENT, EntryKind.CAN_WAIT)
        lines = [line for line in mine if line.kind in told]
        # By day a case may be left to wait without a word: the office is open.
        silent = sum(line.kind is EntryKind.CAN_WAIT for line in lines)
        must(len(lines) - silent <= others <= len(lines), case, "told what nobody has done")


def who_waits_hears_the_truth(play: Play, before: Sight, after: Sight, deed: Deed) -> None:
    """Who may be written to and whom nobody has answered in time is sent the emergency numbers: the
    timer for it is set as long as they were not, no later than the settings say, or, when the case
    may wait, after the opening."""
    for case in after.cases.values():
        was = before.cases.get(case.id)
        if case.state is CaseState.OPEN and (was is None or was.state is not CaseState.OPEN):
            play.opened[case.id] = len(play.lines.get(case.id, ())) - len(
                lines_of(after.lines, case)
            )
        due = after.timer(case.id, Timer.REPORTER)
        if case.state is not CaseState.OPEN or case.silenced:
            must(due is None, case, "nobody waits, and the numbers are due")
            continue
        if due is None:
            kinds = {line.kind for line in play.lines[case.id][play.opened[case.id] :]}
            told = EntryKind.NUMBERS_SENT in kinds or deed.loses or case.id in play.mute
            must(told, case, "who waits will not be sent the numbers")
            if deed.loses:
                play.mute.add(case.id)
            continue
        latest = play.high
        if case.urgency is Urgency.CAN_WAIT:
            latest = max(latest, play.opens_latest())
        must(due <= latest + play.times.reporter, case, f"the numbers come in {due - play.now}")


def everything_is_in_the_timeline(play: Play, before: Sight, after: Sight, deed: Deed) -> None:
    """Each page has a line in the timeline, with the person, and each line that tells of a page has
    its messages: one by every method of theirs. So it is with answers, acts and words."""
    if deed.case_id is not None:
        found = [
            (line.kind, line.member_id) for line in after.lines if line.case_id == deed.case_id
        ]
        for wanted in deed.lines:
            if wanted not in found:
                raise Broken(f"case {deed.case_id}: {wanted[0]} is not in the timeline")
    for case in after.cases.values():
        pages = [row for row in after.rows if row.about == about_page(case)]
        lines = [line for line in lines_of(after.lines, case) if line.kind is EntryKind.PAGED]
        told = {(line.at, end) for line in lines for end in _ends(after, line.member_id)}
        must({(row.at, row.to) for row in pages} == told, case, "pages and timeline differ")
        if case.state is not CaseState.OPEN:
            must(about_page(case) not in after.leaving, case, "answered, and a page is to leave")
    for line in after.lines:
        if line.kind is EntryKind.BUNDLED:
            must(_is_bundled(after, line), after.cases[line.case_id], "a bundle hides a case")


def pages_tell_nothing_of_the_reporter(play: Play, before: Sight, after: Sight, deed: Deed) -> None:
    """No page, no notice to staff and no SMS holds a word of the reporter, their name, their number
    or a place: a locked screen is read by others. In a chat the words are for who has the case, and
    even there not the number. The reporter learns nothing of who is behind a pseudonym."""
    numbers = [end.value.lstrip("+") for end, _ in REPORTERS]
    for row in after.rows:
        about = (row.about or "").partition(":")[0]
        if about == "case":
            hidden = [part for one in after.members.values() for part in (one.name, one.email)]
            _must_hide(row, [*hidden, *numbers])
        elif about == "relay" and row.to.channel is not Channel.SMS:
            _must_hide(row, numbers)
        else:
            _must_hide(row, [*SECRETS, *numbers])


def _must_hide(row: Row, hidden: list[str]) -> None:
    content = row.content
    said = content.sms if row.to.channel is Channel.SMS else content.chat
    if row.to.channel is Channel.VOICE:
        said = content.spoken
    if any(part in said for part in hidden):
        raise Broken(f"a message about {row.about} by {row.to.channel} tells too much")


def _to_reporter(after: Sight, case: Case) -> list[Row]:
    return [row for row in after.rows if row.about == about_case(case)]


def _params(case: Case, pseudonym: str) -> dict[str, object]:
    return {"folio": case.folio, "word": case.word, "pseudonym": pseudonym}


def _ends(after: Sight, member_id: int | None) -> tuple[Endpoint, ...]:
    member = after.members.get(member_id or 0)
    return () if member is None else member.endpoints


def _is_bundled(after: Sight, line: Line) -> bool:
    """Whether a bundle is on its way to this person, or has left and names the case."""
    member_id, folio = line.member_id or 0, after.cases[line.case_id].folio
    sent = (row for row in after.rows if row.about == f"bundle:{member_id}" and row.at >= line.at)
    gone = not after.members[member_id].active
    return gone or member_id in after.bundles or any(folio in row.content.chat for row in sent)
