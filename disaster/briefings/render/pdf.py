"""The briefing as a PDF, set by typst: tagged, searchable, each number traced."""

from __future__ import annotations

import io
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import segno
import typst

from disaster.briefings.content import Content, Table
from disaster.briefings.render import words

TEMPLATE = Path(__file__).with_name("briefing.typ")


class Issue(NamedTuple):
    """What stands around the content: the red head, number, issuer and signer; ``link`` opens the sources."""

    head: str
    year: int
    serial: int
    issuer: str
    signer: str
    link: str
    digest: str

    def code(self) -> io.BytesIO:
        """Draw the link as a QR code, a PNG."""
        drawn = io.BytesIO()
        segno.make(self.link, error="m").save(drawn, kind="png", scale=6, border=2)
        return drawn


class Picture(NamedTuple):
    """A map that goes in: its title and its PNG."""

    title: str
    png: bytes


def render(content: Content, issue: Issue, pictures: Sequence[Picture] = ()) -> bytes:
    """Set the PDF; equal content and pictures give equal bytes."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for at, picture in enumerate(pictures):
            (root / f"map{at}.png").write_bytes(picture.png)
        segno.make(issue.link, error="m").save(str(root / "code.svg"), scale=4, border=1)
        (root / "data.json").write_text(json.dumps(_data(content, issue, pictures), ensure_ascii=False))
        (root / "main.typ").write_bytes(TEMPLATE.read_bytes())
        pdf = typst.compile(str(root / "main.typ"), root=str(root), timestamp=0)
    assert isinstance(pdf, bytes)  # noqa: S101 - one document gives one file
    return pdf


def _data(content: Content, issue: Issue, pictures: Sequence[Picture]) -> dict[str, Any]:
    return {
        "head": issue.head,
        "year": issue.year,
        "serial": issue.serial,
        "issuer": issue.issuer,
        "signer": issue.signer,
        "secrecy": words.SECRECY,
        "title": words.formal(content.title),
        "date": words.day(content.as_of),
        "as_of": words.moment(content.as_of),
        "basis": words.basis(content),
        "sections": [
            {"title": one.zh, "paragraphs": [words.formal(text) for text in one.paragraphs]}
            for one in content.sections
        ],
        "tables": [_table(words.told(one)) for one in content.tables if not one.is_annex],
        "annexes": words.annexes(content, has_maps=bool(pictures)),
        "maps": [{"file": f"map{at}.png", "title": one.title} for at, one in enumerate(pictures)],
        "figures": [
            {
                "name": one.zh,
                "value": words.number(one.value),
                "unit": one.unit,
                "count": len(one.sources),
                "sources": words.sources(one),
                "position": str(words.position(one, content)),
                "link": words.address(issue.link, one),
            }
            for one in content.figures
        ],
        "witness": {
            "position": str(content.witness.position),
            "hash": content.witness.hash,
            "at": words.moment(content.witness.at),
        },
        "digest": issue.digest,
        "link": issue.link,
    }


def _table(table: Table) -> dict[str, Any]:
    return {
        "title": table.zh,
        "columns": [{"name": one.zh, "unit": one.unit} for one in table.columns],
        "rows": [{"name": row.name, "values": [words.number(v) for v in row.values]} for row in table.rows],
        "total": table.total
        and {"name": table.total.name, "values": [words.number(v) for v in table.total.values]},
    }
