"""The columns of relief's workbooks: 应急统表10 as the statute numbers them, and the sheet villages fill in. Pure."""

from __future__ import annotations

from typing import Literal, NamedTuple

VERSION = "zaiqing-needs-1"
REGISTER = "户台账"
MEMBERS = "家庭成员"
"""Names of the sheets that are taken in; the second may be missing."""
KEY_ROW = 6
"""Row of the columns' numbers or keys; lines begin below it."""

FORM10: tuple[tuple[str, str], ...] = (
    ("", "乡镇(街道)"),
    ("", "村(社区)"),
    ("", "村民小组"),
    ("D03001", "户主姓名"),
    ("D03002", "户主身份证号"),
    ("D03003", "户主联系方式"),
    ("D03004", "家庭类型"),
    ("D03005", "家庭人口(人)"),
    ("D03006", "家庭住址"),
    ("D03007", "需救助人口(人)"),
    ("D03008", "已发放救助款(元)"),
    ("D03009", "已发放救助物资折款(元)"),
    ("D03010", "救助资金发放形式"),
    ("", "已发放物资"),
    ("", "办理状态"),
)
"""Number and name of each column of 应急统表10; those without a number are ours."""

Kind = Literal["text", "number", "types", "hardships", "months", "origin", "relation", "marks", "yes"]


class Column(NamedTuple):
    """A column of the sheet to be filled: its key, name, kind, whether it must be filled."""

    key: str
    name: str
    kind: Kind = "text"
    needed: bool = False

    @property
    def text(self) -> bool:
        """Say whether a spreadsheet must not turn its digits into a number."""
        return self.key in ("identity", "phone", "card", "head")


COLUMNS: tuple[Column, ...] = (
    Column("township", "乡镇(街道)", needed=True),
    Column("village", "村(社区)", needed=True),
    Column("group", "村民小组"),
    Column("name", "户主姓名", needed=True),
    Column("identity", "身份证号"),
    Column("phone", "联系电话"),
    Column("types", "家庭类型", "types", needed=True),
    Column("members", "家庭人口", "number", needed=True),
    Column("address", "家庭住址"),
    Column("bank", "开户银行"),
    Column("card", "一卡通账号"),
    Column("origin", "来源", "origin"),
    Column("persons", "需救助人口", "number"),
    Column("grain_kg", "需口粮(公斤)", "number"),
    Column("clothing", "需衣被(件)", "number"),
    Column("heating_yuan", "需取暖(元)", "number"),
    Column("medical_yuan", "需伤病(元)", "number"),
    Column("water_yuan", "需饮水(元)", "number"),
    Column("other_yuan", "需其他(元)", "number"),
    Column("months", "需救助月份", "months"),
    Column("hardships", "致困情形", "hardships"),
    Column("over_limit_why", "超限额说明"),
    Column("remarks", "备注"),
)
"""A line without 需救助人口 is registered only and applies for nothing."""

FORM10_MEMBERS = (
    *("乡镇(街道)", "村(社区)", "村民小组", "户主姓名", "户主身份证号"),
    *("姓名", "身份证号", "与户主关系", "人员标识"),
)
"""The sheet of members that goes out with 应急统表10."""
MEMBER_COLUMNS: tuple[Column, ...] = (
    Column("head", "户主身份证号", needed=True),
    Column("name", "姓名", needed=True),
    Column("identity", "身份证号"),
    Column("relation", "与户主关系", "relation", needed=True),
    Column("marks", "人员标识", "marks"),
)
"""One line a member; its household is the line of 户台账 with the head's number."""
