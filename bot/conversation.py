"""One turn with somebody of the public: read the view, run the flow, do its effects, answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from alerts import paging, timeline
from alerts import speaking as case_speaking
from alerts import store as cases
from alerts.model import EntryKind, Times
from bot import store
from bot.effects import Carried, carry_out
from bot.flows import campaign, router
from bot.flows.model import Effect, Input, KeepPress, Say, Show, Stop, View
from bot.flows.tongue import speaks_english
from bot.heard import Heard
from bot.looking_up import looked_up
from campaigns.replies import answers
from campaigns.replies.presses import Press
from contacts import store as contacts
from contacts.model import Contact
from contacts.places import Gazetteer
from db.session import Session
from delivery import service as delivery
from delivery.content import Content, compose
from delivery.model import Lane, NewMessage
from staff.hours import OFFICE, Opening

STORY = (EntryKind.SAID, EntryKind.MEDIA, EntryKind.LOCATION)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the conversations of this platform share.

    `numbers` maps our ordinary numbers to their senders, when there are several.
    """

    gazetteer: Gazetteer
    times: Times
    privacy_url: str
    opening: Opening = OFFICE
    numbers: Mapping[str, str] = field(default_factory=dict, repr=False)


async def converse(session: Session, heard: Heard, world: Surroundings, now: datetime) -> None:
    """Hear somebody and answer. Everything happens in the unit that `session` is."""
    wrote = not heard.given.choice
    word = campaign.word_pressed(heard.given)
    if word is not None:
        heard = replace(heard, given=Input(text=word.value))
    remembered = await store.load(session, heard.sender, now)
    view = await _view(session, heard, world, remembered, now)
    carried = Carried(view.contact, view.case, view.language)
    if heard.left:
        await carry_out(session, Stop(), carried, heard, world.times, now)
        return
    turn = await looked_up(session, heard.sender, view, router.turn(view, heard.given), now)
    for effect in (*await _kept_word(session, word, view.contact), *turn.effects):
        await carry_out(session, effect, carried, heard, world.times, now)
    contents = [_content(reply, carried) for reply in turn.replies]
    if turn.repeats and remembered.asked is not None:
        contents.append(remembered.asked)
    if carried.erased:
        await store.forget(session, heard.sender)
    else:
        told_at = now if turn.told_unread else remembered.unread_told_at
        asked = None
        if turn.question is not None:
            kept = turn.question == view.question or not contents
            asked = remembered.asked if kept else contents[-1]
        state = store.Conversation(carried.language, turn.question, told_at, asked)
        await store.save(session, heard.sender, state, now)
    lane = turn.replies[0].lane if turn.replies else Lane.REPLY
    about = turn.about if carried.case is None else case_speaking.about_case(carried.case)
    for content in contents:
        if carried.case is not None:
            content = case_speaking.marked(content, carried.case, carried.language)
        new = NewMessage((heard.sender,), content, lane, carried.language, about=about)
        await delivery.queue(session, new, now)
    if wrote and view.contact is not None and not carried.erased:
        await answers.count_reply(session, view.contact.id, now)


async def _kept_word(
    session: Session, word: Press | None, contact: Contact | None
) -> tuple[Effect, ...]:
    """A reply word is heard from anybody, and kept of who got its button."""
    if word is None or contact is None:
        return ()
    found = await answers.pressed(session, word, contact.id)
    return () if found is None else (KeepPress(found),)


async def _view(
    session: Session,
    heard: Heard,
    world: Surroundings,
    remembered: store.Conversation,
    now: datetime,
) -> View:
    contact = await contacts.find(session, heard.sender)
    case = await cases.live_of(session, heard.sender, now)
    return View(
        now=now,
        channel=heard.sender.channel,
        language=_language(contact, remembered, heard),
        gazetteer=world.gazetteer,
        opening=world.opening,
        privacy_url=world.privacy_url,
        contact=contact,
        opted_out=await contacts.opted_out(session, heard.sender),
        case=case,
        case_has_story=case is not None and await timeline.has_entry(session, case.id, *STORY),
        case_answered=case is not None
        and await timeline.has_entry(session, case.id, EntryKind.REPLIED),
        guard_on_duty=bool((await paging.roster(session, now)).on_duty),
        question=remembered.question,
        unread_told_at=remembered.unread_told_at,
    )


def _language(contact: Contact | None, remembered: store.Conversation, heard: Heard) -> str:
    """The language chosen, or English for who begins with one of its words."""
    if contact is not None:
        return contact.language
    return "en" if speaks_english(heard.given.text) else remembered.language


def _content(reply: Say | Show, carried: Carried) -> Content:
    if isinstance(reply, Show):
        return reply.content
    return compose(
        reply.text,
        carried.language,
        {**carried.results, **reply.params},
        reply.options,
        columns=reply.columns,
        replaces=reply.replaces,
        ask_location=reply.ask_location,
    )
