"""Something made once for all tests of a file: what each of them adds is taken back before the next."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from django.db import connections, transaction

Made = TypeVar("Made")


@contextmanager
def held(blocker: Any, make: Callable[[], Made]) -> Iterator[Made]:
    """Make it in one transaction, and take that back at the end.

    ``blocker``: pytest-django's, which keeps fixtures of a file from the database.
    """
    with blocker.unblock():
        with transaction.atomic():
            yield make()
            transaction.set_rollback(True)
        connections.close_all()
