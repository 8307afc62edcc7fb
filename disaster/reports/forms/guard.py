"""What may come in as a workbook: a zip of XML from a stranger, bounded before it is unpacked.

Macros, links and document types are refused. No database here.
"""

from __future__ import annotations

import io
import zipfile
from typing import Any, NamedTuple

from openpyxl import load_workbook

from disaster.problems import Words
from disaster.reports.forms.sheet import META

NOT_A_WORKBOOK = Words("这不是 .xlsx 工作簿", "This is no .xlsx workbook")
TOO_BIG = Words("文件太大或展开后太大", "The file is too large, packed or unpacked")
UNSAFE = Words(
    "工作簿含宏、外部链接或不允许的内容", "The workbook holds macros, links or what is not allowed"
)

_ENTRIES = 200
"""Files in the workbook: far more than any form of ours has."""
_FORBIDDEN = ("vbaproject", "externallinks/", "activex", "embeddings/", "macrosheets", "connections.xml")


class Limits(NamedTuple):
    """How large a workbook may be: bytes packed and unpacked, rows (rules form.import.*)."""

    packed: int
    unpacked: int
    rows: int


class Refused(Exception):  # noqa: N818 - leads to an answer
    """The whole file is refused, for the reason in ``words``."""

    def __init__(self, words: Words) -> None:
        self.words = words


def guard(data: bytes, limits: Limits) -> None:
    """Refuse what is too large, no workbook, or holds what none of ours does."""
    if len(data) > limits.packed:
        raise Refused(TOO_BIG)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            _guard_entries(packed, limits)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, OSError, EOFError) as error:
        raise Refused(NOT_A_WORKBOOK) from error


def _guard_entries(packed: zipfile.ZipFile, limits: Limits) -> None:
    entries = packed.infolist()
    names = [entry.filename.lower() for entry in entries]
    if len(entries) > _ENTRIES or sum(entry.file_size for entry in entries) > limits.unpacked:
        raise Refused(TOO_BIG)
    if "[content_types].xml" not in names or "xl/workbook.xml" not in names:
        raise Refused(NOT_A_WORKBOOK)
    if len(set(names)) < len(names) or any(bad in name for name in names for bad in _FORBIDDEN):
        raise Refused(UNSAFE)
    for entry in entries:
        if entry.filename.lower().endswith((".xml", ".rels", ".vml")):
            content = packed.read(entry)
            if b"<!" in content.replace(b"<!--", b"") or b"\0" in content[:200] or b"macroEnabled" in content:
                raise Refused(UNSAFE)


def open_book(data: bytes, limits: Limits) -> Any:
    """Open a workbook for reading what its cells show.

    Raises
    ------
    Refused
        For what can't be trusted or read.
    """
    guard(data, limits)
    try:
        return load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    except Exception as error:  # openpyxl raises whatever a broken file makes it stumble over
        raise Refused(NOT_A_WORKBOOK) from error


def meta(book: Any) -> dict[str, str]:
    """Give what the hidden sheet says the workbook is; nothing for a stranger's."""
    if META not in book.sheetnames:
        return {}
    rows = book[META].iter_rows(max_row=10, max_col=2, min_col=1, values_only=True)
    return {str(key): str(value) for key, value in rows}


def grid(sheet: Any, rows: int, columns: int) -> dict[tuple[int, int], Any]:
    """Give the filled cells of a sheet by row and column, from 1."""
    return {
        (row, column): value
        for row, cells in enumerate(sheet.iter_rows(max_row=rows, max_col=columns, values_only=True), start=1)
        for column, value in enumerate(cells, start=1)
        if value is not None and value != ""
    }
