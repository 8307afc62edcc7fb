"""Which reader reads which file."""

from __future__ import annotations

from pathlib import Path

from gis.formats import csv_file, gdal_file, geojson_file, kml_file
from gis.formats.table import Table, Unreadable

READERS = {
    ".csv": csv_file.read,
    ".geojson": geojson_file.read,
    ".json": geojson_file.read,
    ".gpkg": gdal_file.read,
    ".shp": gdal_file.read,
    ".kml": kml_file.read,
}
"""Ending → what reads such a file."""


def read(path: Path) -> Table:
    """Read a file by its ending.

    Raises
    ------
    Unreadable
        If the ending is unknown, the file is missing, or is not what its ending says.
    """
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise Unreadable(f"不认识的文件类型 {path.suffix or path.name};可用:{'、'.join(READERS)}")
    if not path.is_file():
        raise Unreadable("文件不存在")
    return reader(path)
