"""What was published of the winter relief of 2017–18 in 潜山, and how we share it out. Pure.

潜山市人大调研报告 (2019-02): 3.74 million yuan, 1,260 quilts and 360 padded coats went to
16,366 households with 27,808 people. Which village had how many is not known: villages,
households and papers here are made up; only the sums are real.
"""

from __future__ import annotations

from typing import NamedTuple

HOUSEHOLDS, PEOPLE = 16_366, 27_808
GOODS = {"quilt": 1_260, "coat": 360}
YUAN = 3_740_000


class Quota(NamedTuple):
    """One quota paper (指标): its number, whose money it is (``central`` …), and how many yuan."""

    number: str
    source: str
    yuan: int


QUOTAS = (
    Quota("财建〔示例〕1号", "central", 2_600_000),
    Quota("皖财建〔示例〕2号", "province", 620_000),
    Quota("宜财社〔示例〕3号", "city", 200_000),
    Quota("潜财社〔示例〕4号", "county", 240_000),
    Quota("潜慈〔示例〕5号", "donor", 80_000),
)
"""Made up; together the published sum."""


class Delivery(NamedTuple):
    """Goods that come to the county's warehouse; ``township`` is where a donor wants them."""

    kind: str
    item: str
    quantity: int
    yuan: int
    giver: str
    township: str = ""
    wish: str = ""


DELIVERIES = (
    Delivery("purchase", "quilt", 720, 168, "示例被服厂"),
    Delivery("upper", "quilt", 480, 165, "安庆市储备库(示例)"),
    Delivery("donation", "quilt", 60, 150, "示例爱心企业", "水吼", "捐给水吼镇的特困户"),
    Delivery("purchase", "coat", 200, 128, "示例被服厂"),
    Delivery("upper", "coat", 160, 126, "安庆市储备库(示例)"),
)
"""Made up; by item they add up to :data:`GOODS`. Prices are yuan a unit."""
