"""Households and applications as they are entered, by a village, a workbook or the loader of many."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec


class HouseholdEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A household as it is entered; ``area`` is its village, ``lon`` and ``lat`` are EPSG:4326.

    When a household is changed, ``identity``, ``phone`` and ``card`` of None stay as they are.
    """

    area: str
    name: str
    members: int
    group: str = ""
    identity: str | None = ""
    phone: str | None = ""
    card: str | None = ""
    bank: str = ""
    types: Sequence[str] = ()
    address: str = ""
    lon: float | None = None
    lat: float | None = None


class MemberEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A member as it is entered; when one is changed, an ``identity`` of None stays as it is."""

    name: str
    relation: str
    identity: str | None = ""
    marks: Sequence[str] = ()


class ApplicationEntry(msgspec.Struct, frozen=True, kw_only=True):
    """What a household needs: persons, kg of grain, pieces of clothing and bedding, yuan for the rest.

    ``is_key`` None is decided by the household's types and its hardships (rule need.key_types).
    """

    persons: int
    origin: str = "self"
    grain_kg: int = 0
    clothing: int = 0
    heating_yuan: int = 0
    medical_yuan: int = 0
    water_yuan: int = 0
    other_yuan: int = 0
    months: Sequence[int] = ()
    hardships: Sequence[str] = ()
    is_key: bool | None = None
    over_limit_why: str = ""
    remarks: str = ""
