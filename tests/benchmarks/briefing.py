"""P23: a county's briefing with five maps, beside the bare typesetting and drawing it can't do without.

    script/bench briefing [--rounds 5]

The sample county with the rehearsed storm of July 2013, in a scratch database. Printed: seconds for the PDF
from the press of the button to its bytes (aim 5), its ratio to bare typst and bare drawing of the same pages
and maps in the same run (aim 1.5), and the size of the interactive map (aim 5 MB).
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from typing import Any

from tests.benchmarks import rig
from tests.live import Database

LINK = "https://example.test/briefings/1/"


def timed(rounds: int, work: Callable[[], Any]) -> tuple[float, Any]:
    """The median seconds of some rounds after one to warm up, and the last result."""
    work()
    taken, result = [], None
    for _ in range(rounds):
        start = time.perf_counter()
        result = work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken), result


def main() -> None:
    """Build, measure, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    database = Database("zaiqing_bench_briefing")
    database.create()
    try:
        rig.work_in(database)
        measure(rounds)
    finally:
        from django.db import connection

        connection.close()
        database.drop()


def measure(rounds: int) -> None:
    """The product's way, and the same pages and maps from what it had gathered."""
    from django.core.management import call_command
    from django.utils import timezone

    from disaster.briefings import content as contents
    from disaster.briefings import files, services
    from disaster.briefings.maps import ground
    from disaster.briefings.render import pdf
    from disaster.events.models import Event
    from disaster.people.models import Person
    from disaster.people.scope import rights_of

    call_command("load_sample", verbosity=0)
    call_command("rehearse_storm", "--keep", verbosity=0)
    by = rights_of(Person.objects.get(username="bureau"), on=timezone.localdate())
    event = Event.objects.latest("started_at")
    event = Event.objects.filter(name__contains="演练").first() or event

    def press() -> tuple[Any, Any]:
        now = timezone.now()
        made = services.make(
            event_id=event.pk, area="340882000000", as_of=now, basis="received", by=by, now=now
        )
        return made, files.render(made, "pdf", link=LINK)

    whole, (briefing, file) = timed(rounds, press)
    content, issue = contents.decode(bytes(briefing.content)), files.issue_of(briefing, LINK)
    here = ground.at(briefing.area, briefing.as_of)

    def bare() -> bytes:
        pictures = [pdf.Picture(title, png) for title, png in files.maps(content, here, issue)]
        return pdf.render(content, issue, pictures)

    least, _ = timed(rounds, bare)
    page = files.render(briefing, "map", link=LINK)
    print(f"briefing with five maps: {whole:.2f} s, {len(file.data) / 1e6:.2f} MB (aim 5 s)")
    print(f"÷ bare typesetting and drawing ({least:.2f} s): {whole / least:.2f} (aim 1.5)")
    print(f"interactive map in a file: {len(page.data) / 1e6:.2f} MB (aim 5)")


if __name__ == "__main__":
    main()
