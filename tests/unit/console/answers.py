"""Asking an application without a network."""

from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient, Response


async def answer(app: FastAPI, path: str, method: str = "GET") -> Response:
    """What the application answers."""
    async with AsyncClient(transport=ASGITransport(app), base_url="http://127.0.0.1") as client:
        return await client.request(method, path)
