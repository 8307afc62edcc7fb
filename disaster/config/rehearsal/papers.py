"""The papers at the end of a rehearsal: the forms are exported, read back, and compared."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

from disaster.config.rehearsal.aftermath import Aftermath
from disaster.config.rehearsal.play import Wrong
from disaster.reports.forms import read, services


def write_papers(rehearsal: Aftermath, folder: Path | None) -> Iterator[str]:
    """Export both forms as approved; hold every village's line against the ledger.

    With a folder, the workbooks are left there.
    """
    for form in ("fast", "detail"):
        name, data = services.export(
            form,
            event_id=rehearsal.event.id,
            cutoff=rehearsal.cutoff,
            basis="approved",
            by=rehearsal.bureau,
            now=rehearsal.cutoff,
        )
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(data)
        if form == "detail":
            compared = _compare(rehearsal, data)
            yield f"{name}: {len(data) // 1024} KB, {compared} figures read back are the ledger's"
        else:
            yield f"{name}: {len(data) // 1024} KB"


def _compare(rehearsal: Aftermath, data: bytes) -> int:
    parsed = read.read_workbook(data, services.limits())
    if parsed.errors:
        raise Wrong(f"the exported form does not read back: {sorted(parsed.errors)[:3]}")
    sums = rehearsal.ledger.sums(rehearsal.cutoff, "approved")
    compared = 0
    for row in parsed.rows:
        if row.level == "total":
            continue
        wanted = sums.get(row.code, {})
        for key, value in row.figures.items():
            if Fraction(value) != wanted.get(key, 0):
                raise Wrong(f"{row.cells.get(key)} says {value}, the ledger {wanted.get(key, 0)}")
            compared += 1
    if not compared:
        raise Wrong("the exported form has no figures")
    return compared
