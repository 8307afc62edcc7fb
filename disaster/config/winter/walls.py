"""The notices of the case: what hung on each village's wall before it was submitted, with its photograph."""

from __future__ import annotations

import io
from datetime import datetime

from PIL import ExifTags, Image, ImageDraw

from disaster.config.winter.season import Season, key
from disaster.people.scope import Rights
from disaster.relief.disclosure import services as disclosure
from disaster.relief.disclosure.models import Notice
from disaster.relief.disclosure.services.photos import EXIF_TIME
from disaster.rules import book


def post(season: Season, village: str, *, by: Rights, at: datetime) -> Notice:
    """Post a village's assessed with a photograph of the day, through the services."""
    notice = disclosure.post(
        key("notice", village),
        programme=season.programme.pk,
        area=village,
        stage=Notice.Stage.ASSESSED,
        by=by,
        now=at,
    )
    disclosure.add_photo(notice.pk, picture(at), taken_on=None, by=by, now=at)
    return notice


def picture(at: datetime) -> bytes:
    """Draw a board with a sheet of paper on it, dated as a camera would: nobody's photograph."""
    board = Image.new("RGB", (640, 480), "#7a8f6a")
    draw = ImageDraw.Draw(board)
    draw.rectangle((60, 40, 580, 440), fill="#f7f4ea", outline="#444444", width=4)
    for line in range(9):
        draw.rectangle((100, 110 + line * 32, 540, 114 + line * 32), fill="#555555")
    draw.text((280, 70), f"{at.astimezone(book.BEIJING):%Y-%m-%d}", fill="#222222")
    exif = board.getexif()
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = at.astimezone(book.BEIJING).strftime(
        EXIF_TIME
    )
    out = io.BytesIO()
    board.save(out, "JPEG", exif=exif)
    return out.getvalue()
