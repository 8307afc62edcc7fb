"""A case from its first word to its settlement; while one is open on an application, nothing is paid or issued."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec
from django.db import connection, transaction

from disaster import problems
from disaster.journal import append
from disaster.people import private
from disaster.people.scope import Rights, require
from disaster.problems import FieldError, Words
from disaster.relief import progress
from disaster.relief.disclosure import periods
from disaster.relief.disclosure.models import Case, CaseStep, Entry
from disaster.relief.disclosure.services import holding
from disaster.relief.disclosure.services.reasons import NEEDS_WORDS, needs
from disaster.rules import book
from gis.models import Area
from gis.scope import TOWNSHIP_DIGITS, pad

NO_WORDS = Words("请写明情况,最多 {limit} 字", "Say what it is about, in {limit} characters at most")
BAD_KIND = Words("请选择类型", "Choose what it is about")
BAD_CHANNEL = Words("来源须为电话、来访或来信", "It came by telephone, in person or by letter")
BAD_PHONE = Words("电话号码不对", "This is no telephone number")
TOO_LONG = Words("最多 {limit} 字", "At most {limit} characters")
NO_AREA = Words("请选择所在的乡镇或村", "Choose the township or village")
NO_LINE = Words("公示名单中没有这一行", "The list has no such line")
TOLD = frozenset({"case.opened", "case.settled", "case.extended"})
"""What changes the list of what is late."""
MAX_WORDS, MAX_NAME, MAX_PHONE = 1000, 40, 20
_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Letters and digits that nobody mistakes for another when reading them aloud."""


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody says. ``entry`` is a notice's line (it names the area then); ``name``, ``phone`` optional."""

    kind: str
    words: str
    area: str = ""
    entry: int | None = None
    channel: str = Case.Channel.WEB
    name: str = ""
    phone: str = ""


@transaction.atomic
def open_case(case_id: UUID, told: Told, *, by: Rights | None, now: datetime) -> Case:
    """Take an objection or a complaint: from the public (``by`` None), or told to an officer.

    One about a notice's line holds the application until the case is settled. Sent again under the
    same id it is the same case.

    Raises
    ------
    Problem
        400.2 naming what is wrong; 403.1/404.1 for an officer without the right in the area.
    """
    known: Case | None = Case.objects.filter(pk=case_id).first()
    if known is not None:
        return known
    entry = _entry(told)
    area = str(entry.notice.area_id) if entry else told.area
    if by is not None:
        require(by, "need.village", area)
    _refuse(_errors(told, entry, area, by))
    case = _new(case_id, told, entry, area, by, now)
    case.name, case.phone = told.name.strip(), private.plain_phone(told.phone)
    if entry is not None:
        # The application's lock first: a payment being made either sees the hold or was before it.
        holding.hold(entry.application_id, case.number, by=by, now=now)
    case.save(force_insert=True)
    step(case, CaseStep.Act.OPENED, told.words.strip(), by, now)
    tell("case.opened", case, by, now)
    return case


def code_of(case_id: UUID) -> str:
    """Give the code with which a complainant asks for the answer: 39 bits that follow from our key alone."""
    number = int(private.blind(f"case {case_id}"), 16)
    code = ""
    for _ in range(8):
        number, at = divmod(number, len(_LETTERS))
        code += _LETTERS[at]
    return code


@transaction.atomic
def take(case_id: UUID, *, by: Rights, now: datetime) -> Case:
    """Take a case on (受理): whoever does answers for it to the end (首问负责).

    Raises
    ------
    Problem
        403.1/404.1; 409.2 if somebody has taken it.
    """
    case = locked(case_id, by, Case.State.RECEIVED)
    case.state, case.taken_at = Case.State.HANDLING, now
    case.first_id, case.first_name = by.person_id, by.name
    case.save()
    step(case, CaseStep.Act.TAKEN, "", by, now)
    tell("case.taken", case, by, now)
    return case


@transaction.atomic
def answer(case_id: UUID, *, words: str, why: str = "", by: Rights, now: datetime) -> Case:
    """Answer a case (答复); whoever is not its first handler says why they answer instead.

    Raises
    ------
    Problem
        403.1/404.1; 400.2 without words; 409.2 if it is not being handled; 409.75 to somebody else than
        the first handler who does not say why.
    """
    case = locked(case_id, by, Case.State.HANDLING, Case.State.ANSWERED)
    needs("words", words, limit=MAX_WORDS, refusal=NEEDS_WORDS)
    if case.first_id != by.person_id and not why.strip():
        raise problems.HAS_FIRST_HANDLER(number=case.number, name=case.first_name)
    case.state, case.answer, case.answered_at = Case.State.ANSWERED, words.strip(), now
    case.save()
    said = f"{words.strip()}({why.strip()})" if why.strip() else words.strip()
    step(case, CaseStep.Act.ANSWERED, said[:MAX_WORDS], by, now)
    tell("case.answered", case, by, now)
    return case


@transaction.atomic
def settle(case_id: UUID, *, is_upheld: bool, words: str, by: Rights, now: datetime) -> Case:
    """Close a case (办结): one that is upheld sends its application back to be assessed anew.

    With the last open case of an application the hold on it ends.

    Raises
    ------
    Problem
        403.1/404.1; 400.2 without words; 409.2 if it was not answered.
    """
    case = locked(case_id, by, Case.State.ANSWERED)
    needs("words", words, limit=MAX_WORDS, refusal=NEEDS_WORDS)
    case.state = Case.State.UPHELD if is_upheld else Case.State.CLOSED
    case.settled_at, case.settled_by = now, by.name
    case.save()
    holding.settled(case, words.strip(), by=by, now=now)
    act = CaseStep.Act.UPHELD if is_upheld else CaseStep.Act.CLOSED
    step(case, act, words.strip(), by, now)
    tell("case.settled", case, by, now)
    return case


@transaction.atomic
def reveal(case_id: UUID, *, why: str, by: Rights, now: datetime) -> Case:
    """Give a case for reading who complained, which stays on record (保护举报人).

    Raises
    ------
    Problem
        403.1/404.1; 400.2 without a reason.
    """
    case = locked(case_id, by, *Case.State)
    needs("why", why, limit=MAX_WORDS, refusal=NEEDS_WORDS)
    step(case, CaseStep.Act.REVEALED, why.strip(), by, now)
    tell("case.revealed", case, by, now)
    return case


def step(case: Case, act: CaseStep.Act, words: str, by: Rights | None, now: datetime) -> None:
    """Write one line of a case's record."""
    CaseStep.objects.create(
        case=case,
        act=act,
        words=words,
        at=now,
        by_id=by.person_id if by else None,
        by_name=by.name if by else "",
    )


def _entry(told: Told) -> Entry | None:
    """Give the line that is objected to; 400.2 where there is none such."""
    if told.entry is None:
        return None
    lines = Entry.objects.select_related("notice", "application")
    found: Entry | None = lines.filter(pk=told.entry, is_current=True).first()
    if found is None:
        raise problems.BAD_FIELDS({"entry": FieldError(NO_LINE)})
    return found


def _errors(told: Told, entry: Entry | None, area: str, by: Rights | None) -> dict[str, FieldError]:
    errors: dict[str, FieldError] = {}
    if not 0 < len(told.words.strip()) <= MAX_WORDS:
        errors["words"] = FieldError(NO_WORDS, {"limit": MAX_WORDS})
    if told.kind not in Case.Kind.values:
        errors["kind"] = FieldError(BAD_KIND)
    if told.channel not in Case.Channel.values or (told.channel == Case.Channel.WEB) != (by is None):
        errors["channel"] = FieldError(BAD_CHANNEL)
    if len(told.name.strip()) > MAX_NAME:
        errors["name"] = FieldError(TOO_LONG, {"limit": MAX_NAME})
    phone = private.plain_phone(told.phone)
    if told.phone.strip() and not 5 <= len(phone) <= MAX_PHONE:
        errors["phone"] = FieldError(BAD_PHONE)
    if entry is None and not Area.objects.filter(pk=area).exists():
        errors["area"] = FieldError(NO_AREA)
    return errors


def _refuse(errors: dict[str, FieldError]) -> None:
    if errors:
        raise problems.BAD_FIELDS(errors)


def _new(case_id: UUID, told: Told, entry: Entry | None, area: str, by: Rights | None, now: datetime) -> Case:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('disclosure_case_number')")
        serial = cursor.fetchone()[0]
    local = now.astimezone(book.BEIJING)
    return Case(
        pk=case_id,
        number=f"TS{local:%Y}-{serial:05d}",
        kind=told.kind,
        channel=told.channel,
        area_id=area,
        application_id=entry.application_id if entry else None,
        notice_id=entry.notice_id if entry else None,
        words=told.words.strip(),
        received_at=now,
        received_by=by.name if by else "",
        accept_due=periods.due("case.accept_days", area, begun=local.date()),
        settle_due=periods.due("case.settle_days", area, begun=local.date()),
    )


def locked(case_id: UUID, by: Rights, *states: Case.State, verb: str = "case.settle") -> Case:
    """Give a case, locked, in one of these states, to whoever may settle it (or do ``verb``) in its area."""
    found: Case | None = (
        Case.objects.select_for_update(of=("self",))
        .select_related("application", "notice")
        .filter(pk=case_id)
        .first()
    )
    if found is None:
        raise problems.NOT_FOUND()
    require(by, verb, str(found.area_id))
    if found.state not in states:
        raise problems.NOT_OPEN(number=found.number)
    return found


def tell(verb: str, case: Case, by: Rights | None, now: datetime) -> None:
    """Journal what was done to a case, and let boards hear of what changes the list of what is late."""
    append.one(
        verb,
        object_kind="case",
        object_id=str(case.pk),
        area_code=str(case.area_id),
        put=(),
        by=by,
        at=now,
    )
    if verb in TOLD:
        area = str(case.area_id)
        # That there is a case on conduct is no business of the village it is about.
        heard = pad(area[:TOWNSHIP_DIGITS]) if case.kind == Case.Kind.CONDUCT else area
        append.many([progress.row([heard], by=by, now=now)])
