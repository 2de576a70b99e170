"""Writing a campaign: a new one, or another draft in the place of one's own."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace

from fastapi import Response

from campaigns import lifecycle, service
from campaigns.audience.language import AudienceError
from campaigns.model import Campaign, CampaignDraft, CampaignState
from campaigns.written.file import Outside
from console.editor import store
from console.editor.counting import Counting
from console.editor.difference import differences
from console.editor.fields import Fields
from console.editor.filling import empty, fields_of
from console.editor.form import audience_of, topic_of
from console.editor.names import NAMES
from console.editor.parts import AUDIENCE, WORDS, changed, tidied
from console.editor.preview import served
from console.editor.reading import Faults, Read, read, refused, row_faults
from console.editor.view import View
from console.frame.forms import is_whole_number
from console.frame.pages import StaffPages
from console.frame.visit import Visit
from db.session import Session
from kit.errors import Problem
from locales.text import _
from staff.model import Right
from staff.signin.forms import once

NEW, EDIT = "/campanas/nueva", "/campanas/{id}/editar"
SAVE, SUBMIT = "save", "submit"
OURS = ("csrf", "once", "seen", "do")
"""Fields that are the page's and none of the campaign's."""


MOST_TOLD = 6


class Stale(Exception):
    """Somebody else saved meanwhile: what stands there now."""

    def __init__(self, there: Campaign) -> None:
        super().__init__("stale")
        self.there = there


def add_editor(pages: StaffPages, outside: Outside, stop: asyncio.Event) -> None:
    """The pages on which campaigns are written. Counting ends when `stop` is set."""
    counting = Counting(pages.database, pages.clock, stop)
    editor = _Editor(replace(outside, open_file=None), counting)

    @pages.get(NEW, needs=Right.WRITE_CAMPAIGNS)
    async def new(visit: Visit) -> Response:
        """An empty form, or with `?de=12` one that says what campaign 12 says."""
        fields = empty()
        if is_whole_number(visit.query("de")):
            async with visit.database.read() as session:
                like = await service.get(session, int(visit.query("de")))
            fields = fields_of(like.draft)
        return await editor.page(visit, fields, None)

    @pages.post(NEW, needs=Right.WRITE_CAMPAIGNS)
    async def write(visit: Visit) -> Response:
        return await editor.done(visit, None)

    @pages.get(EDIT, needs=Right.WRITE_CAMPAIGNS)
    async def edit(visit: Visit) -> Response:
        async with visit.database.read() as session:
            campaign = await _open(session, visit.number("id"))
        return await editor.page(
            visit, fields_of(campaign.draft), campaign, seen=campaign.draft.content_hash
        )

    @pages.post(EDIT, needs=Right.WRITE_CAMPAIGNS)
    async def rewrite(visit: Visit) -> Response:
        async with visit.database.read() as session:
            campaign = await service.get(session, visit.number("id"))
        return await editor.done(visit, campaign)


async def _open(session: Session, campaign_id: int) -> Campaign:
    """A campaign that may be changed now; Refused when it may not."""
    campaign = await service.get(session, campaign_id)
    lifecycle.edited(campaign, under_way=bool(await service.open_runs(session, campaign_id)))
    return campaign


class _Editor:
    """What both forms do."""

    def __init__(self, outside: Outside, counting: Counting) -> None:
        self._outside = outside
        self._counting = counting

    async def done(self, visit: Visit, campaign: Campaign | None) -> Response:
        """One press of a button of the form."""
        act, _colon, on = visit.form["do"].partition(":")
        fields = Fields(pair for pair in visit.form.pairs if pair[0] not in OURS)
        if act == "count":
            return await self._count(visit, fields)
        if act in (SAVE, SUBMIT):
            return await self._keep(visit, tidied(fields), campaign, submit=act == SUBMIT)
        fields = changed(fields, act, on)
        if visit.is_part and act in (*AUDIENCE, *WORDS, "preview"):
            part = "audience" if act in AUDIENCE else "words" if act in WORDS else "preview"
            return await self._shown(visit, f"editor/{part}.html", fields, campaign)
        template = "editor/form.html" if visit.is_part else "editor/page.html"
        return await self._shown(visit, template, fields, campaign)

    async def page(
        self, visit: Visit, fields: Fields, campaign: Campaign | None, *, seen: str = ""
    ) -> Response:
        """The whole page."""
        return await self._shown(visit, "editor/page.html", fields, campaign, seen=seen)

    async def _keep(
        self, visit: Visit, fields: Fields, campaign: Campaign | None, *, submit: bool
    ) -> Response:
        found = await self._read(visit, fields)
        if found.draft is None:
            return await self._again(visit, fields, campaign, found.faults)
        try:
            if campaign is None:
                return await self._make(visit, found.draft, submit=submit)
            return await self._replace(visit, found.draft, campaign, submit=submit)
        except Stale as stale:
            there = stale.there.draft
            said = differences(fields_of(there), fields_of(found.draft))
            return await self._shown(
                visit,
                "editor/page.html",
                fields,
                stale.there,
                seen=there.content_hash,
                status=409,
                differences=said,
            )
        except Problem as problem:
            return await self._again(visit, fields, campaign, refused(problem, fields))

    async def _read(self, visit: Visit, fields: Fields) -> Read:
        async with visit.database.read() as session:
            stored = {one.sha256: one for one in await store.files(session)}
        outside = replace(self._outside, stored=stored.get)
        # In a thread: a long text takes a while, and somebody may call for help meanwhile.
        return await asyncio.to_thread(read, fields, visit.now, outside)

    async def _make(self, visit: Visit, draft: CampaignDraft, *, submit: bool) -> Response:
        async with visit.database.write() as session:
            if not await once(session, visit.form["once"], visit.now):
                made = await store.latest_of(session, visit.member.id)
                return visit.go(f"/campanas/{made}" if made else "/campanas")
            made = await service.create(
                session, draft, visit.member, visit.now, as_draft=not submit
            )
        return visit.go(f"/campanas/{made}", SAID[submit])

    async def _replace(
        self, visit: Visit, draft: CampaignDraft, campaign: Campaign, *, submit: bool
    ) -> Response:
        async with visit.database.write() as session:
            there = await service.hold(session, campaign.id)
            same = there.draft.content_hash == draft.content_hash
            if not same and there.draft.content_hash != visit.form["seen"]:
                raise Stale(there)
            state = there.state
            if not same:
                state = await service.edit(session, campaign.id, draft, visit.member, visit.now)
            if submit and state is CampaignState.DRAFT:
                state = await service.submit(session, campaign.id, visit.member, visit.now)
        return visit.go(f"/campanas/{campaign.id}", SAID[state is not CampaignState.DRAFT])

    async def _again(
        self, visit: Visit, fields: Fields, campaign: Campaign | None, faults: Faults
    ) -> Response:
        return await self._shown(
            visit, "editor/page.html", fields, campaign, faults=faults, status=422
        )

    async def _count(self, visit: Visit, fields: Fields) -> Response:
        """How many people the audience has, as far as they are counted."""
        view = View(fields, visit.language)
        text = audience_of(fields)[0]
        # Without what cannot be read of it, it would be another audience.
        if not text.strip() or row_faults(fields):
            return visit.page("editor/count.html", counted=None, fault="", borrowed=(), v=view)
        try:
            counted = await self._counting.ask(visit.member, text, topic_of(fields))
        except AudienceError as error:
            told = view.sentence(refused(error, fields)["audience"][0])
            return visit.page("editor/count.html", counted=None, fault=told, borrowed=(), v=view)
        borrowed = [
            (view.language_name(code), view.language_name(served(view.languages, code)), people)
            for code, people in counted.by_language.items()
            if served(view.languages, code) != code
        ]
        return visit.page(
            "editor/count.html", counted=counted, fault="", borrowed=borrowed[:MOST_TOLD], v=view
        )

    async def _shown(
        self,
        visit: Visit,
        template: str,
        fields: Fields,
        campaign: Campaign | None,
        *,
        seen: str | None = None,
        faults: Faults | None = None,
        status: int = 200,
        **values: object,
    ) -> Response:
        async with visit.database.read() as session:
            known, files = await store.known(session), await store.files(session)
        told = row_faults(fields) if faults is None else faults
        view = View(fields, visit.language, known, files, told)
        whole: Mapping[str, object] = {
            "v": view,
            "campaign": campaign,
            "seen": visit.form["seen"] if seen is None else seen,
            "differences": (),
            "refused": bool(faults),
            "part_names": NAMES,
            **values,
        }
        return visit.page(template, status=status, **whole)


SAID = {True: _("console.editor.said.submitted"), False: _("console.editor.said.saved")}
