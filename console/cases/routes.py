"""All pages of this area."""

from alerts.model import Times
from console.cases.acts import add_acts
from console.cases.alike import add_alike
from console.cases.board import add_board
from console.cases.earlier import add_earlier
from console.cases.files import Fetch, add_files
from console.cases.letters import Letters, add_letters
from console.cases.page import add_page
from console.cases.people import add_people
from console.frame.pages import StaffPages
from console.frame.streams import Streams


def add_cases(
    pages: StaffPages, streams: Streams, times: Times, letters: Letters, fetch: Fetch
) -> None:
    """The board, the page of a case with all that is done there, and the letters."""
    # Before the page of a case: a folio is any word.
    add_board(pages, streams)
    add_page(pages, streams, times)
    add_earlier(pages)
    add_acts(pages, times)
    add_people(pages)
    add_alike(pages)
    add_files(pages, fetch)
    add_letters(pages, streams, letters)
