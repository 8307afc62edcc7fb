"""The database emptied after a test with real transactions: of rows, where there are any.

Django truncates all tables, which makes each of them, and each of its indexes, a new file: over a second
for every such test, while a few dozen rows stand in a handful of tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Set
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.db.models.signals import post_migrate
from django.test import TransactionTestCase

KEPT = {"django_migrations", "django_content_type", "auth_permission"}
"""What migrating wrote, and ``flush`` would write again."""

SHIPPED = ("rules", "stock", "funds")
"""Apps that put rows of their own in place after migrating."""

BEFORE, DELETE = 2, 8
GUARDS = f"""
    SELECT tgrelid::regclass::text, tgname FROM pg_trigger
    WHERE NOT tgisinternal AND tgtype & {BEFORE} > 0 AND tgtype & {DELETE} > 0
"""
"""Triggers that let nobody delete: the journal's, the ledgers'."""


def instead_of_flush() -> None:
    """Empty the database so from now on."""
    TransactionTestCase._fixture_teardown = _teardown


def _teardown(self: TransactionTestCase) -> None:
    empty()
    for label in SHIPPED:
        config = apps.get_app_config(label)
        post_migrate.send(
            config,
            app_config=config,
            verbosity=0,
            interactive=False,
            using="default",
            stdout=None,
            plan=[],
            apps=apps,
        )


def empty() -> None:
    """Delete every row, and what triggers wrote about it."""
    tables = set(connection.introspection.django_table_names(only_existing=True, include_views=False)) - KEPT
    with connection.cursor() as cursor:
        cursor.execute(GUARDS)
        guards = cursor.fetchall()
        while full := _with_rows(cursor, tables):
            with transaction.atomic():
                on_guard = [(table, name) for table, name in guards if table in full]
                _run(cursor, (f'ALTER TABLE "{table}" DISABLE TRIGGER "{name}"' for table, name in on_guard))
                _run(cursor, (f'DELETE FROM "{table}"' for table in full))
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                _run(cursor, (f'ALTER TABLE "{table}" ENABLE TRIGGER "{name}"' for table, name in on_guard))


def _with_rows(cursor: Any, tables: Set[str]) -> list[str]:
    """Give the tables in which a row stands."""
    questions = (f"SELECT '{table}' WHERE EXISTS (SELECT FROM \"{table}\")" for table in sorted(tables))
    cursor.execute(" UNION ALL ".join(questions))
    return [table for (table,) in cursor.fetchall()]


def _run(cursor: Any, statements: Iterable[str]) -> None:
    """Send statements together."""
    if text := "; ".join(statements):
        cursor.execute(text)
