"""HTTP doors of briefings: made, listed, handed out as files."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from ninja import Field, Path, Router, Schema

from disaster import problems
from disaster.briefings import files, queries, services
from disaster.briefings.models import Briefing
from disaster.briefings.subscriptions import services as subscribing
from disaster.briefings.subscriptions.models import Subscription
from disaster.briefings.subscriptions.services import own
from disaster.people.http import answer, handed, reader
from disaster.people.scope import require
from disaster.problems import FieldError, Words
from disaster.reports.forms.services import in_beijing
from disaster.reports.rollup import Basis

router = Router(tags=["briefings"])
SHOWN = 100
BIGINT = 2**63
NOTHING = Words("请选择灾害过程或救助批次", "Choose an event or a programme")
ONLY_MAPS = Words("只有地图有公开版", "Only maps have a variant for the public")


class Asked(Schema):
    """Which briefing is wanted: of an event or of a programme; without ``as_of`` as of now."""

    event: UUID | None = None
    programme: UUID | None = None
    area: str
    as_of: datetime | None = None
    basis: Basis = "received"
    signer: str = ""


@router.get("/briefings", summary="Briefings")
def listed(request: HttpRequest) -> HttpResponse:
    """Give the newest briefings of the reader's areas."""
    rows = queries.listed(queries.seen(reader(request)))[:SHOWN]
    return answer({"briefings": [told(one) for one in rows]})


@router.post("/briefings", summary="Make a briefing")
def make(request: HttpRequest, body: Asked) -> HttpResponse:
    """Make a briefing of an event or of a programme, in a county or township, as of a moment."""
    now, by = timezone.now(), reader(request)
    as_of = in_beijing(body.as_of) if body.as_of else now
    if body.programme is not None:
        made = services.make_relief(
            programme_id=body.programme, area=body.area, as_of=as_of, signer=body.signer, by=by, now=now
        )
    elif body.event is not None:
        made = services.make(
            event_id=body.event,
            area=body.area,
            as_of=as_of,
            basis=body.basis,
            signer=body.signer,
            by=by,
            now=now,
        )
    else:
        raise problems.BAD_FIELDS({"event": FieldError(NOTHING)})
    return answer({"briefing": told(made)}, 201)


class Wanted(Schema):
    """A subscription: each morning, once an indicator reaches a limit, or once a level of response is reached."""

    kind: Literal["event", "relief"] = "event"
    area: str
    trigger: Literal["daily", "figure", "response"] = "daily"
    figure: str = ""
    limit: Decimal = Field(default=Decimal(0), ge=0, max_digits=14, decimal_places=2)


@router.get("/briefings/subscriptions", summary="One's own subscriptions")
def subscriptions(request: HttpRequest) -> HttpResponse:
    """Give the reader's own subscriptions."""
    by = reader(request)
    queries.seen(by)
    return answer({"subscriptions": [subscription(one) for one in own(by)]})


@router.post("/briefings/subscriptions", summary="Subscribe to a briefing")
def subscribe(request: HttpRequest, body: Wanted) -> HttpResponse:
    """Subscribe to the briefing of a county or township: each morning, or when a threshold is hit."""
    by = reader(request)
    queries.seen(by)
    made = subscribing.subscribe(**body.dict(), by=by, now=timezone.now())
    return answer({"subscription": subscription(made)}, 201)


@router.post("/briefings/subscriptions/{subscription_id}/end", summary="End a subscription")
def unsubscribe(
    request: HttpRequest, subscription_id: Annotated[int, Path(ge=-BIGINT, lt=BIGINT)]
) -> HttpResponse:
    """End one of one's own subscriptions."""
    subscribing.unsubscribe(subscription_id, by=reader(request), now=timezone.now())
    return answer({"ended": True})


def subscription(one: Subscription) -> dict[str, object]:
    """Give a subscription for the API."""
    return {
        "id": one.pk,
        "kind": one.kind,
        "area": one.area_id,
        "trigger": one.trigger,
        "figure": one.figure,
        "limit": one.limit,
        "made_at": one.made_at,
    }


@router.get("/briefings/{briefing_id}/maps/{number}", summary="A printed map", url_name="briefing-map")
def printed(
    request: HttpRequest,
    briefing_id: UUID,
    number: int,
    size: Literal["A4", "A3"] = "A4",
    public: bool = False,
) -> HttpResponse:
    """Give one of a briefing's maps as PNG, for paper of a size; ``number`` counts from 0.

    ``public``: the variant for publication with its 审图号, for who makes briefings; 409.90 without one.
    """
    found = queries.one(briefing_id, by=reader(request))
    try:
        if public:
            require(reader(request), "briefing.make", str(found.area_id))
            file = files.public_map(found, max(number, 0), size=size)
        else:
            file = files.print_map(found, max(number, 0), size=size, link=link_of(request, found))
    except IndexError:
        raise problems.NOT_FOUND() from None
    services.opened(found, "png", by=reader(request), now=timezone.now())
    return handed(file.name, file.data, file.media_type)


@router.get("/briefings/{briefing_id}/{form}", summary="A briefing as a file", url_name="briefing-file")
def file(
    request: HttpRequest,
    briefing_id: UUID,
    form: Literal["pdf", "docx", "xlsx", "pptx", "map"],
    public: bool = False,
) -> HttpResponse:
    """Give a briefing as PDF, document, workbook, slides or one interactive map; the opening is journaled.

    ``public``: the map for publication with its 审图号, for who makes briefings; 409.90 without one.
    """
    found = queries.one(briefing_id, by=reader(request))
    if public:
        require(reader(request), "briefing.make", str(found.area_id))
        if form != "map":
            raise problems.BAD_FIELDS({"public": FieldError(ONLY_MAPS)})
        made = files.public_page(found)
    else:
        made = files.render(found, form, link=link_of(request, found))
    services.opened(found, form, by=reader(request), now=timezone.now())
    return handed(made.name, made.data, made.media_type)


def link_of(request: HttpRequest, briefing: Briefing) -> str:
    """Give the address that opens a briefing's sources."""
    return request.build_absolute_uri(reverse("briefing", args=[briefing.pk]))


def told(briefing: Briefing) -> dict[str, object]:
    """Give a briefing for the API."""
    return {
        "id": briefing.pk,
        "title": briefing.title,
        "year": briefing.year,
        "serial": briefing.serial,
        "area": briefing.area_id,
        "event": briefing.event_id,
        "programme": briefing.programme_id,
        "as_of": briefing.as_of,
        "basis": briefing.basis,
        "digest": briefing.digest,
        "made_at": briefing.made_at,
        "made_by": briefing.made_by,
    }
