"""Cells of tables that spreadsheets open."""

from __future__ import annotations

_RISKY = ("=", "+", "-", "@", "\t", "\r")


def guarded(text: str) -> str:
    """Put an apostrophe before what a spreadsheet would run as a formula (CWE-1236)."""
    return f"'{text}" if text.lstrip("'").startswith(_RISKY) else text


def unguarded(text: str) -> str:
    """Undo :func:`guarded`."""
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(_RISKY) else text
