"""Putting the shipped rules and code lists into the database, never over a local edit."""

from __future__ import annotations

import tomllib
from datetime import date
from typing import Any

from django.db import DEFAULT_DB_ALIAS

from disaster.rules import book
from disaster.rules.catalogue import CATALOGUE, SHIPPED
from disaster.rules.models import Code, Rule


def after_migrate(using: str = DEFAULT_DB_ALIAS, **_signal: Any) -> None:
    """Add every shipped row whose key has no row yet.

    A key that has any row was put there before, or by the bureau: it is left alone.
    """
    have = set(Rule.objects.using(using).values_list("key", flat=True))
    Rule.objects.using(using).bulk_create(
        Rule(
            key=known.key,
            value=known.value,
            source=known.source,
            valid_from=known.valid_from,
            is_sample=known.is_sample,
        )
        for known in CATALOGUE.values()
        if known.key not in have
    )
    listed = set(Code.objects.using(using).values_list("list", "key"))
    Code.objects.using(using).bulk_create(
        code for code in shipped_codes() if (code.list, code.key) not in listed
    )
    book.forget()


def shipped_codes() -> list[Code]:
    """Read every shipped code list, in order."""
    codes: list[Code] = []
    for path in sorted((SHIPPED / "codes").glob("*.toml")):
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        for order, row in enumerate(content["code"]):
            codes.append(
                Code(
                    list=path.stem,
                    key=row["key"],
                    zh=row["zh"],
                    en=row["en"],
                    parent=row.get("parent", ""),
                    national=row.get("national", ""),
                    certain=row.get("certain", True),
                    order=order,
                    source=row.get("source", content["source"]),
                    valid_from=content.get("valid_from", date(2020, 3, 8)),
                    is_sample=content.get("sample", False),
                )
            )
    return codes
