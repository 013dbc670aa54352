"""The only file that knows all rooms: it builds the application from its settings."""

import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime

from fastapi import APIRouter, FastAPI

from app.access.limits import Limits, Meter
from app.access.passwords import Passwords
from app.access.tokens import Successors
from app.accounts.router import router as accounts
from app.accounts.schemas.members import MemberOut
from app.accounts.service import members
from app.accounts.service import rooms as account_rooms
from app.actions.router import router as actions
from app.actions.schemas import ActionOut
from app.actions.service import erasure as action_erasure
from app.actions.service import lists as action_lists
from app.actions.service import rooms as action_rooms
from app.activities import service as activity_records
from app.activities.router import router as activities
from app.activities.schemas import ActivityOut
from app.audit.router import router as audit
from app.clients import service as client_records
from app.clients.router import router as clients
from app.clients.schemas import ClientOut
from app.companies.router import router as companies
from app.companies.schemas import CompanyOut, ContactOut
from app.companies.service import companies as company_records
from app.companies.service import contacts as contact_records
from app.companies.service import directory
from app.companies.service import erasure as company_erasure
from app.companies.service import imported as imported_companies
from app.db import faults
from app.db.engine import Sessions, create_pool
from app.drafts.router import router as drafts
from app.guidance.router import router as guidance
from app.http import deprecation, docs, idempotency, problems, spec
from app.http.house import House
from app.http.middleware import Edge
from app.http.operation import declared, declared_on
from app.http.routes import Service
from app.imports.router import router as imports
from app.imports.service import erasure as import_erasure
from app.imports.service import rooms
from app.insights.router import router as insights
from app.interactions import service as timelines
from app.interactions.router import router as interactions
from app.interactions.schemas import InteractionOut
from app.keys import service as api_keys
from app.keys.router import router as keys
from app.kit import clock, memory, ports
from app.kit.pages import CursorSigner
from app.kit.post import Post
from app.kit.seals import Sealer
from app.kit.signatures import LinkSigner
from app.meta.router import router as meta
from app.opportunities.router import router as opportunities
from app.opportunities.schemas import OpportunityOut
from app.opportunities.service import imported as imported_opportunities
from app.opportunities.service import records as opportunity_records
from app.opportunities.service.employers import COMPANIES
from app.pictures.router import router as pictures
from app.plans import service as planning
from app.plans.router import router as plans
from app.policies.router import router as policies
from app.practices import service as practice_records
from app.practices.router import router as practices
from app.practices.schemas import PracticeOut
from app.privacy.router import router as privacy
from app.privacy.service import rooms as erasing
from app.settings import Settings
from app.sync.router import router_of
from app.sync.service.kinds import Kind, Kinds
from app.wins import service as win_records
from app.wins.router import router as wins
from app.wins.schemas import WinOut

#: What devices follow, one entry for each type of records (docs/adr/0013).
KINDS = Kinds(
    Kind("practice", PracticeOut, practice_records.read_many),
    Kind("member", MemberOut, members.read_many),
    Kind("client", ClientOut, client_records.read_many),
    Kind("company", CompanyOut, company_records.read_many),
    Kind("contact", ContactOut, contact_records.read_many),
    Kind("opportunity", OpportunityOut, opportunity_records.read_many),
    Kind("interaction", InteractionOut, timelines.read_many),
    Kind("next_action", ActionOut, action_lists.read_many),
    Kind("win", WinOut, win_records.read_many),
    Kind("development_activity", ActivityOut, activity_records.read_many),
)
VERSION = "0.1.0"
ROUTERS: tuple[APIRouter, ...] = (
    meta,
    practices,
    accounts,
    actions,
    activities,
    audit,
    clients,
    companies,
    drafts,
    guidance,
    imports,
    insights,
    interactions,
    keys,
    opportunities,
    pictures,
    plans,
    policies,
    privacy,
    router_of(KINDS),
    wins,
)
#: What rooms do for one another; rooms never import each other.
OFFERS = ports.offers(
    account_rooms.CLIENTS.filled_by(client_records),
    account_rooms.KEYS.filled_by(api_keys),
    action_rooms.INTERACTIONS.filled_by(timelines),
    COMPANIES.filled_by(directory),
    rooms.COMPANIES.filled_by(imported_companies),
    rooms.OPPORTUNITIES.filled_by(imported_opportunities),
    rooms.INTERACTIONS.filled_by(timelines),
    planning.WINS.filled_by(win_records),
    erasing.INTERACTIONS.filled_by(timelines),
    erasing.OPPORTUNITIES.filled_by(imported_opportunities),
    erasing.IMPORTS.filled_by(import_erasure),
    erasing.COMPANIES.filled_by(company_erasure),
    erasing.CLIENTS.filled_by(client_records),
    erasing.ACTIONS.filled_by(action_erasure),
    erasing.WINS.filled_by(win_records),
    erasing.ACTIVITIES.filled_by(activity_records),
)


def create_app(settings: Settings | None = None, *, now: Callable[[], datetime] = clock.read) -> Service:
    """Return the application; `now` is the clock of its requests. The database is first asked by the first request."""
    settings = settings or Settings()
    pool = create_pool(settings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        memory.settle()
        yield
        here.passwords.close()
        if here.post is not None:
            here.post.close()
        await pool.close()

    app = Service(
        title="Crickets",
        version=VERSION,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
    )
    secret = settings.secret_key.get_secret_value().encode() if settings.secret_key else secrets.token_bytes(32)
    limits = Limits(settings.limit_read, settings.limit_write, settings.limit_auth, settings.limit_practice)
    app.state.house = here = House(
        Sessions(pool),
        CursorSigner(secret),
        now,
        settings.public_url,
        OFFERS,
        Passwords(),
        Successors(secret),
        Meter(pool, limits),
        Sealer(secret),
        LinkSigner(secret),
        _post(settings),
        settings.app_url,
    )
    app.state.base_url = settings.public_url
    for router in ROUTERS:
        app.router.routes.extend(router.routes)
    _demand_declarations(app)
    app.state.openapi = spec.text(app.routes, version=VERSION)
    notices = deprecation.notices(declared(app.routes), base_url=settings.public_url)
    app.routes.extend(docs.routes())
    problems.install(
        app, base_url=settings.public_url, allowed_methods=app.allowed, translate=faults.translate, raised=faults.RAISED
    )
    app.add_exception_handler(idempotency.Replay, idempotency.replayed)
    app.add_middleware(
        Edge,
        base_url=settings.public_url,
        allowed_origins=settings.allowed_origins,
        allowed_methods=app.allowed,
        notices=notices,
    )
    return app


def _post(settings: Settings) -> Post | None:
    if settings.smtp_url is None or settings.mail_from is None:
        return None
    return Post(settings.smtp_url.get_secret_value(), sender=settings.mail_from)


class UndeclaredRouteError(RuntimeError):
    """A route would be served that says nothing of who may use it."""


def _demand_declarations(app: FastAPI) -> None:
    for route in app.routes:
        if declared_on(route) is None:
            raise UndeclaredRouteError(f"the route {getattr(route, 'path', route)} declares no right")
