"""A zip of a stranger: bounded before it is unpacked, and never unpacked under its own names."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path, PurePosixPath

from gis.formats.table import Unreadable

MOST_BYTES = 200 * 1024 * 1024
"""Of all that is unpacked together."""
_ENTRIES = 100
_CHUNK = 1024 * 1024
_MAIN = (".shp", ".gpkg", ".geojson", ".json", ".kml", ".csv")
_BESIDE = (".shx", ".dbf", ".prj", ".cpg")


def unpack(path: Path, folder: Path) -> Path:
    """Unpack the only file of places in a zip (a Shapefile with what belongs to it) into ``folder``.

    Raises
    ------
    Unreadable
        If it is no zip, too large, encrypted, or holds none or several such files.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir() and not _ours_not(entry)]
            main = _main(entries, len(archive.infolist()))
            stem = _stem(main)
            left = MOST_BYTES
            for entry in entries:
                suffix = _suffix(entry)
                if entry is main or (_suffix(main) == ".shp" and suffix in _BESIDE and _stem(entry) == stem):
                    left = _copy(archive, entry, folder / f"data{suffix}", left)
    except (
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        RuntimeError,
        ValueError,
        OSError,
        EOFError,
    ) as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable("压缩包无法读取(损坏、加密或压缩方式不支持)") from error
    return folder / f"data{_suffix(main)}"


def _ours_not(entry: zipfile.ZipInfo) -> bool:
    """Pass over what systems put beside files: ``__MACOSX/._a.shp``."""
    parts = PurePosixPath(entry.filename).parts
    return "__MACOSX" in parts or not parts or parts[-1].startswith(".")


def _main(entries: list[zipfile.ZipInfo], count: int) -> zipfile.ZipInfo:
    if count > _ENTRIES:
        raise Unreadable(f"压缩包里文件太多({count} 个)")
    if sum(entry.file_size for entry in entries) > MOST_BYTES:
        raise Unreadable(f"压缩包展开后超过 {MOST_BYTES // 1024 // 1024} MB")
    found = [entry for entry in entries if _suffix(entry) in _MAIN]
    if len(found) != 1:
        names = "、".join(PurePosixPath(entry.filename).name for entry in found[:5])
        raise Unreadable(
            f"压缩包里须只有一个地理数据文件,现有 {len(found)} 个:{names}"
            if found
            else "压缩包里没有地理数据文件"
        )
    return found[0]


def _copy(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, to: Path, left: int) -> int:
    """Copy one file, believing the bytes that come and not the size that was promised."""
    with archive.open(entry) as source, to.open("wb") as target:
        while chunk := source.read(_CHUNK):
            left -= len(chunk)
            if left < 0:
                raise Unreadable(f"压缩包展开后超过 {MOST_BYTES // 1024 // 1024} MB")
            target.write(chunk)
    return left


def _suffix(entry: zipfile.ZipInfo) -> str:
    return PurePosixPath(entry.filename).suffix.lower()


def _stem(entry: zipfile.ZipInfo) -> str:
    return str(PurePosixPath(entry.filename).with_suffix("")).lower()
