"""Questions about receipts: what waits for a signature, and who signed for what."""

from __future__ import annotations

from collections import defaultdict
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from disaster import problems
from disaster.people.scope import Rights
from disaster.relief.receipts import carriers
from disaster.relief.receipts.models import Case, Receipt
from disaster.relief.receipts.shown import WITH, CaseView, case_views
from disaster.relief.stock.models import Document, Movement, Place
from disaster.relief.stock.queries import one_document
from gis.scope import AreaScope


def coming(scope: AreaScope) -> list[dict[str, Any]]:
    """Give the loads on their way into a scope with what of each batch is on its way, oldest first.

    ``of`` is how many loads of the paper are known by now; most papers have one.
    """
    targets = Place.objects.within(scope).filter(kind__in=Place.KEPT)
    papers = list(
        Document.objects.filter(state__in=Document.UNDER_WAY, target__in=targets)
        .select_related("source", "target")
        .prefetch_related("loads")
        .order_by("sent_at", "number")
    )
    ids = [one.pk for one in papers]
    left, trips = _on_the_way(ids), carriers.trips_of(ids)
    return [
        {
            "id": one.pk,
            "load": load.number,
            "of": _known(one),
            "number": one.number,
            "state": "open" if load.signed_at else "sent",
            "source": one.source.name,
            "target": one.target.name,
            "place": one.target_id,
            "area": str(one.target.area_id),
            "sent_at": load.sent_at,
            "sent_by": load.sent_by,
            "sent_by_id": load.sent_by_id,
            "trip": trips.get((one.pk, load.number), ""),
            "lines": left[one.pk, load.number],
        }
        for one in papers
        for load in one.loads.all()
        if left[one.pk, load.number]
    ]


def _known(document: Document) -> int:
    """Count a paper's loads: those that were sent, and one more while some of it waits."""
    return len(document.loads.all()) + (document.state == Document.State.PARTLY)


def _on_the_way(documents: list[UUID]) -> dict[tuple[UUID, int], list[dict[str, Any]]]:
    """Add up what each load sent and what has ended since, batch by batch, in one statement."""
    rows = Movement.objects.filter(document__in=documents).select_related("batch__item", "source", "target")
    found: dict[tuple[UUID, int], dict[UUID, dict[str, Any]]] = defaultdict(dict)
    for row in rows:
        line = found[row.document_id, row.load].setdefault(
            row.batch_id,
            {
                "batch": row.batch_id,
                "number": row.batch.number,
                "item": row.batch.item_id,
                "name": row.batch.item.name,
                "name_en": row.batch.item.name_en,
                "unit": row.batch.item.unit,
                "quantity": 0,
            },
        )
        line["quantity"] += row.quantity * ((row.target.kind == Place.Kind.TRANSIT) or -1)
    return defaultdict(
        list, {key: [line for line in lines.values() if line["quantity"]] for key, lines in found.items()}
    )


def of_document(document_id: UUID, *, by: Rights) -> list[Receipt]:
    """Give a paper's receipts, oldest first; 403.1, 404.1 as the paper."""
    document = one_document(document_id, by=by)
    return list(document.receipts.order_by("stored_at"))


def one(receipt_id: UUID, *, by: Rights) -> Receipt:
    """Give a receipt; 403.1 for whoever sees no stock, 404.1 if its paper is out of sight."""
    found: Receipt | None = Receipt.objects.filter(pk=receipt_id).first()
    if found is None:
        if not by.where("stock.see").prefixes:
            raise problems.NOT_ALLOWED()
        raise problems.NOT_FOUND()
    one_document(found.document_id, by=by)
    return found


def told(receipt: Receipt) -> dict[str, Any]:
    """Give a receipt for the API and for the phone that sent it."""
    return {
        "id": receipt.pk,
        "document": receipt.document_id,
        "load": receipt.load,
        "area": receipt.area_code,
        "signer": receipt.signer,
        "relation": receipt.relation,
        "counts": receipt.counts,
        "reason": receipt.reason,
        "signature": receipt.has_signature,
        "photo": receipt.has_photo,
        "taken_at": receipt.taken_at,
        "stored_at": receipt.stored_at,
        "by": receipt.by_name,
    }


def cases_seen(by: Rights) -> AreaScope:
    """Give where a reader may see cases; 403.1 if nowhere."""
    scope = by.where("case.see")
    if not scope.prefixes:
        raise problems.NOT_ALLOWED()
    return scope


def cases_in(scope: AreaScope) -> list[CaseView]:
    """Give the open cases of a scope, for a reader's snapshot."""
    return case_views(cases(scope, state=Case.State.OPEN))


def cases(scope: AreaScope, *, state: str) -> QuerySet[Case]:
    """Give a scope's cases in a state with what shows them: the open by what is due first, the settled newest first."""
    condition = Q(pk__in=[])
    for prefix in scope.prefixes:
        condition |= Q(area_code__startswith=prefix)
    found = Case.objects.filter(condition, state=state).select_related(*WITH)
    return (
        found.order_by("due", "number")
        if state == Case.State.OPEN
        else found.order_by("-settled_at", "number")
    )
