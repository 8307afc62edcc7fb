"""The storm of 5–7 July 2013 in 潜山 as the villages would have reported it. Pure.

Published (安庆新闻网, 2013-07-08): 16 townships and the development zone hit, 145,000 people
affected, 11,200 moved to safety, 92,000 亩 of crops hit and 37,000 亩 of them damaged, 5
households' 11 rooms collapsed, 14 households' 31 rooms damaged, 3.1 km of roads and 3.5 km
of dykes broken, losses of about 82 million yuan, nobody dead. 龙湾 had 299.6 mm of rain.

How the figures fall on single villages is made up, in proportion to people and rain; the
sums are the published ones exactly. The published "damaged" rooms are filed as 一般损坏, as
the source does not tell the classes apart.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

MU_STEP = 3
"""Crops are reported in steps of 3 亩: 0.2 公顷, so that no rounding is lost in the sum."""

PUBLISHED: dict[str, float] = {
    "affected": 145_000,
    "relocated": 11_200,
    "crops_affected": 6_133.33,  # 92,000 亩
    "crops_damaged": 2_466.67,  # 37,000 亩
    "houses_collapsed_rooms": 11,
    "houses_collapsed_homes": 5,
    "houses_slight_rooms": 31,
    "houses_slight_homes": 14,
    "roads_km": 3.1,
    "dykes_km": 3.5,
    "loss_total": 8_200,
    "dead": 0,
    "missing": 0,
}
"""The published totals by indicator, in statutory units."""

MOUNTAIN = ("水吼", "官庄", "槎水", "塔畈", "五庙", "龙潭", "黄柏", "天柱山")
"""Townships of the north-west mountains, where the rain was heaviest."""


@dataclass(frozen=True)
class Village:
    """A village of the gazetteer with the account that reports for it."""

    code: str
    name: str
    township: str
    population: int
    account: str


@dataclass(frozen=True)
class Message:
    """One report to be filed: when (0…1 of the storm), by whom, with which cumulative figures."""

    at: float
    village: Village
    step: int
    last: bool
    kind: str
    hazard: str
    figures: dict[str, float]
    units: dict[str, str]
    text: str


def plan(villages: Sequence[Village], *, seed: int = 20130705) -> list[Message]:
    """Write every report of the storm, in time order; its final figures sum to :data:`PUBLISHED`."""
    chance = random.Random(seed)  # noqa: S311 - a rehearsal, not a secret
    order = sorted(villages, key=lambda village: village.code)
    rain = [_rain(village, chance) for village in order]
    final = _share(order, rain, chance)
    messages = [
        message
        for village, wet, figures in zip(order, rain, final, strict=True)
        for message in _story(village, wet, figures, chance)
    ]
    return sorted(messages, key=lambda message: message.at)


def _rain(village: Village, chance: random.Random) -> float:
    if village.name.startswith("龙湾"):
        return 299.6
    mountain = village.township.startswith(MOUNTAIN)
    return round(chance.uniform(120, 240) if mountain else chance.uniform(70, 150), 1)


def _share(villages: Sequence[Village], rain: Sequence[float], chance: random.Random) -> list[dict[str, int]]:
    people = [village.population * wet for village, wet in zip(villages, rain, strict=True)]
    wettest = sorted(range(len(villages)), key=lambda index: -rain[index])
    shares = {
        "affected": apportion(145_000, people),
        "crops_mu": [3 * share for share in apportion(92_000 // MU_STEP, people)],
        "roads_100m": _scatter(31, wettest[:24], chance, len(villages)),
        "dykes_100m": _scatter(35, wettest[20:38], chance, len(villages)),
        "collapsed_homes": _scatter(5, wettest[:5], chance, len(villages), each=1),
        "slight_homes": _scatter(14, wettest[:14], chance, len(villages), each=1),
    }
    shares["relocated"] = apportion(
        11_200, [a * w * w for a, w in zip(shares["affected"], rain, strict=True)]
    )
    shares["crops_mu"][wettest[0]] += 92_000 % MU_STEP
    shares["damaged_mu"] = [3 * share for share in apportion(37_000 // MU_STEP, shares["crops_mu"])]
    shares["damaged_mu"][wettest[0]] += 37_000 % MU_STEP
    shares["loss"] = apportion(8_200, [a * w for a, w in zip(shares["affected"], rain, strict=True)])
    shares["collapsed_rooms"] = _rooms(11, shares["collapsed_homes"])
    shares["slight_rooms"] = _rooms(31, shares["slight_homes"])
    return [{key: values[index] for key, values in shares.items()} for index in range(len(villages))]


def apportion(total: int, weights: Sequence[float]) -> list[int]:
    """Split a whole number in proportion to weights (largest remainders), losing nothing."""
    whole = sum(weights)
    exact = [total * weight / whole for weight in weights]
    shares = [int(value) for value in exact]
    behind = sorted(range(len(exact)), key=lambda index: shares[index] - exact[index])
    for index in behind[: total - sum(shares)]:
        shares[index] += 1
    return shares


def _scatter(
    total: int, places: Sequence[int], chance: random.Random, size: int, each: int | None = None
) -> list[int]:
    shares = [0] * size
    if each is not None:
        for index in places[:total]:
            shares[index] = each
        return shares
    for _ in range(total):
        shares[chance.choice(places)] += 1
    return shares


def _rooms(total: int, homes: Sequence[int]) -> list[int]:
    """Give every damaged home its rooms: two or three, as many as there were in all."""
    rooms = [2 * count for count in homes]
    spare = total - sum(rooms)
    for index, count in enumerate(homes):
        more = min(spare, count)
        rooms[index] += more
        spare -= more
    return rooms


def _story(village: Village, rain: float, final: dict[str, int], chance: random.Random) -> list[Message]:
    """Tell one village's storm: a first report, follow-ups as the count comes in, the last one final."""
    begin = chance.betavariate(2, 5) * 0.7 * (1.0 - min(rain, 300) / 600)
    steps = 1 + chance.choice((1, 1, 2, 2, 3) if rain > 150 else (0, 1, 1, 2))
    times = sorted(chance.uniform(begin, 0.98) for _ in range(steps - 1))
    hazard = "flood.flash" if village.township.startswith(MOUNTAIN) else "flood.river"
    counted = [*sorted(chance.uniform(0.3, 0.9) for _ in range(steps - 1)), 1.0]
    messages = []
    for step, (at, known) in enumerate(zip([begin, *times], counted, strict=True)):
        last = step == steps - 1
        figures, units = _figures(final, known)
        messages.append(
            Message(
                at=at,
                village=village,
                step=step,
                last=last,
                kind="first" if step == 0 else "followup",
                hazard=hazard,
                figures=figures,
                units=units,
                text=f"{village.name}降雨 {rain} 毫米"
                + (",沟河水位上涨,正在转移群众" if step == 0 else ",灾情已核实" if last else ""),
            )
        )
    return messages


def _figures(final: dict[str, int], known: float) -> tuple[dict[str, float], dict[str, str]]:
    part = {key: int(value * known) for key, value in final.items()}
    part["crops_mu"] -= part["crops_mu"] % MU_STEP if known < 1 else 0
    part["damaged_mu"] -= part["damaged_mu"] % MU_STEP if known < 1 else 0
    figures: dict[str, float] = {
        "affected": part["affected"],
        "dead": 0,
        "missing": 0,
        "relocated": part["relocated"],
        "crops_affected": part["crops_mu"],
        "crops_damaged": min(part["damaged_mu"], part["crops_mu"]),
        "houses_collapsed_rooms": part["collapsed_rooms"],
        "houses_collapsed_homes_rooms": part["collapsed_rooms"],
        "houses_collapsed_homes": min(part["collapsed_homes"], part["collapsed_rooms"]),
        "houses_slight_rooms": part["slight_rooms"],
        "houses_slight_homes_rooms": part["slight_rooms"],
        "houses_slight_homes": min(part["slight_homes"], part["slight_rooms"]),
        "roads_km": part["roads_100m"] / 10,
        "dykes_km": part["dykes_100m"] / 10,
        "loss_total": part["loss"],
    }
    kept = {key: value for key, value in figures.items() if value or key in {"dead", "missing", "affected"}}
    for damage in ("collapsed", "slight"):  # rooms are counted before households are
        if not kept.get(f"houses_{damage}_homes"):
            kept.pop(f"houses_{damage}_homes_rooms", None)
    return kept, {key: "mu" for key in ("crops_affected", "crops_damaged") if key in kept}
