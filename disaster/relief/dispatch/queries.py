"""Questions about dispatch: which trips there are, what waits for one, which lorries are free."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

from django.db.models import BooleanField, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.expressions import RawSQL

from disaster import problems
from disaster.people.models import Person, Posting
from disaster.people.scope import POLICY, Rights
from disaster.relief.dispatch.loads import Load, Pieces
from disaster.relief.dispatch.models import Stop, Trip, Vehicle
from disaster.relief.dispatch.shown import TripView, trip_views
from disaster.relief.stock.models import Document, Line
from disaster.relief.stock.models import Load as SentLoad
from gis.scope import TOWNSHIP_DIGITS, AreaScope


def with_all(trips: QuerySet[Trip]) -> QuerySet[Trip]:
    """Fetch trips with all that showing them needs."""
    return trips.select_related("vehicle__home", "driver", "area").defer("area__boundary")


def sees(scope: AreaScope) -> Q:
    """Say in the database's words that a trip begins or stops somewhere in a scope, a township's at least.

    Trips are told down to the township; a village is told by the paper that comes to it.
    """
    condition = Q(pk__in=[])
    for prefix in scope.prefixes:
        if len(prefix) <= TOWNSHIP_DIGITS:
            there = Stop.objects.filter(trip=OuterRef("pk"), place__area__code__startswith=prefix)
            condition |= Q(vehicle__home__area__code__startswith=prefix) | Q(Exists(there))
    return condition


def trips_in(scope: AreaScope) -> list[TripView]:
    """Give the trips that are not over, for a reader's snapshot."""
    return trip_views(open_trips(scope))


def open_trips(scope: AreaScope) -> QuerySet[Trip]:
    """Give the trips in sight that wait or are under way, what leaves first first."""
    found = Trip.objects.filter(sees(scope), state__in=Trip.OPEN)
    return with_all(found).order_by("starts_at", "number")


def past_trips(scope: AreaScope) -> QuerySet[Trip]:
    """Give the trips in sight that are over, the newest first."""
    found = Trip.objects.filter(sees(scope)).exclude(state__in=Trip.OPEN)
    return with_all(found).order_by("-made_at", "number")


def seen(by: Rights) -> AreaScope:
    """Give where a reader may see trips; 403.1 if nowhere."""
    scope = by.where("trip.see")
    if not scope.prefixes:
        raise problems.NOT_ALLOWED()
    return scope


def one_trip(trip_id: UUID, *, by: Rights) -> Trip:
    """Give a trip; its driver sees it too. 403.1 for whoever sees none, 404.1 if it is out of sight."""
    mine = with_all(Trip.objects.filter(pk=trip_id, driver_id=by.person_id)).first()
    found: Trip | None = mine or with_all(Trip.objects.filter(sees(seen(by)), pk=trip_id)).first()
    if found is None:
        raise problems.NOT_FOUND()
    return found


def of_driver(by: Rights) -> QuerySet[Trip]:
    """Give the open trips a person drives, or may drive for want of a driver, what leaves first first."""
    spare = Q(driver__isnull=True, pk__in=Trip.objects.within(by.where("trip.drive")).values("pk"))
    found = Trip.objects.filter(Q(driver_id=by.person_id) | spare, state__in=Trip.OPEN)
    return with_all(found).order_by("starts_at", "number")


SOME_LEFT = """EXISTS (
    SELECT 1 FROM stock_line line
     WHERE line.document_id = stock_document.id
       AND line.ordered > coalesce((SELECT sum((stop.goods ->> line.item_id)::int) FROM dispatch_stop stop
                                     WHERE stop.document_id = line.document_id AND stop.counts AND stop.is_drop), 0))"""
"""Whether a transfer orders more than counts on trips."""


def waiting(scope: AreaScope) -> QuerySet[Document]:
    """Give the transfers whose source lies in a scope and of which some is on no trip yet, the oldest first."""
    return (
        Document.objects.filter(
            _areas("source__area__code", scope), kind=Document.Kind.TRANSFER, state__in=Document.TO_SEND
        )
        .filter(RawSQL(SOME_LEFT, (), output_field=BooleanField()))  # noqa: S611 - no words of anybody's in it
        .select_related("source__area", "target__area")
        .defer("source__area__boundary", "target__area__boundary")
        .order_by("made_at", "number")
    )


def vehicles_in(scope: AreaScope) -> QuerySet[Vehicle]:
    """Give the lorries at home in a scope, each with its open trips as ``busy``."""
    trips = Prefetch("trips", Trip.objects.filter(state__in=Trip.OPEN).defer("legs"), to_attr="busy")
    return (
        Vehicle.objects.filter(_areas("home__area__code", scope))
        .select_related("home", "driver")
        .prefetch_related(trips)
        .order_by("plate")
    )


def busy(vehicle: Vehicle) -> list[Trip]:
    """Give the open trips of a lorry from :func:`vehicles_in`."""
    found: list[Trip] = getattr(vehicle, "busy", [])
    return found


def one_vehicle(vehicle_id: UUID, *, by: Rights) -> Vehicle:
    """Give a lorry; 403.1 for whoever plans no trips, 404.1 if it is at home out of sight."""
    scope = by.where("trip.plan")
    if not scope.prefixes:
        raise problems.NOT_ALLOWED()
    found: Vehicle | None = vehicles_in(scope).filter(pk=vehicle_id).first()
    if found is None:
        raise problems.NOT_FOUND()
    return found


def drivers_in(scope: AreaScope) -> QuerySet[Person]:
    """Give who may drive in a scope: whoever holds a post there that drives, with its area's name (``post``)."""
    posts = Posting.objects.filter(
        _areas("area__code", scope), role__in=POLICY["trip.drive"], valid_to__isnull=True
    )
    at = posts.filter(person=OuterRef("pk")).order_by("pk").values("area__name")[:1]
    people = Person.objects.filter(is_active=True, pk__in=posts.values("person"))
    return people.annotate(post=Subquery(at)).order_by("name", "pk")


def tokens_of(documents: Collection[UUID]) -> dict[tuple[UUID, int], str]:
    """Give the token of the trip that carries each load of each paper, in one statement (``receipts.carriers``)."""
    rows = Stop.objects.filter(document__in=documents, is_drop=True, counts=True)
    return {
        (paper, load): token for paper, load, token in rows.values_list("document_id", "load", "trip__token")
    }


def parted(documents: Iterable[Document]) -> set[UUID]:
    """Give those documents of which some is on a trip already."""
    rows = Stop.objects.filter(document__in=[one.pk for one in documents], counts=True)
    return set(rows.values_list("document_id", flat=True))


def next_loads(documents: Iterable[Document]) -> dict[str, int]:
    """Give the first number of a load that each document has not used yet; what was cancelled used none."""
    last = {str(one.pk): 0 for one in documents}
    for rows in (
        Stop.objects.filter(document__in=list(last), counts=True).values_list("document", "load"),
        SentLoad.objects.filter(document__in=list(last)).values_list("document", "number"),
    ):
        for pk, number in rows:
            last[str(pk)] = max(last[str(pk)], number)
    return {pk: number + 1 for pk, number in last.items()}


def in_parts(stops: Sequence[Stop]) -> set[int]:
    """Give those stops (ids) whose load is not all that its paper orders, in one statement."""
    ordered: dict[UUID, dict[str, int]] = defaultdict(dict)
    lines = Line.objects.filter(document__in={one.document_id for one in stops})
    for paper, item, many in lines.values_list("document_id", "item_id", "ordered"):
        ordered[paper][item] = many
    return {one.pk for one in stops if one.goods != ordered[one.document_id]}


def loads(documents: Iterable[Document]) -> dict[UUID, Load]:
    """Give what of documents is on no trip yet, in two statements."""
    ids = [one.pk for one in documents]
    booked: Counter[tuple[UUID, str]] = Counter()
    for paper, goods in Stop.objects.filter(document__in=ids, counts=True, is_drop=True).values_list(
        "document_id", "goods"
    ):
        booked.update({(paper, item): many for item, many in goods.items()})
    pieces: dict[UUID, list[Pieces]] = {pk: [] for pk in ids}
    for line in Line.objects.filter(document__in=ids).select_related("item").order_by("item_id"):
        left = line.ordered - booked[line.document_id, line.item_id]
        if left > 0:
            pieces[line.document_id].append(Pieces(line.item, left))
    return {pk: Load(tuple(rows)) for pk, rows in pieces.items()}


def _areas(field: str, scope: AreaScope) -> Q:
    condition = Q(pk__in=[])
    for prefix in scope.prefixes:
        condition |= Q(**{f"{field}__startswith": prefix})
    return condition
