"""All of `/api/v1` in one router."""

from collections.abc import Callable

from fastapi import APIRouter
from starlette.requests import Request
from starlette.routing import Match, Route
from starlette.types import Receive, Scope, Send

from campaigns.conduct import Conduct
from campaigns.sheet.prices import Prices, load_prices
from campaigns.written.file import Outside
from console.api.acts import add_acts
from console.api.audiences import add_audiences
from console.api.campaigns import add_campaigns
from console.api.contacts import add_contacts
from console.api.desk import Desk
from console.api.imports import add_imports
from console.api.problems import ApiRoute, WrongMethod, answer, language_of
from console.api.reports import add_reports
from db.session import Database
from kit.clock import Clock
from kit.errors import NotFound
from locales.text import _

PREFIX = "/api/v1"


def api_routes(
    database: Database,
    clock: Clock,
    conduct: Conduct,
    outside: Outside,
    prices: Callable[[], Prices] = load_prices,
) -> APIRouter:
    """Every operation. `prices` gives the table of prices as it is now."""
    api = APIRouter(
        prefix=PREFIX,
        route_class=ApiRoute,
        # The name that the audit uses, too.
        generate_unique_id_function=lambda route: route.name,
    )
    desk = Desk(database, clock, conduct, outside, prices)
    # In this order: `/campaigns/preview` is not a campaign's number.
    add_campaigns(api, desk)
    add_acts(api, desk)
    add_reports(api, desk)
    add_audiences(api, desk)
    add_contacts(api, desk)
    add_imports(api, desk)
    for path in (PREFIX, f"{PREFIX}/{{rest:path}}"):
        api.routes.append(Route(path, _Elsewhere(api), include_in_schema=False))
    return api


class _Elsewhere:
    """Answers for what is not there, and for what cannot be done to what is, as all else here."""

    def __init__(self, api: APIRouter) -> None:
        self._api = api

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        routes = [route for route in self._api.routes if isinstance(route, ApiRoute)]
        there = [route for route in routes if route.matches(scope)[0] is not Match.NONE]
        allowed = sorted({method for route in there for method in route.methods or ()})
        if allowed:
            problem, headers = WrongMethod(_("api.method")), {"Allow": ", ".join(allowed)}
            response = answer(problem, language_of(request), headers)
        else:
            response = answer(NotFound(_("api.nothing_here")), language_of(request))
        await response(scope, receive, send)
