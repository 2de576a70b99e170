"""Correct, oppose, erase: what the law lets a person ask for, each on a page of its own."""

import asyncio

from fastapi import Response

from alerts.rights import fulfil
from alerts.rights.fulfil import Stale
from console.contacts.asking import asked, code, form_page, sentence
from console.contacts.correcting import Typed, met, read, shown
from console.contacts.person import ONE
from console.contacts.search import HERE, address, to_change
from console.contacts.words import WORDS, languages, origin_of, place_name, place_of
from console.frame.pages import StaffPages
from console.frame.visit import Visit
from contacts import store as contacts
from contacts.gazetteer import load_gazetteer
from contacts.masking import masked
from contacts.model import Relation, Topic
from contacts.rights.model import PROOFS, Way
from contacts.rights.profile import FIELDS, differences, packed
from kit.channels import WRITTEN, Channel
from kit.errors import Invalid, Problem
from kit.fold import fold
from locales.text import _
from staff.model import Right
from staff.signin.forms import once


def add_acts(pages: StaffPages) -> None:
    """The three pages, and what they do."""
    _add_correct(pages)
    _add_oppose(pages)
    _add_erase(pages)


def _add_correct(pages: StaffPages) -> None:
    @pages.get(f"{ONE}/corregir", needs=Right.CHANGE_CONTACTS)
    async def ask(visit: Visit) -> Response:
        return await correct_page(visit)

    @pages.post(f"{ONE}/corregir", needs=Right.CHANGE_CONTACTS)
    async def correct(visit: Visit) -> Response:
        contact_id, form = visit.number("id"), visit.form
        gazetteer = await asyncio.to_thread(load_gazetteer)
        typed = read(form, gazetteer)
        if typed.faults:
            trouble = Invalid(_("console.contacts.look_again"))
            return await correct_page(visit, typed, trouble, 422)
        try:
            async with visit.database.write() as session:
                if not await once(session, form["once"], visit.now):
                    return visit.go(address(contact_id))
                changed = await fulfil.correct(
                    session,
                    visit.member,
                    contact_id,
                    typed.correction,
                    form["seen"],
                    asked(visit),
                    visit.now,
                )
        except Stale as problem:
            return await correct_page(visit, typed, problem, 409)
        except Invalid as problem:
            return await correct_page(visit, typed, problem, 422)
        said = _("console.contacts.said_corrected") if changed else _("console.contacts.said_same")
        return visit.go(address(contact_id), said)


async def correct_page(
    visit: Visit, typed: Typed | None = None, trouble: Problem | None = None, status: int = 200
) -> Response:
    """The form with what is held, or with what was typed and what is wrong with it."""
    contact, form = await to_change(visit), visit.form
    gazetteer = await asyncio.to_thread(load_gazetteer)
    origin = origin_of(contact, gazetteer, visit.language)
    place = place_of(contact, visit.language)
    is_stale = isinstance(trouble, Stale)
    if typed is None:
        values = shown(contact, origin, place)
    else:
        values = met(form, typed, contact, origin, place) if is_stale else typed.values
    # A fault shows nothing of what somebody else has changed meanwhile.
    unseen = typed is not None and not is_stale
    return visit.page(
        "contacts/correct.html",
        status=status,
        contact=contact,
        here=address(contact.id),
        values=values,
        faults=dict.fromkeys(FIELDS, "") | ({} if typed is None else typed.faults),
        origins=() if typed is None else typed.origins,
        places=()
        if typed is None
        else [
            (number, place_name(one.city, one.state, one.country, visit.language))
            for number, one in enumerate(typed.places)
        ],
        changes=differences(form["seen"], contact) if is_stale else (),
        origin_was=form["origin_was"] if unseen else origin,
        place_was=form["place_was"] if unseen else place,
        seen=form["seen"] if unseen else packed(contact),
        spoken=languages(visit.language),
        relations=list(Relation),
        topics=list(Topic),
        form_words=form["topic_words"],
        trouble=sentence(visit, trouble),
        typed=form,
        proofs=PROOFS,
        words=WORDS,
    )


def _add_oppose(pages: StaffPages) -> None:
    async def shown_page(visit: Visit, trouble: Problem | None = None) -> Response:
        contact = await to_change(visit)
        async with visit.database.read() as session:
            lines = [
                (one, masked(one.endpoint), await contacts.opted_out(session, one.endpoint))
                for one in await contacts.addresses(session, contact.id)
            ]
        return form_page(
            visit,
            "contacts/oppose.html",
            contact,
            trouble,
            lines=lines,
            chosen=visit.form.several("channel"),
        )

    @pages.get(f"{ONE}/oponer", needs=Right.CHANGE_CONTACTS)
    async def ask(visit: Visit) -> Response:
        return await shown_page(visit)

    @pages.post(f"{ONE}/oponer", needs=Right.CHANGE_CONTACTS)
    async def oppose(visit: Visit) -> Response:
        contact_id, form = visit.number("id"), visit.form
        try:
            channels = {code(Channel, one) for one in form.several("channel") if one in WRITTEN}
            async with visit.database.write() as session:
                if not await once(session, form["once"], visit.now):
                    return visit.go(address(contact_id))
                way, words = code(Way, form["way"]), form["words"]
                await fulfil.oppose(
                    session, visit.member, contact_id, channels, words, way, visit.now
                )
        except Invalid as problem:
            return await shown_page(visit, problem)
        return visit.go(address(contact_id), _("console.contacts.said_stopped"))


def _add_erase(pages: StaffPages) -> None:
    @pages.get(f"{ONE}/borrar", needs=Right.CHANGE_CONTACTS)
    async def ask(visit: Visit) -> Response:
        return form_page(visit, "contacts/erase.html", await to_change(visit))

    @pages.post(f"{ONE}/borrar", needs=Right.CHANGE_CONTACTS)
    async def erase(visit: Visit) -> Response:
        contact_id, form = visit.number("id"), visit.form
        try:
            if fold(form["word"]) != fold(visit.text(_("console.contacts.erase_word"))):
                raise Invalid(_("console.contacts.erase_word_wrong"))
            async with visit.database.write() as session:
                if not await once(session, form["once"], visit.now):
                    return visit.go(HERE)
                await fulfil.erase(session, visit.member, contact_id, asked(visit), visit.now)
        except Invalid as problem:
            return form_page(visit, "contacts/erase.html", await to_change(visit), problem)
        return visit.go(HERE, _("console.contacts.said_erased"))
