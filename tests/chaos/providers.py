"""The stand-ins with a log of their own: `python -m tests.chaos.providers --log FILE …`.

The other arguments are those of `tests.standins.serve`. The log is in the machine's own time,
whatever clock the stand-ins show.
"""

import sys
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from aiohttp import ClientError, web

from kit.channels import Channel
from tests.chaos.log import Asked, FileLog, Log, Told, Took
from tests.standins import serve
from tests.standins.faults import Fault, FaultKind
from tests.standins.records import PlacedCall, Record, Sent, SentSms
from tests.standins.server import Take, Taken, ignore, wall_clock
from tests.standins.telegram import TOKEN, TelegramStandIn
from tests.standins.telegram_params import read_params
from tests.standins.telegram_rules import visible_text
from tests.standins.twilio import ACCOUNT_SID, AUTH_TOKEN, TwilioStandIn
from tests.standins.twilio_answers import Standing
from tests.standins.twilio_rules import Form

HIDDEN = frozenset({FaultKind.DROP, FaultKind.DROP_BEFORE, FaultKind.HANG})


class LoggedTelegram(TelegramStandIn):
    """Telegram, which writes down what it is asked and what it takes."""

    def __init__(
        self,
        token: str = TOKEN,
        *,
        log: Log,
        port: int = 0,
        now: Callable[[], datetime] = wall_clock,
        on_taken: Taken = ignore,
        reach: str | None = None,
    ) -> None:
        super().__init__(token, port=port, now=now, on_taken=self._note, reach=reach)
        self._log = log
        self._also = on_taken

    async def serve(
        self,
        request: web.Request,
        method: str,
        recipient: str | None,
        take: Take,
        *,
        sends: bool = True,
    ) -> web.Response:
        if sends:
            params = await read_params(request)
            text = visible_text(params.text("text"), params.text("parse_mode"))
            asked = partial(
                Asked, wall_clock(), Channel.TELEGRAM, "telegram", recipient or "", text
            )
            self.faults.on_draw = partial(_note_asked, self._log, asked)
        else:
            self.faults.on_draw = _forget
        # The fault is drawn before anybody else has a turn.
        return await super().serve(request, method, recipient, take, sends=sends)

    def _note(self, record: Record) -> None:
        self._also(record)
        assert isinstance(record, Sent)
        to, number = str(record.chat_id), str(record.message_id)
        self._log.note(Took(wall_clock(), Channel.TELEGRAM, to, record.text, number))


class LoggedTwilio(TwilioStandIn):
    """Twilio, which writes down what it is asked, what it takes and what it tells."""

    def __init__(
        self,
        account_sid: str = ACCOUNT_SID,
        auth_token: str = AUTH_TOKEN,
        *,
        log: Log,
        port: int = 0,
        now: Callable[[], datetime] = wall_clock,
        on_taken: Taken = ignore,
        reach: str | None = None,
    ) -> None:
        super().__init__(
            account_sid, auth_token, port=port, now=now, on_taken=self._note, reach=reach
        )
        self._log = log
        self._also = on_taken

    async def serve(
        self,
        request: web.Request,
        method: str,
        recipient: str | None,
        take: Take,
        *,
        sends: bool = True,
    ) -> web.Response:
        if sends:
            form = Form((await request.post()).items())
            sender = form.get("From") or form.get("MessagingServiceSid")
            asked = partial(
                Asked, wall_clock(), Channel.SMS, sender, recipient or "", form.get("Body")
            )
            self.faults.on_draw = partial(_note_asked, self._log, asked)
        else:
            self.faults.on_draw = _forget
        return await super().serve(request, method, recipient, take, sends=sends)

    def _note(self, record: Record) -> None:
        self._also(record)
        if isinstance(record, PlacedCall):
            return
        assert isinstance(record, SentSms)
        query = parse_qs(urlsplit(record.status_callback or "").query)
        row = query.get("m")
        fate = self.lives.fates.get(record.to, self.lives.fate)
        self._log.note(
            Took(
                wall_clock(),
                Channel.SMS,
                record.to,
                record.body,
                record.sid,
                int(row[0]) if row else None,
                fate.statuses[-1] if fate else "",
            )
        )

    async def _tell(self, sms: SentSms, standing: Standing) -> int:
        try:
            answer = await super()._tell(sms, standing)
        except ClientError:
            self._log.note(Told(wall_clock(), sms.sid, standing.status, heard=False))
            raise
        heard = 200 <= answer < 300
        self._log.note(Told(wall_clock(), sms.sid, standing.status, heard))
        return answer


def _note_asked(log: Log, asked: "partial[Asked]", fault: Fault | None) -> None:
    if fault is None:
        log.note(asked())
        return
    wait = next((value for name, value in fault.headers if name == "Retry-After"), None)
    log.note(
        asked(
            status=fault.status if fault.kind is FaultKind.ANSWER else 0,
            hidden=fault.kind in HIDDEN,
            retry_after=None if wait is None else float(wait),
        )
    )


def _forget(fault: Fault | None) -> None:
    del fault


def main() -> None:
    """Run until told to end."""
    place = sys.argv.index("--log")
    log = FileLog(Path(sys.argv[place + 1]))
    rest = [*sys.argv[1:place], *sys.argv[place + 2 :]]
    serve.main(rest, partial(LoggedTelegram, log=log), partial(LoggedTwilio, log=log))


if __name__ == "__main__":
    main()
