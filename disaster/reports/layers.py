"""The reports' tile layer: where the standing reports are, for maps that do not live on the feed."""

from __future__ import annotations

from gis import layers


def register() -> None:
    """Enter the layer into the registry below."""
    layers.register(REPORTS)
