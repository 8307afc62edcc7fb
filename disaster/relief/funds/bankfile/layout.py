"""What stands in the bank's file, cell by cell, and its check sum (docs/bank-file.md). Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import NamedTuple

from disaster.relief.funds.money import yuan

COLUMNS = ("序号", "申请号", "户名", "账号", "开户银行", "金额(元)", "摘要")
NUMBER, COUNT, TOTAL, REMARK, SUM, CHECK = "批次号", "笔数", "总金额(元)", "摘要", "合计", "SHA-256"
RESULT, WHY, BANK_NUMBER = "结果", "原因", "流水号"
_SPOKEN_FIRST = ("=", "+", "-", "@")
"""What a spreadsheet takes for a formula at the beginning of a cell."""


class Payment(NamedTuple):
    """One household's line; ``amount`` is fen."""

    serial: int
    application: str
    name: str
    card: str
    bank: str
    amount: int


class BankFile(NamedTuple):
    """A batch as the bank is told it."""

    number: str
    remark: str
    payments: Sequence[Payment]

    @property
    def total(self) -> int:
        """The sum of all lines, in fen."""
        return sum(one.amount for one in self.payments)

    @property
    def rows(self) -> list[list[str]]:
        """Every row above the check sum, as text: head, column heads, lines, totals."""
        count, total, remark = str(len(self.payments)), yuan(self.total), safe(self.remark)
        return [
            [NUMBER, self.number, COUNT, count, TOTAL, total, REMARK, remark],
            list(COLUMNS),
            *(
                [
                    str(one.serial),
                    safe(one.application),
                    safe(one.name),
                    safe(one.card),
                    safe(one.bank),
                    yuan(one.amount),
                    remark,
                ]
                for one in self.payments
            ),
            [SUM, "", count, "", "", total],
        ]

    @property
    def check_sum(self) -> str:
        """The SHA-256 of all rows, whatever the file they stand in."""
        return check_sum(self.rows)


def check_sum(rows: Sequence[Sequence[str]]) -> str:
    """Give the SHA-256 of rows: cells parted by tabs, rows by line feeds, in UTF-8.

    >>> check_sum([["批次号", "FF2026-00001"], ["合计", "", ""]])[:8]
    'da40d9f2'
    """
    text = "\n".join("\t".join(row).rstrip("\t") for row in rows)
    return hashlib.sha256(text.encode()).hexdigest()


def safe(text: str) -> str:
    """Make text harmless in a cell: one line, and never a formula.

    >>> safe("=cmd|' /C calc'!A0"), safe("张 三"), safe("张\\t三\\n")
    ("'=cmd|' /C calc'!A0", '张 三', '张 三')
    """
    plain = " ".join("".join(mark if mark.isprintable() else " " for mark in text).split())
    return f"'{plain}" if plain.startswith(_SPOKEN_FIRST) else plain
