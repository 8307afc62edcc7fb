"""What is written down is what the code does."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest
from django.apps import apps
from django.db.models import CheckConstraint, Model

from disaster import problems
from disaster.config.management.commands.write_docs import DOCUMENTS
from realtime import describe, protocol

ROOT = Path(__file__).resolve().parent.parent.parent
MESSAGES = (*protocol.REQUESTS, *protocol.EVENTS)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_document_is_as_the_code_would_write_it(name: str) -> None:
    written = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert written == DOCUMENTS[name](), "run manage.py write_docs"


@pytest.mark.parametrize("message", MESSAGES, ids=describe.name_of)
def test_each_message_has_an_example_that_is_one(message: type[msgspec.Struct]) -> None:
    example = describe.EXAMPLES[describe.name_of(message)]
    decoded = msgspec.json.decode(example, type=message)
    again = msgspec.json.decode(protocol.encode(decoded), type=message)
    assert again == decoded
    jsonschema.Draft202012Validator(describe.schema()).validate(json.loads(example))


def test_the_schema_is_a_schema_and_refuses_what_is_no_message() -> None:
    schema = describe.schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    for wrong in ({"type": "report.burn"}, {}, [], {"type": "feed.resume", "since": "x", "epoch": "e"}):
        assert not validator.is_valid(wrong)


def test_requests_are_imperative_and_events_past_tense() -> None:
    assert {describe.name_of(message) for message in protocol.REQUESTS} == {
        "feed.resume",
        "report.submit",
        "trip.fix",
        "ping",
    }
    assert {describe.name_of(message) for message in protocol.EVENTS} == {
        *("welcome", "report.stored", "trip.fixed", "problem", "change", "snapshot_needed", "pong")
    }


def test_every_close_code_in_the_code_is_in_the_table() -> None:
    source = (ROOT / "realtime" / "consumers.py").read_text() + (ROOT / "realtime" / "hub.py").read_text()
    used = {int(code) for code in re.findall(r"(?:close|expel)\((\d{4})\)", source)}
    assert used <= set(protocol.CLOSE_CODES)


def test_every_problem_speaks_both_languages_and_carries_its_status() -> None:
    for number, kind in problems.CATALOGUE.items():
        assert 400 <= kind.status < 600, number
        assert kind.words.zh != kind.words.en
        assert set(re.findall(r"\{(\w+)\}", kind.words.zh)) == set(re.findall(r"\{(\w+)\}", kind.words.en))


def ours() -> list[type[Model]]:
    return [
        model
        for room in ("places", "people", "events", "reports", "journal")
        for model in apps.get_app_config(room).get_models()
    ]


@pytest.mark.parametrize("model", ours(), ids=lambda model: model.__name__)
def test_every_rule_of_the_database_explains_itself(model: Any) -> None:
    for rule in model._meta.constraints:
        if isinstance(rule, CheckConstraint):
            assert rule.violation_error_message != rule.default_violation_error_message, rule.name


@pytest.mark.parametrize("model", ours(), ids=lambda model: model.__name__)
def test_every_column_has_a_chinese_name(model: Any) -> None:
    for field in model._meta.concrete_fields:
        if field.column not in {"id", "password", "last_login", "is_superuser"} and not field.primary_key:
            assert re.search(r"[一-鿿]", str(field.verbose_name)), field


def test_nothing_of_this_machine_or_of_a_registry_is_committed() -> None:
    import subprocess

    files = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    for name in files:
        if name.endswith((".txt", ".json", ".in", ".toml", ".npmrc")) and "sample" not in name:
            text = (ROOT / name).read_text(encoding="utf-8")
            assert not re.search(r"index-url|files\.pythonhosted|registry\.npm|\"resolved\"", text), name


GUIDES = [*sorted((ROOT / "docs").rglob("*.md")), ROOT / "README.md", ROOT / "CONTRIBUTING.md"]


@pytest.mark.parametrize("document", GUIDES, ids=lambda document: str(document.relative_to(ROOT)))
def test_what_a_document_links_to_is_there(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", text) + re.findall(r'src="([^"]+)"', text)
    gone = [
        link
        for link in links
        if "://" not in link and not (document.parent / link.split("#")[0]).resolve().exists()
    ]
    assert gone == []
