"""The state a reader starts from. The registry stands here; its entries come from above."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from disaster.journal import seal
from gis.scope import AreaScope

Source = Callable[[AreaScope], Iterable[Any]]
_sources: dict[str, Source] = {}


def register(object_kind: str, source: Source) -> None:
    """Let objects of a kind appear in snapshots, as their journal rows put them."""
    _sources[object_kind] = source


def take(scope: AreaScope) -> dict[str, Any]:
    """Give the present objects in ``scope`` and the position to resume from.

    The position is read before the state: what changes meanwhile is told again, whole,
    and putting an object twice does no harm. The other order would lose it.
    """
    life, top = seal.current_life(), seal.head()
    return {"epoch": str(life.epoch), "position": top.position, "objects": objects(scope, _sources)}


def objects(scope: AreaScope, kinds: Iterable[str]) -> list[Any]:
    """Give the present objects of some kinds in ``scope``."""
    return [view for kind in kinds for view in _sources[kind](scope)]
