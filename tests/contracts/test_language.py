"""Chinese is the source, English is complete: every word of the product stands in both."""

from __future__ import annotations

import importlib
import os
import pkgutil
import re
import shutil
import string
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import translation

import disaster
from disaster.problems import CATALOGUE, Words
from disaster.reports import checks, reading
from tests.live import ROOT
from tests.world import World

ENGLISH = ROOT / "locale" / "en" / "LC_MESSAGES" / "django.po"
CJK = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
SWITCH = re.compile(r'<button[^>]*name="language"[^>]*>[^<]*</button>')
"""The switch names the other language in its own words."""


@pytest.fixture(scope="module", autouse=True)
def _compiled() -> None:
    """A compiled catalogue is no source: make it where it is missing or old, as the server does."""
    for source in ROOT.glob("locale/*/LC_MESSAGES/*.po"):
        made = source.with_suffix(".mo")
        if not made.exists() or made.stat().st_mtime < source.stat().st_mtime:
            subprocess.run(["msgfmt", "--check-format", "-o", made, source], check=True)
            translation.trans_real._translations.clear()


# The catalogue of templates, models and administration.


def test_no_english_word_is_missing_or_fuzzy() -> None:
    done = _run("msgfmt", "--check-format", "--statistics", "-o", "/dev/null", ENGLISH)
    assert re.fullmatch(r"\d+ translated messages\.", done.stderr.strip()), done.stderr


def test_nothing_new_is_in_the_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """Extract the words anew, aside, and hold them against the catalogue: none missing, none left over."""
    for room in ("disaster", "gis", "realtime"):
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__", "*.csv"))
    settings.LOCALE_PATHS = [str(tmp_path / "locale")]
    (tmp_path / "locale").mkdir()
    monkeypatch.chdir(tmp_path)
    call_command("makemessages", locale=["en"], no_obsolete=True, keep_pot=True, verbosity=0)
    done = _run("msgcmp", ENGLISH, tmp_path / "locale" / "django.pot")
    assert (done.returncode, done.stderr) == (0, "")


def test_every_source_word_is_chinese_and_no_english_word_is() -> None:
    entries = re.findall(r'^msgid "(.+)"\nmsgstr "(.+)"$', ENGLISH.read_text(), re.MULTILINE)
    assert len(entries) > 100
    assert [source for source, _ in entries if not CJK.search(source)] == []
    assert [english for _, english in entries if CJK.search(english)] == []


# The words that travel with their own translation.


def _words() -> dict[int, tuple[str, Words]]:
    """Every pair that a module of the product holds, with where it was found."""
    found: dict[int, tuple[str, Words]] = {}
    for module in pkgutil.walk_packages(disaster.__path__, "disaster."):
        if ".migrations" in module.name or module.name.endswith("asgi"):
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            for words in _within(value, 0):
                found.setdefault(id(words), (f"{module.name}.{name}", words))
    return found


def _within(value: Any, depth: int) -> Iterator[Words]:
    if isinstance(value, Words):
        yield value
    elif depth < 5 and isinstance(value, dict):
        for item in value.values():
            yield from _within(item, depth + 1)
    elif depth < 5 and isinstance(value, tuple | list | frozenset):
        for item in value:
            yield from _within(item, depth + 1)
    elif depth < 5 and is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from _within(getattr(value, field.name, None), depth + 1)


def test_the_search_for_words_finds_them() -> None:
    """The next test would say nothing if the search found nothing."""
    found = set(_words())
    expected = [
        *(kind.words for kind in CATALOGUE.values()),
        *(check.words for check in checks.ALL),
        *reading._LABELS.values(),
    ]
    assert len(expected) > 60
    assert {id(words) for words in expected} <= found


def test_every_pair_of_words_says_it_in_both_languages() -> None:
    for where, words in _words().values():
        assert words.zh.strip(), where
        assert words.en.strip(), where
        assert words.zh != words.en, where
        assert CJK.search(words.zh), (where, words.zh)
        assert not CJK.search(words.en), (where, words.en)


def test_english_asks_for_no_parameter_that_chinese_does_not_have() -> None:
    def asked(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    surplus = {
        where: asked(words.en) - asked(words.zh) - {"en", "unit_en"}
        for where, words in _words().values()
        if asked(words.en) - asked(words.zh) - {"en", "unit_en"}
    }
    assert surplus == {}


# The pages, as a browser asks for them.


def _page(client: Client, path: str, world: World, **headers: str) -> str:
    answer = client.get(path, headers=headers)
    assert answer.status_code == 200
    return SWITCH.sub("", answer.content.decode()).replace(world["keeper"].name, "").replace("路人", "")


@pytest.mark.parametrize(
    ("account", "path"), [("nobody", "/sign-in/"), ("keeper", "/"), ("admin", "/"), ("stranger", "/")]
)
def test_pages_speak_english_when_it_was_chosen(
    world: World, client_of: Callable[[str], Client], account: str, path: str
) -> None:
    client = client_of(account)
    client.cookies["django_language"] = "en"
    page = _page(client, path, world).replace(world["admin"].name, "")
    assert 'lang="en"' in page
    assert CJK.findall(page) == []


@pytest.mark.parametrize(("account", "path"), [("nobody", "/sign-in/"), ("keeper", "/")])
@pytest.mark.parametrize("asked", ["", "en", "en-US,en;q=0.9"])
def test_pages_are_chinese_whatever_a_browser_prefers(
    world: World, client_of: Callable[[str], Client], account: str, path: str, asked: str
) -> None:
    page = _page(client_of(account), path, world, **{"accept-language": asked})
    assert 'lang="zh-hans"' in page
    assert "退出" in page if account == "keeper" else "账号或手机号" in page


def test_problems_speak_the_chosen_language(client: Client, db: Any) -> None:
    def told(cookie: str, **headers: str) -> str:
        if cookie:
            client.cookies["django_language"] = cookie
        return client.get("/api/me", headers=headers).json()["message"]

    assert told("", **{"accept-language": "en"}) == "请先登录"
    assert told("en") == "Sign in first"
    assert told("fr") == "请先登录"


def test_the_switch_sets_the_language(client: Client, db: Any) -> None:
    client.post("/i18n/setlang/", {"language": "en", "next": "/sign-in/"})
    assert "User name or phone number" in client.get("/sign-in/").content.decode()
    client.post("/i18n/setlang/", {"language": "zh-hans", "next": "/sign-in/"})
    assert "账号或手机号" in client.get("/sign-in/").content.decode()


def _run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    words = [str(word) for word in command]
    return subprocess.run(
        words, capture_output=True, text=True, check=False, env={**os.environ, "LC_ALL": "C.UTF-8"}
    )
