"""Both stand-ins as a process of their own: `python -m tests.standins.serve --journal FILE`.

Prints one line of JSON with their addresses when they listen, and ends on SIGTERM or SIGINT.
What an earlier process wrote into the same journal is known again, as a provider would know it.
"""

import argparse
import asyncio
import json
import signal
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

from tests.standins.journal import Journal, read_journal
from tests.standins.records import Sent
from tests.standins.server import Taken, ignore
from tests.standins.telegram import TOKEN, TelegramStandIn
from tests.standins.twilio import ACCOUNT_SID, AUTH_TOKEN, TwilioStandIn


def main(
    arguments: Sequence[str] | None = None,
    telegram: Callable[..., TelegramStandIn] = TelegramStandIn,
    twilio: Callable[..., TwilioStandIn] = TwilioStandIn,
) -> None:
    """Run until told to end; `telegram` and `twilio` make the two."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--telegram-port", type=int, default=0, help="0 takes a free port")
    parser.add_argument("--twilio-port", type=int, default=0, help="0 takes a free port")
    parser.add_argument("--journal", type=Path, help="a JSON line for each message taken")
    parser.add_argument("--telegram-token", default=TOKEN)
    parser.add_argument("--twilio-account", default=ACCOUNT_SID)
    parser.add_argument("--twilio-token", default=AUTH_TOKEN)
    parser.add_argument("--reach", help="where the application listens, for its public address")
    asyncio.run(_serve(parser.parse_args(arguments), telegram, twilio))


async def _serve(
    options: argparse.Namespace,
    make_telegram: Callable[..., TelegramStandIn],
    make_twilio: Callable[..., TwilioStandIn],
) -> None:
    over = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, over.set)
    with ExitStack() as stack:
        taken: Taken = ignore
        if options.journal:
            taken = stack.enter_context(Journal(options.journal)).write
        telegram = make_telegram(
            options.telegram_token,
            port=options.telegram_port,
            on_taken=taken,
            reach=options.reach,
        )
        twilio = make_twilio(
            options.twilio_account,
            options.twilio_token,
            port=options.twilio_port,
            on_taken=taken,
            reach=options.reach,
        )
        for record in read_journal(options.journal) if options.journal else []:
            if isinstance(record, Sent):
                telegram.restore(record)
            else:
                twilio.restore(record)
        async with telegram, twilio:
            print(json.dumps({"telegram": telegram.url, "twilio": twilio.url}), flush=True)
            await over.wait()


if __name__ == "__main__":
    main()
