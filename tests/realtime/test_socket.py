"""The socket of a real server: who gets in, what is answered, what is never lost."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from disaster.people.sample import PASSWORD
from realtime.client import Phone, Refused
from realtime.consumers import MAX_BAD_FRAMES
from tests.live import Live, a_plain_report

pytestmark = pytest.mark.slow
LONGWAN, NEIGHBOUR, ELSEWHERE = "340882202205", "340882202206", "340882100002"
OFFICER, OTHER = "v202205a", "v202206a"


@pytest.fixture(scope="module")
def server(sample: Live) -> Iterator[Live]:
    with Live("socket", like=sample, ZAIQING_REPORTS_PER_MINUTE="40") as live:
        yield live


@asynccontextmanager
async def phone_of(server: Live, account: str) -> AsyncIterator[Phone]:
    async with Phone(server.url, account, PASSWORD) as phone:
        yield phone


async def hear(phone: Phone, kind: str) -> dict[str, Any]:
    """Wait for the next message of a kind."""
    async with asyncio.timeout(20):
        while True:
            message = await phone.heard.get()
            if message["type"] == kind:
                return message


async def closed_with(socket: ClientConnection) -> int:
    async with asyncio.timeout(20):
        try:
            while True:
                await socket.recv()
        except ConnectionClosed as closed:
            assert closed.rcvd is not None
            return closed.rcvd.code


def ws(server: Live, **options: Any) -> connect:
    return connect(f"ws://127.0.0.1:{server.port}/ws/", compression=None, max_size=None, **options)


# Who gets in


async def test_a_stranger_is_asked_to_sign_in(server: Live) -> None:
    async with ws(server) as socket:
        assert await closed_with(socket) == 4401
    async with ws(server, additional_headers={"Cookie": "sessionid=forged"}) as socket:
        assert await closed_with(socket) == 4401
    async with ws(server, additional_headers={"Authorization": "Bearer forged"}) as socket:
        assert await closed_with(socket) == 4401


async def test_a_page_of_another_origin_is_refused(server: Live) -> None:
    phone = Phone(server.url, OFFICER, PASSWORD)
    await phone.sign_in()
    async with ws(
        server, origin="https://evil.example", additional_headers={"Cookie": phone._cookie}
    ) as socket:
        assert await closed_with(socket) == 4403


async def test_welcome_says_who_and_where(server: Live) -> None:
    async with phone_of(server, OFFICER) as phone:
        assert phone.welcome["type"] == "welcome"
        assert phone.welcome["areas"] == [LONGWAN]
        assert phone.welcome["epoch"]


async def test_a_program_comes_in_with_a_token(server: Live) -> None:
    token = server.manage(
        "shell",
        "-v",
        "0",
        "-c",
        "from disaster.people.models import Person; from disaster.people.sessions import token_for;"
        f"print(token_for(Person.objects.get(username='{OFFICER}')))",
    ).split()[-1]
    async with ws(server, additional_headers={"Authorization": f"Bearer {token}"}) as socket:
        assert json.loads(await socket.recv())["type"] == "welcome"


# What is answered


async def test_a_report_is_acknowledged_with_number_and_times(server: Live) -> None:
    async with phone_of(server, OFFICER) as phone:
        report = a_plain_report(LONGWAN)
        receipt = await phone.file(report)
    assert receipt["id"] == report["id"]
    assert receipt["number"].startswith("340882-")
    for name in ("occurred_at", "submitted_at"):
        assert datetime.fromisoformat(receipt[name]) == datetime.fromisoformat(report[name])
    assert datetime.fromisoformat(receipt["received_at"]) <= datetime.now(UTC)
    assert receipt["approved_at"] is None
    assert abs(receipt["clock_skew_s"]) < 5


async def test_http_answers_the_same(server: Live) -> None:
    import http.client

    phone = Phone(server.url, OFFICER, PASSWORD)
    await phone.sign_in()
    report = a_plain_report(LONGWAN)
    body = json.dumps({"type": "report.submit", "report": report, "sent_at": datetime.now(UTC).isoformat()})
    cookies = dict(part.split("=", 1) for part in phone._cookie.split("; "))

    def post() -> tuple[int, Any]:
        line = http.client.HTTPConnection("127.0.0.1", server.port)
        line.request(
            "POST", "/api/reports", body, {"Cookie": phone._cookie, "X-CSRFToken": cookies["csrftoken"]}
        )
        answer = line.getresponse()
        return answer.status, json.loads(answer.read())

    status, by_http = await asyncio.to_thread(post)
    assert status == 201, by_http
    await phone.open()
    assert await phone.send_once(report) == by_http
    await phone.hang_up()


BAD_FRAMES: list[tuple[str | bytes, str]] = [
    ("not json", "400.1"),
    ("", "400.1"),
    ("[]", "400.2"),
    ('{"type":"report.burn"}', "400.4"),
    ('{"type":"report.submit"}', "400.2"),
    ('{"type":"report.submit","sent_at":"2026-01-01T00:00:00Z","report":{"id":NaN}}', "400.1"),
    ('{"type":"ping","extra":1}', "400.2"),
    (b"\xff\xfe\x00", "400.1"),
    ("[" * 5000, "400.2"),
    ('{"type":"feed.resume","since":"soon","epoch":"x"}', "400.2"),
]


@pytest.mark.parametrize(("frame", "number"), BAD_FRAMES)
async def test_a_bad_frame_is_answered_and_the_socket_lives(
    server: Live, frame: str | bytes, number: str
) -> None:
    async with phone_of(server, OFFICER) as phone:
        assert phone._socket is not None
        await phone._socket.send(frame)
        assert (await hear(phone, "problem"))["number"] == number
        await phone.say({"type": "ping"})
        assert await hear(phone, "pong")


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"figures": {"affected": "many"}}, "figures", "灾情数字"),
        ({"figures": {"affected": "NaN"}}, "figures.affected", "受灾人口"),
        ({"figures": {"crops_affected": 10, "crops_damaged": 12}}, "figures.crops_damaged", "农作物成灾面积"),
        ({"figures": {"nonsense": 1}}, "figures.nonsense", "nonsense"),
        ({"occurred_at": "2099-01-01T00:00:00+08:00"}, "occurred_at", "发生时间"),
        ({"occurred_at": "yesterday"}, "occurred_at", "发生时间"),
        ({"occurred_at": "2026-07-05T10:00:00"}, "occurred_at", "发生时间"),
        ({"fix": {"lon": 2.35, "lat": 48.85, "datum": "wgs84", "method": "gps"}}, "fix", "中国"),
        ({"fix": {"lon": 116.5, "lat": 30.6, "datum": "guess", "method": "gps"}}, "fix", "位置"),
        ({"text": "长" * 2001}, "text", "文字说明"),
        ({"photos": ["../../etc/passwd"]}, "photos", "照片"),
        ({"hazard": "locusts of doom"}, "hazard", "灾种"),
        ({"kind": "rumour"}, "kind", "报告种类"),
        ({"surprise": 1}, "surprise", "surprise"),
    ],
)
async def test_bad_input_names_the_field_in_chinese(
    server: Live, change: dict[str, Any], field: str, words: str
) -> None:
    async with phone_of(server, OTHER) as phone:
        with pytest.raises(Refused) as caught:
            await phone.file(a_plain_report(NEIGHBOUR, **change))
    problem = caught.value.problem
    assert words in problem["errors"][field], problem


async def test_ten_megabytes_of_text_are_refused_by_name_and_the_socket_lives(server: Live) -> None:
    async with phone_of(server, OFFICER) as phone:
        report = a_plain_report(LONGWAN, text="长" * 3_500_000)
        answer = await phone.send_once(report)
        assert answer["number"] == "413.1"
        assert "文字说明" in answer["errors"]["text"]
        await phone.say({"type": "ping"})
        assert await hear(phone, "pong")


async def test_a_position_of_another_township_needs_a_note(server: Live) -> None:
    with server.database.connect() as connection:
        lon, lat = connection.execute(
            "SELECT ST_X(p), ST_Y(p) FROM (SELECT ST_PointOnSurface(boundary) p FROM places_area WHERE code = %s) x",
            [ELSEWHERE],
        ).fetchone()
    report = a_plain_report(LONGWAN, fix={"lon": lon, "lat": lat, "datum": "wgs84", "method": "gps"})
    async with phone_of(server, OFFICER) as phone:
        with pytest.raises(Refused) as caught:
            await phone.file(report)
        assert caught.value.problem["number"] == "400.3"
        check = caught.value.problem["confirm"]["fix"]
        receipt = await phone.file({**report, "notes": {check: "在城里避险"}})
    assert receipt["id"] == report["id"]


async def test_english_readers_are_answered_in_english(server: Live) -> None:
    phone = Phone(server.url, OFFICER, PASSWORD)
    await phone.sign_in()
    phone._cookie += "; django_language=en"
    answer = await phone.send_once(a_plain_report(LONGWAN, hazard="x"))
    assert "hazard" in answer["errors"]["hazard"].lower()
    await phone.hang_up()


async def test_twenty_bad_frames_end_the_socket(server: Live) -> None:
    phone = Phone(server.url, OFFICER, PASSWORD)
    await phone.sign_in()
    async with ws(server, additional_headers={"Cookie": phone._cookie}) as socket:
        for _ in range(MAX_BAD_FRAMES):
            await socket.send("{")
        assert await closed_with(socket) == 4400


async def test_a_flood_is_slowed_down_not_lost(server: Live) -> None:
    """Past the allowance a report is answered with when to come back; the phone does, and it is stored."""
    account, area = "v202207a", "340882202207"
    async with phone_of(server, account) as phone:
        reports = [a_plain_report(area) for _ in range(41)]
        answers = [await phone.send_once(report) for report in reports]
        refused = [answer for answer in answers if answer["type"] == "problem"]
        assert refused
        assert refused[0]["number"] == "429.1"
        assert refused[0]["retry_after_s"] > 0
        assert (await phone.file(reports[-1]))["id"] == reports[-1]["id"]


# What is told


async def settled(server: Live) -> int:
    """The journal's head once everything written so far is sealed."""
    with server.database.connect() as connection:
        async with asyncio.timeout(20):
            while True:
                written, sealed = connection.execute(
                    "SELECT (SELECT count(*) FROM journal_entry), (SELECT coalesce(max(position), 0) FROM journal_seal)"
                ).fetchone()
                if written == sealed:
                    return int(sealed)
                await asyncio.sleep(0.02)


async def test_the_bureau_hears_a_report_and_others_do_not(server: Live) -> None:
    async with (
        phone_of(server, "bureau") as bureau,
        phone_of(server, OFFICER) as mine,
        phone_of(server, "v100002a") as other,
    ):
        head = await settled(server)
        for watcher in (bureau, mine, other):
            await watcher.resume(head, watcher.welcome["epoch"])
            assert (await hear(watcher, "change"))["changes"] == []
        report = a_plain_report(LONGWAN)
        await mine.file(report)
        for watcher in (bureau, mine):
            changes = (await hear(watcher, "change"))["changes"]
            assert [view["id"] for change in changes for view in change["put"]] == [report["id"]]
        await other.say({"type": "ping"})
        assert await hear(other, "pong")
        assert other.heard.empty(), "not a word of another township's report"


async def test_a_watcher_away_catches_up_exactly(server: Live) -> None:
    head = await settled(server)
    filed = [a_plain_report(LONGWAN) for _ in range(5)]
    async with phone_of(server, "v202205b") as phone:
        for report in filed:
            await phone.file(report)
    await settled(server)
    async with phone_of(server, "bureau") as bureau:
        await bureau.resume(head, bureau.welcome["epoch"])
        frame = await hear(bureau, "change")
    assert [view["id"] for change in frame["changes"] for view in change["put"]] == [
        report["id"] for report in filed
    ]
    assert frame["position"] >= head + 5


@pytest.mark.parametrize(("since", "epoch", "reason"), [(0, "another life", "epoch"), (10**9, None, "ahead")])
async def test_what_cannot_be_resumed_is_said_so(
    server: Live, since: int, epoch: str | None, reason: str
) -> None:
    async with phone_of(server, "bureau") as bureau:
        await bureau.resume(since, epoch or bureau.welcome["epoch"])
        assert (await hear(bureau, "snapshot_needed"))["reason"] == reason


async def test_a_restarted_process_resumes_from_the_database(server: Live) -> None:
    head = await settled(server)
    async with phone_of(server, OFFICER) as phone:
        report = a_plain_report(LONGWAN)
        await phone.file(report)
    await settled(server)
    await asyncio.to_thread(server.restart)  # its memory of changes is empty now
    async with phone_of(server, "bureau") as bureau:
        await bureau.resume(head, bureau.welcome["epoch"])
        frame = await hear(bureau, "change")
    assert report["id"] in [view["id"] for change in frame["changes"] for view in change["put"]]


async def test_who_loses_a_post_is_put_out_at_once(server: Live) -> None:
    account = "v202208a"
    async with phone_of(server, account) as phone:
        socket = phone._socket
        assert socket is not None
        await asyncio.to_thread(
            server.manage,
            "shell",
            "-v",
            "0",
            "-c",
            "from disaster.people.models import *; from disaster.people import services; from disaster.people.scope import rights_of;"
            "from django.utils import timezone as t;"
            f"services.end_post(Posting.objects.get(person__username='{account}'), on=t.localdate(),"
            " by=rights_of(Person.objects.get(username='admin'), on=t.localdate()), now=t.now())",
        )
        async with asyncio.timeout(20):
            await socket.wait_closed()
        assert socket.close_code == 4409


async def test_random_frames_never_break_the_door(server: Live) -> None:
    """Cut, twisted and swapped messages: each is answered, none ends in silence."""
    chance = random.Random(7)
    whole = json.dumps(
        {"type": "report.submit", "report": a_plain_report(LONGWAN), "sent_at": datetime.now(UTC).isoformat()}
    )
    async with phone_of(server, "bureau") as watcher:
        for round_ in range(8):
            phone = Phone(server.url, "v202203a", PASSWORD)
            await phone.sign_in()
            await phone.open()
            assert phone._socket is not None
            for _ in range(MAX_BAD_FRAMES - 1):
                cut = bytearray(whole.encode())
                for _ in range(chance.randint(1, 6)):
                    cut[chance.randrange(len(cut))] = chance.randrange(256)
                frame = bytes(cut[: chance.randrange(1, len(cut))])
                await phone._socket.send(frame)
                assert (await hear(phone, "problem"))["number"].startswith("400"), (round_, frame)
            await phone.hang_up()
        await watcher.say({"type": "ping"})
        assert await hear(watcher, "pong")
