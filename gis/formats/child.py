"""The child of :mod:`gis.formats.sandbox`: binds itself, reads one file, writes one answer."""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path
from typing import Any

_ANSWER_BYTES = 64 * 1024 * 1024
_CELL, _COLUMNS = 2_000, 200


def main(source: str, folder: str, answer: str, limits: dict[str, int]) -> None:
    """Read ``source`` within the limits and write ``answer``."""
    _bind(limits)
    from gis.formats.table import Unreadable

    try:
        body = _read(Path(source), Path(folder), limits)
    except Unreadable as error:
        body = {"unreadable": str(error)}
    except MemoryError:
        body = {"unreadable": "文件太大或太复杂,内存不足"}
    except Exception:  # whatever a reader stumbles over is the file's fault
        body = {"unreadable": "文件无法读取"}
    Path(answer).write_text(json.dumps(body, ensure_ascii=False), "utf-8")


def _bind(limits: dict[str, int]) -> None:
    """Bind this process before the file is opened."""
    from gis.formats.packed import MOST_BYTES

    resource.setrlimit(resource.RLIMIT_AS, (limits["memory"],) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (limits["seconds"],) * 2)
    resource.setrlimit(resource.RLIMIT_FSIZE, (MOST_BYTES,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _read(source: Path, folder: Path, limits: dict[str, int]) -> dict[str, Any]:
    import shapely

    from gis.formats import packed, reading, sandbox
    from gis.formats.table import FileRow, Table, Unreadable

    if source.suffix.lower() in (".zip", ".kmz"):
        source = packed.unpack(source, folder)
    table = reading.read(source)
    if len(table.rows) > limits["rows"]:
        raise Unreadable(f"文件有 {len(table.rows)} 个要素,一次最多导入 {limits['rows']} 个")
    vertices = sum(int(shapely.get_num_coordinates(row.shape)) for row in table.rows if row.shape is not None)
    if vertices > limits["vertices"]:
        raise Unreadable(f"文件共有 {vertices} 个顶点,一次最多 {limits['vertices']} 个")
    rows = [FileRow(row.number, _plain(row.values), _flat(row.shape)) for row in table.rows]
    body = sandbox.dump(Table(source, rows, table.declared, table.projected))
    if len(json.dumps(body)) > _ANSWER_BYTES:
        raise Unreadable("文件的属性太多")
    return body


def _flat(shape: Any) -> Any:
    """Drop heights and measures: places are kept in two dimensions."""
    import shapely

    return None if shape is None or shape.is_empty else shapely.force_2d(shape)


def _plain(values: dict[Any, Any]) -> dict[str, str]:
    """Give values as short text; a cell that is longer was no cell."""
    from gis.formats.table import Unreadable

    if len(values) > _COLUMNS:
        raise Unreadable(f"文件有 {len(values)} 列,最多 {_COLUMNS} 列")
    plain = {
        str(name)[:100].replace("\0", ""): _text(value) for name, value in values.items() if name is not None
    }
    return {name: text.replace("\0", "")[:_CELL] for name, text in plain.items()}


def _text(value: Any) -> str:
    return "" if value is None else str(value).strip()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], json.loads(sys.argv[4]))
