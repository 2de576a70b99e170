"""All pages of this area."""

from console.contacts.acts import add_acts
from console.contacts.copy import add_copy
from console.contacts.person import add_person
from console.contacts.requests import add_requests
from console.contacts.search import add_search
from console.frame.pages import StaffPages


def add_contacts(pages: StaffPages) -> None:
    """The search, the register of requests, the page of a contact and what is done there."""
    add_search(pages)
    # Before the page of a contact: /personas/{id} takes whatever stands there.
    add_requests(pages)
    add_person(pages)
    add_acts(pages)
    add_copy(pages)
