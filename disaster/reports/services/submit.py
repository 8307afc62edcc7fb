"""Storing reports: many in one transaction, each exactly once, whatever its neighbours are.

A batch is answered item by item: with the receipt, or with the problem. The order inside
the transaction matters: first the series are locked, then repeats are told apart, then
each new report is checked against the newest version it knows, then all are written by
one statement, and the journal by another.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from uuid import UUID, uuid5

import msgspec
from django.db import DatabaseError, OperationalError, transaction

from disaster import problems
from disaster.journal import append
from disaster.problems import Problem
from disaster.reports import places, store
from disaster.reports.accept import accept, place_all, series_of
from disaster.reports.locks import lock_series
from disaster.reports.messages import ReportStored, digest
from disaster.reports.models import Move
from disaster.reports.submission import Accepted, Place, Submission
from disaster.reports.versions import Series

log = logging.getLogger(__name__)

Outcome = ReportStored | Problem


def submit(submission: Submission) -> ReportStored:
    """Store one report.

    Raises
    ------
    Problem
        If it can't be stored; nothing was changed then.
    """
    outcome = submit_many([submission])[0]
    if isinstance(outcome, Problem):
        raise outcome
    return outcome


def submit_many(batch: Sequence[Submission]) -> list[Outcome]:
    """Store a batch and answer each in order, after the commit.

    A fault of the database in a batch is narrowed down by halves, so that one bad report
    never harms its neighbours.

    Raises
    ------
    django.db.OperationalError
        If the database is away: nothing is known to be stored, the phones send again.
    """
    try:
        return _submit_batch(batch)
    except OperationalError:
        raise
    except (DatabaseError, ValueError):
        if len(batch) == 1:
            log.exception("report %s could not be stored", batch[0].report.id)
            return [problems.TRY_AGAIN(retry_after_s=60)]
        middle = len(batch) // 2
        return submit_many(batch[:middle]) + submit_many(batch[middle:])


def _submit_batch(batch: Sequence[Submission]) -> list[Outcome]:
    digests = [digest(item.report) for item in batch]
    with transaction.atomic():
        batch, chains = _into_merged(batch)
        places.prefetch(item.report for item in batch)
        series = series_of([item.report for item in batch])
        lock_series(series)
        known = store.first_receipts([item.report.id for item in batch])
        visible = store.visible_versions({key for key in series if key})
        outcomes: list[Outcome | None] = []
        accepted: dict[UUID, Accepted] = {}
        located = place_all([item.report for item in batch])
        for item, key, content, place in zip(batch, series, digests, located, strict=True):
            outcomes.append(_answer(item, key, content, place, known, visible, accepted))
        receipts = _write(list(accepted.values()))
        _note_moves([one for one in accepted.values() if one.id in receipts], chains)
        # Stored meanwhile by another process under the same id: its content decides.
        lost = [report_id for report_id in accepted if report_id not in receipts]
        receipts |= store.first_receipts(lost)
    return [
        outcome if outcome is not None else _settle(item, content, receipts)
        for item, content, outcome in zip(batch, digests, outcomes, strict=True)
    ]


def _into_merged(batch: Sequence[Submission]) -> tuple[Sequence[Submission], dict[UUID, list[UUID]]]:
    """Let reports to an event that was merged meanwhile go to the one that took it in.

    Gives the batch, and for each such report's id the events it went through, the one it was
    filed for first.

    A phone may have been off during the merge. The events are held until this transaction
    ends, so that a merge at this very moment either waits for these reports, or is seen.
    """
    moved = places.merged({item.report.event for item in batch if item.report.event})
    chains = {
        item.report.id: [item.report.event, *moved[item.report.event]]
        for item in batch
        if item.report.event in moved
    }
    return [
        replace(item, report=msgspec.structs.replace(item.report, event=chains[item.report.id][-1]))
        if item.report.id in chains
        else item
        for item in batch
    ], chains


def _note_moves(written: Sequence[Accepted], chains: dict[UUID, list[UUID]]) -> None:
    """Put on record which event a report was filed for, so that it goes back when the merge is undone."""
    Move.objects.bulk_create(
        Move(
            report_id=item.id,
            at=item.received_at,
            cause=Move.Cause.MERGED,
            from_event_id=source,
            from_series=uuid5(source, item.area),
            to_event_id=into,
            to_series=uuid5(into, item.area),
            by_name=item.author_name,
        )
        for item in written
        for source, into in pairwise(chains.get(item.id, ()))
    )


def _answer(
    item: Submission,
    key: UUID | None,
    content: bytes,
    place: Place,
    known: dict[UUID, tuple[bytes, ReportStored]],
    visible: dict[UUID, Series],
    accepted: dict[UUID, Accepted],
) -> Outcome | None:
    """Answer at once what needs no writing; else note what is to be written and give None."""
    report = item.report
    if report.id in known:
        return _settle(item, content, known)
    if earlier := accepted.get(report.id):
        return None if earlier.digest == content else problems.ID_REUSED()
    try:
        fresh = accept(item, key, content, place, visible)
    except Problem as problem:
        return problem
    accepted[report.id] = fresh
    return None


def _settle(item: Submission, content: bytes, receipts: dict[UUID, tuple[bytes, ReportStored]]) -> Outcome:
    stored, receipt = receipts[item.report.id]
    return receipt if stored == content else problems.ID_REUSED()


def _write(accepted: list[Accepted]) -> dict[UUID, tuple[bytes, ReportStored]]:
    if not accepted:
        return {}
    views = store.insert(accepted)
    written = [item for item in accepted if item.id in views]
    changed = store.supersede([(old, item.id) for item in written for old in item.replaces])
    append.many(
        [
            append.Row(
                verb="report.submitted",
                object_kind="report",
                object_id=str(item.id),
                area_code=item.area,
                at=item.received_at,
                put=append.images(
                    [views[item.id], *(changed[old] for old in item.replaces if old in changed)]
                ),
                actor_id=item.author_id,
                actor=item.author_name,
            )
            for item in written
        ]
    )
    return {item.id: (item.digest, store.receipt(views[item.id])) for item in written}
