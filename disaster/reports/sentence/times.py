"""When it happened: dates and hours as people write them, in Beijing time. Pure."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone

from disaster.problems import Words
from disaster.reports.sentence.model import FoundTime
from disaster.reports.sentence.numerals import value_of
from disaster.reports.sentence.written import Written

BEIJING = timezone(timedelta(hours=8))
NO_HOUR = Words("只有日期,没有几点", "A date without an hour")
NO_DAY = Words("只有钟点,当作今天", "An hour without a day: taken for today")
VAGUE = Words("时间是大概的", "The hour is a rough one")

_N = r"(?:\d{1,2}|[一二两三四五六七八九十]{1,3})"
_DAYS = {"今": 0, "昨": -1, "前": -2}
_PARTS = {
    "凌晨": (3, 0), "清晨": (6, 0), "早上": (7, 0), "早晨": (7, 0), "上午": (9, 0), "中午": (12, 0),
    "下午": (15, 12), "傍晚": (18, 12), "晚上": (20, 12), "夜里": (22, 12), "半夜": (0, 0), "深夜": (23, 12),
    "早": (7, 0), "晨": (6, 0), "晚": (20, 12), "夜": (22, 12),
}  # fmt: skip
_PART = "|".join(sorted(_PARTS, key=len, reverse=True))
_DATE = (
    rf"(?:(?P<year>20\d\d)[年./-])?(?P<month>{_N})月(?P<day>{_N})[日号]?"
    r"|(?:(?P<year2>20\d\d)[年./-])(?P<month3>\d{1,2})[./-](?P<day3>\d{1,2})日?"
    r"|(?<![\d.])(?<!\d,)(?P<month2>\d{1,2})[./-](?P<day2>\d{1,2})[日号]?(?![\d.]|万|余|多|亩|公|千|元|米|间|户|人|毫)"
    rf"|(?<![\d月])(?P<day4>{_N})[日号](?!线|楼|桥)"
    rf"|(?P<named>[今昨前])(?:儿个?|[天日](?=$|[^气])|(?=(?:{_PART})))"
)
_HOUR = rf"(?P<hour>{_N})(?:[点时](?!候|刻)(?:(?P<half>半)|(?P<quarter>[一三])刻|(?P<minute>{_N}|\d\d)分?|钟)?|:(?P<minute2>[0-5]\d)(?::[0-5]\d)?)"
_TIME = re.compile(
    rf"(?:(?:{_DATE})[,在的]?(?P<part>{_PART})?(?:{_HOUR})?|(?P<part2>{_PART})(?P<h2>{_HOUR.replace('?P<', '?P<b_')})?|{_HOUR.replace('?P<', '?P<c_')})"
    r"(?P<rough>左右|许|前后|多)?"
)
_REPORTED = re.compile(r"(?:截至|截止|截止到|到目前|报告时间|上报时间|填报时间|报送时间|统计时间)[:为]?$")
_MEETING = re.compile(r"[^,。;\n]{0,8}(?:开会|会议|培训|集合|值班|之?前(?:报|上报|报送|完成|反馈))")
_NOT_THEN = re.compile(r"(?:去年|上次|预计|未来|明天|历史|准备|将于|计划|原定)[^,。;\n]{0,4}$")


def time_in(written: Written, today: date) -> tuple[FoundTime | None, list[tuple[int, int]]]:
    """Find when it happened, and every range of the compact text that is a time."""
    ranges: list[tuple[int, int]] = []
    best: FoundTime | None = None
    for match in _TIME.finditer(written.text):
        if match.group("part2") and len(match.group()) == 1:
            continue
        at = _moment(match, today)
        if at is None:
            continue
        before = written.text[: match.start()]
        if not (match.group("part2") and not match.group("h2")):
            ranges.append(match.span())
        if (
            _REPORTED.search(before)
            or _MEETING.match(written.text, match.end())
            or _NOT_THEN.search(before)
            or at.date() > today
        ):
            continue
        moment, why = at, _why(match)
        span = written.span(*match.span())
        candidate = FoundTime(moment, *span, why is None, why)
        if best is None or (not best.sure and candidate.sure):
            best = candidate
    return best, ranges


def _moment(match: re.Match[str], today: date) -> datetime | None:
    day = _day(match, today)
    part = match.group("part") or match.group("part2") or ""
    hour, minute = _clock(match)
    try:
        if hour is None:
            return (
                datetime(day.year, day.month, day.day, _PARTS[part][0] if part else 0, tzinfo=BEIJING)
                if day
                else None
            )
        if (
            part
            and _PARTS[part][1]
            and hour < 12
            and not (part in ("夜里", "夜", "深夜", "晚上", "晚") and hour <= 4)
        ):
            hour += 12
        found = datetime(day.year, day.month, day.day, 0, tzinfo=BEIJING) if day else None
        return found + timedelta(hours=hour, minutes=minute) if found and hour <= 24 and minute < 60 else None
    except (ValueError, OverflowError):
        return None


def _day(match: re.Match[str], today: date) -> date | None:
    if named := match.group("named"):
        return today + timedelta(days=_DAYS[named])
    if not any(match.group(name) for name in ("month", "month2", "month3", "day4")):
        return today
    year = match.group("year") or match.group("year2")
    month = match.group("month") or match.group("month2") or match.group("month3")
    number = match.group("day") or match.group("day2") or match.group("day3") or match.group("day4")
    try:
        found = date(int(year) if year else today.year, _int(month) if month else today.month, _int(number))
        # 12月30日, said in January, was last year's.
        return found if year or found <= today + timedelta(days=3) else found.replace(year=found.year - 1)
    except ValueError:
        return None


def _clock(match: re.Match[str]) -> tuple[int | None, int]:
    for mark in ("", "b_", "c_"):
        if hour := match.group(mark + "hour"):
            if match.group(mark + "half"):
                return _int(hour), 30
            if quarter := match.group(mark + "quarter"):
                return _int(hour), 15 * _int(quarter)
            minute = match.group(mark + "minute") or match.group(mark + "minute2")
            return _int(hour), _int(minute) if minute else 0
    return None, 0


def _why(match: re.Match[str]) -> Words | None:
    if _clock(match)[0] is None:
        return NO_HOUR
    if match.group("part2") or match.group("c_hour"):
        return NO_DAY
    return VAGUE if match.group("rough") else None


def _int(text: str) -> int:
    return int(value_of(text) or 0)
