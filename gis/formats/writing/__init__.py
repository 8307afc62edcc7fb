"""Features as files for other programs: :func:`write` knows GeoJSON, GeoPackage, Shapefile, KML and CSV."""

from gis.formats.writing.files import FORMATS, Written, write
from gis.formats.writing.tables import Column, Feature, Layer

__all__ = ["FORMATS", "Column", "Feature", "Layer", "Written", "write"]
