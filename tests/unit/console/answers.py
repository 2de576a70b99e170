"""Asking an application without a network."""

from collections.abc import Mapping

from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient, Response

from console.routes import PublicFacts, PublicSite
from staff.institute.model import Version

NOTHING_WRITTEN = Version()


def site(facts: PublicFacts, written: Version = NOTHING_WRITTEN) -> PublicSite:
    """What public pages are filled in with, for an institute of which that was written."""

    async def look() -> Version:
        return written

    return PublicSite(facts, look, "https://avisos.example.org")


async def answer(
    app: FastAPI, path: str, method: str = "GET", headers: Mapping[str, str] | None = None
) -> Response:
    """What the application answers."""
    async with AsyncClient(transport=ASGITransport(app), base_url="http://127.0.0.1") as client:
        return await client.request(method, path, headers=headers)
