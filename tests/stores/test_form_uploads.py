"""Files sent to the server as it really runs: large, broken, hostile, and by whoever may not."""

import asyncio
import os
import re
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sqlalchemy import func, select

from campaigns.works import store
from campaigns.works.model import MOST_BYTES, State
from console.frame.uploads import name_of
from contacts.csv_import import COLUMNS
from locales.catalog import render
from staff.model import Role
from tests.console_stage import Browser, Console, console_stage

HERE = "/personas/importar"
FILE = (",".join(COLUMNS) + "\n,1,es,,,,,fraud,2026-03-01,Hoja 12\n").encode()
EDGE = "----edge"


@pytest.fixture
async def console_(tmp_path: Path) -> AsyncIterator[Console]:
    async with console_stage(tmp_path) as opened:
        yield opened


def part(name: str, data: bytes, more: str = "") -> bytes:
    head = f'--{EDGE}\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'
    return head.encode() + data + b"\r\n"


def file_part(data: bytes, name: str = "gente.csv") -> bytes:
    return part("file", data, f'; filename="{name}"')


END = f"--{EDGE}--\r\n".encode()


@dataclass
class Sender:
    """A browser that says more, and other things, than browsers do."""

    browser: Browser
    console: Console

    @property
    def token(self) -> bytes:
        return self.browser.token.encode()

    def form(self, *parts: bytes) -> bytes:
        once = part("once", secrets.token_urlsafe(8).encode())
        return part("csrf", self.token) + once + b"".join(parts) + END

    async def post(self, body: bytes, **headers: str) -> tuple[int, str]:
        """The status, and the sentence that says what is wrong."""
        kind = {"content-type": f"multipart/form-data; boundary={EDGE}"}
        answer = await self.browser.http.post(HERE, content=body, headers={**kind, **headers})
        return answer.status_code, _sentence(answer.text)

    async def refused(self, body: bytes, status: int, sentence: str, **headers: str) -> None:
        found, said = await self.post(body, **headers)
        assert (found, sentence in said) == (status, True), said

    async def raw(self, headers: str, *pieces: bytes) -> tuple[int, str, int]:
        """The same by hand, piece by piece: also how many bytes were sent when the answer came."""
        to = urlsplit(self.console.url)
        reader, writer = await asyncio.open_connection(to.hostname, to.port)
        cookie = self.browser.http.cookies.get("tequio") or ""
        writer.write(
            f"POST {HERE} HTTP/1.1\r\nHost: {to.netloc}\r\nCookie: tequio={cookie}\r\n"
            f"Content-Type: multipart/form-data; boundary={EDGE}\r\n{headers}\r\n\r\n".encode()
        )
        answer = asyncio.create_task(reader.readuntil(b"\r\n\r\n"))
        sent = 0
        for piece in pieces:
            if answer.done():
                break
            writer.write(piece)
            await writer.drain()
            sent += len(piece)
            await asyncio.sleep(0)
        head = (await answer).decode()
        length = int(re.findall(r"content-length: (\d+)", head)[0])
        page = (await reader.readexactly(length)).decode()
        writer.close()
        return int(head.split()[1]), _sentence(page), sent

    async def works(self) -> int:
        async with self.console.database.read() as session:
            return int(await session.scalar(select(func.count()).select_from(store.work)))


def _sentence(page: str) -> str:
    found = re.search(r'class="alert alert-danger"[^>]*>(.*?)</p>', page, re.S)
    text = found[1] if found else page
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def says(key: str, **params: object) -> str:
    return render(key, "es", params)


TOO_LARGE = says("console.form.file_too_large", most=MOST_BYTES // 2**20)
UNREADABLE = says("console.form.unreadable")
FOREIGN = says("console.form.foreign")


@pytest.fixture
async def sender(console_: Console) -> AsyncIterator[Sender]:
    async with console_.browser(Role.COMMUNICATOR) as browser:
        await browser.get(HERE)
        yield Sender(browser, console_)


async def test_two_gigabytes_are_refused_at_once(sender: Sender) -> None:
    open_files = len(os.listdir("/proc/self/fd"))
    begin = part("csrf", sender.token) + file_part(b"")[:-2]
    status, said, sent = await sender.raw(f"Content-Length: {2**31}", begin)
    assert (status, sent) == (413, len(begin))
    assert TOO_LARGE in said
    # Without saying how much it is: as soon as it is too much.
    piece = b"%x\r\n%s\r\n" % (2**20, b"x" * 2**20)
    chunks = (b"%x\r\n%s\r\n" % (len(begin), begin), *[piece] * 2_000)
    status, said, sent = await sender.raw("Transfer-Encoding: chunked", *chunks)
    assert status == 413
    assert TOO_LARGE in said
    assert MOST_BYTES < sent < MOST_BYTES * 1.5
    assert await sender.works() == 0
    assert len(os.listdir("/proc/self/fd")) <= open_files + 4


async def test_a_file_of_whoever_has_no_token_is_not_read(sender: Sender) -> None:
    for body, headers in (
        (file_part(FILE) + END, {}),
        (part("csrf", b"another") + file_part(FILE) + END, {}),
        # The token stands before the file, or a stranger could fill the disk.
        (file_part(FILE) + part("csrf", sender.token) + END, {}),
        (sender.form(file_part(FILE)), {"origin": "https://elsewhere.example"}),
        (sender.form(file_part(FILE)), {"sec-fetch-site": "cross-site"}),
    ):
        await sender.refused(body, 403, FOREIGN, **headers)
    begin = part("csrf", b"another") + file_part(b"")[:-2]
    pieces = [b"x" * 65_536] * 400
    status, _said, _sent = await sender.raw(f"Content-Length: {2**26}", begin, *pieces)
    assert status == 403
    async with sender.console.browser(None) as nobody:
        nobody.token = sender.browser.token
        status, _said = await Sender(nobody, sender.console).post(sender.form(file_part(FILE)))
        assert status == 303
    assert await sender.works() == 0


async def test_what_is_no_form_with_a_file_is_refused_with_a_sentence(sender: Sender) -> None:
    whole = sender.form(file_part(FILE))
    broken = [
        whole[: -len(END)],
        whole[:-3],
        whole.replace(EDGE.encode(), b"--other", 1),
        b"--" + whole,
        b"\0" * 500,
        sender.form(part("x", b"\xff\xfe")),
        sender.form(part("x", b"a\0b")),
        sender.form(part("x", b"y" * 100_000)),
        sender.form(*[part("x", b"y")] * 100),
        sender.form(part("x", b"y", "\r\nX-Long: " + "z" * 5_000)),
        sender.form(part("x", b"y", "".join(f"\r\nX-{n}: z" for n in range(20)))),
        sender.form(part("x", b"y").replace(b"form-data", b"attachment")),
        sender.form(part("x", b"y").replace(b"Content-Disposition", b"Other")),
        sender.form(part("x", b"y").replace(b'name="x"', b"")),
    ]
    for body in broken:
        await sender.refused(body, 422, UNREADABLE)
    for kind in ("multipart/form-data", f"multipart/form-data; boundary={'x' * 300}"):
        await sender.refused(whole, 422, UNREADABLE, **{"content-type": kind})
    for headers in ({"content-type": "text/csv"}, {"content-encoding": "gzip"}):
        await sender.refused(
            whole, 415, says("api.media_type", expected="multipart/form-data"), **headers
        )
    one_file = says("console.form.one_file")
    await sender.refused(sender.form(file_part(FILE), file_part(FILE)), 422, one_file)
    no_file = says("console.imports.no_file")
    for body in (sender.form(), sender.form(file_part(b"", ""))):
        await sender.refused(body, 422, no_file)
    # As browsers without the type of the form send it.
    answer = await sender.browser.post(HERE, {"file": "gente.csv"})
    assert (answer.status_code, _sentence(answer.text)) == (422, no_file)
    empty = says("import.empty")
    for data in (b"", b"\n \n", b"\xef\xbb\xbf"):
        await sender.refused(sender.form(file_part(data)), 422, empty)
    other = sender.form(file_part(FILE.replace(b",es,", b",\xf1,")))
    await sender.refused(other, 422, says("import.not_utf_8", line=2))
    assert await sender.works() == 0


async def test_a_file_is_taken_whatever_it_is_called(sender: Sender) -> None:
    body = sender.form(file_part(FILE, "../../etc/\\passwd;\u202e\u00f1.csv"))
    for _twice in range(2):
        answer = await sender.browser.http.post(
            HERE,
            content=body,
            headers={"content-type": f'multipart/form-data; boundary="{EDGE}"'},
        )
        assert answer.status_code == 303
    async with sender.console.database.read() as session:
        found = await store.get(session, 1)
    assert found is not None
    assert (found.name, found.size) == ("passwd;\u00f1.csv", len(FILE))
    assert found.state is not State.ARRIVING
    # The same form again was taken already.
    assert answer.headers["location"] == "/trabajos"
    assert await sender.works() == 1


async def test_somebody_who_leaves_in_the_middle_leaves_nothing(sender: Sender) -> None:
    to = urlsplit(sender.console.url)
    _reader, writer = await asyncio.open_connection(to.hostname, to.port)
    cookie = sender.browser.http.cookies["tequio"]
    begin = part("csrf", sender.token) + file_part(b"x" * 70_000)[:-2]
    writer.write(
        f"POST {HERE} HTTP/1.1\r\nHost: {to.netloc}\r\nCookie: tequio={cookie}\r\n"
        f"Content-Type: multipart/form-data; boundary={EDGE}\r\n"
        f"Content-Length: 5000000\r\n\r\n".encode()
        + begin
    )
    await writer.drain()
    await asyncio.sleep(0.1)
    writer.close()
    await asyncio.sleep(0.1)
    assert await sender.works() == 0
    assert (await sender.browser.get(HERE)).status_code == 200


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        ("C:\\fotos\\gente.csv", "gente.csv"),
        ("../../x", "x"),
        ("a\0b\r\n.csv", "ab.csv"),
        ("x" * 500 + ".csv", "x" * 116 + ".csv"),
        ("/", ""),
    ],
)
def test_a_name_is_text_and_never_a_path(sent: str, name: str) -> None:
    assert name_of(sent) == name
