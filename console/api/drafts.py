"""A campaign's document as it was sent, read by the reader of campaign files."""

import asyncio
from dataclasses import replace

from fastapi import Request

from campaigns.files import media
from campaigns.model import CampaignDraft
from campaigns.written import file
from campaigns.written.document import MOST_BYTES
from campaigns.written.file import Outside
from console.api.bodies import (
    JSON,
    YAML,
    as_yaml,
    read_json,
    refuse_type,
    refuse_unwritable,
    whole,
)
from console.api.desk import Call, Desk
from console.api.problems import Faulty
from console.api.written import written
from kit.errors import Problem
from locales.catalog import render


async def read_draft(
    request: Request, call: Call, desk: Desk
) -> tuple[bytes, CampaignDraft | Problem]:
    """The body, and the draft or what is wrong with it.

    That is not raised here: the same request made again is answered as before, though meanwhile a
    time in it may have passed. A body that is too large or of a wrong type is refused at once.
    """
    is_json = refuse_type(request, (*JSON, *YAML)) in JSON
    data = await whole(request, MOST_BYTES)
    async with desk.database.read() as session:
        stored = await media.whole_ones(session)
    outside = replace(desk.outside, open_file=None, stored=stored.get)
    # In a thread: a megabyte of YAML takes seconds, and somebody may call for help meanwhile.
    return data, await asyncio.to_thread(_read, data, is_json, call, outside)


def given(found: CampaignDraft | Problem) -> CampaignDraft:
    """The draft; raises what is wrong with it."""
    if isinstance(found, Problem):
        raise found
    return found


def _read(data: bytes, is_json: bool, call: Call, outside: Outside) -> CampaignDraft | Problem:
    try:
        if is_json:
            read_json(data, call.language)
        as_sent = as_yaml(data) if is_json else None
        found = file.read(as_sent.data if as_sent else data, call.now, outside)
        if isinstance(found, CampaignDraft):
            # What an escape of YAML can name, and no database or provider takes.
            refuse_unwritable(written(found))
            return found
    except Problem as problem:
        return problem
    return Faulty(
        [
            {
                "line": one.line,
                "column": as_sent.column(one.line, one.column) if as_sent else one.column,
                "message": render(one.key, call.language, one.params),
            }
            for one in found
        ]
    )
