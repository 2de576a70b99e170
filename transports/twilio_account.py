"""Requests to Twilio's REST API on behalf of one account."""

import json
import logging
from collections.abc import Mapping

from aiohttp import ClientSession, TCPConnector, encode_basic_auth
from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.rest import Client

from delivery.model import SendError
from transports.exchange import exchange, watching
from transports.refusal import Refusal
from transports.twilio_errors import judge, judge_question, read_wait

PRODUCTION = "https://api.twilio.com"

# The library's own client writes the whole address of a request into its log, query and all: a
# listing names a phone there. A logger that stands nowhere in the tree reaches no handler.
_NOWHERE = logging.Logger("twilio", logging.CRITICAL)


class TwilioAccount:
    """Connections that several senders share; they are made at the first use.

    `timeout` is the seconds that a request may take before its outcome is unknown.
    """

    def __init__(
        self, account_sid: str, auth_token: str, api_url: str | None, timeout: float
    ) -> None:
        self._base = (api_url or PRODUCTION).rstrip("/")
        self._account = f"/2010-04-01/Accounts/{account_sid}"
        self._authorization = encode_basic_auth(account_sid, auth_token)
        self._timeout = timeout
        self._client: Client | None = None
        self._users: set[object] = set()

    @property
    def messages(self) -> str:
        """The path of the account's messages."""
        return f"{self._account}/Messages.json"

    def message(self, sid: str) -> str:
        """The path of one message."""
        return f"{self._account}/Messages/{sid}.json"

    @property
    def calls(self) -> str:
        """The path of the account's calls."""
        return f"{self._account}/Calls.json"

    def call(self, sid: str) -> str:
        """The path of one call."""
        return f"{self._account}/Calls/{sid}.json"

    async def post(self, user: object, path: str, form: Mapping[str, str]) -> dict[str, object]:
        """Post a form and give the answer; raises `SendError` and nothing else.

        `user` is who asks: the connections stay open until every user has let go of them.
        """
        return await self._ask(user, "POST", path, None, form)

    async def get(
        self, user: object, path: str, query: Mapping[str, str] | None = None
    ) -> dict[str, object]:
        """The answer to a question; raises `SendError` and nothing else.

        A question changes nothing, so it has no unknown outcome: it can be asked again.
        """
        try:
            return await self._ask(user, "GET", path, query, None)
        except SendError as unanswered:
            error = judge_question(unanswered)
        raise error

    async def release(self, user: object) -> None:
        """Close the connections if nobody else uses them. They are made anew when needed."""
        self._users.discard(user)
        if self._users or self._client is None:
            return
        client, self._client = self._client, None
        await client.http_client.close()

    async def _ask(
        self,
        user: object,
        method: str,
        path: str,
        query: Mapping[str, str] | None,
        form: Mapping[str, str] | None,
    ) -> dict[str, object]:
        async def request() -> dict[str, object]:
            # Not the library's resources: their errors leave out how long to wait.
            response = await self._connected(user).request_async(
                method,
                self._base + path,
                params=None if query is None else dict(query),
                data=None if form is None else dict(form),
            )
            status: int = response.status_code
            text: str = response.text
            if not 200 <= status < 300:
                wait = read_wait(response.headers.get("Retry-After"))
                raise Refusal(status, _read_code(text), wait)
            body: object = json.loads(text)
            if not isinstance(body, dict):
                raise TypeError("an answer is an object")
            return body

        return await exchange(request, self._timeout, judge)

    def _connected(self, user: object) -> Client:
        """The client, made at the first use because a session wants a running loop."""
        self._users.add(user)
        if self._client is None:
            http = AsyncTwilioHttpClient(pool_connections=False, logger=_NOWHERE)
            # No limit of connections, or a page would queue behind bulk that hangs.
            http.session = ClientSession(
                connector=TCPConnector(limit=0), trace_configs=[watching()]
            )
            self._client = Client(http_client=http, credential_provider=_Basic(self._authorization))
        return self._client


class _Basic:
    """A credential provider and strategy of twilio's for an account's id and token.

    Given to the client as names and passwords are, they would go the way of aiohttp's `auth`,
    which is deprecated.
    """

    def __init__(self, authorization: str) -> None:
        self._authorization = authorization

    def to_auth_strategy(self) -> "_Basic":
        return self

    def get_auth_string(self) -> str:
        return self._authorization


def _read_code(text: str) -> str:
    try:
        body: object = json.loads(text)
    except ValueError:
        return ""
    code = body.get("code") if isinstance(body, dict) else None
    return str(code) if isinstance(code, int) else ""
