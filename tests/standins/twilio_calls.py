"""The phones that are called: who answers, listens and presses keys, as a test has them do.

TwiML is carried out as Twilio does it; a verb that is not known here fails the test.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from xml.etree import ElementTree

from tests.standins.records import PlacedCall
from tests.standins.twilio_webhooks import call_params, call_status_params

Post = Callable[[str, Mapping[str, str]], Awaitable[tuple[int, str]]]
"""Posts a signed form to a public address; gives the HTTP status and the body."""

ENDS = frozenset({"completed", "busy", "no-answer", "failed", "canceled"})

APPLICATION_ERROR = "We are sorry, an application error has occurred. Goodbye."
"""What Twilio says when the application answers no TwiML."""


@dataclass(slots=True)
class Line:
    """One call, from its placing on. `asked` are the addresses that words were asked for."""

    placed: PlacedCall
    status: str = "queued"
    answered_by: str | None = None
    keys_to: str | None = None
    silence_to: str | None = None
    asked: list[str] = field(default_factory=list)

    @property
    def is_over(self) -> bool:
        """Whether it has ended."""
        return self.status in ENDS


class Lines:
    """Every call of the account."""

    def __init__(self, post: Post) -> None:
        self._post = post
        self.by_sid: dict[str, Line] = {}
        self.last: Line | None = None

    def open(self, placed: PlacedCall) -> Line:
        """Let a call ring."""
        line = self.by_sid[placed.sid] = Line(placed)
        return line

    async def answer(self, line: Line, answered_by: str) -> str:
        """Take a call; gives what is heard."""
        assert not line.is_over, f"the call is over: {line.status}"
        line.status, self.last = "in-progress", line
        if line.placed.machine_detection:
            line.answered_by = answered_by
        if line.placed.twiml:
            return await self._carry_out(line, line.placed.twiml)
        return await self._ask(line, line.placed.url, answered_by=line.answered_by)

    async def press(self, line: Line, digits: str) -> str:
        """Press a key while one is waited for; gives what is heard."""
        assert line.keys_to is not None, "no key is waited for"
        return await self._ask(line, line.keys_to, digits=digits)

    async def keep_silent(self, line: Line) -> str:
        """Press nothing until it goes on by itself; gives what is heard."""
        assert line.keys_to is not None, "no key is waited for"
        if line.silence_to is None:
            await self.end(line, "completed")
            return ""
        return await self._ask(line, line.silence_to, digits="")

    async def end(self, line: Line, status: str) -> None:
        """Let a call end, and the application hear of it."""
        assert not line.is_over, f"the call is over: {line.status}"
        line.status, line.keys_to, line.silence_to = status, None, None
        await self.tell(line, status)

    async def tell(self, line: Line, status: str) -> int:
        """A status callback; gives the HTTP status, 0 when none is wanted."""
        if line.placed.status_callback is None:
            return 0
        params = call_status_params(line.placed, status)
        return (await self._post(line.placed.status_callback, params))[0]

    async def _ask(
        self,
        line: Line,
        url: str,
        *,
        answered_by: str | None = None,
        digits: str | None = None,
    ) -> str:
        params = call_params(line.placed, line.status, answered_by=answered_by, digits=digits)
        line.asked.append(url)
        status, body = await self._post(url, params)
        return await self._carry_out(line, body if status == 200 else "")

    async def _carry_out(self, line: Line, twiml: str) -> str:
        line.keys_to = line.silence_to = None
        try:
            response = ElementTree.fromstring(twiml)
        except ElementTree.ParseError:
            await self.end(line, "completed")
            return APPLICATION_ERROR
        assert response.tag == "Response", response.tag
        said: list[str] = []
        for verb in response:
            match verb.tag:
                case "Say":
                    said.append(_words(verb))
                case "Pause":
                    pass
                case "Hangup":
                    break
                case "Gather":
                    said += [_words(one) for one in verb if one.tag == "Say"]
                    line.keys_to = verb.get("action") or line.asked[-1]
                    if verb.get("actionOnEmptyResult") == "true":
                        line.silence_to = line.keys_to
                    return " ".join(said)
                case other:
                    raise AssertionError(f"a verb that nobody knows here: {other}")
        # The application may have ended the call itself while it answered.
        if not line.is_over:
            await self.end(line, "completed")
        return " ".join(said)


def _words(say: ElementTree.Element) -> str:
    assert say.get("language") == "es-MX", say.attrib
    return say.text or ""
