"""Signing in by user name or by telephone number."""

from __future__ import annotations

import unicodedata
from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest

from disaster.people import private
from disaster.people.models import Person


def _plain(account: str) -> str:
    """Bring what was typed to one form: full-width letters and digits are as good as others."""
    return unicodedata.normalize("NFKC", account).replace("\0", "").strip()


def find(account: str) -> Person | None:
    """Find a person by user name or telephone number."""
    account = _plain(account)
    by_name = Person.objects.filter(username=account).first()
    return by_name or Person.objects.by_phone(account).first()


class NameOrPhoneBackend(ModelBackend):
    """Checks a password. An unknown account costs as much time as a known one."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> Person | None:
        """Give the person if account and password fit and the account is in use."""
        if not username or not password:
            return None
        person = find(username)
        if person is None:
            make_password(password)  # the same work as a real check: names can't be probed by time
            return None
        return person if person.check_password(password) and self.user_can_authenticate(person) else None


def axes_username(request: HttpRequest | None, credentials: dict[str, Any] | None = None) -> str:
    """Name the account that failures are counted on: name and number are one account.

    It is a keyed hash, so that no telephone number lands in the failure table.
    """
    account = _plain(str((credentials or {}).get("username") or ""))
    person = find(account)
    return person.username if person else private.blind(account)[:40]
