"""A stand-in of Twilio's REST API, which a real client cannot tell from the real one."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime

from aiohttp import ClientSession, web
from pydantic import TypeAdapter, ValidationError

from tests.standins.book import Book
from tests.standins.records import PlacedCall, Record, SentSms
from tests.standins.server import StandInServer, Taken, ignore, wall_clock
from tests.standins.twilio_answers import VERSION, Standing, call, message, page, segments_of
from tests.standins.twilio_errors import RestError
from tests.standins.twilio_fates import Course, Lives
from tests.standins.twilio_rules import (
    Form,
    Search,
    check_call,
    check_credentials,
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

    async def wait_for_message(self, to: str, containing: str = "", timeout: float = 5) -> SentSms:
        """The first message to a number that holds these words; AssertionError in the end."""
        return await self._messages.wait_for(_about(to, containing), timeout)

    async def expect(self, to: str, containing: str = "", timeout: float = 5) -> SentSms:
        """The same among those not yet expected, and now expected."""
        return await self._messages.expect(_about(to, containing), timeout)

    async def expect_call(self, to: str, timeout: float = 5) -> PlacedCall:
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
        body, headers = self.signed_form(url, params)
        async with (
            ClientSession() as session,
            session.post(self.reachable(url), data=body, headers=headers) as answer,
        ):
            return answer.status

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

    async def fulfilled(self, timeout: float = 5) -> None:
        """Return once every fate has come to pass and was told; raises TimeoutError."""
        async with asyncio.timeout(timeout):
            await self.lives.over()

    def close(self) -> None:
        super().close()
        self.lives.cancel()

    def restore(self, record: SentSms | PlacedCall) -> None:
        """Take back what an earlier process took; it counts as expected."""
        if isinstance(record, SentSms):
            self._keep(record, seen=True)
        else:
            self._calls.record(record, seen=True)

    def routes(self) -> Sequence[web.RouteDef]:
        account = f"/{VERSION}/Accounts/{{account}}"
        return [
            web.post(f"{account}/Messages.json", self._guarded(self._create)),
            web.get(f"{account}/Messages.json", self._guarded(self._list)),
            web.get(f"{account}/Messages/{{sid}}.json", self._guarded(self._fetch)),
            web.post(f"{account}/Calls.json", self._guarded(self._call)),
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
            )
            self._calls.record(placed)
            self._on_taken(placed)
            return web.json_response(call(self.account_sid, placed), status=201)

        return await self.serve(request, "calls", wanted.to, take)

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
