"""Load areas (with or without outlines) from files: all of them, or none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from gis import gazetteer
from gis.datum import DATUMS

SHOWN = 50
"""How many errors are listed."""


class Command(BaseCommand):
    """Bring the gazetteer to what the files say; a second run changes nothing."""

    help = (
        "Load areas from CSV (columns 区划代码, 名称, 常住人口, 经度, 纬度 or code, name, population, lon, lat), "
        "GeoJSON, GeoPackage or Shapefile. Nothing is stored if any row is wrong."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the files, their datum, and --dry-run."""
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument(
            "--crs",
            choices=DATUMS,
            default="",
            help="datum of the positions; needed where a file does not name it (gcj02: 高德、腾讯; bd09: 百度)",
        )
        parser.add_argument("--dry-run", action="store_true", help="check and count, store nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, or say what is wrong with which row."""
        try:
            places = gazetteer.read(options["files"], options["crs"])
        except gazetteer.Refused as refused:
            raise CommandError(_told(refused.errors)) from refused
        done = gazetteer.store(places, dry_run=options["dry_run"])
        self.stdout.write(
            ("试运行,未写入。" if options["dry_run"] else "")
            + f"新增 {done.added},更改 {done.changed},未变 {done.same}"
        )


def _told(errors: list[gazetteer.Error]) -> str:
    more = f"\n……另有 {len(errors) - SHOWN} 处" if len(errors) > SHOWN else ""
    return f"共 {len(errors)} 处错误,未写入任何数据:\n" + "\n".join(map(str, errors[:SHOWN])) + more
