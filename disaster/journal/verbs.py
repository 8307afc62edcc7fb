"""Every verb the journal knows, with its words. A verb not listed here can't be written."""

from __future__ import annotations

VERBS: dict[str, tuple[str, str]] = {
    "report.submitted": ("上报灾情", "report filed"),
    "report.seen": ("已阅", "report read"),
    "report.returned": ("退回", "report returned"),
    "report.photo_stored": ("照片已存", "photo stored"),
    "event.opened": ("启动灾害过程", "event opened"),
    "event.closed": ("结束灾害过程", "event closed"),
    "shelter.opened": ("启用避难场所", "shelter opened"),
    "shelter.closed": ("关闭避难场所", "shelter closed"),
    "zone.drawn": ("划定危险区", "zone drawn"),
    "zone.lifted": ("解除危险区", "zone lifted"),
    "person.posted": ("任命", "post given"),
    "person.post_ended": ("免职", "post ended"),
}
"""Verb → words in Chinese and English. Past tense: the journal tells what has happened."""
