"""Wording a text of the bot: one proposes, another approves, anybody who may takes it back.

Each function runs inside one unit of its caller. What is approved is said by every process that
lays it over the texts of the files (`locales.catalog.overlay`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from campaigns.texts import rules, store
from campaigns.texts.model import Override, Standing, Wording, is_public
from campaigns.written.quoting import shown
from db.session import Session
from kit.errors import Invalid, NotFound, Refused
from locales.catalog import Wordings, catalogues
from locales.languages import language_codes
from locales.text import Phrase, _
from staff.model import Member, Right
from staff.store import log

WRITTEN = ("es", "en")
"""Languages in which the files have every text."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """What is to be said, by language and key. `left_out` (language, key) was approved, but has
    since broken a rule: there the text of the files is said."""

    approved: tuple[Override, ...]
    wordings: Wordings
    left_out: tuple[tuple[str, str], ...] = ()


def keys() -> tuple[str, ...]:
    """The texts that staff may word, in their order."""
    return tuple(sorted(filter(is_public, catalogues().templates["es"])))


async def propose(
    session: Session, key: str, language: str, text: str, author: Member, now: datetime
) -> Override:
    """Put a wording before somebody else's eyes, in the place of an earlier proposal.

    NotFound for a text that the public does not hear, Invalid with everything that is wrong with
    the wording, Refused when it is what is said already.
    """
    _allowed(author, Right.WRITE_TEXTS)
    _known(key, language)
    wanted = rules.tidy(text)
    _check(key, wanted, language)
    if wanted == (await wording(session, key, language)).spoken:
        raise Refused(_("texts.same"))
    await store.end(session, key, language, Standing.PROPOSED, now, Standing.REPLACED)
    made = await store.add(session, key, language, wanted, author.id, now)
    if made is None:
        raise Refused(_("texts.at_once"))
    await log(session, author.id, "texts.propose", _about(made), now)
    return made


async def approve(
    session: Session,
    key: str,
    language: str,
    approver: Member,
    now: datetime,
    proposal: int | None = None,
) -> Override:
    """Somebody other than the author says yes to a proposal: it is said from the next seconds on.

    `proposal` is the id of what was read; Refused when another has taken its place since.
    """
    _allowed(approver, Right.APPROVE_TEXTS)
    _known(key, language)
    found = await store.hold(session, key, language, Standing.PROPOSED)
    if found is None:
        raise NotFound(_("texts.nothing_proposed"))
    if proposal is not None and found.id != proposal:
        raise Refused(_("texts.another_proposal"), id=found.id)
    if found.author_id == approver.id:
        raise Refused(_("texts.own"))
    # The files may have other words than when it was proposed.
    _check(key, found.text, language)
    await store.end(session, key, language, Standing.APPROVED, now, Standing.REPLACED)
    await store.approve(session, found.id, approver.id, now)
    await log(session, approver.id, "texts.approve", _about(found), now)
    return replace(found, standing=Standing.APPROVED, approver_id=approver.id, approved_at=now)


async def withdraw(
    session: Session, key: str, language: str, member: Member, now: datetime
) -> Override:
    """Take a proposal back or, when there is none, what is said: the files' words are said again.

    Gives what was taken back, as it stood. It needs no second person: the files' words were read
    by several.
    """
    _allowed(member, Right.WRITE_TEXTS)
    _known(key, language)
    for was in (Standing.PROPOSED, Standing.APPROVED):
        found = await store.hold(session, key, language, was)
        if found is not None:
            await store.end(session, key, language, was, now, Standing.WITHDRAWN)
            await log(session, member.id, "texts.withdraw", _about(found), now)
            return found
    raise NotFound(_("texts.nothing_to_withdraw"))


async def wording(session: Session, key: str, language: str) -> Wording:
    """A text in one language, with what staff say of it."""
    _known(key, language)
    return _wording(key, language, await store.standing(session, key))


async def wordings(session: Session, key: str | None = None) -> tuple[Wording, ...]:
    """Every text that staff may word, or one, in each language that has words of its own."""
    if key is not None:
        _known(key, WRITTEN[0])
    found = await store.standing(session, key)
    languages = dict.fromkeys((*WRITTEN, *sorted(one.language for one in found)))
    return tuple(
        _wording(name, language, found)
        for name in (keys() if key is None else (key,))
        for language in languages
        if language in WRITTEN or any(one.key == name and one.language == language for one in found)
    )


async def spoken(session: Session, last: Spoken | None = None) -> Spoken:
    """What every process has to say in the place of the files' texts; `last` itself when nothing
    was approved or taken back since.

    The rules are asked again: a platform that was brought up to date may say something in the text
    below that an older wording lacks.
    """
    approved = tuple(await store.approved(session))
    if last is not None and last.approved == approved:
        return last
    said: dict[str, dict[str, str]] = {}
    left_out = []
    for one in approved:
        if _faults(one):
            left_out.append((one.language, one.key))
        else:
            said.setdefault(one.language, {})[one.key] = one.text
    return Spoken(approved, said, tuple(left_out))


def _wording(key: str, language: str, found: Sequence[Override]) -> Wording:
    theirs: Mapping[Standing, Override] = {
        one.standing: one for one in found if (one.key, one.language) == (key, language)
    }
    approved = theirs.get(Standing.APPROVED)
    return Wording(
        key,
        language,
        catalogues().template(key, language) or "",
        approved,
        theirs.get(Standing.PROPOSED),
        () if approved is None else _faults(approved),
    )


def _faults(said: Override) -> tuple[Phrase, ...]:
    if not is_public(said.key) or catalogues().template(said.key, said.language) is None:
        return (Phrase(_("texts.unknown")),)
    return rules.faults(said.key, said.text, said.language)


def _check(key: str, text: str, language: str) -> None:
    found = rules.faults(key, text, language)
    if found:
        raise Invalid(_("texts.wrong"), faults=rules.together(found))


def _known(key: str, language: str) -> None:
    if key not in keys():
        raise NotFound(_("texts.unknown"))
    if language not in language_codes():
        raise Invalid(_("texts.unknown_language"), found=shown(language))


def _allowed(member: Member, right: Right) -> None:
    if not member.may(right):
        raise Refused(_("staff.not_allowed"))


def _about(said: Override) -> str:
    return f"text:{said.id}"
