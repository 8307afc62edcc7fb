"""GeoPackage and Shapefile as rows, through GDAL."""

from __future__ import annotations

from pathlib import Path

import shapely
from django.contrib.gis.gdal import CoordTransform, DataSource, GDALException, SpatialReference
from django.contrib.gis.gdal.feature import Feature
from shapely.errors import ShapelyError

from gis.formats.table import Declared, FileRow, Table, Unreadable

_BEGINS = {".gpkg": b"SQLite format 3\0", ".shp": b"\x00\x00\x27\x0a"}
_DEGREES = {"4326": Declared.WGS84, "4490": Declared.CGCS2000}


def read(path: Path) -> Table:
    """Read the only layer of the file; metres become degrees of EPSG:4326.

    GDAL goes by content, not by ending: a "Shapefile" may be a recipe that opens other files or
    addresses. So the first bytes have to be the right ones.
    """
    with path.open("rb") as file:
        if not file.read(16).startswith(_BEGINS[path.suffix.lower()]):
            raise Unreadable("GDAL 无法读取这个文件:内容与扩展名不符")
    for encoding in ("utf-8", "gb18030"):  # a Shapefile without .cpg does not say, and is mostly GBK
        try:
            return _table(path, encoding)
        except UnicodeDecodeError:
            continue
        except (GDALException, ShapelyError) as error:
            raise Unreadable("GDAL 无法读取这个文件") from error
    raise Unreadable("文字编码无法识别,请用 UTF-8(Shapefile 须带 .cpg)")


def _table(path: Path, encoding: str) -> Table:
    source = DataSource(str(path), encoding=encoding)
    if len(source) != 1:
        raise Unreadable(f"文件里有 {len(source)} 个图层,请只留一个")
    layer = source[0]
    reference: SpatialReference | None = layer.srs  # the stubs forget that a file may have none
    declared = Declared.NONE if reference is None else _declared(reference)
    projected = reference is not None and bool(reference.projected)
    turn = CoordTransform(reference, SpatialReference(4326)) if reference and projected else None
    rows = [_row(number, feature, turn) for number, feature in enumerate(layer, start=1)]
    return Table(path, rows, declared, projected)


def _row(number: int, feature: Feature, turn: CoordTransform | None) -> FileRow:
    values = {name: feature.get(name) for name in feature.fields}
    try:
        geometry = feature.geom
    except GDALException:  # Django's way to say that the row has none
        return FileRow(number, values)
    if turn is not None:
        geometry.transform(turn)
    return FileRow(number, values, shapely.from_wkb(bytes(geometry.wkb)))


def _declared(reference: SpatialReference) -> Declared:
    if reference.projected:
        return Declared.WGS84
    try:
        reference.identify_epsg()
        code = reference.srid
    except GDALException:
        code = None
    if str(code) in _DEGREES:
        return _DEGREES[str(code)]
    name = str(reference.name)
    if name in ("WGS 84", "GCS_WGS_1984"):
        return Declared.WGS84
    if "China" in name and "2000" in name:
        return Declared.CGCS2000
    raise Unreadable(f"坐标系 {name} 不支持;请转为 EPSG:4326、EPSG:4490 或 EPSG:4548")
