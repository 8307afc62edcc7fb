"""The map's search at national size: the statement alone, by EXPLAIN ANALYZE, and over HTTP with all around it.

    script/bench search [--times 5] [--url postgresql://… --keep]

A country of 690,000 villages whose names are drawn as real ones repeat, 100,000 officers and 300,000 reports, in a
scratch database (a quarter of an hour). Asked by somebody who sees all of it and by somebody of one county: names, full
pinyin, initials, single characters that every village bears, and numbers of reports. First every name is spelled.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from collections.abc import Sequence
from urllib.parse import quote

from django.db import connections

from disaster.config import env
from tests.benchmarks.tiles import READER, Nation, Wire

NAMES = """
UPDATE places_area area SET name = drawn.name FROM (
    SELECT code, substr(chars, 1 + floor(random() * long)::int, 1) || substr(chars, 1 + floor(random() * long)::int, 1)
        || CASE WHEN random() < .3 THEN substr(chars, 1 + floor(random() * long)::int, 1) ELSE '' END
        || CASE level WHEN 'village' THEN CASE WHEN random() < .8 THEN '村' ELSE '社区' END WHEN 'township' THEN '镇' ELSE '县' END AS name
      FROM places_area, (SELECT chars, length(chars) AS long FROM (VALUES
           ('龙湾新华桥头大王河口李家赵陈石门东西南北山水塘岭坪坝溪长重乐和平安红旗光明前进胜利双凤凰白云青松柏杨柳槐树井泉沟梁庙寺塔')) letters (chars)) letters
     WHERE level IN ('village', 'township', 'city')) drawn WHERE drawn.code = area.code
"""
PEOPLE = """
WITH made AS (
    INSERT INTO people_person (password, is_superuser, username, name, phone_sealed, phone_hash, unit, title, language, is_active, is_staff, is_sample, joined_at)
    SELECT '!', false, 'bench-' || number, substr('王李张刘陈杨黄赵吴周', 1 + number % 10, 1) || substr('伟芳娜敏静强磊洋勇军杰涛明超霞平刚桂', 1 + number / 10 % 18, 1)
        || substr('华国梅英文林波辉玲', 1 + number / 180 % 9, 1), '', '', '', '', 'zh-hans', true, false, false, now()
      FROM generate_series(1, 100000) number RETURNING id)
INSERT INTO people_posting (role, post, full_time, valid_from, area_code, person_id)
SELECT 'officer', 'A', false, '2020-01-01', area.code, made.id
  FROM (SELECT id, row_number() OVER () AS at FROM made) made
  JOIN (SELECT code, row_number() OVER (ORDER BY md5(code)) AS at FROM places_area WHERE level = 'village') area USING (at)
"""
REPORTS = """
INSERT INTO reports_report (id, number, digest, series, area_code, kind, hazard, state, remark, author_id, author_name, occurred_at, submitted_at,
        received_at, clock_skew_s, datum, method, placed_in, figures, entered, text, notes, photos, voices, passed_by, approved_by, returned_by, returned_fields, serial)
SELECT gen_random_uuid(), left(code, 6) || '-20260705-' || lpad(at::text, 6, '0'), '', gen_random_uuid(), code, 'first', 'flood', 'stored', '',
       (SELECT min(id) FROM people_person), '王伟', now(), now(), now(), 0, '', '', '', '{}', '{}', '', '{}', '{}', '{}', '', '', '', '{}', at
  FROM (SELECT code, row_number() OVER (ORDER BY md5(code)) AS at FROM places_area WHERE level = 'village' LIMIT 300000) drawn
"""
COUNTY = """
from django.test import Client; from disaster.people.models import Person, Posting; from gis.models import Area
from django.utils import timezone
area = Area.objects.filter(level="city", code__gte="95").order_by("code").first()
person, _ = Person.objects.get_or_create(username="county-bench", defaults={"name": "县"})
Posting.objects.get_or_create(person=person, area=area, role="coordinator", defaults={"valid_from": timezone.localdate()})
client = Client(); client.force_login(person, backend="disaster.people.backends.NameOrPhoneBackend")
print("COOKIE", client.cookies["sessionid"].value)
"""
READERS = {"country": "nation-bench", "county": "county-bench"}
ASKED = {
    "name": ["新华村", "龙湾", "大王河", "平安社区", "白云", "石门镇", "凤凰", "红旗村", "李家", "长岭"],
    "one character": ["村", "社", "龙", "王", "镇"],
    "pinyin": ["xinhuacun", "longwan", "dawang", "pingan", "baiyun", "cun", "cu", "she", "zhen", "wangwei"],
    "initials": ["xhc", "lw", "dwh", "pasq", "by", "wc", "hc", "sq", "ww", "lgh"],
    "number": ["950101-20260705", "000123", "299999", "950101"],
}


def reader(live: Nation, script: str) -> str:
    """Sign somebody in, and give the cookie."""
    out = live.manage("shell", "-v", "0", "-c", script)
    return next(line.split()[1] for line in out.splitlines() if line.startswith("COOKIE"))


def statements(account: str, times: int) -> dict[str, list[float]]:
    """Milliseconds of each kind's questions by EXPLAIN ANALYZE, planning included."""
    from django.db import connection
    from django.utils import timezone

    from disaster.atlas import search
    from disaster.people.models import Person
    from disaster.people.scope import rights_of

    by = rights_of(Person.objects.get(username=account), on=timezone.localdate())
    found: dict[str, list[float]] = {}
    with connection.cursor() as cursor:
        for kind, questions in ASKED.items():
            for asked in questions * times:
                sql, params = search.statement(asked, by=by, on=timezone.localdate())
                cursor.execute(f"EXPLAIN (ANALYZE, TIMING off, FORMAT JSON) {sql}", params)
                (plan,) = cursor.fetchone()[0]
                found.setdefault(kind, []).append(plan["Planning Time"] + plan["Execution Time"])
    return found


def over_http(wire: Wire, times: int) -> dict[str, list[float]]:
    """Milliseconds of each kind's questions over HTTP."""
    found: dict[str, list[float]] = {}
    for kind, questions in ASKED.items():
        for asked in questions * times:
            start = time.perf_counter()
            status, _, _ = wire.get(f"/api/map/search?q={quote(asked)}")
            assert status == 200
            found.setdefault(kind, []).append((time.perf_counter() - start) * 1000)
    return found


def told(title: str, found: dict[str, list[float]]) -> None:
    """Print medians and the 95th hundredth of each kind, and of all."""
    everything = [one for each in found.values() for one in each]
    for kind, values in (*found.items(), ("all", everything)):
        cut = statistics.quantiles(values, n=20)[-1]
        print(
            f"{title}, {kind}: p50 {statistics.median(values):.1f} ms, p95 {cut:.1f} ms, worst {max(values):.1f} ms",
            flush=True,
        )


def main(words: Sequence[str] | None = None) -> None:
    """Measure all of it in one run."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--url", default="", help="a database that holds all of it already, with --keep")
    parser.add_argument("--keep", action="store_true")
    options = parser.parse_args(words)
    with Nation(options.url, keep=options.keep) as live:
        if not options.keep:
            fill(live)
        cookies = {"country": reader(live, READER), "county": reader(live, COUNTY)}
        os.environ["DATABASE_URL"] = live.database.url
        connections.databases["default"] |= env.env_database()
        for who, account in READERS.items():
            statements(account, 1)  # what is asked for often lies in memory
            told(f"{who}, statement", statements(account, options.times))
            wire = Wire(live.port, cookies[who])
            over_http(wire, 1)
            told(f"{who}, HTTP", over_http(wire, options.times))


def fill(live: Nation) -> None:
    """Draw the names, make people and reports, and spell: how long that takes is told."""
    with live.database.connect() as connection:
        connection.execute("SELECT setseed(0.69)")
        for sql in (NAMES, PEOPLE, REPORTS):
            connection.execute(sql)
        connection.execute("VACUUM ANALYZE places_area, people_person, people_posting, reports_report")
        began = time.monotonic()
        print(live.manage("spell_names").strip(), f"in {time.monotonic() - began:.0f} s", flush=True)
        connection.execute("VACUUM ANALYZE atlas_spelling")


if __name__ == "__main__":
    main()
