"""The append-only feed of every change: what was written, and in which order it counts.

A row is appended in the transaction of the change it tells. Its place in the feed (the
position) is given later, by the sealer alone: a number taken from a sequence is taken
before the commit, so a reader by number could skip a row that commits late.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.postgres.indexes import BrinIndex
from django.db import models


class CurrentXact(models.Func):
    """The writing transaction's 64-bit id, which never wraps."""

    template = "(pg_current_xact_id()::text::bigint)"
    output_field = models.BigIntegerField()


class Entry(models.Model):
    """One change: who, when, which verb, which object, where, and the object afterwards.

    ``put`` is a JSON array of the changed objects, each whole, as a snapshot shows them.
    It is kept as text, because the hash chain covers its very bytes. No foreign keys:
    the journal must outlive what it tells of. ``downward`` rows are also shown to readers
    whose area lies below ``area_code`` (an event of the county concerns each village).
    """

    id = models.BigAutoField(primary_key=True)
    xact = models.BigIntegerField("事务号", db_default=CurrentXact(), editable=False)
    at = models.DateTimeField("时间")
    verb = models.CharField("动作", max_length=40)
    object_kind = models.CharField("对象类型", max_length=20)
    object_id = models.CharField("对象编号", max_length=40)
    area_code = models.CharField("区划代码", max_length=12, db_collation="C")
    downward = models.BooleanField("下级可见", default=False)
    actor_id = models.BigIntegerField("操作人编号", null=True)
    actor = models.CharField("操作人", max_length=40, blank=True)
    put = models.TextField("变更后内容", default="[]")

    class Meta:
        verbose_name = verbose_name_plural = "流水"
        indexes = [
            models.Index(fields=["xact", "id"], name="journal_in_commit_order"),
            models.Index(fields=["object_kind", "object_id", "id"], name="journal_by_object"),
            # Rows come in order of time, nearly: a few kilobytes say where a moment lies.
            BrinIndex(fields=["at"], name="journal_by_time", autosummarize=True),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.object_kind}:{self.object_id}"


class Seal(models.Model):
    """The place of one entry in the feed, and the hash that chains it to all before."""

    position = models.BigIntegerField("位置", primary_key=True)
    entry_id = models.BigIntegerField("流水", unique=True)
    hash = models.BinaryField("散列", max_length=32)
    sealed_at = models.DateTimeField("封存时间")

    class Meta:
        verbose_name = verbose_name_plural = "封存"

    def __str__(self) -> str:
        return str(self.position)


class Life(models.Model):
    """One life of this journal in one database cluster.

    Positions are compared only inside an ``epoch``. ``cluster`` is PostgreSQL's system
    identifier and timeline: after a restore or a failover a new life begins, because
    transaction ids may start anew and readers may have seen positions that are gone.
    Entries up to ``after_entry`` were sealed in earlier lives.
    """

    epoch: Any = models.UUIDField("纪元", primary_key=True, default=uuid.uuid4, editable=False)
    cluster = models.CharField("数据库标识", max_length=40)
    after_entry = models.BigIntegerField("此前流水", default=0)
    began_at = models.DateTimeField("开始时间")

    class Meta:
        verbose_name = verbose_name_plural = "纪元"

    def __str__(self) -> str:
        return str(self.epoch)
