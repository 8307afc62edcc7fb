"""No page mixes languages: in English nothing is Chinese but data, in Chinese nothing is English but names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from django.apps import apps
from django.db import models, transaction

from tests.contracts.test_language import _compiled  # noqa: F401 - the catalogue is made where it is old
from tests.e2e.pages import County, addresses, expected, one_county

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

HAN = re.compile(r"[\u3400-\u9fff]+")
LATIN = re.compile(r"[A-Za-z][a-z]{3,}")
SPOKEN = ("title", "aria-label", "placeholder", "alt", "data-label", "data-confirm")
VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
CODE = re.compile(r"https?://\S+|(?=[a-f]*\d)[0-9a-f]{6,}")
NAMES = {
    *(
        "English",
        "Features",
        "Shapefile",
        "Authorization",
        "Bearer",
        "Excel",
        "Word",
        "GeoJSON",
        "ArcGIS",
        "xlsx",
    ),
}
"""Names of formats and programs, the same in every language."""


class Words(HTMLParser):
    """What a page says: its texts, and what is read aloud or shown by its attributes.

    What is marked as being in another language, as an official text or the other language's name, is left out.
    """

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self._open: list[bool] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        foreign = tag != "html" and "lang" in given
        if tag not in VOID:
            self._open.append(foreign or tag in ("script", "style", "code"))
        shown = (*SPOKEN, "value") if given.get("type") in ("submit", "button") and tag == "input" else SPOKEN
        if not foreign:
            self.said += [given[name] or "" for name in shown if name in given]

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if not any(self._open) and data.strip():
            self.said.append(data.strip())


@pytest.fixture(scope="module")
def county(django_db_setup: None, django_db_blocker: Any) -> Iterator[County]:
    """One county for all pages, taken back at the end."""
    yield from one_county(django_db_blocker)


def _data() -> list[str]:
    """Give every Chinese word that stands in the database, the longest first."""
    found: set[str] = set()
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, models.CharField | models.TextField | models.JSONField):
                for value in model._default_manager.values_list(field.name, flat=True).iterator():
                    found.update(HAN.findall(str(value)))
    return sorted(found, key=len, reverse=True)


def _said(county: County, address: str, language: str) -> list[str]:
    client = county.client(addresses()[address], language)
    with transaction.atomic():
        # The public pages are kept for all readers: the language is part of their address.
        asked = {"lang": "en"} if address.startswith("/public/") and language == "en" else {}
        page = client.get(county.path(address), asked)
        transaction.set_rollback(True)
    assert page.status_code == expected(address)
    words = Words()
    words.feed(page.content.decode())
    return words.said


OURS = [address for address in addresses() if not address.startswith("/admin/")]
"""The administration's columns are named by its library, and what stands in them is data."""


@pytest.fixture(scope="module")
def data(county: County) -> list[str]:
    return _data()


@pytest.mark.parametrize("address", addresses())
def test_in_english_nothing_is_chinese_but_data(county: County, data: list[str], address: str) -> None:
    left = []
    for said in _said(county, address, "en"):
        rest = said
        for word in data:
            rest = rest.replace(word, "")
        left += [said] if HAN.search(rest) else []
    assert left == []


@pytest.mark.parametrize("address", OURS)
def test_in_chinese_nothing_is_english_but_names(county: County, address: str) -> None:
    left = [
        said for said in _said(county, address, "zh-hans") if set(LATIN.findall(CODE.sub("", said))) - NAMES
    ]
    assert left == []
