"""Voice notes: kept as they came, heard by whoever sees the report, and nothing else is kept as one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.test import Client

from disaster.journal.models import Entry
from disaster.reports.messages import Report as Message
from disaster.reports.models import Report, Voice
from disaster.reports.services import submit
from disaster.reports.services.voices import kind_of
from disaster.reports.shown import views
from tests.disaster.reports.test_photos import name_of, picture
from tests.world import JIA, World, a_report, submission

pytestmark = pytest.mark.django_db

EBML = b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm"
WEBM = EBML + b"\x16\x54\xae\x6b\x86\x86A_OPUS" + bytes(range(256)) * 8
MP4 = (
    b"\x00\x00\x00\x1cftypiso5\x00\x00\x02\x00iso5iso6mp41"
    + b"\x00\x00\x00\x20hdlr"
    + bytes(8)
    + b"soun"
    + bytes(600)
)


@pytest.fixture(autouse=True)
def _files_apart(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def send(world: World, client_of: Callable[[str], Client]) -> Callable[..., Any]:
    """File a report naming a voice note, then send its bytes."""

    def put(data: bytes, *, account: str = "jia_a", name: str = "", report: Report | None = None) -> Any:
        name = name or name_of(data)
        if report is None:
            filed = a_report(JIA, voices=(name,))
            submit(submission(filed, world.rights("jia_a")))
            report = Report.objects.get(id=filed.id)
        return client_of(account).put(
            f"/api/reports/{report.id}/voices/{name}", data, content_type="application/octet-stream"
        )

    return put


@pytest.mark.parametrize(("data", "mime"), [(WEBM, "audio/webm"), (MP4, "audio/mp4")])
def test_a_voice_note_is_heard_by_those_who_see_the_report(
    send: Callable[..., Any], client_of: Callable[[str], Client], data: bytes, mime: str
) -> None:
    answer = send(data)
    assert (answer.status_code, answer.json()) == (201, {"hash": name_of(data), "stored": True})
    for account, status in (("jia_a", 200), ("east", 200), ("bureau", 200), ("bing_a", 404), ("west", 404)):
        heard = client_of(account).get(f"/api/voices/{name_of(data)}")
        assert heard.status_code == status, account
        if status == 200:
            assert heard.content == data
            assert heard["Content-Type"] == mime
            assert heard["X-Content-Type-Options"] == "nosniff"
            assert heard["Content-Disposition"] == "inline"
    [view] = views("report.area_code = %s", [JIA])
    assert view.voices == view.voices_stored == [name_of(data)]
    assert Entry.objects.filter(verb="report.voice_stored").count() == 1


@pytest.mark.parametrize(
    ("asked", "status", "told"),
    [
        ("bytes=0-1", 206, WEBM[:2]),
        ("bytes=100-", 206, WEBM[100:]),
        ("bytes=0-99999", 206, WEBM),
        ("bytes=5-2", 200, WEBM),
        ("bytes=99999-", 200, WEBM),
        ("bytes=-5", 200, WEBM),
        ("lines=1-2", 200, WEBM),
    ],
)
def test_a_player_may_ask_for_a_part(
    send: Callable[..., Any], client_of: Callable[[str], Client], asked: str, status: int, told: bytes
) -> None:
    send(WEBM)
    heard = client_of("jia_a").get(f"/api/voices/{name_of(WEBM)}", headers={"Range": asked})
    assert (heard.status_code, heard.content) == (status, told)
    if status == 206:
        assert heard["Content-Range"].endswith(f"/{len(WEBM)}")


def test_the_same_again_changes_nothing(send: Callable[..., Any]) -> None:
    send(WEBM)
    assert send(WEBM, report=Report.objects.get()).status_code == 201
    assert (Voice.objects.count(), Entry.objects.filter(verb="report.voice_stored").count()) == (1, 1)


HOSTILE = {
    "nothing": b"",
    "a photo": picture(),
    "html": b"<html><script>alert(1)</script>",
    "html behind a film's first bytes": b"\x1a\x45\xdf\xa3<html><script>alert(1)</script>",
    "a film": EBML + b"V_VP8 A_OPUS" + bytes(300),
    "matroska": WEBM.replace(b"webm", b"matroska"),
    "vorbis": WEBM.replace(b"A_OPUS", b"A_VORBIS"),
    "an mp4 film": MP4.replace(b"soun", b"vide"),
    "heic": b"\x00\x00\x00\x18ftypheic" + bytes(300),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_recording_is_refused_in_words(send: Callable[..., Any], name: str) -> None:
    answer = send(HOSTILE[name])
    assert (answer.status_code, answer.json()["number"]) == (400, "400.8")
    assert Voice.objects.count() == 0


def test_cut_short_too_large_or_not_named(send: Callable[..., Any]) -> None:
    assert send(WEBM[:-9], name=name_of(WEBM)).json()["number"] == "400.6"
    report = Report.objects.get()
    assert send(MP4, report=report).status_code == 404, "the report names no such voice note"
    assert send(WEBM + bytes(3 * 1024 * 1024)).json()["number"] == "413.1"
    for account in ("jia_b", "bing_a", "bureau"):
        assert send(WEBM, account=account, report=report).status_code == 404


def test_at_most_three_in_a_report() -> None:
    body = msgspec.json.encode(a_report(JIA, voices=("a" * 64,) * 4))
    with pytest.raises(msgspec.ValidationError, match="voices"):
        msgspec.json.decode(body, type=Message)


def test_a_voice_note_may_come_in_pieces(world: World, client_of: Callable[[str], Client]) -> None:
    filed = a_report(JIA, voices=(name_of(WEBM),))
    submit(submission(filed, world.rights("jia_a")))
    address = f"/api/uploads/{name_of(WEBM)}?report={filed.id}"
    client = client_of("jia_a")
    assert client.get(address).status_code == 404, "the report names no such photo"
    for start, end in ((0, 1000), (1000, len(WEBM))):
        assert client.get(f"{address}&kind=voice").json()["offset"] == start
        answer = client.patch(
            f"{address}&kind=voice&size={len(WEBM)}",
            WEBM[start:end],
            content_type="application/octet-stream",
            headers={"Upload-Offset": str(start)},
        )
    assert answer.json()["stored"] is True
    assert Voice.objects.get().bytes == len(WEBM)
    answer = client.patch(f"{address}&kind=film&size=9", b"", content_type="application/octet-stream")
    assert answer.status_code == 400


def test_the_reviewer_hears_it(send: Callable[..., Any], client_of: Callable[[str], Client]) -> None:
    send(WEBM)
    page = client_of("east").get(f"/review/{Report.objects.get().id}/").content.decode()
    assert f'<audio controls preload="none" src="/api/voices/{name_of(WEBM)}"' in page


def test_the_kinds_are_told_by_the_head_alone() -> None:
    assert (kind_of(WEBM), kind_of(MP4), kind_of(b"RIFF" + WEBM)) == ("audio/webm", "audio/mp4", None)
