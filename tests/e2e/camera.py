"""A camera that is held on a QR code: a video in a file, which Chromium takes for what its camera sees."""

from __future__ import annotations

import io
from pathlib import Path

import segno
from PIL import Image, ImageOps

WIDTH, HEIGHT = 640, 480
"""A cheap phone's camera, px."""
_LIGHT, _DARK, _GREY = b"\xeb", b"\x10", b"\x80"


def seeing(video: Path) -> list[str]:
    """Give what Chromium is started with so that its camera sees a file; it is opened anew with the camera."""
    return ["--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={video}"]


def hold_on(video: Path, line: str) -> None:
    """Put a code before the camera, in the middle of the picture."""
    _play(video, _rows(line))


def hold_print(video: Path, picture: bytes) -> None:
    """Put a picture of a printed code before the camera, as large as it sees."""
    seen = Image.new("L", (WIDTH, HEIGHT), _LIGHT[0])
    paper = ImageOps.contain(Image.open(io.BytesIO(picture)).convert("L"), (HEIGHT - 40, HEIGHT - 40))
    seen.paste(paper, ((WIDTH - paper.width) // 2, (HEIGHT - paper.height) // 2))
    _play(video, [seen.tobytes()])


def _play(video: Path, rows: list[bytes]) -> None:
    """Write a few frames of Y4M, which are played over and over."""
    frame = b"FRAME\n" + b"".join(rows) + _GREY * (WIDTH * HEIGHT // 2)
    fresh = video.with_suffix(".new")
    fresh.write_bytes(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420jpeg\n".encode() + frame * 5)
    # A camera that is still open keeps the file it has.
    fresh.replace(video)


def _rows(line: str) -> list[bytes]:
    """Draw a code as the rows of a picture's brightness."""
    modules = [list(row) for row in segno.make(line, error="m").matrix_iter(border=4)]
    scale = (HEIGHT - 40) // len(modules)
    top, left = (HEIGHT - scale * len(modules)) // 2, (WIDTH - scale * len(modules)) // 2
    rows = [_LIGHT * WIDTH] * top
    for row in modules:
        dots = b"".join((_DARK if one else _LIGHT) * scale for one in row)
        rows += [(_LIGHT * left + dots).ljust(WIDTH, _LIGHT)] * scale
    return rows + [_LIGHT * WIDTH] * (HEIGHT - len(rows))
