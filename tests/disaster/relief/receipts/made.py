"""Households with grants, and goods in their village, for tests."""

from __future__ import annotations

import base64
import io
import uuid
from datetime import timedelta
from typing import Any

from django.utils import timezone
from PIL import Image

from disaster.relief.needs.models import Application, Programme
from disaster.relief.receipts import services
from disaster.relief.receipts.models import Case, Receipt
from disaster.relief.stock.models import Place
from tests.disaster.relief.needs.made import a_household, a_programme, applied, brought
from tests.disaster.relief.stock.made import a_place, ordered, send, signed, taken_in
from tests.world import JIA, World

LATER = timedelta(days=30)
"""Every public notice is over by then."""


def png(size: tuple[int, int] = (60, 24)) -> str:
    out = io.BytesIO()
    Image.new("RGBA", size, (0, 0, 0, 0)).save(out, "PNG")
    return base64.b64encode(out.getvalue()).decode()


def a_village_point(world: World, quilts: int = 10, area: str = JIA) -> Place:
    """A point of village 甲 that has signed for so many quilts."""
    store = a_place(f"库{uuid.uuid4().hex[:6]}")
    point = a_place(f"点{uuid.uuid4().hex[:6]}", area)
    taken_in(world, store)
    paper = send(world, ordered(world, store, point, quilts))
    (batch,) = {one.batch_id for one in paper.movements.all()}
    signed(world, paper, {batch: {"received": quilts}}, "jia_a")
    return point


def a_case(world: World, missing: int = 13) -> Case:
    """Forty quilts sent to village 甲, of which so many did not come."""
    store, point = a_place(f"库{uuid.uuid4().hex[:6]}"), a_place(f"点{uuid.uuid4().hex[:6]}", JIA)
    taken_in(world, store)
    paper = send(world, ordered(world, store, point, 40))
    (batch,) = {one.batch_id for one in paper.movements.all()}
    signed(world, paper, {batch: {"received": 40 - missing}}, "jia_a", "短少")
    return Case.objects.get(document=paper)


def granted(
    world: World, quilts: int = 2, programme: Programme | None = None, **household: Any
) -> Application:
    """A household of village 甲 to which the county granted so many quilts and no money; its notice is over."""
    home = a_household(world, **household)
    made = applied(world, programme or a_programme(world), home, heating_yuan=0)
    brought(world, [made.pk], "approve", goods={"quilt": quilts}, fen_a_person=0)
    Application.objects.filter(pk=made.pk).update(notice_until=None)
    made.refresh_from_db()
    return made


def given(application: Application, place: Place, quilts: int = 2, **fields: Any) -> services.Given:
    values = {
        "id": uuid.uuid4(),
        "application": application.pk,
        "place": place.pk,
        "goods": {"quilt": quilts},
        "signer": application.household.name,
        "taken_at": timezone.now(),
    }
    return services.Given(**{**values, **fields})


def issue(
    world: World,
    application: Application,
    place: Place,
    quilts: int = 2,
    account: str = "jia_a",
    **fields: Any,
) -> Receipt:
    return services.issue(
        given(application, place, quilts, **fields), by=world.rights(account), now=timezone.now()
    )


def give_back(
    world: World, application: Application, place: Place, account: str = "jia_a", **goods: int
) -> Receipt:
    """``whole=1, damaged=1`` quilts come back."""
    back = services.GivenBack(
        id=uuid.uuid4(),
        application=application.pk,
        place=place.pk,
        goods={"quilt": goods},
        signer=application.household.name,
        reason="规格不符",
        taken_at=timezone.now(),
    )
    return services.take_back(back, by=world.rights(account), now=timezone.now())
