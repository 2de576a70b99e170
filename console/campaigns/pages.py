"""All pages of campaigns, put together."""

from collections.abc import Callable

from campaigns.conduct import Conduct
from campaigns.sheet.prices import Prices
from console.campaigns.doing import add_doing
from console.campaigns.files import add_files
from console.campaigns.lists import add_lists
from console.campaigns.one import Desk, add_one
from console.campaigns.report import add_report
from console.campaigns.uncertain import add_uncertain
from console.frame.pages import StaffPages
from console.frame.streams import Streams


def add_campaigns(
    pages: StaffPages, streams: Streams, conduct: Conduct, prices: Callable[[], Prices]
) -> None:
    """Add them. Pages at `/campanas/<word>` of others are to be added first: `/campanas/{id}`
    takes whatever stands there."""
    desk = Desk(conduct, prices)
    add_lists(pages, conduct)
    add_one(pages, streams, desk)
    add_doing(pages, desk)
    add_uncertain(pages)
    add_report(pages, desk)
    add_files(pages)
