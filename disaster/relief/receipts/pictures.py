"""A receipt's signature and photo: real pictures, re-encoded, under the receipt's own name."""

from __future__ import annotations

import base64
import io
import warnings
from uuid import UUID

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image

from disaster.problems import FieldError, Words
from disaster.reports.pictures import NotAPicture, clean

NOT_A_PICTURE = Words("不是照片,或已损坏", "This is no picture, or a broken one")
NOT_A_SIGNATURE = Words("签名无法读取,请重签", "The signature can't be read; please sign again")
MAX_SIGNATURE_BYTES, MAX_SIGNATURE_PIXELS = 200_000, 2_000_000


class Unreadable(Exception):  # noqa: N818 - an answer, not a crash
    """A field's picture can't be read; ``error`` says which and why."""

    def __init__(self, field: str, words: Words) -> None:
        super().__init__(field)
        self.errors = {field: FieldError(words)}


def signature(text: str) -> bytes:
    """Give a signature (base64 of a PNG) as a small grey PNG of its own pixels.

    Raises
    ------
    Unreadable
        If it is no picture, or larger than a signature is.
    """
    data = _bytes(text, "signature", NOT_A_SIGNATURE)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=("PNG",)) as opened:
                if len(data) > MAX_SIGNATURE_BYTES or opened.width * opened.height > MAX_SIGNATURE_PIXELS:
                    raise Unreadable("signature", NOT_A_SIGNATURE)
                paper = Image.new("RGBA", opened.size, "white")
                paper.alpha_composite(opened.convert("RGBA"))
    except (OSError, SyntaxError, ValueError, Warning) as wrong:
        raise Unreadable("signature", NOT_A_SIGNATURE) from wrong
    out = io.BytesIO()
    paper.convert("L").save(out, "PNG", optimize=True)
    return out.getvalue()


def photo(text: str) -> bytes:
    """Give a photo (base64) as a clean JPEG without what its camera wrote.

    Raises
    ------
    Unreadable
        If it is none that we take.
    """
    try:
        return clean(_bytes(text, "photo", NOT_A_PICTURE), max_pixels=settings.MAX_PHOTO_PIXELS).full
    except NotAPicture as wrong:
        raise Unreadable("photo", NOT_A_PICTURE) from wrong


def keep(receipt_id: UUID, kind: str, data: bytes) -> None:
    """Put a picture into the private store; one that is there already stays."""
    if not default_storage.exists(path_of(receipt_id, kind)):
        default_storage.save(path_of(receipt_id, kind), ContentFile(data))


def path_of(receipt_id: UUID, kind: str) -> str:
    """Name the file of a receipt's ``signature`` or ``photo``."""
    ending = "png" if kind == "signature" else "jpg"
    return f"receipts/{str(receipt_id)[:2]}/{receipt_id}-{kind}.{ending}"


def _bytes(text: str, field: str, words: Words) -> bytes:
    try:
        return base64.b64decode(text.rpartition(",")[2], validate=True)
    except ValueError as wrong:  # signs outside of base64, or of ASCII
        raise Unreadable(field, words) from wrong
