"""The web application: webhooks, pages and health, mounted together."""

from functools import partial

from fastapi import FastAPI
from fastapi.middleware.trustedhost import TrustedHostMiddleware

from app.alarms import SelfWatchAlarms
from app.case_files import fetch_of
from app.conduct import conduct_of, outside, prices_of
from app.front import Front
from app.letters import InboxLetters
from app.put_back import MovedTime
from app.reaching import reaching_of
from app.selfwatch import Checks
from app.shown import settings_shown
from app.system import SystemWatch
from app.trial import PhonesOnDuty
from bot.routes import TwilioHooks, telegram_routes, twilio_routes
from campaigns.warnings.model import Issuer
from console.api.page import docs_routes
from console.api.routes import api_routes
from console.frame.broken import add_pages_of_trouble
from console.frame.layout import Layout
from console.headers import SecurityHeaders
from console.health import health_routes
from console.posters.public import subscribe_routes
from console.routes import PublicFacts, PublicSite, Stored, public_routes
from console.staff import Ports, staff_routes
from console.warning_pages import warning_pages
from console.warnings import warning_routes
from transports.handset.pictures import Pictures
from transports.handset.routes import handset_routes
from transports.sms import TwilioSignature


def web_of(front: Front) -> FastAPI:
    """Every route of this front. A channel that is not configured has no webhook."""
    settings = front.settings
    # FastAPI's own pages load scripts from elsewhere, beside a field for tokens.
    web = FastAPI(title="Tequio", docs_url=None, openapi_url="/api/openapi.json", redoc_url=None)
    web.add_middleware(SecurityHeaders)
    if settings.is_trial:
        # A page elsewhere must not reach the handset by a name that leads to this machine.
        web.add_middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"])
    if settings.has_telegram and settings.telegram_webhook_secret:
        web.include_router(telegram_routes(front.inbox.receive, settings.telegram_webhook_secret))
    if settings.has_twilio:
        signed = TwilioSignature(settings.twilio_auth_token).valid
        call = front.call if settings.voice_from else None
        hooks = TwilioHooks(settings.public_url, signed, front.receipt, call)
        web.include_router(twilio_routes(front.inbox.receive, hooks))
    pictures = Pictures() if settings.is_trial else None
    if settings.is_trial:
        web.include_router(
            handset_routes(
                front.database,
                front.intake,
                front.clock,
                front.stopping,
                voice=front.call,
                pictures=pictures,
                duty=PhonesOnDuty(),
                put_back=MovedTime(front.database, front.clock).put_back,
            )
        )
    facts = PublicFacts(
        institute=settings.institute_name,
        trial=settings.is_trial,
        telegram=settings.has_telegram or settings.is_trial,
        sms=settings.has_twilio or settings.is_trial,
        transparency_contact=settings.transparency_contact,
    )
    public = PublicSite(facts, Stored(front.database), settings.base_url)
    web.include_router(public_routes(public))
    web.include_router(docs_routes(web, facts))
    reaching = reaching_of(settings, front.ways.telegram)
    web.include_router(subscribe_routes(front.database, public, reaching))
    layout = Layout(settings.institute_name, settings.is_trial)
    add_pages_of_trouble(web, layout)
    checks = Checks(front.database, front.clock)
    ports = Ports(
        times=settings.times,
        letters=InboxLetters(),
        fetch=fetch_of(front.ways, pictures),
        conduct=conduct_of(settings),
        prices=partial(prices_of, settings),
        outside=outside(),
        system=SystemWatch(front.database, checks),
        alarms=SelfWatchAlarms(checks, front.clock),
        address=settings.base_url,
        given=facts.given,
        environment=settings_shown(settings),
        reaching=reaching,
    )
    pages = staff_routes(front.database, front.clock, front.stopping, layout, ports)
    web.include_router(pages.router)
    # The table of who may open what, for who checks it.
    web.state.rows = pages.rows
    issuer = Issuer(settings.institute_name, settings.base_url)
    web.include_router(warning_routes(front.database, front.clock, issuer))
    # Behind the documents: /avisos/{name} takes whatever stands there.
    web.include_router(warning_pages(front.database, front.clock, public))
    web.include_router(
        api_routes(
            front.database,
            front.clock,
            conduct_of(settings),
            outside(),
            partial(prices_of, settings),
        )
    )
    web.include_router(health_routes(checks.vital, checks.warnings))
    return web
