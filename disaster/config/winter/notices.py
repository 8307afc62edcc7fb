"""Notices of the case: posted, photographed on the wall, run to their end."""

from __future__ import annotations

import io
from datetime import datetime

from PIL import ExifTags, Image, ImageDraw

from disaster.config.winter.season import Season, all_done, key
from disaster.relief.disclosure import services as disclosure
from disaster.relief.disclosure.services.photos import EXIF_TIME
from disaster.rules import book


def post_notice(season: Season, village: str, stage: str, *, days: float) -> None:
    """Post a village's notice so many days ago, with its photograph of the same day."""
    officer, at = season.officer(village), season.ago(days)
    notice = disclosure.post(
        key("notice", stage, village),
        programme=season.programme.pk,
        area=village,
        stage=stage,
        by=officer,
        now=at,
    )
    disclosure.add_photo(notice.pk, picture(at), taken_on=None, by=officer, now=at)


def finish_notice(season: Season, village: str, stage: str, *, days: float) -> int:
    """End a notice that has run; gives how many applications went on."""
    answers = disclosure.finish(
        key("notice", stage, village), by=season.officer(village), now=season.ago(days)
    )
    all_done(answers)
    return len(answers)


def picture(at: datetime) -> bytes:
    """Draw a board with a sheet of paper on it, dated as a camera would: nobody's photograph."""
    local = at.astimezone(book.BEIJING)
    board = Image.new("RGB", (640, 480), "#7a8f6a")
    draw = ImageDraw.Draw(board)
    draw.rectangle((60, 40, 580, 440), fill="#f7f4ea", outline="#444444", width=4)
    for line in range(9):
        draw.rectangle((100, 110 + line * 32, 540, 114 + line * 32), fill="#555555")
    draw.text((280, 70), f"{local:%Y-%m-%d}", fill="#222222")
    exif = board.getexif()
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = local.strftime(EXIF_TIME)
    out = io.BytesIO()
    board.save(out, "JPEG", exif=exif)
    return out.getvalue()
