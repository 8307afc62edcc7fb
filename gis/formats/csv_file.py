"""CSV as rows: UTF-8 with or without a mark, else GB 18030, as spreadsheets in China save it.

A line of HXL tags under the header is passed over; a column ``wkt`` holds a shape.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

import shapely
from shapely.errors import ShapelyError

from gis.formats.cells import unguarded
from gis.formats.table import FileRow, Table, Unreadable

csv.field_size_limit(1 << 26)  # an outline as text is longer than the module's 128 KB


def read(path: Path) -> Table:
    """Read a table with a header line; a row's number is its line in the file."""
    reader = csv.DictReader(io.StringIO(_text(path.read_bytes()), newline=""), restkey="", strict=True)
    rows = []
    try:
        for values in reader:
            if "" in values and reader.fieldnames and "" not in reader.fieldnames:
                raise Unreadable(f"第 {reader.line_num} 行比表头多出了列")
            if any(values.values()) and not _is_hxl(values):
                rows.append(_row(reader.line_num, values))
    except csv.Error as error:
        raise Unreadable(f"第 {reader.line_num} 行不是可读的 CSV") from error
    return Table(path, rows)


def _is_hxl(values: dict[str, str]) -> bool:
    return all((value or "").strip()[:1] in ("", "#") for value in values.values())


def _row(number: int, values: dict[str, str]) -> FileRow:
    plain = {name: unguarded(value) if value else value for name, value in values.items()}
    column = next((name for name in plain if name.strip().lower() == "wkt"), None)
    text = plain.pop(column) if column is not None else ""
    try:
        return FileRow(number, plain, shapely.from_wkt(text) if text else None)
    except (ShapelyError, TypeError) as error:
        raise Unreadable(f"第 {number} 行的几何图形无法读取") from error


def _text(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable("文字编码无法识别,请另存为 UTF-8")
