"""How households and applications are shown: numbers masked, names in full to who works in the village (§8.3)."""

from __future__ import annotations

from typing import Any

from disaster.people import private
from disaster.people.scope import Rights
from disaster.registers.models import mask_name
from disaster.registers.shown import main_type
from disaster.relief.needs import checks
from disaster.relief.needs.batch import Answer
from disaster.relief.needs.cover import Cover
from disaster.relief.needs.listing import Line, Sum
from disaster.relief.needs.models import Application, Household, Member, Programme
from disaster.relief.needs.queries import NEEDS, VillageNeeds
from disaster.relief.needs.services.households import mask_card
from disaster.rules import book


def name_for(household: Household, *, to: Rights) -> str:
    """Give the head's name in full to who works with the village, else its first character."""
    full = to.may("need.village", str(household.area_id))
    return household.name if full else mask_name(household.name)


def household(row: Household, *, to: Rights) -> dict[str, Any]:
    """Show a household with its private numbers masked."""
    card = row.card
    return {
        "id": row.pk,
        "area": row.area_id,
        "group": row.group,
        "name": name_for(row, to=to),
        "identity": private.mask_identity(row.identity),
        "phone": private.mask_phone(row.phone),
        "card": mask_card(card),
        "card_doubt": bool(card) and checks.card_doubt(card),
        "card_refused_why": row.card_refused_why,
        "bank": row.bank,
        "members": row.members,
        "types": row.types,
        "address": row.address,
        "lon": round(row.point.x, 6) if row.point else None,
        "lat": round(row.point.y, 6) if row.point else None,
        "state": row.state,
        "version": row.version,
        "entered_at": row.entered_at,
        "entered_by": row.entered_by,
        "changed_at": row.changed_at,
    }


def member(row: Member, home: Household, *, to: Rights) -> dict[str, Any]:
    """Show a member with its number masked; its name in full and its marks to who works with the village."""
    full = to.may("need.village", str(home.area_id))
    return {
        "id": row.pk,
        "name": row.name if full else mask_name(row.name),
        "identity": private.mask_identity(row.identity),
        "relation": row.relation,
        "marks": row.marks if full else [],
    }


def application(row: Application) -> dict[str, Any]:
    """Show an application's own figures and where it stands."""
    return {
        "id": row.pk,
        "number": row.number,
        "programme": row.programme_id,
        "household": row.household_id,
        "area": row.area_id,
        "origin": row.origin,
        "state": row.state,
        "persons": row.persons,
        **{name: getattr(row, name) for name in NEEDS},
        "months": row.months,
        "hardships": row.hardships,
        "key": row.is_key,
        "over_limit_why": row.over_limit_why,
        "remarks": row.remarks,
        "applied_at": row.applied_at,
        "posted_on": row.posted_on,
        "notice_until": row.notice_until,
        "held_at": row.held_at,
        "held_why": row.held_why,
        "version": row.version,
    }


def line(one: Line, *, to: Rights, language: str) -> dict[str, Any]:
    """Show a line of a list with its grants and what speaks against it."""
    home = one.it.household
    return {
        **application(one.it),
        "name": name_for(home, to=to),
        "group": home.group,
        "members": home.members,
        "types": home.types,
        "grants": [
            *({"item": name, "granted": many, "settled": settled} for name, many, settled in one.goods),
            *([{"item": "money", "granted": one.fen, "settled": one.fen_settled}] if one.fen else []),
        ],
        "findings": [
            {"check": found.check, "words": found.say(language), "refuses": found.problem is not None}
            for found in one.findings
        ],
    }


def programme(row: Programme) -> dict[str, Any]:
    """Show a programme."""
    return {
        "id": row.pk,
        "number": row.number,
        "name": row.name,
        "kind": row.kind,
        "area": row.area_id,
        "event": row.event_id,
        "starts_on": row.starts_on,
        "ends_on": row.ends_on,
        "opened_at": row.opened_at,
        "closed_at": row.closed_at,
    }


def needs(row: VillageNeeds | Sum) -> dict[str, Any]:
    """Show a village's or township's needs."""
    return row._asdict()


def answered(answers: list[Answer], language: str) -> dict[str, Any]:
    """Show what became of many: how many were done, and each with its refusal."""
    return {
        "done": sum(one.done for one in answers),
        "refused": sum(not one.done for one in answers),
        "answers": [
            {
                "id": one.id,
                "number": one.number,
                "state": one.state,
                "problem": one.problem.told(language) if one.problem else None,
            }
            for one in answers
        ],
    }


def covered(rows: list[Cover], language: str) -> list[dict[str, Any]]:
    """Show what an approval grants against the stock, item by item; ``words`` say what is missing, "" where nothing is."""
    english = language.startswith("en")
    return [
        {
            "item": row.item.pk,
            "name": row.item.name_en if english else row.item.name,
            "unit": row.item.unit,
            **{name: getattr(row, name) for name in ("now", "before", "available", "elsewhere", "short")},
            "words": row.say(language),
        }
        for row in rows
    ]


def types_said(types: list[str], language: str) -> str:
    """Give the gravest household type in words, as the statutory form takes one."""
    entry = book.code("household_type", main_type(types))
    return entry.name(language) if entry else ""


def codes_said(listed: str, keys: list[str], language: str) -> str:
    """Give coded values in words; what has left the list is shown by its key."""
    names = {one.key: one.name(language) for one in book.codes(listed)}
    return "、".join(names.get(key, key) for key in keys)
