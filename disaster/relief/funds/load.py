"""Opening the accounts of which there is one each, never over a local edit."""

from __future__ import annotations

from typing import Any

from django.db import DEFAULT_DB_ALIAS


def after_migrate(using: str = DEFAULT_DB_ALIAS, **_signal: Any) -> None:
    """Open every account of a kind that has only one, if it is missing."""
    from disaster.relief.funds.models import Account

    known = set(Account.objects.using(using).values_list("kind", flat=True))
    single = [kind for kind in Account.Kind if kind not in Account.MANY and kind.value not in known]
    Account.objects.using(using).bulk_create(Account(kind=kind) for kind in single)
