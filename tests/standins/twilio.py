"""A stand-in of Twilio's REST API, which a real client cannot tell from the real one."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime

from aiohttp import ClientError, ClientSession, web
from pydantic import TypeAdapter, ValidationError

from tests.patience import PATIENCE
from tests.standins.book import Book
from tests.standins.records import PlacedCall, Record, SentSms
from tests.standins.server import StandInServer, Taken, ignore, wall_clock
from tests.standins.twilio_answers import VERSION, Standing, call, message, page, segments_of
from tests.standins.twilio_calls import Line, Lines
from tests.standins.twilio_errors import RestError
from tests.standins.twilio_fates import Course, Lives
from tests.standins.twilio_rules import (
    Form,
    Search,
    check_call,
    check_credentials,
    check_end,
    check_message,
    read_search,
)
from tests.standins.twilio_throttle import Throttle
from tests.standins.twilio_webhooks import (
    ACCOUNT_SID,
    AUTH_TOKEN,
    NUMBER,
    SERVICE_SID,
    inbound_sms,
    new_sid,
    signed_form,
    status_params,
)

# A test needs the stand-in and what people do to it: one import for both.
__all__ = [
    "ACCOUNT_SID",
    "AUTH_TOKEN",
    "NUMBER",
    "SERVICE_SID",
    "TwilioStandIn",
    "inbound_sms",
    "signed_form",
    "status_params",
]


_COURSE = TypeAdapter(Course)

Deliver = Callable[[str, bytes, Mapping[str, str]], Awaitable[tuple[int, str]]]
"""Brings a signed form to a public address; gives the HTTP status and the body."""


class TwilioStandIn(StandInServer):
    """Twilio for one account.

    `sent` holds the messages and `calls` the calls that it took; each is given to `on_taken`
    before it is answered. `numbers` are the account's own, None for any. `reach` is where the
    application listens when its public address leads nowhere: receipts are signed for the public
    address and posted there. Faults know the methods messages, calls, list and fetch.

    `stops` are pairs of a number and the sender that its owner wrote STOP to. `lives` holds what
    becomes of messages; one without a fate stays queued until a test calls `callback`. Above
    `rate` segments a second a sender is answered 20429.
    """

    def __init__(
        self,
        account_sid: str = ACCOUNT_SID,
        auth_token: str = AUTH_TOKEN,
        *,
        numbers: frozenset[str] | None = None,
        port: int = 0,
        now: Callable[[], datetime] = wall_clock,
        on_taken: Taken = ignore,
        reach: str | None = None,
        rate: float | None = None,
    ) -> None:
        super().__init__(port, reach)
        self.account_sid = account_sid
        self.auth_token = auth_token
        self.numbers = numbers
        self._messages: Book[SentSms] = Book()
        self._calls: Book[PlacedCall] = Book()
        self._by_sid: dict[str, SentSms] = {}
        self.lines = Lines(self._bring)
        self.deliver: Deliver = self._over_http
        self._endings: set[asyncio.Task[None]] = set()
        self.stops: set[tuple[str, str]] = set()
        self.throttle = Throttle(rate)
        self.lives = Lives(self._tell)
        self._now = now
        self._on_taken = on_taken

    @property
    def sent(self) -> list[SentSms]:
        """Every message, in the order in which they came."""
        return self._messages.entries

    @property
    def calls(self) -> list[PlacedCall]:
        """Every call, in the order in which they came."""
        return self._calls.entries

    async def wait_for_message(
        self, to: str, containing: str = "", timeout: float = PATIENCE
    ) -> SentSms:
        """The first message to a number that holds these words; AssertionError in the end."""
        return await self._messages.wait_for(_about(to, containing), timeout)

    async def expect(self, to: str, containing: str = "", timeout: float = PATIENCE) -> SentSms:
        """The same among those not yet expected, and now expected."""
        return await self._messages.expect(_about(to, containing), timeout)

    async def expect_call(self, to: str, timeout: float = PATIENCE) -> PlacedCall:
        """The first call to a number not yet expected, and now expected."""
        return await self._calls.expect(lambda placed: placed.to == to, timeout)

    def unexpected(self) -> list[SentSms | PlacedCall]:
        """Messages and calls that nobody has asked for."""
        return [*self._messages.unexpected(), *self._calls.unexpected()]

    def take_unexpected(self) -> list[SentSms | PlacedCall]:
        """The same, and count them as expected from now on."""
        return [*self._messages.take_unexpected(), *self._calls.take_unexpected()]

    def signed_form(self, url: str, params: Mapping[str, str]) -> tuple[bytes, dict[str, str]]:
        """Body and headers of a webhook to the public address `url`, signed for this account."""
        return signed_form(url, params, self.auth_token)

    async def post(self, url: str, params: Mapping[str, str]) -> int:
        """Post a signed webhook to a public address; gives the HTTP status."""
        return (await self._bring(url, params))[0]

    async def answers(
        self, number: str, answered_by: str = "human", timeout: float = PATIENCE
    ) -> str:
        """Somebody takes the next call to a number that nobody has expected yet; gives the words.

        Their phone is the one that `presses`, `keeps_silent` and `hangs_up` mean from now on.
        """
        placed = await self.expect_call(number, timeout)
        return await self.lines.answer(self.lines.by_sid[placed.sid], answered_by)

    async def presses(self, digits: str) -> str:
        """Who has answered last presses a key; gives what is said then."""
        return await self.lines.press(self._talking(), digits)

    async def keeps_silent(self) -> str:
        """Who has answered last presses nothing; gives what is said then."""
        return await self.lines.keep_silent(self._talking())

    async def hangs_up(self) -> None:
        """Who has answered last ends the call."""
        await self.lines.end(self._talking(), "completed")

    async def voicemail(
        self, number: str, kind: str = "machine_start", timeout: float = PATIENCE
    ) -> str:
        """A machine takes the next call to a number; gives what is said to it."""
        heard = await self.answers(number, kind, timeout)
        if not self._talking().is_over:
            await self.hangs_up()
        return heard

    async def does_not_answer(
        self, number: str, status: str = "no-answer", timeout: float = PATIENCE
    ) -> None:
        """Nobody takes the next call to a number: busy, no-answer, failed or canceled."""
        placed = await self.expect_call(number, timeout)
        await self.lines.end(self.lines.by_sid[placed.sid], status)

    async def callback(
        self, sid: str, status: str, error_code: int | None = None, times: int = 1
    ) -> list[int]:
        """Tell the application how a message fares, `times` times; gives the HTTP statuses.

        In any order that a test likes: Twilio too sends them late, twice and out of order. What
        was told last is what `fetch` tells. ValueError if the message asked for no receipts.
        """
        sms = self._find(sid)
        if sms.status_callback is None:
            raise ValueError("this message has no status callback")
        standing = self.lives.standings[sid] = Standing(status, error_code)
        return [await self._tell(sms, standing) for _ in range(times)]

    async def fulfilled(self, timeout: float = PATIENCE) -> None:
        """Return once every fate has come to pass and was told, and every end of a call; raises
        TimeoutError."""
        async with asyncio.timeout(timeout):
            await self.lives.over()
            while self._endings:
                await asyncio.wait(self._endings)

    def close(self) -> None:
        super().close()
        self.lives.cancel()
        for task in self._endings:
            task.cancel()

    def restore(self, record: SentSms | PlacedCall) -> None:
        """Take back what an earlier process took; it counts as expected."""
        if isinstance(record, SentSms):
            self._keep(record, seen=True)
        else:
            self.lines.open(record)
            self._calls.record(record, seen=True)

    def routes(self) -> Sequence[web.RouteDef]:
        account = f"/{VERSION}/Accounts/{{account}}"
        return [
            web.post(f"{account}/Messages.json", self._guarded(self._create)),
            web.get(f"{account}/Messages.json", self._guarded(self._list)),
            web.get(f"{account}/Messages/{{sid}}.json", self._guarded(self._fetch)),
            web.post(f"{account}/Calls.json", self._guarded(self._call)),
            web.get(f"{account}/Calls/{{sid}}.json", self._guarded(self._fetch_call)),
            web.post(f"{account}/Calls/{{sid}}.json", self._guarded(self._end_call)),
            web.post("/control/course", self._take_course),
        ]

    def records(self) -> list[Record]:
        return [*self.sent, *self.calls]

    def _guarded(
        self, handler: Callable[[web.Request], Awaitable[web.Response]]
    ) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def guarded(request: web.Request) -> web.Response:
            try:
                given = request.headers.get("Authorization", "")
                check_credentials(given, self.account_sid, self.auth_token)
                if request.match_info["account"] != self.account_sid:
                    raise RestError(20404)
                return await handler(request)
            except RestError as refused:
                return web.json_response(refused.body, status=refused.status)

        return guarded

    async def _create(self, request: web.Request) -> web.Response:
        wanted = check_message(Form((await request.post()).items()), self.numbers)

        async def take() -> web.Response:
            if (wanted.to, wanted.sender) in self.stops:
                raise RestError(21610)
            segments = segments_of(wanted.body)
            if not self.throttle.admits(wanted.sender, segments, asyncio.get_running_loop().time()):
                raise RestError(20429)
            sid = new_sid("MM" if wanted.media else "SM")
            sms = SentSms(
                sid,
                wanted.to,
                wanted.sender,
                wanted.body,
                wanted.status_callback,
                wanted.media,
                self._now(),
            )
            self._keep(sms)
            self._on_taken(sms)
            answer = web.json_response(self._told(sms), status=201)
            self.lives.begin(sms)
            return answer

        return await self.serve(request, "messages", wanted.to, take)

    async def _call(self, request: web.Request) -> web.Response:
        wanted = check_call(Form((await request.post()).items()), self.numbers)

        async def take() -> web.Response:
            placed = PlacedCall(
                new_sid("CA"),
                wanted.to,
                wanted.sender,
                wanted.twiml,
                wanted.url,
                wanted.status_callback,
                self._now(),
                wanted.machine_detection,
                wanted.timeout,
            )
            self.lines.open(placed)
            self._calls.record(placed)
            self._on_taken(placed)
            return web.json_response(call(self.account_sid, placed), status=201)

        return await self.serve(request, "calls", wanted.to, take)

    async def _fetch_call(self, request: web.Request) -> web.Response:
        line = self._line(request)

        async def take() -> web.Response:
            return self._told_of(line)

        return await self.serve(request, "fetch", line.placed.to, take, sends=False)

    async def _end_call(self, request: web.Request) -> web.Response:
        line = self._line(request)
        check_end(Form((await request.post()).items()))

        async def take() -> web.Response:
            if line.is_over:
                raise RestError(21220)
            # Told later, as Twilio does: it does not wait for the application.
            line.status = "completed" if line.status == "in-progress" else "canceled"
            line.keys_to = line.silence_to = None
            task = asyncio.create_task(self._tell_end(line))
            self._endings.add(task)
            task.add_done_callback(self._endings.discard)
            return self._told_of(line)

        return await self.serve(request, "end", line.placed.to, take, sends=False)

    async def _list(self, request: web.Request) -> web.Response:
        search = read_search(Form(request.query.items()))

        async def take() -> web.Response:
            # Newest first, as Twilio lists them.
            found = [
                told
                for sms in reversed(self.sent)
                if _found(sms, search)
                and (told := self._told(sms))
                and search.sender in ("", told["from"])
            ]
            return web.json_response(page(self.account_sid, search, found))

        return await self.serve(request, "list", search.to or None, take, sends=False)

    async def _fetch(self, request: web.Request) -> web.Response:
        sms = self._find(request.match_info["sid"])

        async def take() -> web.Response:
            return web.json_response(self._told(sms))

        return await self.serve(request, "fetch", sms.to, take, sends=False)

    def _keep(self, sms: SentSms, *, seen: bool = False) -> None:
        self._by_sid[sms.sid] = sms
        self._messages.record(sms, seen=seen)

    def _find(self, sid: str) -> SentSms:
        try:
            return self._by_sid[sid]
        except KeyError:
            raise RestError(20404) from None

    def _line(self, request: web.Request) -> Line:
        try:
            return self.lines.by_sid[request.match_info["sid"]]
        except KeyError:
            raise RestError(20404) from None

    async def _tell_end(self, line: Line) -> None:
        # Twilio does not try again when nobody listens.
        with suppress(ClientError):
            await self.lines.tell(line, line.status)

    def _told_of(self, line: Line) -> web.Response:
        told = call(self.account_sid, line.placed, line.status, line.answered_by)
        return web.json_response(told)

    def _talking(self) -> Line:
        assert self.lines.last is not None, "nobody has answered"
        return self.lines.last

    async def _bring(self, url: str, params: Mapping[str, str]) -> tuple[int, str]:
        body, headers = self.signed_form(url, params)
        return await self.deliver(url, body, headers)

    async def _over_http(
        self, url: str, body: bytes, headers: Mapping[str, str]
    ) -> tuple[int, str]:
        async with (
            ClientSession() as session,
            session.post(self.reachable(url), data=body, headers=headers) as answer,
        ):
            return answer.status, await answer.text()

    def _told(self, sms: SentSms) -> dict[str, object]:
        first = Standing("accepted" if sms.sender.startswith("MG") else "queued")
        return message(self.account_sid, sms, self.lives.standings.get(sms.sid, first), NUMBER)

    async def _tell(self, sms: SentSms, standing: Standing) -> int:
        assert sms.status_callback is not None
        params = status_params(sms, standing.status, standing.error_code, self.account_sid)
        return await self.post(sms.status_callback, params)

    async def _take_course(self, request: web.Request) -> web.Response:
        try:
            course = _COURSE.validate_json(await request.read())
        except ValidationError as wrong:
            raise web.HTTPUnprocessableEntity(text=str(wrong)) from None
        self.lives.fate, self.lives.fates = course.fate, course.fates
        self.stops = set(course.stops)
        self.throttle.rate = course.rate
        return web.json_response({})


def _found(sms: SentSms, search: Search) -> bool:
    day = sms.taken_at.astimezone(UTC).date()
    return (
        search.to in ("", sms.to)
        and (search.after is None or day >= search.after)
        and (search.before is None or day <= search.before)
    )


def _about(to: str, containing: str) -> Callable[[SentSms], bool]:
    return lambda sms: sms.to == to and containing in sms.body
