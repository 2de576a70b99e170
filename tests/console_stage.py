"""The whole platform in its trial, in this process behind a real web server, and its staff."""

import asyncio
import re
import secrets
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import uvicorn

from app.settings import Settings
from app.web import web_of
from app.wiring import Platform
from db.session import Database
from kit.channels import Channel, Endpoint
from kit.clock import Clock
from staff import service as staff
from staff import store as members
from staff.model import Member, Role
from staff.signin import sessions
from staff.signin.model import Stage, Visit
from tests.databases import sqlite_database
from tests.plain import PLAIN

NAMES = {
    Role.ADMIN: "Admin Inventada",
    Role.COORDINATOR: "Coordinadora Inventada",
    Role.COMMUNICATOR: "Comunicadora Inventada",
    Role.DUTY: "Guardia Inventada",
    Role.AUDITOR: "Auditora Inventada",
}
_TOKEN = re.compile(r'name="csrf" value="([^"]+)"')


@dataclass
class Console:
    """A platform whose pages are served at `url`. `move` lets time pass."""

    platform: Platform
    url: str
    _chats: int = field(default=800_000)

    @property
    def database(self) -> Database:
        return self.platform.database

    @property
    def clock(self) -> Clock:
        return self.platform.clock

    async def move(self, **time: float) -> None:
        """Let time pass, and everything happen that it brings."""
        self.clock.move(timedelta(**time))
        await self.platform.settle()

    async def member(self, role: Role, name: str = "") -> Member:
        """Somebody of a role, made at the first call; a name makes another one."""
        name = name or NAMES[role]
        email = f"{name.split()[0].lower()}.{role}@example.org"
        async with self.database.write() as session:
            found = await members.by_email(session, email)
            if found is not None:
                return found
            self._chats += 1
            await staff.add(
                session,
                name=name,
                email=email,
                role=role,
                endpoints=[Endpoint(Channel.TELEGRAM, str(self._chats))],
                now=self.clock.now(),
                pick=secrets.randbelow,
            )
            made = await members.by_email(session, email)
        assert made is not None
        return made

    async def cookie(self, role: Role, name: str = "", *, language: str = "es") -> str:
        """What the browser of somebody who has signed in sends: without the work of a password."""
        member = await self.member(role, name)
        async with self.database.write() as session:
            came = await sessions.begin(
                session, member, Stage.IN, Visit(language=language), self.clock.now()
            )
        return came.cookie

    @asynccontextmanager
    async def browser(
        self, role: Role | None, name: str = "", *, language: str = "es"
    ) -> AsyncIterator["Browser"]:
        """Somebody who reads and sends forms without any script; None is not signed in."""
        cookies = (
            {} if role is None else {"tequio": await self.cookie(role, name, language=language)}
        )
        async with httpx.AsyncClient(
            base_url=self.url, cookies=cookies, timeout=30, verify=PLAIN
        ) as http:
            yield Browser(http)


@dataclass
class Browser:
    """Forms are sent with the token of the page that was read last."""

    http: httpx.AsyncClient
    token: str = ""

    async def get(self, path: str, **headers: str) -> httpx.Response:
        answer = await self.http.get(path, headers=headers)
        found = _TOKEN.search(answer.text)
        self.token = found[1] if found else self.token
        return answer

    async def post(
        self, path: str, fields: Mapping[str, str | list[str]] | None = None, **headers: str
    ) -> httpx.Response:
        if not self.token:
            await self.get("/cuenta")
        data = {"csrf": self.token, **(fields or {})}
        return await self.http.post(path, data=data, headers=headers)


def trial_settings(**more: Any) -> Settings:
    """Settings without a provider."""
    given = {name: one.get_default() for name, one in Settings.model_fields.items()}
    keys = {"secret_key": "a secret of tests", "field_keys": "t1:" + "A" * 43 + "="}
    return Settings.model_construct(**{**given, **keys, "canary_minutes": 0, **more})


@asynccontextmanager
async def console_stage(folder: Path, **settings: Any) -> AsyncIterator[Console]:
    """Serve a trial on a free port of loopback, on a SQLite file in `folder`."""
    database = await sqlite_database(folder)
    platform = Platform(trial_settings(**settings), database, Clock())
    listening = socket.create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    await platform.start()
    config = uvicorn.Config(web_of(platform), log_level="critical", lifespan="off", ws="none")
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve([listening]))
    try:
        yield Console(platform, url)
    finally:
        platform.stopping.set()
        server.should_exit = True
        await serving
        await platform.stop()
