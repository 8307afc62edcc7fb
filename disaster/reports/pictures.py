"""Turning an uploaded file into a clean picture, or refusing it.

The size is capped before anything is read, the dimensions before anything is decoded, and
the picture is written anew: what comes out holds pixels only. What EXIF said of place and
time is kept beside it.
"""

from __future__ import annotations

import io
import warnings
from typing import NamedTuple

from PIL import ExifTags, Image, ImageOps

FORMATS = ("JPEG", "PNG", "WEBP")
FULL_PX = 2_000
THUMB_PX = 320


class NotAPicture(ValueError):  # noqa: N818 - an answer, not a crash
    """The bytes are no picture we take, or one that is far too large."""


class Picture(NamedTuple):
    """A clean picture and what its EXIF said; ``taken_lonlat`` in EPSG:4326."""

    full: bytes
    thumb: bytes
    width: int
    height: int
    taken_at: str
    taken_lonlat: tuple[float, float] | None


def clean(data: bytes, *, max_pixels: int) -> Picture:
    """Re-encode a picture as JPEG, at most 2,000 pixels a side, with a thumbnail.

    Raises
    ------
    NotAPicture
        If the bytes are no JPEG, PNG or WebP, are broken, or hold over ``max_pixels``.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
                if opened.width * opened.height > max_pixels:
                    raise NotAPicture("too many pixels")
                taken_at, lonlat = _exif(opened)
                opened.draft("RGB", (FULL_PX, FULL_PX))
                upright = ImageOps.exif_transpose(opened).convert("RGB")
    except NotAPicture:
        raise
    except Exception as error:  # Pillow's decoders raise many kinds on hostile bytes
        raise NotAPicture(str(error)) from error
    upright.thumbnail((FULL_PX, FULL_PX))
    small = upright.copy()
    small.thumbnail((THUMB_PX, THUMB_PX))
    return Picture(_jpeg(upright, 82), _jpeg(small, 70), upright.width, upright.height, taken_at, lonlat)


def _jpeg(image: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    # A fresh picture of the same pixels: no metadata of the old one can follow.
    bare = Image.new("RGB", image.size)
    bare.paste(image)
    bare.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()


def _exif(image: Image.Image) -> tuple[str, tuple[float, float] | None]:
    try:
        exif = image.getexif()
        taken_at = str(exif.get_ifd(ExifTags.IFD.Exif).get(ExifTags.Base.DateTimeOriginal, ""))[:32]
        gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
        lat = _degrees(gps[ExifTags.GPS.GPSLatitude]) * (
            -1 if gps.get(ExifTags.GPS.GPSLatitudeRef) == "S" else 1
        )
        lon = _degrees(gps[ExifTags.GPS.GPSLongitude]) * (
            -1 if gps.get(ExifTags.GPS.GPSLongitudeRef) == "W" else 1
        )
    except Exception:  # EXIF is a stranger's text: whatever is wrong with it, there is none
        return locals().get("taken_at", ""), None
    inside = -180 <= lon <= 180 and -90 <= lat <= 90
    return taken_at, (lon, lat) if inside else None


def _degrees(parts: tuple[float, float, float]) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)
    return degrees + minutes / 60 + seconds / 3600
