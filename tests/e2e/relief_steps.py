"""A village with goods on their way and households that wait for them, for journeys; QR codes as pictures."""

from __future__ import annotations

import io
import json
from typing import Any

import segno
from playwright.sync_api import FilePayload, Page, expect

from tests.e2e.conftest import Site

MADE = """
import json, uuid
from datetime import timedelta
from django.utils import timezone
from disaster.people.models import Person
from disaster.people.scope import rights_of
from disaster.relief.needs.models import Application, Grant, Household, Programme
from disaster.relief.receipts import codes, services as receipts
from disaster.relief.receipts.models import Voucher
from disaster.relief.stock import services as stock
from disaster.relief.stock.checks import Coming, Wanted
from disaster.relief.stock.models import Place
from gis.models import Area

village, now = Area.objects.get(pk="{village}"), timezone.now()
county = village.pk[:6] + "000000"
by = lambda name: rights_of(Person.objects.get(username=name), on=timezone.localdate())
place = lambda kind, name, area: Place.objects.create(kind=kind, name=name, area_id=area, point=Area.objects.get(pk=area).point)
store, point = place("warehouse", "市储备库" + village.name, county), place("point", village.name + "储备点", village.pk)
stock.take_in(uuid.uuid4(), kind="purchase", place=store.pk, batches=[Coming(item="quilt", quantity=50)],
              by=by("keeper"), now=now)
paper = stock.order(uuid.uuid4(), source=store.pk, target=point.pk, lines=[Wanted("quilt", 20)], by=by("bureau"), now=now)
stock.send(paper.pk, by=by("keeper"), now=now)
programme = Programme.objects.create(number="DC-" + village.pk, name="冬春救助", kind="DC", area_id=county,
    starts_on=timezone.localdate(), ends_on=timezone.localdate() + timedelta(days=90), opened_at=now, opened_by="市局")
homes = []
for at, name in enumerate({names!r}):
    home = Household(area=village, group="一组" if at < 2 else "二组", name=name, members=3, entered_at=now,
                     entered_by="甲", changed_at=now)
    home.identity = "340824" + village.pk[-8:] + "%04d" % at
    home.save()
    one = Application.objects.create(number="%s-%05d" % (programme.number[-9:], at + 1), programme=programme, household=home,
        area=village, state="approved", persons=3, applied_at=now, changed_at=now)
    Grant.objects.create(application=one, item_id="quilt", quantity=2, decided_at=now, decided_by="市局")
    homes.append(one)
receipts.make_vouchers(village.pk, programme.pk, by=by("bureau"), now=now)
print("MADE" + json.dumps(dict(
    number=paper.number, paper=codes.document(paper.pk), point=str(point.pk), programme=str(programme.pk),
    vouchers=[Voucher.objects.get(application=one).code for one in homes])))
"""


def a_winter_village(live: Site, village: str, names: list[str]) -> dict[str, Any]:
    """Twenty quilts on their way to a village, two granted to each household, and their vouchers' lines."""
    told = live.manage("shell", "-c", MADE.format(village=village, names=names))
    return json.loads(told.split("MADE", 1)[1])


def qr(line: str, name: str = "code.png") -> FilePayload:
    """A photo of a code."""
    out = io.BytesIO()
    segno.make(line, error="m").save(out, kind="png", scale=6, border=6)
    return {"name": name, "mimeType": "image/png", "buffer": out.getvalue()}


def write_name(page: Page) -> None:
    """Write something in the field for a signature."""
    pad = page.locator("canvas.pad")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 30, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 70, steps=4)
    page.mouse.move(box["x"] + 180, box["y"] + 30, steps=4)
    page.mouse.up()


def scan(page: Page, line: str) -> None:
    """Find something by a photo of its code."""
    page.evaluate("location.hash = '#/scan'")
    expect(page.locator("body[data-screen=scan] input[type=file]")).to_be_visible()
    page.locator("input[type=file]").set_input_files(qr(line))
