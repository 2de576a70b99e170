"""Coming in as staff, on a platform with providers: by link, password and second step."""

import re
from datetime import timedelta

import httpx
import pyotp
import pytest

from staff import store as members
from staff.model import Member, Role
from staff.signin import invitations
from tests.stories.world import PUBLIC_URL, World

PASSWORD = "caballo grapa correcta"
_TOKEN = re.compile(r'name="csrf" value="([^"]+)"')
_SECRET = re.compile(r'class="secret[^"]*">([A-Z2-7 ]+)<')
_CODES = re.compile(r"<li>([A-Za-z0-9-]+)</li>")


class Door:
    """A browser without scripts at the door."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.http = world.http
        self.http.cookies.clear()
        self.page: httpx.Response

    async def get(self, path: str) -> httpx.Response:
        self.page = await self.http.get(path)
        return self.page

    async def post(self, path: str, **fields: str) -> httpx.Response:
        token = _TOKEN.search(self.page.text)
        data = {"csrf": token[1] if token else "", **fields}
        self.page = await self.http.post(path, data=data)
        return self.page

    async def follow(self) -> httpx.Response:
        return await self.get(self.page.headers["location"])


@pytest.fixture
async def invited(world: World) -> tuple[Member, str]:
    """Somebody on duty, and the path of their invitation."""
    made = await world.duty("Rosa", chat=801)
    async with world.database.write() as session:
        member = await members.get(session, made)
        assert member is not None
        link = await invitations.invite(session, member, world.platform.clock.now(), by=None)
    return member, link.path


async def enrolled(door: Door, path: str) -> tuple[str, list[str]]:
    """Come in by a link for the first time; gives the secret of the second step, and the codes."""
    await door.get(path)
    await door.post(path, password=PASSWORD, again=PASSWORD)
    assert door.page.headers["location"] == "/entrar/segundo-paso"
    await door.follow()
    found = _SECRET.search(door.page.text)
    assert found is not None
    secret = found[1].replace(" ", "")
    await door.post("/entrar/segundo-paso", code=code(door.world, secret))
    codes = _CODES.findall(door.page.text)
    assert len(codes) == 10
    return secret, codes


def code(world: World, secret: str) -> str:
    return pyotp.TOTP(secret).at(world.platform.clock.now())


async def test_a_link_a_password_and_a_second_step_lead_in(
    world: World, invited: tuple[Member, str]
) -> None:
    member, path = invited
    door = Door(world)
    secret, codes = await enrolled(door, path)
    cookies = door.page.headers["set-cookie"]
    assert cookies.startswith("__Host-tequio=")
    assert all(part in cookies for part in ("HttpOnly", "Secure", "SameSite=lax"))
    inside = await door.get("/cuenta")
    assert inside.status_code == 200
    assert inside.headers["cache-control"] == "no-store"

    # The link is spent, and sign-out ends the session on the server, not only in the browser.
    before = dict(door.http.cookies)
    assert (await door.get(path)).status_code == 404
    await door.get("/cuenta")
    left = await door.post("/salir")
    assert left.headers["clear-site-data"] == '"cache", "storage"'
    door.http.cookies.update(before)
    assert (await door.get("/cuenta")).headers["location"] == "/entrar?a=%2Fcuenta"
    door.http.cookies.clear()

    # Password alone opens the next step and nothing else.
    await door.get("/entrar?a=%2Fcuenta")
    await door.post("/entrar", email=member.email, password=PASSWORD, a="/cuenta")
    assert door.page.headers["location"] == "/entrar/codigo"
    assert (await door.get("/cuenta")).headers["location"] == "/entrar/codigo"
    await door.follow()
    assert (await door.post("/entrar/codigo", code="000000")).status_code == 403
    world.platform.clock.move(timedelta(minutes=1))
    await door.post("/entrar/codigo", code=code(world, secret))
    assert door.page.headers["location"] == "/cuenta"
    assert (await door.follow()).status_code == 200

    # A recovery code is good once.
    for status in (303, 403):
        door.http.cookies.clear()
        await door.get("/entrar")
        await door.post("/entrar", email=member.email, password=PASSWORD)
        await door.follow()
        assert (await door.post("/entrar/codigo", code=codes[0])).status_code == status
    world.telegram.unexpected()


async def test_whoever_guesses_waits_longer_each_time_and_learns_nothing(
    world: World, invited: tuple[Member, str]
) -> None:
    member, path = invited
    door = Door(world)
    await enrolled(door, path)
    door.http.cookies.clear()
    await door.get("/entrar")
    told = []
    for email in (member.email, "nadie@example.org"):
        world.platform.clock.move(timedelta(days=2))
        pages = [await door.post("/entrar", email=email, password="no es esta") for _ in range(5)]
        assert {one.status_code for one in pages} == {403}
        told.append([one.text.replace(email, "") for one in pages])
        # The right one is not looked at either while somebody has to wait.
        await door.post("/entrar", email=email, password=PASSWORD)
        assert door.page.status_code == 403
    assert told[0] == told[1]
    world.platform.clock.move(timedelta(hours=1))
    await door.post("/entrar", email=member.email, password=PASSWORD)
    assert door.page.headers["location"] == "/entrar/codigo"


async def test_what_is_no_form_of_ours_is_refused(
    world: World, invited: tuple[Member, str]
) -> None:
    member, path = invited
    door = Door(world)
    await enrolled(door, path)
    await door.get("/cuenta")
    sent = {"language": "en"}
    tried_with: tuple[tuple[dict[str, str], str | None], ...] = (
        ({}, ""),
        ({}, "0" * 64),
        ({"Origin": "https://elsewhere.example"}, None),
        ({"Sec-Fetch-Site": "cross-site"}, None),
    )
    for headers, token in tried_with:
        given = _TOKEN.findall(door.page.text)[0] if token is None else token
        data = {**sent, "csrf": given}
        answer = await door.http.post("/cuenta/idioma", data=data, headers=headers)
        assert answer.status_code == 403, headers
    foreign = {"Origin": "https://elsewhere.example"}
    tried = {"email": member.email, "password": PASSWORD}
    assert (await door.http.post("/entrar", data=tried, headers=foreign)).status_code == 403
    ours = {"Origin": PUBLIC_URL, "Sec-Fetch-Site": "same-origin"}
    data = {**sent, "csrf": _TOKEN.findall(door.page.text)[0]}
    assert (await door.http.post("/cuenta/idioma", data=data, headers=ours)).status_code == 303

    # Not ours either: what is too large, of another type, or cannot be read.
    proof = {"X-CSRF": data["csrf"]}
    kind = {"Content-Type": "application/x-www-form-urlencoded", **proof}
    for body, sent_with, status in (
        (b"a=" + b"x" * 300_000, kind, 413),
        (b"{}", {**proof, "Content-Type": "application/json"}, 415),
        (b"language=%ff%fe", kind, 422),
        (b"language=\xc3\xb1", kind, 422),
        (b"language=%00", kind, 422),
        (b"&".join(b"a%d=1" % number for number in range(1_200)), kind, 422),
    ):
        answer = await door.http.post("/cuenta/idioma", content=body, headers=sent_with)
        assert answer.status_code == status, (status, answer.status_code)
    async with world.database.read() as session:
        assert await members.with_roles(session, [Role.DUTY])


async def test_nobody_is_sent_elsewhere_after_the_sign_in(
    world: World, invited: tuple[Member, str]
) -> None:
    member, path = invited
    door = Door(world)
    secret, _codes = await enrolled(door, path)
    for wanted in ("https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere", "casos"):
        door.http.cookies.clear()
        world.platform.clock.move(timedelta(minutes=1))
        await door.get(f"/entrar?a={wanted}")
        assert "elsewhere" not in door.page.text
        await door.post("/entrar", email=member.email, password=PASSWORD, a=wanted)
        await door.follow()
        await door.post("/entrar/codigo", code=code(world, secret))
        assert door.page.headers["location"] == "/inicio"
