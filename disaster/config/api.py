"""The HTTP API: the rooms' doors under one roof, and one way to answer problems."""

from __future__ import annotations

from django.contrib.auth import logout
from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.gzip import gzip_page
from ninja import NinjaAPI
from ninja.decorators import decorate_view
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.security import SessionAuth

from disaster import problems
from disaster.atlas.api import router as atlas
from disaster.briefings.api import router as briefings
from disaster.briefings.replay.api import router as replay
from disaster.briefings.wall.api import router as wall
from disaster.config.exporting_api import router as exporting
from disaster.config.importing.api import router as importing
from disaster.duty.api import router as duty
from disaster.duty.reminders.api import router as reminders
from disaster.events.roads_api import router as roads
from disaster.events.zones_api import router as zones
from disaster.journal import snapshot
from disaster.people.http import answer, reader
from disaster.people.queries import me as me_of
from disaster.people.sessions import token_for
from disaster.problems import FieldError, Problem, Words
from disaster.refuge.api import router as shelters
from disaster.refuge.plans_api import router as evacuations
from disaster.registers.api import router as registers
from disaster.relief.board.api import router as relief_board
from disaster.relief.disclosure.api import router as disclosure
from disaster.relief.dispatch.api import router as dispatch
from disaster.relief.funds.api import router as funds
from disaster.relief.needs.api import router as needs
from disaster.relief.needs.members_api import router as needs_members
from disaster.relief.plan.api import router as plans
from disaster.relief.receipts.api import router as receipts
from disaster.relief.receipts.cases_api import router as differences
from disaster.relief.stock.api import router as stock
from disaster.reports.api import router as reports
from disaster.reports.drafting_api import router as drafting
from disaster.reports.events_api import router as events
from disaster.reports.forms_api import router as forms
from disaster.reports.media_api import router as media
from disaster.reports.review_api import router as review
from disaster.warnings.api import router as warnings
from gis.areas import areas_for

WRONG_FIELD = Words("内容格式不对", "This can't be read")

api = NinjaAPI(
    title="灾情一张图",
    version="1",
    urls_namespace="api",
    auth=SessionAuth(),
    docs_url="/docs",
)
# Before /reports/{id}, or "draft" would be taken for an id.
api.add_router("", drafting)
api.add_router("", reports)
api.add_router("", review)
api.add_router("", events)
api.add_router("", forms)
api.add_router("", media)
api.add_router("", registers)
api.add_router("", duty)
api.add_router("", reminders)
api.add_router("", exporting)
api.add_router("", importing)
api.add_router("", warnings)
api.add_router("", stock)
api.add_router("", funds)
api.add_router("", needs)
api.add_router("", needs_members)
api.add_router("", receipts)
api.add_router("", relief_board)
api.add_router("", plans)
api.add_router("", dispatch)
api.add_router("", disclosure)
api.add_router("", differences)
api.add_router("", zones)
api.add_router("", roads)
api.add_router("", shelters)
api.add_router("", evacuations)
api.add_router("", briefings)
api.add_router("", atlas)
api.add_router("", replay)
api.add_router("", wall)


@api.exception_handler(Problem)
def tell_problem(request: HttpRequest, problem: Problem) -> HttpResponse:
    """Answer with the problem in the reader's language."""
    response = answer(problem.told(get_language() or "zh-hans"), problem.kind.status)
    if problem.retry_after_s is not None:
        response["Retry-After"] = str(max(1, round(problem.retry_after_s)))
    return response


@api.exception_handler(AuthenticationError)
def tell_stranger(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    """Ask a stranger to sign in."""
    return tell_problem(request, problems.SIGN_IN_FIRST())


@api.exception_handler(ValidationError)
def tell_validation(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Name the fields that can't be read."""
    errors = {
        ".".join(str(part) for part in item["loc"][2:] or item["loc"][1:]): FieldError(WRONG_FIELD)
        for item in error.errors
    }
    return tell_problem(request, problems.BAD_FIELDS(errors))


@api.exception_handler(HttpError)
def tell_http(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Say that the page's CSRF token has expired, or that a body is no JSON.

    A phone keeps what it has on 401 and sends it again after the next sign-in.
    """
    return tell_problem(request, problems.STALE_PAGE() if error.status_code == 403 else problems.NOT_JSON())


@api.exception_handler(DataError)
def tell_unstorable(request: HttpRequest, error: DataError) -> HttpResponse:
    """Refuse a text with a NUL, which no keyboard writes and the database doesn't take; anything else is our fault.

    Of a NUL within JSON it speaks as of an escape.
    """
    if not any(name in str(error) for name in ("NUL", r"\u0000")):
        raise error
    return tell_problem(request, problems.BAD_FIELDS({"text": FieldError(WRONG_FIELD)}))


@api.get("/me", tags=["people"], summary="Who is signed in")
@decorate_view(gzip_page)
def me(request: HttpRequest) -> HttpResponse:
    """Give the signed-in person, posts and home area."""
    return answer(me_of(request))


@api.post("/token", tags=["people"], summary="A token for programs at the socket")
def token(request: HttpRequest) -> HttpResponse:
    """Give a signed token for ``Authorization: Bearer …`` at the socket, good for 12 hours."""
    return answer({"token": token_for(request.user)})  # type: ignore[arg-type]


@api.post("/sign-out", tags=["people"], summary="End the session")
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session of this browser."""
    logout(request)
    return answer({})


@api.get("/areas", tags=["gis"], summary="The gazetteer in the reader's sight")
@decorate_view(gzip_page)
def areas(request: HttpRequest) -> HttpResponse:
    """Give the areas in the reader's scope and those above them."""
    return answer({"areas": areas_for(reader(request).sees)})


@api.get("/feed/snapshot", tags=["feed"], summary="The present state to start from")
@decorate_view(gzip_page)
def feed_snapshot(request: HttpRequest) -> HttpResponse:
    """Give all present objects in the reader's scope and the position to resume from."""
    return answer({**snapshot.take(reader(request).sees), "server_time": timezone.now()})
