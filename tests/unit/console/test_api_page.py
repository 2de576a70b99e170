"""The description of the API that people read."""

import re

from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from campaigns.conduct import AT_ONCE
from campaigns.written.file import Outside
from console.api.page import docs_routes
from console.api.routes import api_routes
from console.headers import SecurityHeaders
from console.routes import PublicFacts
from db.session import Database
from kit.clock import Clock

FACTS = PublicFacts("IAIMO", trial=True, telegram=True, sms=True, transparency_contact="")


async def read(database: Database, address: str) -> tuple[str, str]:
    """The page and its policy."""
    web = FastAPI(docs_url=None, openapi_url="/api/openapi.json")
    web.add_middleware(SecurityHeaders)
    web.include_router(api_routes(database, Clock(), AT_ONCE, Outside()))
    web.include_router(docs_routes(web, FACTS))
    async with AsyncClient(transport=ASGITransport(app=web), base_url="http://x") as client:
        answer = await client.get(address)
    assert answer.status_code == 200
    return answer.text, answer.headers["content-security-policy"]


async def test_every_operation_stands_on_the_page(database: Database) -> None:
    page, _policy = await read(database, "/api/docs")
    for operation in ("GET /api/v1/campaigns", "POST /api/v1/campaigns", "GET /api/v1/contacts"):
        assert operation in page
    assert "Campaigns" not in re.findall(r"<h1>(.+?)</h1>", page)


async def test_the_page_loads_nothing_from_outside_beside_tokens(database: Database) -> None:
    page, policy = await read(database, "/api/docs?lang=en")
    assert not re.findall(r"""(?:src|href)=["'](?:https?:)?//""", page)
    assert "<script" not in page
    assert policy.startswith("default-src 'self'")
