"""A batch's chain of custody (流转链), hop by hop: what was sent has to be received, back, damaged or written off."""

from __future__ import annotations

from typing import Any, NamedTuple
from uuid import UUID

from disaster.relief.receipts.models import Case
from disaster.relief.receipts.shown import position
from disaster.relief.stock.models import Batch, Document, Load, Movement, Place


class Hop(NamedTuple):
    """One load of a transfer of a batch: ``missing`` is what was sent and has not ended yet; it closes at 0.

    ``signed`` says whether it has arrived: before that what is missing is on its way.
    """

    document: UUID
    load: int
    number: str
    signed: bool
    state: str
    source: str
    target: str
    sent: int
    received: int
    returned: int
    damaged: int
    lost: int
    missing: int
    lon: float
    lat: float
    case: str

    @property
    def closes(self) -> bool:
        """Say whether the hop adds up: sent = received + returned + damaged + written off."""
        return self.missing == 0


class End(NamedTuple):
    """What came in, or went to households, at a place: how many, upon how many papers."""

    kind: str
    place: str
    quantity: int
    papers: int


class Custody(NamedTuple):
    """A batch's hops, those that do not close first; where it came in and went out; open cases about it."""

    hops: list[Hop]
    ends: list[End]
    cases: int

    @property
    def closes(self) -> bool:
        """Say whether every hop adds up and every case is settled."""
        return not self.cases and all(hop.closes for hop in self.hops)

    @property
    def stopped(self) -> list[Hop]:
        """Give the hops that arrived and at which some of it stopped."""
        return [hop for hop in self.hops if hop.signed and not hop.closes]

    @property
    def coming(self) -> int:
        """Give how many are on their way to somebody who has not signed yet: nothing is amiss with them."""
        return sum(hop.missing for hop in self.hops if not hop.signed)


def custody(batch: Batch) -> Custody:
    """Give a batch's chain of custody, in three statements."""
    open_cases = {
        (one.document_id, one.load): one.number
        for one in Case.objects.filter(batch=batch, state=Case.State.OPEN).order_by("kind")
    }
    papers: dict[tuple[UUID, int], list[Movement]] = {}
    rows = Movement.objects.filter(batch=batch).select_related(
        "document__source", "document__target", "source", "target"
    )
    for row in rows:
        papers.setdefault((row.document_id, row.load), []).append(row)
    signed = set(
        Load.objects.filter(document__movements__batch=batch, signed_at__isnull=False).values_list(
            "document_id", "number"
        )
    )
    hops = [
        _hop(moves, open_cases, is_signed=key in signed)
        for key, moves in papers.items()
        if moves[0].document.kind == Document.Kind.TRANSFER
    ]
    ends = _ends([moves for moves in papers.values() if moves[0].document.kind != Document.Kind.TRANSFER])
    return Custody(sorted(hops, key=lambda hop: (hop.closes, not hop.signed)), ends, len(open_cases))


def _hop(moves: list[Movement], open_cases: dict[tuple[UUID, int], str], *, is_signed: bool) -> Hop:
    document = moves[0].document
    sums = dict.fromkeys(("sent", "received", "returned", "damaged", "lost"), 0)
    for row in moves:
        sums[_part(row, document)] += row.quantity
    sent, ended = sums["sent"], sum(sums.values()) - sums["sent"]
    return Hop(
        document=document.pk,
        load=moves[0].load,
        number=document.number,
        signed=is_signed,
        state=document.state,
        source=document.source.name,
        target=document.target.name,
        **sums,
        missing=sent - ended,
        lon=position(document.target)[0],
        lat=position(document.target)[1],
        case=open_cases.get((document.pk, moves[0].load), ""),
    )


def _part(row: Movement, document: Document) -> str:
    if row.target.kind == Place.Kind.TRANSIT:
        return "sent"
    if row.target.kind == Place.Kind.SCRAP:
        return "damaged"
    if row.target.kind == Place.Kind.LOST:
        return "lost"
    return "received" if row.target_id == document.target_id else "returned"


def _ends(papers: list[list[Movement]]) -> list[End]:
    """Add up what is no transfer by its kind and our place, the order being that of a batch's life."""
    sums: dict[tuple[str, str], list[int]] = {}
    for moves in papers:
        document = moves[0].document
        place = document.source if document.source.kind in Place.KEPT else document.target
        found = sums.setdefault((str(document.get_kind_display()), place.name), [0, 0])
        found[0] += sum(row.quantity for row in moves)
        found[1] += 1
    return [End(kind, place, quantity, papers) for (kind, place), (quantity, papers) in sums.items()]


def told(found: Custody) -> dict[str, Any]:
    """Give a chain for the API: the hops at which some of it stopped come first."""
    return {
        "closes": found.closes,
        "open_cases": found.cases,
        "hops": [{**hop._asdict(), "closes": hop.closes} for hop in found.hops],
        "ends": [end._asdict() for end in found.ends],
    }
