"""Two people talk through the platform: neither sees the number or the name of the other."""

from datetime import datetime

from alerts import handling, speaking, texts, timeline
from alerts.model import Case, CaseState, EntryKind, Report
from alerts.ownership import AlreadyClosed, NotYours, must_take_part
from db.session import Session
from delivery.content import Attachment
from kit.channels import Channel
from kit.errors import Invalid, Refused
from locales.catalog import render
from locales.text import _
from staff import store as staff
from staff.model import Member


class DoNotWrite(Refused):
    """The reporter asked not to be written to."""

    code = "do_not_write"


class TooLong(Refused):
    """The reply does not fit into a message of the reporter's channel."""

    code = "too_long"


class NoFiles(Refused):
    """The reporter's channel takes words alone."""

    code = "no_files"


LONGEST_REPLY = {Channel.SMS: 1500, Channel.TELEGRAM: 3900}
"""Signs, with room for the pass word and the pseudonym."""

LONGEST_CAPTION = 900

FILES = frozenset({"photo", "voice", "video", "video_note", "audio", "document", "sticker"})
"""Kinds of files that a chat passes on."""


async def reply(
    session: Session,
    case: Case,
    member: Member,
    words: str,
    now: datetime,
    file: Attachment | None = None,
) -> None:
    """Words of the owner, or of who helps, to the reporter, with the pass word of the case. It is
    an act: the lease is renewed."""
    if case.state is not CaseState.ACKNOWLEDGED:
        # Without an owner, and after the close, nobody speaks for the case.
        raise _closed(case)
    await must_take_part(session, case, member)
    if case.silenced:
        raise DoNotWrite(_("cases.do_not_write"))
    if file is not None and case.reporter.channel is not Channel.TELEGRAM:
        raise NoFiles(_("cases.no_files"))
    limit = LONGEST_REPLY[case.reporter.channel] if file is None else LONGEST_CAPTION
    if len(words) > limit:
        raise TooLong(_("cases.reply_long"), limit=limit)
    if not words.strip() and file is None:
        raise Invalid(_("cases.reply_empty"))
    body = words if file is None else f"{words}\n[{file.kind}]".strip()
    await timeline.note(session, case.id, EntryKind.REPLIED, now, member_id=member.id, body=body)
    await staff.log(session, member.id, "case.reply", case.folio, now)
    params = {"text": words, "word": case.word, "pseudonym": member.pseudonym}
    await speaking.tell_reporter(session, case, texts.RELAYED, params, now, attachment=file)
    await handling.renew(session, case, now)


async def pass_on(session: Session, case: Case, report: Report) -> None:
    """What the reporter has just said, to the owner and those who help."""
    ids = (case.owner_id, *await timeline.helpers(session, case.id))
    for member_id in dict.fromkeys(one for one in ids if one is not None):
        member = await staff.get(session, member_id)
        if member is not None and member.active:
            await _pass_to(session, case, member, report)


async def _pass_to(session: Session, case: Case, member: Member, report: Report) -> None:
    words = [report.text] if report.text else []
    files: list[Attachment | None] = []
    if report.location is not None:
        words.append("{:.5f}, {:.5f}".format(*report.location))
    for named in report.media:
        kind, _colon, name = named.partition(":")
        if kind == "contact":
            words.append(name)
        elif case.reporter.channel is Channel.TELEGRAM and name and kind in FILES:
            files.append(Attachment(kind, name))
        else:
            # What only its own provider can open is seen with those who run the platform.
            words.append(render(texts.SENT_A_FILE.key, speaking.STAFF_LANGUAGE, {"kind": kind}))
    text = "\n".join(words)
    *before, last = parts(text)
    for part in before:
        await speaking.pass_words_on(session, case, member, part, report.at)
    # The words go with the first file; what is too long for a caption stands before it.
    for file in files or [None]:
        await speaking.pass_words_on(session, case, member, last, report.at, file)
        last = ""


def parts(text: str) -> list[str]:
    """A text in pieces that a chat takes in one message each."""
    room, found = speaking.LONGEST_PASSED_ON, list[str]()
    while len(text) > room:
        at = text.rfind(" ", 1, room) + 1 or room
        found.append(text[:at])
        text = text[at:]
    return [*found, text]


def _closed(case: Case) -> Refused:
    if case.state is CaseState.CLOSED:
        return AlreadyClosed(_("cases.already_closed"))
    return NotYours(_("cases.not_yours"))
