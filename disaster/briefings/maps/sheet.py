"""A printed map's sheet: frame, grid, scale bar, north arrow, legend, labels that do not collide.

Drawn in metres of EPSG:4548 (CGCS2000, 3-degree zone, central meridian 117°E), good in black
and white: classes differ by grey value, hatching and line, colour only adds. No Django here.
"""

from __future__ import annotations

import io
import math
import re
import warnings
from collections.abc import Sequence
from typing import Any, NamedTuple

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path
from matplotlib.patheffects import Stroke
from matplotlib.text import Text

SIZES = {"A4": (11.69, 8.27), "A3": (16.54, 11.69)}
"""Landscape, in inches."""
DPI = 170
FONT = ["Noto Sans CJK SC", "Noto Sans CJK JP", "DejaVu Sans"]
NEAR = ((0, 9), (0, -9), (14, 0), (-14, 0))
HALO = [Stroke(linewidth=2, foreground="white")]
LOOK: Any = {
    "font.family": FONT,
    "axes.unicode_minus": False,
    "hatch.linewidth": 0.5,
    "svg.fonttype": "none",
    "svg.hashsalt": "sheet",
}
"""Letters stay letters in a drawing, and equal sheets give equal bytes."""
CROWDED = 16
"""Rows of a legend above which it is set smaller."""
ASIDE = ((0, 15), (0, -15), (0, 24), (0, -24), *NEAR)
"""Where a label may go instead, in points to the right and up: near its place, or clear of it."""
NO_LETTER = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""Signs that have no shape and that a drawing may not hold (XML 1.0, Char)."""
Rings = Sequence[Sequence[tuple[float, float]]]
"""A polygon's rings in metres, the outer first."""


class Marks(NamedTuple):
    """What is printed around the map."""

    title: str
    cutoff: str
    source: str
    secrecy: str
    issuer: str


class Note(NamedTuple):
    """A row beside the map: what, and its figure; without one it is a line of text."""

    text: str
    figure: str = ""


class Sheet:
    """One sheet being drawn; ``png`` or ``svg`` gives it."""

    def __init__(self, size: str, marks: Marks, bounds: tuple[float, float, float, float]) -> None:
        self.marks = marks
        with mpl.rc_context(LOOK):
            self.figure = Figure(figsize=SIZES[size], dpi=DPI)
            self.canvas = FigureCanvasAgg(self.figure)
            self.axes: Axes = self.figure.add_axes((0.035, 0.075, 0.73, 0.83))
        self.handles: list[tuple[Any, str]] = []
        self._labels: list[tuple[Text, Text, bool]] = []
        self._dots: list[tuple[float, float, float]] = []
        self._frame(bounds)

    def _frame(self, bounds: tuple[float, float, float, float]) -> None:
        west, south, east, north = bounds
        pad = 0.03 * max(east - west, north - south)
        west, south, east, north = west - pad, south - pad, east + pad, north + pad
        # Equal scale both ways, filling the frame.
        box = self.axes.get_window_extent()
        scale = max((east - west) / box.width, (north - south) / box.height)
        middle_x, middle_y = (west + east) / 2, (south + north) / 2
        self.axes.set_xlim(middle_x - scale * box.width / 2, middle_x + scale * box.width / 2)
        self.axes.set_ylim(middle_y - scale * box.height / 2, middle_y + scale * box.height / 2)
        self.axes.set_facecolor("#ffffff")

    def area(self, parts: Sequence[Rings], **style: Any) -> None:
        """Draw polygons with their holes; a hatch lies over the face, so that it is as dark where that is faint."""
        if style.get("hatch"):
            face = {**style, "edgecolor": "none", "linewidth": 0}
            self.area(parts, **{name: value for name, value in face.items() if name != "hatch"})
            style["facecolor"] = "none"
        for rings in parts:
            vertices = np.concatenate([np.asarray(ring) for ring in rings])
            codes = np.concatenate(
                [[Path.MOVETO, *[Path.LINETO] * (len(ring) - 2), Path.CLOSEPOLY] for ring in rings]
            )
            self.axes.add_patch(PathPatch(Path(vertices, codes), **style))

    def line(self, points: Sequence[tuple[float, float]], **style: Any) -> None:
        """Draw a line."""
        x, y = zip(*points, strict=True)
        self.axes.plot(x, y, solid_capstyle="round", **style)

    def dots(self, points: Sequence[tuple[float, float]], **style: Any) -> None:
        """Draw signs."""
        if points:
            x, y = zip(*points, strict=True)
            self.axes.scatter(x, y, **style)
            sizes = np.broadcast_to(style.get("s", 20), len(points))
            self._dots += [(*at, math.sqrt(size) / 2) for at, size in zip(points, sizes, strict=True)]

    def label(
        self, text: str, at: tuple[float, float], *, size: float = 7, beside: bool = False, **style: Any
    ) -> None:
        """Ask for a label on a halo, ``beside`` what it names where that is small; the first asked for are the last left out."""
        style = {"fontsize": size, "ha": "center", "va": "center", "fontfamily": FONT, **style}
        halo = self.axes.text(*at, text, path_effects=HALO, **style)
        ink = self.axes.text(*at, text, **style)
        self._labels.append((halo, ink, beside))

    def legend(self, handle: Any, text: str) -> None:
        """Add a row to the legend."""
        self.handles.append((handle, text))

    def note(self, rows: Sequence[Note]) -> None:
        """Write rows beside the map, from the foot of it upwards."""
        step = 12.5 / 72 / self.figure.get_size_inches()[1]
        for at, row in enumerate(reversed(rows)):
            place = 0.085 + at * step
            self.figure.text(
                0.778,
                place,
                row.text,
                fontsize=8,
                fontfamily=FONT,
                fontweight="normal" if row.figure else "bold",
            )
            self.figure.text(0.982, place, row.figure, fontsize=8, fontfamily=FONT, ha="right")

    def png(self) -> bytes:
        """Finish the sheet as a picture."""
        return self._saved("png", {"Software": None})

    def svg(self) -> bytes:
        """Finish the sheet as a drawing whose letters can be found and copied."""
        return self._saved("svg", {"Date": None})

    def _saved(self, form: str, metadata: dict[str, None]) -> bytes:
        with mpl.rc_context(LOOK), warnings.catch_warnings():
            # A character that no font has stands as a box: rare names have such.
            warnings.filterwarnings("ignore", r"Glyph \d+")
            self._grid()
            self._scale_bar()
            self._north()
            self._around()
            self._plain()
            self._place_labels()
            out = io.BytesIO()
            self.figure.savefig(out, format=form, metadata=metadata)
        return out.getvalue()

    def _plain(self) -> None:
        """Have words be words: people name things, and ``$`` is no formula."""
        for text in self.figure.findobj(Text):
            text.set_parse_math(False)
            text.set_text(NO_LETTER.sub("", text.get_text()))

    def _grid(self) -> None:
        """A kilometre grid, named on the frame in metres of the plane."""
        (west, east), (south, north) = self.axes.get_xlim(), self.axes.get_ylim()
        step = _round_step((east - west) / 6)
        for setter, low, high in (
            (self.axes.set_xticks, west, east),
            (self.axes.set_yticks, south, north),
        ):
            ticks = np.arange(math.ceil(low / step) * step, high, step)
            setter(ticks, [f"{tick / 1000:.0f}" for tick in ticks], fontsize=5)
        # Over the colours, so that a place can be read anywhere.
        self.axes.set_axisbelow(False)
        self.axes.grid(visible=True, linewidth=0.35, color="#6b7880", linestyle=(0, (1, 3)))
        self.axes.tick_params(length=2, width=0.4, direction="in", pad=1.5)

    def _scale_bar(self) -> None:
        (west, east), (south, north) = self.axes.get_xlim(), self.axes.get_ylim()
        length = _round_step((east - west) / 5)
        x, y, height = west + 0.03 * (east - west), south + 0.035 * (north - south), 0.006 * (north - south)
        for part in range(4):
            face = "black" if part % 2 == 0 else "white"
            corner = (x + part * length / 4, y)
            box = Rectangle(
                corner, length / 4, height, facecolor=face, edgecolor="black", linewidth=0.5, zorder=9
            )
            self.axes.add_patch(box)
        for part in (0, 2, 4):
            text = f"{part * length / 4000:g}" + (" 千米" if part == 4 else "")
            self.axes.text(
                x + part * length / 4,
                y + 2 * height,
                text,
                fontsize=6,
                ha="center",
                fontfamily=FONT,
                zorder=9,
            )

    def _north(self) -> None:
        style = {"arrowstyle": "-|>", "linewidth": 1.2, "color": "black"}
        self.axes.annotate(
            "", xy=(0.965, 0.965), xytext=(0.965, 0.895), xycoords="axes fraction", arrowprops=style, zorder=9
        )
        self.axes.text(
            0.965, 0.97, "北", transform=self.axes.transAxes, ha="center", va="bottom", fontsize=8, zorder=9
        )

    def _around(self) -> None:
        marks = self.marks
        self.figure.text(0.4, 0.945, marks.title, ha="center", fontsize=17, fontweight="bold")
        self.figure.text(0.985, 0.955, marks.secrecy, ha="right", fontsize=8)
        self.figure.text(0.4, 0.917, marks.cutoff, ha="center", fontsize=8)
        foot = f"{marks.source}　坐标系:CGCS2000 3度带 中央经线117°E(EPSG:4548),方里网单位:千米"
        self.figure.text(0.035, 0.025, foot, fontsize=6.5)
        self.figure.text(0.985, 0.025, marks.issuer, ha="right", fontsize=8)
        box = self.figure.legend(
            [handle for handle, _ in self.handles],
            [text for _, text in self.handles],
            loc="upper left",
            bbox_to_anchor=(0.775, 0.905),
            fontsize=8 if len(self.handles) <= CROWDED else 6.5,
            title="图例",
            frameon=True,
            edgecolor="#555555",
            handlelength=1.8,
            labelspacing=0.7,
        )
        box.get_frame().set_linewidth(0.5)

    def _place_labels(self) -> None:
        """Keep each label clear of those before it: beside its place, above, below, or not at all.

        Of the places that are free the first that hides no sign is taken, or the one that hides fewest.
        """
        renderer = self.canvas.get_renderer()  # type: ignore[no-untyped-call]
        frame = self.axes.get_window_extent(renderer)
        signs = self._signs()
        taken: list[Any] = []
        for halo, label, beside in self._labels:
            here = label.get_window_extent(renderer)
            free: list[tuple[int, int, tuple[int, int], Any]] = []
            for shift in ASIDE if beside else ((0, 0), *NEAR, *ASIDE[:2]):
                box = here.translated(*(2.0 * part for part in shift))
                inside = frame.contains(box.x0, box.y0) and frame.contains(box.x1, box.y1)
                if inside and not any(box.overlaps(other) for other in taken):
                    free.append((_hidden(signs, box), len(free), shift, box))
                    if not free[-1][0]:
                        break
            if not free:
                for part in (halo, label):
                    part.set_visible(False)
                continue
            *_, shift, box = min(free, key=lambda one: one[:2])
            taken.append(box)
            moved = self.axes.transData.inverted().transform(
                self.axes.transData.transform(label.get_position()) + 2.0 * np.array(shift)
            )
            for part in (halo, label):
                part.set_position((moved[0], moved[1]))

    def _signs(self) -> Any:
        """Give each sign's middle and radius in pixels, a row a sign."""
        signs = np.array(self._dots, dtype=float).reshape(-1, 3)
        if len(signs):
            signs[:, :2] = self.axes.transData.transform(signs[:, :2])
            signs[:, 2] *= DPI / 72
        return signs


def _hidden(signs: Any, box: Any) -> int:
    """Count the signs a box lies over."""
    x, y, radius = signs.T
    across = (x + radius > box.x0) & (x - radius < box.x1)
    return int((across & (y + radius > box.y0) & (y - radius < box.y1)).sum())


def _round_step(length: float) -> float:
    """Give a round length near one: 1, 2 or 5 times a power of ten."""
    power = 10 ** math.floor(math.log10(length))
    return float(next(part * power for part in (1, 2, 5, 10) if part * power >= length * 0.7))
