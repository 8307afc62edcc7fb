"""Photos in pieces: whatever is cut, repeated or sent twice at once, the whole is right or refused."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from disaster import problems
from disaster.reports.models import Photo, Report
from disaster.reports.services import submit, uploads
from disaster.rules import book
from tests.disaster.reports.test_photos import name_of, picture
from tests.world import JIA, World, a_report, submission

pytestmark = pytest.mark.django_db

DATA = picture(size=(60, 40))
NAME = name_of(DATA)


@pytest.fixture(autouse=True)
def _files_apart(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def patch(world: World, client_of: Callable[[str], Client]) -> Callable[..., Any]:
    """Send a piece of the photo that a report of jia_a names."""
    filed = a_report(JIA, photos=(NAME,))
    submit(submission(filed, world.rights("jia_a")))

    def send(chunk: bytes, offset: int, *, size: int = len(DATA), account: str = "jia_a") -> Any:
        return client_of(account).patch(
            f"/api/uploads/{NAME}?report={filed.id}&size={size}",
            chunk,
            content_type="application/octet-stream",
            headers={"Upload-Offset": str(offset)},
        )

    return send


def asked(client_of: Callable[[str], Client], account: str = "jia_a") -> Any:
    return client_of(account).get(f"/api/uploads/{NAME}?report={Report.objects.get().id}")


@pytest.mark.parametrize("cut", [0, 1, 7, 8, len(DATA) // 2, len(DATA) - 1, len(DATA)])
def test_an_upload_goes_on_where_it_was_cut(
    patch: Callable[..., Any], client_of: Callable[[str], Client], cut: int
) -> None:
    patch(DATA[:cut], 0)
    told = asked(client_of).json()
    if cut < len(DATA):
        assert told == {"offset": cut, "size": len(DATA), "stored": False}
        assert patch(DATA[cut:], cut).json()["stored"] is True
    assert asked(client_of).json()["stored"] is True
    assert Photo.objects.get().hash == NAME


def test_a_repeated_piece_is_told_where_to_go_on(patch: Callable[..., Any]) -> None:
    patch(DATA[:10], 0)
    again = patch(DATA[:10], 0)
    assert (again.status_code, again.json()["number"]) == (409, "409.6")
    assert "10" in again.json()["errors"]["offset"]
    assert patch(DATA[10:], 10).json()["stored"] is True
    assert patch(DATA[10:], 10).json()["stored"] is True, "the answer was lost: the same again is no harm"
    assert Photo.objects.count() == 1


def test_wrong_bytes_are_refused_and_begun_anew(
    patch: Callable[..., Any], client_of: Callable[[str], Client]
) -> None:
    answer = patch(bytes(len(DATA)), 0)
    assert (answer.status_code, answer.json()["number"]) == (400, "400.6")
    assert asked(client_of).json()["offset"] == 0
    assert patch(DATA, 0).json()["stored"] is True


def test_sizes_that_contradict_are_refused(patch: Callable[..., Any]) -> None:
    assert patch(DATA, 0, size=5).json()["number"] == "400.7"
    patch(DATA[:10], 0)
    assert patch(DATA[10:], 10, size=len(DATA) + 1).json()["number"] == "400.7"
    assert patch(b"", 10, size=7 * 1024 * 1024).json()["number"] == "413.1"
    assert patch(bytes(256 * 1024 + 1), 10).json()["number"] == "413.1"


@pytest.mark.parametrize("account", ["jia_b", "bing_a", "east", "bureau", "foreign"])
def test_nobody_else_may_ask_or_send(
    patch: Callable[..., Any], client_of: Callable[[str], Client], account: str
) -> None:
    assert patch(DATA, 0, account=account).status_code == 404
    assert asked(client_of, account).status_code == 404


def test_what_nobody_goes_on_with_is_swept(
    patch: Callable[..., Any], client_of: Callable[[str], Client], tmp_path: Path
) -> None:
    patch(DATA[:10], 0)
    call_command("sweep_uploads")
    assert asked(client_of).json()["offset"] == 10
    [part] = tmp_path.glob("uploads/*/*.part")
    old = (datetime.now(UTC) - timedelta(days=8)).timestamp()
    os.utime(part, (old, old))
    call_command("sweep_uploads")
    assert asked(client_of).json()["offset"] == 0


@pytest.mark.parametrize(("rule", "most"), [("upload.files", 1), ("upload.total_kb", 1)])
def test_one_person_cannot_begin_without_end(
    world: World, monkeypatch: pytest.MonkeyPatch, rule: str, most: int
) -> None:
    by, now = world.rights("jia_a"), datetime.now(UTC)
    filed = a_report(JIA, photos=("1" * 64, "2" * 64))
    submit(submission(filed, by))
    known = book.value
    monkeypatch.setattr(book, "value", lambda key: most if key == rule else known(key))
    uploads.add_chunk(filed.id, "1" * 64, b"a", offset=0, size=1000, by=by, now=now)
    with pytest.raises(problems.Problem) as caught:
        uploads.add_chunk(filed.id, "2" * 64, b"a", offset=0, size=1000, by=by, now=now)
    assert caught.value.kind is problems.TOO_LARGE
    uploads.add_chunk(filed.id, "1" * 64, b"b", offset=1, size=1000, by=by, now=now)


@pytest.mark.django_db(transaction=True)
def test_the_same_piece_twice_at_once_is_taken_once(world: World) -> None:
    by, now = world.rights("jia_a"), datetime.now(UTC)
    filed = a_report(JIA, photos=(NAME,))
    submit(submission(filed, by))
    together = Barrier(4)

    def send(offset: int, end: int) -> str:
        together.wait()
        try:
            uploads.add_chunk(filed.id, NAME, DATA[offset:end], offset=offset, size=len(DATA), by=by, now=now)
        except problems.Problem as problem:
            return problem.kind.number
        finally:
            connection.close()
        return "taken"

    with ThreadPoolExecutor(4) as pool:
        told = sorted(pool.map(lambda _: send(0, 10), range(4)))
        assert told == ["409.6", "409.6", "409.6", "taken"]
        assert uploads.progress(filed.id, NAME, by=by).offset == 10
        told = sorted(pool.map(lambda _: send(10, len(DATA)), range(4)))
    assert told == ["taken"] * 4, "whoever comes after the last byte hears that it is stored"
    assert Photo.objects.count() == 1


@hypothesis_settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(cuts=st.sets(st.integers(0, len(DATA)), max_size=8), again=st.booleans())
def test_any_borders_give_the_same_photo(world: World, cuts: set[int], again: bool) -> None:
    by, now = world.rights("jia_a"), datetime.now(UTC)
    filed = a_report(JIA, photos=(NAME,))
    submit(submission(filed, by))
    borders = sorted({0, *cuts, len(DATA)})
    for start, end in pairwise(borders):
        piece = DATA[start:end]
        found = uploads.add_chunk(filed.id, NAME, piece, offset=start, size=len(DATA), by=by, now=now)
        assert (found.offset, found.stored) == (end, end == len(DATA))
        if again and end < len(DATA):
            with pytest.raises(problems.Problem) as caught:
                uploads.add_chunk(filed.id, NAME, piece, offset=start, size=len(DATA), by=by, now=now)
            assert caught.value.params == {"offset": end}
    assert Photo.objects.filter(report_id=filed.id, hash=NAME).count() == 1
