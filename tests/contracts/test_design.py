"""One design system: every colour and every size of type is a token, readable by day and by night."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.live import ROOT

STATIC = ROOT / "static"
TOKENS = STATIC / "shared" / "tokens.css"
SHEETS = sorted(path for path in STATIC.rglob("*.css") if path != TOKENS)
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b(?![\w-])|\b(?:rgb|hsl)a?\(|(?<![\w-])(?:white|black)(?![\w-])")
SIZE = re.compile(r"font(?:-size)?:\s*[^;{}]*?(?<![\w.-])\d+(?:\.\d+)?(?:px|rem)")
RAMPS = ("map/", "wall/")
"""Rooms whose code paints maps: their ramps are data."""
WARNING_SHEETS = {
    "desk/duty.css",
    "desk/refuge.css",
    "desk/warnings.css",
    "field/later/warning.css",
    "map/map.css",
    "wall/wall.css",
}
"""Where hazards and warnings are shown: nothing else takes the four colours of the law."""

LIGHT, DARK = "light", "dark"
INKS = (
    "ink",
    "ink-soft",
    "link",
    *("good", "bad", "care", "moving", "neutral"),
    *("gravity-2", "gravity-3", "shelter", "closure", "route", "help"),
)
GROUNDS = ("surface", "raised")
WASHES = ("wash", "accent-wash", "good-wash", "bad-wash", "care-wash", "gravity-wash")
PAIRS = [
    *((ink, ground) for ink in INKS for ground in GROUNDS),
    *((ink, wash) for ink in INKS[:8] for wash in WASHES),
    # What is written on a full colour.
    *(("accent-ink", full) for full in ("link", *INKS[3:])),
    *(("bar-ink", "bar"), ("offline-ink", "offline"), ("print", "paper")),
    *((f"warning-{level}-ink", f"warning-{level}") for level in ("red", "orange", "yellow", "blue")),
]
TEXT, RIM = 4.5, 3.0


def _values(css: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6});", css))


@pytest.fixture(scope="module")
def looks() -> dict[str, dict[str, str]]:
    """Both looks, token → colour."""
    light, dark = TOKENS.read_text().split("@media screen")
    return {LIGHT: _values(light), DARK: _values(light) | _values(dark)}


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Give the ratio of WCAG 2.2, 1 to 21."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_reckoned_as_wcag_does() -> None:
    assert round(contrast("#000000", "#ffffff"), 2) == 21
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48


@pytest.mark.parametrize("look", [LIGHT, DARK])
def test_what_is_written_can_be_read(looks: dict[str, dict[str, str]], look: str) -> None:
    known = looks[look]
    faint = {pair: round(contrast(known[pair[0]], known[pair[1]]), 2) for pair in PAIRS}
    assert {pair: ratio for pair, ratio in faint.items() if ratio < TEXT} == {}
    rims = {ground: contrast(known["line-strong"], known[ground]) for ground in ("surface", "wash")}
    assert {ground: ratio for ground, ratio in rims.items() if ratio < RIM} == {}


def test_the_dark_look_has_a_value_for_every_colour_that_is_not_fixed() -> None:
    light, dark = TOKENS.read_text().split("@media screen")
    fixed = {name for name in _values(light) if name.startswith("warning-")} | {"paper", "print"}
    assert set(_values(light)) - fixed == set(_values(dark))


def _lines(paths: list[Path]) -> Iterator[tuple[str, str]]:
    for path in paths:
        text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
        yield from ((path.relative_to(STATIC).as_posix(), line.strip()) for line in text.splitlines())


def test_no_sheet_names_a_colour_or_a_size_of_its_own() -> None:
    lines = [(name, line) for name, line in _lines(SHEETS) if "{" in line or ":" in line]
    assert [found for found in lines if COLOUR.search(re.sub(r"#[\w-]+(?=[\s.,:{>[])", "", found[1]))] == []
    assert [found for found in lines if SIZE.search(found[1])] == []


def test_every_token_that_is_used_is_known() -> None:
    known = set(re.findall(r"--([\w-]+):", TOKENS.read_text()))
    for path in SHEETS:
        css = path.read_text()
        own = set(re.findall(r"--([\w-]+):", css))
        assert set(re.findall(r"var\(--([\w-]+)", css)) - known - own == set(), path.name


def test_the_four_warning_colours_are_kept_for_warnings() -> None:
    users = {name for name, line in _lines(SHEETS) if "var(--warning-" in line}
    assert users == WARNING_SHEETS


def test_no_code_but_the_maps_names_a_colour() -> None:
    code = [
        path for path in STATIC.rglob("*.js") if not path.relative_to(STATIC).as_posix().startswith(RAMPS)
    ]
    found = [(name, line) for name, line in _lines(code) if re.search(r"[\"'`]#[0-9a-fA-F]{3,8}[\"'`]", line)]
    assert found == []


def test_no_page_carries_a_style_of_its_own() -> None:
    pages = [
        path
        for path in (ROOT / "disaster").rglob("*.html")
        if "<style" in path.read_text() or ' style="' in path.read_text()
    ]
    assert pages == []
