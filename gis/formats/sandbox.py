"""Reading a stranger's file in a child process with little memory and time.

GDAL and XML readers are large and written in C; a file made to crash or to hang them ends the
child, and the server says so. The child opens no addresses and sees no secrets of ours.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import shapely

from gis.formats.table import Declared, FileRow, Table, Unreadable

_ROOT = Path(__file__).resolve().parent.parent.parent
_turn = threading.BoundedSemaphore(2)
"""So many children of one process at a time; more wait."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost: bytes of memory, seconds, features, vertices of all together."""

    memory: int = 1536 * 1024 * 1024
    seconds: int = 30
    rows: int = 2_000
    vertices: int = 400_000


def read(path: Path, limits: Limits) -> Table:
    """Read a file of places, or a zip of one, as :func:`gis.formats.read` does, but bounded.

    Raises
    ------
    Unreadable
        If it can't be read, or not within the limits; the text says why, in Chinese.
    """
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder) / "answer.json"
        with _turn:
            _run([str(path.resolve()), folder, str(answer), json.dumps(asdict(limits))], limits.seconds)
        try:
            body = json.loads(answer.read_bytes())
        except (OSError, ValueError) as error:
            raise Unreadable("文件太复杂或有损坏,读取被中止") from error
    if "unreadable" in body:
        raise Unreadable(body["unreadable"])
    return load(path, body)


def dump(table: Table) -> dict[str, Any]:
    """Bring a table to JSON."""
    rows = [
        [row.number, row.values, row.shape.wkb_hex if row.shape is not None else None] for row in table.rows
    ]
    return {"declared": str(table.declared), "projected": table.projected, "rows": rows}


def load(path: Path, body: dict[str, Any]) -> Table:
    """Undo :func:`dump`."""
    rows = [
        FileRow(number, values, shapely.from_wkb(shape) if shape else None)
        for number, values, shape in body["rows"]
    ]
    return Table(path, rows, Declared(body["declared"]), body["projected"])


def _run(words: list[str], seconds: int) -> None:
    keep = {name: os.environ[name] for name in ("PATH", "LANG", "LD_LIBRARY_PATH") if name in os.environ}
    environment = {
        **keep,
        "PYTHONPATH": str(_ROOT),
        "OPENBLAS_NUM_THREADS": "1",  # each thread would ask for memory of its own
        "OGR_SKIP": "OGR_VRT,VRT,SQLite,CSV,HTTP,WFS,OAPIF",
        "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".none",
        "OGR_SQLITE_LOAD_EXTENSIONS": "",
        "GDAL_DISABLE_READDIR_ON_OPEN": "FALSE",
    }
    try:
        subprocess.run(  # noqa: S603 - our own interpreter and module; the path is an argument, not a command
            [sys.executable, "-m", "gis.formats.child", *words],
            cwd=words[1],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=2 * seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Unreadable("文件读取时间过长,已中止") from error
