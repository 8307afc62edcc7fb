"""A sheet as a PDF, set by typst: lines stay lines, and every word and figure on it can be found and copied."""

from __future__ import annotations

import tempfile
from pathlib import Path

import typst

from disaster.briefings.maps.sheet import NO_LETTER, SIZES, Sheet

PAGE = """#set document(title: sys.inputs.title, date: none)
#set text(lang: "zh", region: "cn")
#set page(width: {width}in, height: {height}in, margin: 0pt)
#image("sheet.svg", width: 100%, alt: sys.inputs.title)
"""


def pdf(sheet: Sheet, size: str) -> bytes:
    """Put a sheet on a page of its own size; equal sheets give equal bytes."""
    width, height = SIZES[size]
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "sheet.svg").write_bytes(sheet.svg())
        page = root / "main.typ"
        page.write_text(PAGE.format(width=width, height=height))
        title = NO_LETTER.sub("", sheet.marks.title)
        made = typst.compile(str(page), root=str(root), timestamp=0, sys_inputs={"title": title})
    assert isinstance(made, bytes)  # noqa: S101 - one document gives one file
    return made
