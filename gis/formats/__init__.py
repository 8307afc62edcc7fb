"""Files of places as rows: :func:`read` knows CSV, GeoJSON, GeoPackage, Shapefile and KML."""

from gis.formats.reading import Declared, FileRow, Table, Unreadable, read

__all__ = ["Declared", "FileRow", "Table", "Unreadable", "read"]
