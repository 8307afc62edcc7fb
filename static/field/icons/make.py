"""Draw the app's icons: run ``python static/field/icons/make.py`` after changing the drawing."""

from __future__ import annotations

import math
from pathlib import Path

from PIL import Image, ImageDraw

BLUE, WHITE = "#0b5c8a", "#ffffff"
SCALE = 4  # drawn large and shrunk: smooth edges


def draw(size: int) -> Image.Image:
    """Draw a white pin with water in it; the middle four fifths are safe from a mask."""
    side = size * SCALE
    image = Image.new("RGB", (side, side), BLUE)
    pen = ImageDraw.Draw(image)
    unit = side / 64
    pen.ellipse([18 * unit, 12 * unit, 46 * unit, 40 * unit], fill=WHITE)
    pen.polygon([(20 * unit, 33 * unit), (44 * unit, 33 * unit), (32 * unit, 53 * unit)], fill=WHITE)
    for step in range(161):  # water: a wave of dots, as a line's joints would fray
        x, y, radius = 24 + step / 10, 27 + 2.4 * math.sin(step * math.pi / 40), 1.6
        pen.ellipse(
            [(x - radius) * unit, (y - radius) * unit, (x + radius) * unit, (y + radius) * unit], fill=BLUE
        )
    return image.resize((size, size), Image.Resampling.LANCZOS)


if __name__ == "__main__":
    for size in (192, 512):
        draw(size).quantize(32).save(Path(__file__).with_name(f"icon-{size}.png"), optimize=True)
