"""`/carteles`: posters of towns and regions, with their codes, and how often each was used."""

import asyncio
import secrets
from dataclasses import replace
from urllib.parse import urlencode

from fastapi import Response

from campaigns.posters import service
from campaigns.posters.codes import read_code
from campaigns.posters.links import Reach
from campaigns.posters.model import LONGEST_LABEL, LONGEST_PROGRAMME, Draft, origin_of
from campaigns.posters.store import Wanted
from console.frame.pages import StaffPages
from console.frame.visit import Visit
from console.posters import sheets as printing
from console.posters.form import FIELDS, LANGUAGES, TOPICS, Many, Written, read, value_of
from console.posters.reaching import Reaching
from contacts.atlas import Region
from contacts.gazetteer import load_gazetteer
from contacts.places import Gazetteer
from kit.errors import Invalid, NotFound
from kit.fold import fold
from locales.text import _
from staff.institute.model import Institute
from staff.institute.service import institute
from staff.model import Right
from staff.signin.forms import once

HERE = "/carteles"
AT_ONCE = 12
"""Posters of one page to print: each has two pictures to draw."""

LONGEST_SEARCH = 120


def add_posters(pages: StaffPages, reaching: Reaching, given: Institute) -> None:
    """The list, making, printing and taking down. `given` is what the environment says."""

    async def shown_form(
        visit: Visit, written: Written | None = None, trouble: str = "", status: int = 200
    ) -> Response:
        return visit.page(
            "posters/new.html",
            status=status,
            typed=visit.form,
            faults=dict.fromkeys(FIELDS, "") | ({} if written is None else written.faults),
            towns=() if written is None else written.towns,
            value_of=value_of,
            trouble=trouble,
            topics=TOPICS,
            languages_of_posters=LANGUAGES,
            regions=[region.official_name for region in Region],
            longest_label=LONGEST_LABEL,
            longest_programme=LONGEST_PROGRAMME,
        )

    async def to_print(visit: Visit, wanted: Wanted, title: str, single: bool) -> Response:
        reach, gazetteer = await reaching.now(), await _gazetteer()
        sheets = printing.read_sheets(visit.query("papel"), visit.query("tamano"))
        async with visit.database.read() as session:
            page = await service.listed(session, visit.member, wanted, AT_ONCE)
            office = await institute(session, given)
        # What was taken down is not hung again, although its very code was searched.
        hung = [one for one in page.items if single or one.retired_at is None]
        posters = await asyncio.to_thread(
            lambda: [printing.printed(one, reach, gazetteer) for one in hung]
        )
        alone = page.items[0] if single else None
        return visit.page(
            "posters/sheets.html",
            title=title,
            poster=alone,
            place="" if alone is None else _place(alone.draft, gazetteer),
            topics=TOPICS,
            languages_of_posters=LANGUAGES,
            asked={} if single else _asked(visit),
            laid_out=printing.laid_out(posters, sheets) if posters else [],
            sheets=sheets,
            papers={one: visit.text(key) for one, key in printing.PAPERS.items()},
            sizes={one: visit.text(key) for one, key in printing.SIZES.items()},
            office=office,
            reachable=_is_reachable(reach),
            url=reaching.printed_url,
            following=page.following,
        )

    @pages.get(HERE, needs=Right.MAKE_POSTERS)
    async def show(visit: Visit) -> Response:
        gazetteer = await _gazetteer()
        wanted = _wanted(visit, gazetteer)
        async with visit.database.read() as session:
            page = await service.listed(session, visit.member, wanted)
        return visit.page(
            "posters/list.html",
            found=page,
            places={one.id: _place(one.draft, gazetteer) for one in page.items},
            topics=TOPICS,
            languages_of_posters=LANGUAGES,
            searched=_searched(visit),
            retired=wanted.retired,
            is_filtered=bool(_searched(visit)) or wanted.retired,
            asked=urlencode(_asked(visit)),
        )

    @pages.get(f"{HERE}/nuevo", needs=Right.MAKE_POSTERS)
    async def new(visit: Visit) -> Response:
        return await shown_form(visit)

    @pages.post(f"{HERE}/nuevo", needs=Right.MAKE_POSTERS)
    async def make(visit: Visit) -> Response:
        gazetteer = await _gazetteer()
        written = read(visit.form, gazetteer)
        if written.draft is None:
            said = visit.text(_("console.posters.look_again"))
            return await shown_form(visit, written, said, 422)
        draft, pick = written.draft, secrets.randbelow
        try:
            async with visit.database.write() as session:
                if not await once(session, visit.form["once"], visit.now):
                    return visit.go(HERE, _("console.posters.made_already"))
                if written.many is Many.ONE:
                    code = await service.make(session, visit.member, draft, pick, visit.now)
                    return visit.go(f"{HERE}/{code}", _("console.posters.made"), code=code)
                made, kept = await service.make_for_region(
                    session, visit.member, draft, gazetteer, pick, visit.now
                )
        except Invalid as problem:
            return await shown_form(visit, written, visit.text(problem.key, **problem.params), 422)
        place = _place(draft, gazetteer)
        said = _("console.posters.made_some") if kept else _("console.posters.made_all")
        return visit.go(f"{HERE}?{urlencode({'buscar': place})}", said, made=made, kept=kept)

    @pages.get(f"{HERE}/hojas", needs=Right.MAKE_POSTERS)
    async def print_some(visit: Visit) -> Response:
        wanted = replace(_wanted(visit, await _gazetteer()), retired=False)
        title = visit.text(_("console.posters.sheets"))
        return await to_print(visit, wanted, title, single=False)

    @pages.get(f"{HERE}/{{code}}", needs=Right.MAKE_POSTERS)
    async def one(visit: Visit) -> Response:
        code = _code(visit)
        async with visit.database.read() as session:
            await service.found(session, visit.member, code)
        title = visit.text(_("console.posters.one"), code=code)
        return await to_print(visit, Wanted(code=code), title, single=True)

    @pages.post(f"{HERE}/{{code}}/retirar", needs=Right.MAKE_POSTERS)
    async def retire(visit: Visit) -> Response:
        async with visit.database.write() as session:
            await service.retire(session, visit.member, _code(visit), visit.now)
        return visit.go(f"{HERE}/{_code(visit)}", _("console.posters.retired"))

    @pages.post(f"{HERE}/{{code}}/reponer", needs=Right.MAKE_POSTERS)
    async def restore(visit: Visit) -> Response:
        async with visit.database.write() as session:
            await service.restore(session, visit.member, _code(visit), visit.now)
        return visit.go(f"{HERE}/{_code(visit)}", _("console.posters.restored"))


async def _gazetteer() -> Gazetteer:
    # Half a second the first time: not in the way of others.
    return await asyncio.to_thread(load_gazetteer)


def _is_reachable(reach: Reach) -> bool:
    return bool(reach.bot or reach.number or reach.handset)


def _code(visit: Visit) -> str:
    code = read_code(visit.word("code"))
    if code is None:
        raise NotFound(_("console.problem.not_found"))
    return code


def _place(draft: Draft, gazetteer: Gazetteer) -> str:
    origin = origin_of(draft, gazetteer)
    return "" if origin is None else origin.label


def _searched(visit: Visit) -> str:
    return visit.query("buscar")[:LONGEST_SEARCH].strip()


def _asked(visit: Visit) -> dict[str, str]:
    """What a link to the next page, or to the sheets, carries along."""
    asked = {"buscar": _searched(visit), "retirados": visit.query("retirados")[:1]}
    return {name: value for name, value in asked.items() if value}


def _wanted(visit: Visit, gazetteer: Gazetteer) -> Wanted:
    """What the search means: a code, a place when it is one, else words of label or programme."""
    typed, below = _searched(visit), visit.asked_id("antes")
    retired = visit.query("retirados") == "1"
    code = read_code(typed)
    if code is not None:
        return Wanted(code=code)
    found = gazetteer.origins.find(typed, misspelt=False) if typed else ()
    if len(found) == 1 and found[0].clave is not None:
        return Wanted(below, clave=found[0].clave, retired=retired)
    if found and found[0].clave is None:
        return Wanted(below, region=found[0].region, retired=retired)
    return Wanted(below, words=fold(typed), retired=retired)
