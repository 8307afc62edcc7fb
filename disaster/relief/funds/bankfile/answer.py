"""Reading the bank's answer, .csv or .xlsx: all of it, or every row that is wrong. No database here."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from disaster.problems import FieldError, Words
from disaster.relief.funds.bankfile.layout import (
    BANK_NUMBER,
    CHECK,
    COLUMNS,
    COUNT,
    NUMBER,
    RESULT,
    SUM,
    TOTAL,
    WHY,
)
from disaster.relief.funds.money import fen, yuan
from disaster.reports.forms.guard import Limits, Refused, open_book

NOT_READABLE = Words(
    "这不是 .csv 或 .xlsx 文件,或文字编码无法识别(支持 UTF-8、GBK)",
    "This is no .csv or .xlsx file, or in an unknown encoding (UTF-8 and GBK are read)",
)
NO_COLUMNS = Words(
    "没有找到表头:须有“序号、申请号、金额(元)、结果”各列",
    "The columns of serial, application, amount and result are missing (docs/bank-file.md)",
)
TOO_MANY = Words("行数太多,最多 {limit} 行", "Too many rows, at most {limit}")
OTHER_BATCH = Words("这是批次 {other} 的回盘,不是 {number} 的", "This answers batch {other}, not {number}")
WRONG_CHECK = Words(
    "校验码与送出的文件不符:文件不是对这一批次的回答,或被改动过",
    "The check sum is not that of the file sent: it answers another file, or was changed",
)
UNKNOWN_LINE = Words("批次中没有序号 {serial}、申请号 {application}", "No line {serial} with {application}")
WRONG_AMOUNT = Words("金额 {told} 与送出的 {sent} 元不符", "The amount {told} is not the {sent} yuan sent")
WRONG_HOLDER = Words(
    "户名“{told}”与送出的“{sent}”不符,不能记为到账;请银行核实,付错的由银行追回并按失败回盘",
    "Paid to “{told}”, not to the “{sent}” we sent: have the bank look into it; what went wrong comes back as a failure",
)
ANSWERED = Words("这一笔已经回盘", "This line was answered already")
TWICE = Words("这一笔在文件中出现两次", "This line stands twice in the file")
UNKNOWN_RESULT = Words(
    "结果须为“成功”或“失败”,不能是“{told}”", "The result is neither success nor failure: {told}"
)
NO_WHY = Words("退票须写明原因", "A refusal must say why")
WRONG_SUM = Words(
    "合计 {count} 笔 {total} 元与明细 {lines} 笔 {sum} 元不符",
    "The totals ({count} lines, {total} yuan) are not those of the lines ({lines}, {sum})",
)
NO_LINES = Words("文件里没有一笔明细", "There is not one line in the file")
PAID = frozenset({"成功", "已入账", "已到账"})
REFUSED = frozenset({"失败", "退票", "退回"})
_NEEDED = (COLUMNS[0], COLUMNS[1], COLUMNS[5], RESULT)
HOLDER = COLUMNS[2]
_MOST_WHY, _MOST_NUMBER, _MOST_NAME = 200, 40, 40
_UNTOLD = re.compile(r"[*?]+")
"""What banks write for a part of a name that they hide, or have no character for."""


class Result(NamedTuple):
    """What the bank says of a line: paid, or refused and why; ``holder`` is whose account it is, where that is another."""

    serial: int
    is_paid: bool
    why: str
    bank_number: str
    holder: str = ""


class Sent(NamedTuple):
    """A line as it was sent: application's number, account holder, fen, and whether it waits for an answer still."""

    application: str
    name: str
    amount: int
    is_waiting: bool


class Answered(NamedTuple):
    """What a file says. ``digest`` is of its content, in whatever format it came.

    ``errors`` by row ("row.5") are what can't be; ``repeated`` rows were answered before. With
    either the file is not taken over, but for the very same content, which changes nothing.
    """

    results: list[Result]
    digest: str
    repeated: dict[str, FieldError]
    errors: dict[str, FieldError]


class BadAnswer(Exception):  # noqa: N818 - leads to an answer
    """The whole file is refused, for the reason under "file"."""

    def __init__(self, errors: dict[str, FieldError]) -> None:
        super().__init__(errors)
        self.errors = errors


def read(
    data: bytes,
    *,
    number: str,
    check_sum: str,
    sent: Mapping[int, Sent],
    limits: Limits,
) -> Answered:
    """Read a file and hold it against what was sent.

    Raises
    ------
    BadAnswer
        If it can't be read at all, or answers another file.
    """
    rows = _rows(data, limits)
    head = next((at for at, row in enumerate(rows) if all(name in row for name in _NEEDED)), None)
    if head is None:
        raise BadAnswer({"file": FieldError(NO_COLUMNS)})
    _is_ours(rows, number, check_sum)
    at = {name: rows[head].index(name) for name in (*_NEEDED, HOLDER, WHY, BANK_NUMBER) if name in rows[head]}
    errors: dict[str, FieldError] = {}
    repeated: dict[str, FieldError] = {}
    results: dict[int, Result] = {}
    for place, row in enumerate(rows[head + 1 :], start=head + 2):
        cells = {name: row[column] if column < len(row) else "" for name, column in at.items()}
        if not any(row) or row[0] in (NUMBER, SUM, CHECK):
            continue
        result = _result(cells, sent, results)
        if isinstance(result, FieldError):
            errors[f"row.{place}"] = result
            continue
        results[result.serial] = result
        if not sent[result.serial].is_waiting:
            repeated[f"row.{place}"] = FieldError(ANSWERED)
    if not results and not errors:
        errors["file"] = FieldError(NO_LINES)
    if not errors:
        errors = _sum_errors(rows, len(results), sum(sent[serial].amount for serial in results))
    return Answered(list(results.values()), _digest(results), repeated, errors)


def _result(
    cells: Mapping[str, str], sent: Mapping[int, Sent], known: Mapping[int, Result]
) -> Result | FieldError:
    """Read one line, or say what is wrong with it."""
    written, application = cells[COLUMNS[0]], cells[COLUMNS[1]].lstrip("'")
    serial = int(written) if written.isascii() and written.isdigit() and len(written) < 9 else 0
    line = sent.get(serial)
    if line is None or line.application != application:
        return FieldError(UNKNOWN_LINE, {"serial": written[:12], "application": application[:30]})
    if serial in known:
        return FieldError(TWICE)
    amount = fen(cells[COLUMNS[5]])
    if amount != line.amount:
        return FieldError(WRONG_AMOUNT, {"told": cells[COLUMNS[5]][:20], "sent": yuan(line.amount)})
    told, why = cells[RESULT], cells.get(WHY, "").lstrip("'")[:_MOST_WHY]
    if told not in PAID | REFUSED:
        return FieldError(UNKNOWN_RESULT, {"told": told[:20]})
    if told in REFUSED and not why:
        return FieldError(NO_WHY)
    holder = cells.get(HOLDER, "").lstrip("'")[:_MOST_NAME]
    other = "" if is_same_name(holder, line.name) else holder
    if other and told in PAID:
        return FieldError(WRONG_HOLDER, {"told": other, "sent": line.name})
    return Result(
        serial, told in PAID, why if told in REFUSED else "", cells.get(BANK_NUMBER, "")[:_MOST_NUMBER], other
    )


def is_same_name(told: str, sent: str) -> bool:
    """Say whether an account holder the bank names is whom we sent; where it names nobody it does not say otherwise.

    Spaces, width, case and the dot inside a name do not count, nor what the bank hides or can't write.

    >>> is_same_name("张 三", "张三"), is_same_name("张*", "张三"), is_same_name("买买提•依明", "买买提·依明")
    (True, True, True)
    >>> is_same_name("李四", "张三"), is_same_name("", "张三")
    (False, True)
    """
    named = _plain(told)
    pattern = ".+".join(re.escape(part) for part in _UNTOLD.split(named))
    return not named or re.fullmatch(pattern, _plain(sent)) is not None


def _plain(name: str) -> str:
    marks = unicodedata.normalize("NFKC", name).lstrip("'").casefold()
    return "".join(mark for mark in marks if mark.isalnum() or mark in "*?")


def _is_ours(rows: Sequence[Sequence[str]], number: str, check_sum: str) -> None:
    """Refuse the answer to another batch, or to another file than the one sent."""
    named = {row[0]: row[1] for row in rows if len(row) > 1 and row[0] in (NUMBER, CHECK)}
    if named.get(NUMBER, "") != number:
        raise BadAnswer(
            {"file": FieldError(OTHER_BATCH, {"other": named.get(NUMBER, "—")[:30], "number": number})}
        )
    if named.get(CHECK, "").lower() != check_sum:
        raise BadAnswer({"file": FieldError(WRONG_CHECK)})


def _sum_errors(rows: Sequence[Sequence[str]], lines: int, total: int) -> dict[str, FieldError]:
    """Hold what the file says of itself, above and below, against its lines."""
    errors: dict[str, FieldError] = {}
    for place, row in enumerate(rows, start=1):
        if row[:1] == [SUM]:
            count, told = row[2] if len(row) > 2 else "", row[5] if len(row) > 5 else ""
        elif row[:1] == [NUMBER] and COUNT in row and TOTAL in row:
            count, told = (
                row[row.index(name) + 1] if row.index(name) + 1 < len(row) else "" for name in (COUNT, TOTAL)
            )
        else:
            continue
        if count.rstrip("笔") != str(lines) or fen(told) != total:
            words = {"count": count[:12], "total": told[:20], "lines": lines, "sum": yuan(total)}
            errors[f"row.{place}"] = FieldError(WRONG_SUM, words)
    return errors


def _digest(results: Mapping[int, Result]) -> str:
    """Give one number for the content, however the rows stand and in whatever file."""
    rows = [results[serial] for serial in sorted(results)]
    text = "\n".join("\t".join(map(str, row if row.holder else row[:-1])) for row in rows)
    return hashlib.sha256(text.encode()).hexdigest()


def _rows(data: bytes, limits: Limits) -> list[list[str]]:
    """Give the cells of a file as trimmed text, row by row."""
    if data[:4] == b"PK\x03\x04":
        rows = _from_workbook(data, limits)
    else:
        text = _decoded(data)
        first = text.lstrip().partition("\n")[0]
        comma = max((",", "\t", ";", ","), key=first.count)
        try:
            rows = [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text), delimiter=comma)]
        except csv.Error:
            raise BadAnswer({"file": FieldError(NOT_READABLE)}) from None
    if len(rows) > limits.rows:
        raise BadAnswer({"file": FieldError(TOO_MANY, {"limit": limits.rows})})
    return rows


def _decoded(data: bytes) -> str:
    """Read UTF-8 with or without its mark, else what Chinese bank systems write (GBK and its successor)."""
    if b"\0" in data:
        raise BadAnswer({"file": FieldError(NOT_READABLE)})
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadAnswer({"file": FieldError(NOT_READABLE)})


def _from_workbook(data: bytes, limits: Limits) -> list[list[str]]:
    try:
        sheet = open_book(data, limits).worksheets[0]
        rows = sheet.iter_rows(max_row=limits.rows + 1, max_col=20, values_only=True)
        return [[_text(value) for value in row] for row in rows]
    except Refused as refused:
        raise BadAnswer({"file": FieldError(refused.words)}) from None


def _text(value: object) -> str:
    """Write a cell's value as it is shown: whole numbers without a point."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return f"{value:.2f}" if isinstance(value, float) else str(value).strip()
