"""Files of places as rows: :func:`read` knows CSV, GeoJSON, GeoPackage, Shapefile and KML."""

from gis.formats.reading import read
from gis.formats.table import Declared, FileRow, Table, Unreadable

__all__ = ["Declared", "FileRow", "Table", "Unreadable", "read"]
