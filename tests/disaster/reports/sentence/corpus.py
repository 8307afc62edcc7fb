"""The messages people might write, and how well they are read.

``messages.json`` was written by hand: each message with what a person would fill in. Those
``held_out`` were written before the grammar was tuned on the others, and it was never tuned on them.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from disaster.reports.sentence import Draft, Place, parse

TODAY = date(2026, 7, 6)
PLACES = [
    Place("340882101000", "梅城镇", "潜山市"),
    Place("340882101201", "龙湾村", "梅城镇"),
    Place("340882101202", "太平村", "梅城镇"),
    Place("340882101203", "东冈村", "梅城镇"),
    Place("340882102000", "源潭镇", "潜山市"),
    Place("340882102201", "石桥村", "源潭镇"),
    Place("340882103000", "余井镇", "潜山市"),
    Place("340882103201", "太平村", "余井镇"),
    Place("340882103202", "水口村", "余井镇"),
]
MESSAGES: list[dict[str, Any]] = json.loads(
    (Path(__file__).parent / "messages.json").read_text(encoding="utf-8")
)
FIELDS = ("area", "hazard", "occurred_at", "figures")


def read(text: str) -> Draft:
    return parse(text, places=PLACES, today=TODAY)


@dataclass
class Score:
    """Counts over messages: of what was expected, what was found, and how much of that was right."""

    expected: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    sure: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    sure_right: Counter[str] = field(default_factory=Counter)

    def precision(self, name: str) -> float:
        """Of the values marked sure, the share that is right."""
        return self.sure_right[name] / self.sure[name] if self.sure[name] else 1.0

    def recall(self, name: str) -> float:
        """Of the values a person would fill in, the share that was found and is right."""
        return self.right[name] / self.expected[name] if self.expected[name] else 1.0


def values(draft: Draft) -> Iterator[tuple[str, str, Any, bool]]:
    """Give what a draft holds: field, key, value, sure."""
    if draft.area:
        yield "area", "", draft.area.code or "several", draft.area.sure
    if draft.hazard:
        yield "hazard", "", draft.hazard.key, draft.hazard.sure
    if draft.occurred_at:
        yield "occurred_at", "", draft.occurred_at.at.isoformat(), draft.occurred_at.sure
    for figure in draft.figures:
        yield "figures", figure.key, figure.value, figure.sure


def expected(message: dict[str, Any]) -> dict[tuple[str, str], Any]:
    plain = {(name, ""): message[name] for name in FIELDS[:3] if message[name]}
    return plain | {("figures", key): Decimal(value) for key, value in message["figures"].items()}


def score(messages: Iterable[dict[str, Any]]) -> Score:
    told = Score()
    for message in messages:
        wanted = expected(message)
        told.expected.update(name for name, _ in wanted)
        for name, key, value, sure in values(read(message["text"])):
            right = wanted.get((name, key)) == value
            told.found[name] += 1
            told.sure[name] += sure
            told.right[name] += right
            told.sure_right[name] += sure and right
    return told


def table() -> str:
    """The scores as the table that stands in docs/sentence.md."""
    names = {"area": "行政区划", "hazard": "灾种", "occurred_at": "发生时间", "figures": "灾情数字"}
    lines = [
        "| set | messages | field | expected | found | marked sure | precision of sure | recall |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for label, held in (("tuned on", False), ("held out", True)):
        chosen = [message for message in MESSAGES if message["held_out"] is held]
        told = score(chosen)
        lines += [
            f"| {label} | {len(chosen)} | {names[name]} | {told.expected[name]} | {told.found[name]} "
            f"| {told.sure[name]} | {told.precision(name):.3f} | {told.recall(name):.3f} |"
            for name in FIELDS
        ]
    return "\n".join(lines)
