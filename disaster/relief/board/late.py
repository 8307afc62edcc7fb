"""What is late: goods nobody sent, lorries and signatures that are overdue, papers, differences, goods that lie.

A statement for each kind, the longest overdue first; the hours are dated rules (``board.late``). All is
told from times that stay (ordered, sent, signed, settled), so that any past moment can be asked for; only
a paper's due is forgotten once it came, what waited for its money once it is paid (:data:`OF_NOW`), and
the rest of a paper sent in part once it was taken back and not sent.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce, Greatest, Left, TruncDate
from django.urls import reverse

from disaster.problems import Words
from disaster.relief.disclosure.models import Case as Complaint
from disaster.relief.dispatch.models import Stop, Trip
from disaster.relief.needs import standards
from disaster.relief.needs.models import Application, Grant, Household
from disaster.relief.needs.states import APPROVED
from disaster.relief.receipts.models import Case, Receipt
from disaster.relief.stock import past
from disaster.relief.stock.models import Document, Load, Place
from disaster.relief.stock.past import not_by
from disaster.relief.stock.queries import ends_in, held_now
from disaster.rules import book
from disaster.rules.workdays import Calendar, after_workdays
from gis.models import Area
from gis.scope import TOWNSHIP_DIGITS, AreaScope, pad

SHOWN = 100
"""So many of each kind are told of: more are not read by anybody."""

OF_NOW = frozenset({"paper", "unpaid"})
"""Kinds that no past moment can be asked for."""

SEND = Words("调拨单 {number} 待发出:{source} → {target}", "Order {number} not sent: {source} → {target}")
REST = Words(
    "调拨单 {number} 余量待发出:{source} → {target}", "Rest of order {number} not sent: {source} → {target}"
)
RECEIVE = Words("调拨单 {number} 未签收:{source} → {target}", "{number} not signed for: {source} → {target}")
PAPER = Words("口头指令 {number} 未补书面", "Spoken order {number} has no paper yet")
CASE = Words(
    "差异 {number}:{quantity} {unit}{item},责任人 {holder}",
    "Difference {number}: {quantity} {item}, {holder}",
)
TRIP = Words("车次 {number}({plate})到 {place} 晚点", "Trip {number} ({plate}) is late at {place}")
COMPLAINT = Words("{kind} {number} 未办结", "Case {number} ({kind}) not settled")
UNPAID = Words(
    "{area} {households} 户 {yuan} 元资金已核准未到户",
    "{area}: {yuan} yuan approved for {households} not paid",
)
LIES = Words("{place} 有 {quantity} 件到村未发放", "{place} holds {quantity} that no household has yet")


class Late(NamedTuple):
    """One thing that is overdue: of which kind, since when, where, in words, and the page it is dealt with on."""

    kind: str
    since: datetime
    area: str
    words: Words
    params: dict[str, object]
    url: str

    def say(self, language: str) -> str:
        """Say it in a language."""
        return self.words.say(language, self.params)


def late(scope: AreaScope, *, now: datetime, is_past: bool = False) -> list[Late]:
    """Give what is late in a scope, the longest overdue first; eight statements at most.

    ``is_past`` says that ``now`` is a moment that is over: then stock is added up from its movements, which
    are many, and not read from what places hold today.
    """
    table = book.value("board.late", on=now.astimezone(book.BEIJING).date())
    hours = {row["step"]: timedelta(hours=int(row["hours"])) for row in table}
    found = [
        *_documents(scope, now, hours["send"], hours["receive"]),
        *_cases(scope, now),
        *_trips(scope, now, hours["trip"]),
        *_complaints(scope, now),
        *_lying(scope, now, hours["issue"], is_past=is_past),
        *_unpaid(scope, now),
    ]
    return sorted(found, key=lambda one: (one.since, one.kind, one.area))


def _documents(scope: AreaScope, now: datetime, send: timedelta, receive: timedelta) -> Iterable[Late]:
    """Give the papers of which something waits too long: to be sent, to be signed for, or the paper itself.

    A paper may go in several loads, and its own times are those of the last: each load is asked by itself.
    A rest waited while a load had gone by then and another went after it, or none has to this day.
    """
    waits = Load.objects.filter(
        not_by("signed_at", now), document=OuterRef("pk"), sent_at__lt=now - receive
    ).order_by("sent_at")
    sent = Load.objects.filter(document=OuterRef("pk"), sent_at__lte=now).order_by("-sent_at")
    later = Load.objects.filter(document=OuterRef("pk"), sent_at__gt=now)
    unsent = Q(last_sent=None, made_at__lt=now - send)
    partly = Q(has_rest=True, last_sent__lt=now - send)
    open_then = Q(kind=Document.Kind.TRANSFER) & not_by("closed_at", now)
    no_paper = Q(paper_due__lt=now) & ~Q(state=Document.State.CANCELLED)
    overdue = open_then & (unsent | partly | Q(unsigned__isnull=False)) | no_paper
    rows = Document.objects.annotate(
        unsigned=Subquery(waits.values("sent_at")[:1]),
        last_sent=Subquery(sent.values("sent_at")[:1]),
        has_rest=Exists(later) | Q(state=Document.State.PARTLY),
    ).filter(ends_in(scope), overdue)
    for one in rows.select_related("source", "target").order_by("made_at")[:SHOWN]:
        params: dict[str, object] = {
            "number": one.number,
            "source": one.source.name,
            "target": one.target.name,
        }
        area, url = str(one.target.area_id or one.area_code), f"/stock/documents/{one.pk}/"
        is_over = one.closed_at is not None and one.closed_at <= now
        begun, words = (one.made_at, SEND) if one.last_sent is None else (one.last_sent, REST)
        if not is_over and (one.has_rest or one.last_sent is None) and begun < now - send:
            yield Late("send", begun + send, area, words, params, url)
        if not is_over and one.unsigned is not None:
            yield Late("receive", one.unsigned + receive, area, RECEIVE, params, url)
        if one.paper_due and one.paper_due < now:
            yield Late("paper", one.paper_due, area, PAPER, params, url)


def _trips(scope: AreaScope, now: datetime, grace: timedelta) -> Iterable[Late]:
    """Give the next stops that lorries on the road have not reached when they were meant to."""
    rows = Stop.objects.filter(
        not_by("arrived_at", now),
        trip__in=Trip.objects.within(scope).filter(not_by("back_at", now), departed_at__lte=now),
        planned_at__lt=now - grace,
    )
    told = set()
    for one in rows.select_related("trip__vehicle", "place").order_by("trip", "order")[:SHOWN]:
        if one.trip_id in told:
            continue
        told.add(one.trip_id)
        params: dict[str, object] = {
            "number": one.trip.number,
            "plate": one.trip.vehicle.plate,
            "place": one.place.name,
        }
        yield Late(
            "trip",
            one.planned_at + grace,
            str(one.place.area_id),
            TRIP,
            params,
            f"/trips/{one.trip_id}/",
        )


def _complaints(scope: AreaScope, now: datetime) -> Iterable[Late]:
    """Give the objections and complaints whose last working day has passed.

    That there is a case on conduct is no business of the village it is about: it is told from the township up.
    """
    today = now.astimezone(book.BEIJING).date()
    wary = AreaScope(tuple(one for one in scope.prefixes if len(one) <= TOWNSHIP_DIGITS))
    rows = Complaint.objects.within(scope).filter(
        ~Q(kind=Complaint.Kind.CONDUCT) | Q(pk__in=Complaint.objects.within(wary).values("pk")),
        not_by("settled_at", now),
        received_at__lte=now,
        settle_due__lt=today,
    )
    for one in rows.order_by("settle_due")[:SHOWN]:
        due = datetime.combine(one.settle_due + timedelta(days=1), time.min, book.BEIJING)
        params: dict[str, object] = {"number": one.number, "kind": one.get_kind_display()}
        yield Late(
            "complaint",
            due,
            str(one.area_id),
            COMPLAINT,
            params,
            reverse("complaint", args=[one.pk]),
        )


def _cases(scope: AreaScope, now: datetime) -> Iterable[Late]:
    if not scope.prefixes:
        return
    inside = Q()
    for prefix in scope.prefixes:
        inside |= Q(area_code__startswith=prefix)
    rows = Case.objects.filter(
        inside, not_by("settled_at", now), opened_at__lte=now, due__lt=now
    ).select_related("batch__item")
    for one in rows.order_by("due")[:SHOWN]:
        params: dict[str, object] = {
            "number": one.number,
            "quantity": one.quantity,
            "unit": one.batch.item.unit,
            "item": one.batch.item.name,
            "holder": one.holder,
        }
        yield Late("case", one.due, one.area_code, CASE, params, f"/stock/documents/{one.document_id}/")


def _lying(scope: AreaScope, now: datetime, issue: timedelta, *, is_past: bool) -> Iterable[Late]:
    """Goods lie at a village's point although the last of them came long ago: households wait for them."""
    points = Place.objects.within(scope).filter(kind=Place.Kind.POINT, area__level="village")
    many = _held_then(scope, now) if is_past else held_now(points)
    held = {
        one.pk: one for one in points.filter(pk__in=[key for key, value in many.items() if value])[:SHOWN]
    }
    arrived = (
        Receipt.objects.filter(
            document__target__in=held, document__kind=Document.Kind.TRANSFER, stored_at__lte=now
        )
        .values(held_at=F("document__target_id"))
        .annotate(last=Max("stored_at"))
        .order_by("last")
    )
    for row in arrived:
        if row["last"] < now - issue:
            place = held[row["held_at"]]
            params: dict[str, object] = {"place": place.name, "quantity": many[place.pk]}
            yield Late(
                "lies",
                row["last"] + issue,
                str(place.area_id),
                LIES,
                params,
                f"/stock/places/{row['held_at']}/",
            )


def _held_then(scope: AreaScope, moment: datetime) -> Counter[UUID]:
    many = Counter[UUID]()
    for one in past.held_at(scope, moment=moment):
        many[one.place] += one.quantity
    return many


def _unpaid(scope: AreaScope, now: datetime) -> Iterable[Late]:
    """Give the money that was approved and has not reached its households in time, township by township.

    The working days (``fund.pay_days``) begin when the county's notice is over. What is held waits rightly.
    """
    today = now.astimezone(book.BEIJING).date()
    days, calendar = int(book.value("fund.pay_days")), standards.calendar(on=today)
    decided = TruncDate("decided_at", tzinfo=book.BEIJING)
    rows = (
        Grant.objects.filter(
            item__isnull=True,
            settled__lt=F("quantity"),
            application__in=Application.objects.within(scope).filter(
                state=APPROVED, held_at__isnull=True, household__state=Household.State.LIVING
            ),
        )
        .annotate(
            township=Left("application__area_id", TOWNSHIP_DIGITS),
            begun=Greatest(Coalesce("application__notice_until", decided), decided),
        )
        .filter(begun__lte=_begun_before(today, days, calendar))
        .values("application__programme_id", "township")
        .annotate(first=Min("begun"), households=Count("pk"), fen=Sum(F("quantity") - F("settled")))
        .order_by("first", "township")[:SHOWN]
    )
    found = list(rows)
    names = dict(
        Area.objects.filter(pk__in=[pad(row["township"]) for row in found]).values_list("pk", "name")
    )
    for row in found:
        area = pad(row["township"])
        due = after_workdays(row["first"], days, calendar) + timedelta(days=1)
        params: dict[str, object] = {
            "area": names.get(area, area),
            "households": row["households"],
            "yuan": f"{row['fen'] / 100:,.2f}",
        }
        url = f"/relief/{row['application__programme_id']}/?state=approved&area={area}"
        yield Late("unpaid", datetime.combine(due, time.min, book.BEIJING), area, UNPAID, params, url)


def _begun_before(today: date, days: int, calendar: Calendar) -> date:
    """Give the last day from which so many working days are over before today."""
    day = today
    while after_workdays(day, days, calendar) >= today:
        day -= timedelta(days=1)
    return day
