"""The language a page or an answer of shelters and plans is read in."""

from __future__ import annotations

from django.utils.translation import get_language


def language() -> str:
    """Give the reader's language."""
    return get_language() or "zh-hans"
