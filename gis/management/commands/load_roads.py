"""``manage.py load_roads FILE``: a road network out of GeoJSON, GeoPackage, Shapefile or OpenStreetMap."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from gis.formats import Unreadable
from gis.roads import BadRoads, store
from gis.roads.read import read

SHOWN = 20


class Command(BaseCommand):
    """Replaces one dataset of roads; what is wrong is named by feature, and then nothing is loaded."""

    help = "Load roads (.geojson, .gpkg, .shp, .osm, .osm.pbf); classes: motorway national provincial county township village track, OSM's highway, or the Chinese words."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file, the dataset's name, and whether it is a simulation."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--dataset", default="", help="name of the dataset; the same name is replaced")
        parser.add_argument("--approximate", action="store_true", help="mark it as simulated")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, cut, store."""
        path: Path = options["file"]
        try:
            done = store(
                read(path),
                dataset=options["dataset"] or path.stem[:60],
                is_approximate=options["approximate"],
            )
        except Unreadable as error:
            raise CommandError(f"{path}: {error}") from None
        except BadRoads as bad:
            lines = [f"  {number}: {fault}" for number, fault in sorted(bad.errors.items())[:SHOWN]]
            more = len(bad.errors) - SHOWN
            lines += [f"  … {more}"] if more > 0 else []
            raise CommandError("\n".join([f"{path}: {len(bad.errors)}", *lines])) from None
        self.stdout.write(f"{done.roads} roads, {done.nodes} nodes, {done.kilometres} km")
