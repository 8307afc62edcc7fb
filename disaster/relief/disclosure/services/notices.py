"""A notice from the wall to its end: posted, run, its applications moved on; or taken down."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Max

from disaster import problems
from disaster.journal import append, bulk
from disaster.people.scope import Rights, require
from disaster.problems import FieldError, Words
from disaster.relief import progress
from disaster.relief.disclosure import masks
from disaster.relief.disclosure.models import Entry, Notice
from disaster.relief.disclosure.services import reasons
from disaster.relief.disclosure.services.photos import running
from disaster.relief.needs import services as needs
from disaster.relief.needs import standards
from disaster.relief.needs.batch import Answer
from disaster.relief.needs.models import Application, Grant, Programme
from disaster.relief.needs.standards import wanted_fen
from disaster.relief.needs.states import ASSESSED, ISSUED, POSTED
from disaster.rules import book
from gis.models import Area
from gis.scope import AreaScope

NO_PROGRAMME = Words("没有这个批次", "There is no such programme")
NO_VILLAGE = Words("请选择批次范围内的村", "Choose a village of the programme's area")
BAD_STAGE = Words("公示环节须为评议公示或发放公示", "A notice is of the assessment or of what was issued")
TOLD = frozenset({"disclosure.posted", "disclosure.taken_down"})
"""What boards hear of here; of the end of a notice they hear by what its applications do."""
MOST = 1000
"""Lines of one notice; a village has few hundred households."""
POSTED_FROM = {Notice.Stage.ASSESSED: (ASSESSED, POSTED), Notice.Stage.ISSUED: (ISSUED,)}
"""Stage → states of the applications such a notice may list."""
LEAVES_BY = {Notice.Stage.ASSESSED: ("submit", POSTED), Notice.Stage.ISSUED: ("disclose", ISSUED)}
"""Stage → the act by which applications leave the notice, and the state they leave."""


@transaction.atomic
def post(notice_id: UUID, *, programme: UUID, area: str, stage: str, by: Rights, now: datetime) -> Notice:
    """Post a notice of whoever in a village waits for one (张榜); the id is the writer's own.

    The assessment's notice takes the assessed a step on; who was posted without a paper is listed too.

    Raises
    ------
    Problem
        403.1/404.1; 400.2; 409.1 if the id is another's; 409.74 if nobody waits; needs' own refusals
        where it refuses all.
    """
    require(by, "need.village", area)
    known: Notice | None = Notice.objects.filter(pk=notice_id).first()
    if known is not None:
        if (known.programme_id, known.area_id, known.stage) != (programme, area, stage):
            raise problems.ID_REUSED()
        return known
    batch = _checked(programme, area, stage)
    begun = now.astimezone(book.BEIJING).date()
    period = standards.notice_of("village", str(batch.area_id), begun=begun)
    rows = _waiting(batch, area, Notice.Stage(stage))
    rows = _moved(rows, period, by, now)
    notice = _new(notice_id, batch, area, Notice.Stage(stage), period, by, now)
    Entry.objects.filter(application__in=rows, stage=stage, is_current=True).update(is_current=False)
    bulk.insert(_lines(notice, rows))
    _tell("disclosure.posted", notice, by, now)
    return notice


@transaction.atomic
def finish(notice_id: UUID, *, by: Rights, now: datetime) -> list[Answer]:
    """End a notice that has run its time: its applications go on, but for those objected to.

    It stays open while any line still waits, so that they can follow once their case is settled.

    Raises
    ------
    Problem
        403.1/404.1; 409.2 if it is over or taken down. Why lines stay is in the answers.
    """
    notice = running(notice_id)
    require(by, "need.village", str(notice.area_id))
    act, state = LEAVES_BY[Notice.Stage(notice.stage)]
    lines = Entry.objects.filter(notice=notice, is_current=True, application__state=state)
    ids = list(lines.order_by("place").values_list("application_id", flat=True))
    answers = needs.act_many(act, ids, by=by, now=now) if ids else []
    if all(one.done for one in answers):
        notice.over_at, notice.over_by = now, by.name
        notice.save(update_fields=["over_at", "over_by"])
    if not ids or any(one.done for one in answers):
        _tell("disclosure.finished", notice, by, now)
    return answers


@transaction.atomic
def take_down(notice_id: UUID, *, why: str, by: Rights, now: datetime) -> Notice:
    """Take a notice down before its time (撤下): it was wrong; its applications wait for another.

    Raises
    ------
    Problem
        403.1/404.1; 400.2 without a reason; 409.2 if it is over or was taken down.
    """
    notice = running(notice_id)
    require(by, "need.village", str(notice.area_id))
    reasons.needs("why", why)
    notice.down_at, notice.down_by, notice.down_why = now, by.name, why.strip()
    notice.save(update_fields=["down_at", "down_by", "down_why"])
    notice.entries.update(is_current=False)
    _tell("disclosure.taken_down", notice, by, now)
    return notice


def _checked(programme: UUID, area: str, stage: str) -> Programme:
    batch: Programme | None = Programme.objects.filter(pk=programme).first()
    village = Area.objects.filter(pk=area, level=Area.Level.VILLAGE).exists()
    errors: dict[str, FieldError] = {}
    if batch is None:
        errors["programme"] = FieldError(NO_PROGRAMME)
    elif not village or not AreaScope.of([str(batch.area_id)]).covers(area):
        errors["area"] = FieldError(NO_VILLAGE)
    if stage not in Notice.Stage.values:
        errors["stage"] = FieldError(BAD_STAGE)
    if errors or batch is None:
        raise problems.BAD_FIELDS(errors)
    return batch


def _waiting(batch: Programme, area: str, stage: Notice.Stage) -> list[Application]:
    """Give, locked, the applications that a notice of this stage would list; 409.74 if there are none."""
    asked = Application.objects.select_for_update(of=("self",)).select_related("household")
    asked = asked.filter(programme=batch, area=area, state__in=POSTED_FROM[stage]).order_by("pk")
    rows = list(asked[:MOST])
    # Asked after the locks: whoever posted at the same moment has written their lines by now.
    lines = Entry.objects.filter(application__in=rows, stage=stage, is_current=True)
    listed = dict(lines.values_list("application_id", "notice__from_on"))
    rows = [row for row in rows if row.state == ASSESSED or is_unlisted(row, listed.get(row.pk))]
    if not rows:
        raise problems.NOTHING_TO_POST()
    return rows


def is_unlisted(row: Application, begun: date | None) -> bool:
    """Say that no notice lists an application: none at all, or one from before it was posted again."""
    return begun is None or (row.posted_on is not None and begun < row.posted_on)


def _moved(
    rows: Sequence[Application], period: standards.Period, by: Rights, now: datetime
) -> list[Application]:
    """Take the assessed a step on; give all that are on the notice then."""
    ids = [row.pk for row in rows if row.state == ASSESSED]
    answers = needs.act_many("post", ids, by=by, now=now, until=period.until) if ids else []
    refused = {one.id: one.problem for one in answers if one.problem}
    kept = [row for row in rows if row.pk not in refused]
    if not kept:
        raise next(iter(refused.values()))
    return kept


def _new(
    notice_id: UUID,
    batch: Programme,
    area: str,
    stage: Notice.Stage,
    period: standards.Period,
    by: Rights,
    now: datetime,
) -> Notice:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('disclosure_notice_number')")
        serial = cursor.fetchone()[0]
    local = now.astimezone(book.BEIJING)
    before = Notice.objects.filter(programme=batch, area=area, stage=stage).aggregate(last=Max("round"))
    notice: Notice = Notice.objects.create(
        pk=notice_id,
        number=f"GS{local:%Y}-{serial:05d}",
        programme=batch,
        area_id=area,
        stage=stage,
        round=(before["last"] or 0) + 1,
        days=period.days,
        is_working=period.is_working,
        from_on=local.date(),
        until_on=period.until,
        phone=book.value("public.phone", area=area),
        office=book.value("public.office", area=area),
        posted_at=now,
        posted_by_id=by.person_id,
        posted_by=by.name,
    )
    return notice


def _lines(notice: Notice, rows: Iterable[Application]) -> list[Entry]:
    order = [code.key for code in book.codes("household_type")]
    offered = _issued(rows) if notice.stage == Notice.Stage.ISSUED else {}
    listed = sorted(rows, key=lambda row: (row.household.group, row.household.name, row.number))
    return [
        Entry(
            notice=notice,
            application=row,
            stage=notice.stage,
            place=place,
            group=row.household.group,
            members=row.household.members,
            persons=row.persons,
            category=masks.gravest(row.household.types, order),
            offered=offered.get(row.pk, {}) if notice.stage == Notice.Stage.ISSUED else _wanted(row),
        )
        for place, row in enumerate(listed, start=1)
    ]


def _wanted(row: Application) -> dict[str, int]:
    """Give what the village found a household to need; money as one sum, since one for illness tells of it."""
    wanted = {"fen": wanted_fen(row), "grain_kg": row.grain_kg, "clothing": row.clothing}
    return {key: quantity for key, quantity in wanted.items() if quantity}


def _issued(rows: Iterable[Application]) -> dict[UUID, dict[str, int]]:
    """Give what has reached each household, in one statement."""
    found: dict[UUID, dict[str, int]] = {}
    grants = Grant.objects.filter(application__in=list(rows), settled__gt=0).order_by("id")
    for pk, item, settled in grants.values_list("application_id", "item_id", "settled"):
        found.setdefault(pk, {})[item or "fen"] = settled
    return found


def _tell(verb: str, notice: Notice, by: Rights, now: datetime) -> None:
    append.one(
        verb,
        object_kind="disclosure",
        object_id=str(notice.pk),
        area_code=str(notice.area_id),
        put=(),
        by=by,
        at=now,
    )
    if verb in TOLD:
        append.many([progress.row([str(notice.area_id)], by=by, now=now)])
