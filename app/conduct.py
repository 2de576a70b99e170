"""How campaigns behave towards people, as the settings say."""

from collections.abc import Callable

from app.settings import ROOT, Settings
from campaigns.conduct import Conduct
from campaigns.sheet.prices import Prices, load_prices
from campaigns.written.file import Outside
from delivery.quiet import Hours
from engine.cron import CronCalendar

ALWAYS = "always"
"""In place of hours: campaigns may leave at any time."""


def conduct_of(settings: Settings) -> Conduct:
    """The calendar, the hours and how often. In the trial nobody is woken: campaigns leave at any
    time unless hours are set."""
    return Conduct(
        calendar=CronCalendar(),
        hours=_hours(settings),
        most_a_week=settings.campaigns_a_week or None,
        bot=_bot(settings),
    )


def prices_of(settings: Settings) -> Prices:
    """What an SMS costs by country; raises PricesError when the table cannot be used."""
    return load_prices(ROOT / settings.sms_prices) if settings.sms_prices else load_prices()


def outside(open_file: Callable[[str], bytes | None] | None = None) -> Outside:
    """What of a campaign file only the rest of the platform can tell; `open_file` reads the files
    beside it, where there is such a place."""
    from bot.keywords import goes_first, reserved

    return Outside(CronCalendar(), reserved, open_file, goes_first=goes_first)


def _bot(settings: Settings) -> str:
    """Whose the names of uploaded files are."""
    if settings.is_trial:
        # Here, because the transports take seconds to load and few commands need them.
        from transports.handset.transport import BOT

        return BOT
    return settings.telegram_bot_token.partition(":")[0]


def _hours(settings: Settings) -> Hours | None:
    written = settings.sending_hours.strip().lower()
    if written == ALWAYS or (not written and settings.is_trial):
        return None
    return Hours.unpacked(written) if written else Hours()
