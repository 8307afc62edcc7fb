"""CSV as rows: UTF-8 with or without a mark, else GB 18030, as spreadsheets in China save it."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from gis.formats.reading import FileRow, Table, Unreadable


def read(path: Path) -> Table:
    """Read a table with a header line; a row's number is its line in the file."""
    reader = csv.DictReader(io.StringIO(_text(path.read_bytes()), newline=""), restkey="", strict=True)
    rows = []
    try:
        for values in reader:
            if "" in values and reader.fieldnames and "" not in reader.fieldnames:
                raise Unreadable(f"第 {reader.line_num} 行比表头多出了列")
            if any(values.values()):
                rows.append(FileRow(reader.line_num, values))
    except csv.Error as error:
        raise Unreadable(f"第 {reader.line_num} 行不是可读的 CSV") from error
    return Table(path, rows)


def _text(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable("文字编码无法识别,请另存为 UTF-8")
