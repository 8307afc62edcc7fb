"""Photographs of posted notices: written anew, dated, and held against the notice's own days."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from disaster import problems
from disaster.journal import append
from disaster.people.scope import Rights, require
from disaster.problems import FieldError, Words
from disaster.relief.disclosure.models import Notice, NoticePhoto
from disaster.relief.needs import services as needs
from disaster.relief.needs import standards
from disaster.reports.pictures import NotAPicture, Picture, clean
from disaster.rules import book

EXIF_TIME = "%Y:%m:%d %H:%M:%S"
"""How EXIF 2.3 writes a time (DateTimeOriginal): the camera's own clock, without an offset."""
NO_DAY = Words("照片没有拍摄时间,请填写拍摄日期", "The photo carries no time; say on which day it was taken")
OTHER_DAY = Words(
    "照片拍摄于 {taken},与填写的 {stated} 不一致", "The photo was taken on {taken}, not on {stated}"
)
TOO_EARLY = Words(
    "照片拍摄于 {taken},早于公示开始的 {begun}",
    "The photo was taken on {taken}, before the notice began on {begun}",
)
IN_FUTURE = Words(
    "照片的拍摄时间在将来,请检查相机时钟", "The photo is dated in the future; check the camera's clock"
)


def add_photo(
    notice_id: UUID, data: bytes, *, taken_on: date | None, by: Rights, now: datetime
) -> NoticePhoto:
    """Keep a photograph of a posted notice; the same one again changes nothing.

    ``taken_on`` is the day the officer states; EXIF's own, where there is one, must agree. The
    notice runs from the day of its first photograph: one taken later than it began moves its days.

    Raises
    ------
    Problem
        403.1/404.1 without the right in the village; 409.2 if the notice is over or taken down;
        413.1; 400.5 if it is no picture; 400.2 under ``taken_on`` for a day that can't be.
    """
    if len(data) > settings.MAX_PHOTO_BYTES:
        raise problems.TOO_LARGE(limit=f"{settings.MAX_PHOTO_BYTES // 1024 // 1024} MB")
    with transaction.atomic():
        notice = running(notice_id)
        require(by, "need.village", str(notice.area_id))
        try:
            picture = clean(data, max_pixels=settings.MAX_PHOTO_PIXELS)
        except NotAPicture:
            raise problems.NOT_A_PICTURE() from None
        name = hashlib.sha256(picture.full).hexdigest()
        known: NoticePhoto | None = NoticePhoto.objects.filter(notice=notice, hash=name).first()
        if known is not None:
            return known
        day, is_stated = _day(picture.taken_at, taken_on, notice.from_on, now)
        _keep(name, picture)
        photo: NoticePhoto = NoticePhoto.objects.create(
            notice=notice,
            hash=name,
            width=picture.width,
            height=picture.height,
            taken_on=day,
            taken_at=picture.taken_at,
            is_stated=is_stated,
            stored_at=now,
            by_id=by.person_id,
            by_name=by.name,
        )
        _run_from_first_photo(notice, now)
        append.one(
            "disclosure.photographed",
            object_kind="disclosure",
            object_id=str(notice.pk),
            area_code=str(notice.area_id),
            put=(),
            by=by,
            at=now,
        )
    return photo


def running(notice_id: UUID) -> Notice:
    """Give a notice, locked, that is neither over nor taken down; 404.1 or 409.2 otherwise."""
    found: Notice | None = Notice.objects.select_for_update(of=("self",)).filter(pk=notice_id).first()
    if found is None:
        raise problems.NOT_FOUND()
    if found.over_at or found.down_at:
        raise problems.NOT_OPEN(number=found.number)
    return found


def path_of(photo_hash: str, size: str) -> str:
    """Name the file of a photograph; ``size`` is "full" or "thumb"."""
    return f"notices/{photo_hash[:2]}/{photo_hash}.{size}.jpg"


def _day(exif: str, stated: date | None, begun: date, now: datetime) -> tuple[date, bool]:
    """Give the day a photograph was taken, and whether somebody merely states it."""
    taken = _exif_time(exif)
    day = taken.date() if taken else stated
    ahead = timedelta(minutes=int(book.value("notice.photo_ahead")))
    words: FieldError | None = None
    if day is None:
        words = FieldError(NO_DAY)
    elif taken and stated and stated != day:
        words = FieldError(OTHER_DAY, {"taken": day, "stated": stated})
    elif day < begun:
        words = FieldError(TOO_EARLY, {"taken": day, "begun": begun})
    elif (taken and taken > now + ahead) or day > (now + ahead).astimezone(book.BEIJING).date():
        words = FieldError(IN_FUTURE)
    if words is not None or day is None:
        raise problems.BAD_FIELDS({"taken_on": words or FieldError(NO_DAY)})
    return day, taken is None


def _exif_time(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, EXIF_TIME).replace(tzinfo=book.BEIJING)
    except ValueError:
        return None


def _keep(name: str, picture: Picture) -> None:
    for size, content in (("full", picture.full), ("thumb", picture.thumb)):
        # Named by content: an upload cut short before the commit is simply written again.
        if not default_storage.exists(path_of(name, size)):
            default_storage.save(path_of(name, size), ContentFile(content))


def _run_from_first_photo(notice: Notice, now: datetime) -> None:
    """Count the notice's days from its earliest photograph; a day nobody could have read it does not run."""
    first = notice.photos.order_by("taken_on").values_list("taken_on", flat=True)[0]
    until = standards.last_of(notice.days, notice.is_working, begun=first)
    if until != notice.until_on:
        notice.until_on = until
        notice.save(update_fields=["until_on"])
        if notice.stage == Notice.Stage.ASSESSED:
            lines = notice.entries.filter(is_current=True)
            needs.notice_ends(list(lines.values_list("application_id", flat=True)), until, now=now)
