"""P16, P17, P18: the planner beside bare HiGHS, its proof, and the price of fairness.

    script/bench plan [--villages 20000] [--lots 20] [--items 3] [--no-bare]

County: 183 villages × 5 places × 3 items, whole pieces: the product's solving ÷ HiGHS on the same least
weighted shortage as one whole-number programme (aim: ≤ 3, below a second, the same optimum). Province: 20,000
× 20 × 3, every policy (aim: ≤ 10 s, cost equal to the bound over every road), and under limits over all
villages. Worst village's filling ÷ the bound of the linear relaxation (aim: ≥ 0.999, up to one piece), whether
HiGHS proves it the best of all whole plans, and what fairness costs. All inputs are drawn.
"""

from __future__ import annotations

import argparse
import statistics
import time

import msgspec
import numpy as np

from disaster.relief.plan.solve import highs, plan
from disaster.relief.plan.solve.highs import Program
from disaster.relief.plan.solve.model import Answer, Bundle, Policy, Task
from tests.disaster.relief.plan.drawn import drawn, is_best


def bare(task: Task, reward: float) -> float:
    """Solve the least weighted shortage, then the shortest roads, as one whole-number programme by HiGHS alone."""
    lot, village = np.nonzero(np.isfinite(task.cost))
    ways, villages, kinds = len(lot), len(task.need), len(task.classes)
    own = np.repeat(np.arange(villages), kinds)
    worth = np.tile([one.weight for one in task.classes], villages) * reward
    solved = highs.solve(
        Program(
            cost=np.r_[task.cost[lot, village], -worth],
            lower=np.zeros(ways + len(own)),
            upper=np.r_[np.full(ways, np.inf), task.need.reshape(-1)].astype(float),
            row_lower=np.r_[np.zeros(villages), np.full(len(task.stock), -np.inf), task.floor].astype(float),
            row_upper=np.r_[
                np.zeros(villages), task.stock, np.where(task.fixed >= 0, task.fixed, task.total)
            ].astype(float),
            row=np.r_[village, own, villages + lot, villages + len(task.stock) + own],
            column=np.r_[
                np.arange(ways), ways + np.arange(len(own)), np.arange(ways), ways + np.arange(len(own))
            ],
            weight=np.r_[np.ones(ways), -np.ones(len(own)), np.ones(ways), np.ones(len(own))],
            whole=np.ones(ways + len(own), dtype=bool),
        )
    )
    assert solved is not None
    return solved.cost


def merit(task: Task, answer: Answer, reward: float) -> float:
    """Count an answer as :func:`bare` does."""
    left, total = answer.given.copy(), answer.minutes
    for at, one in enumerate(task.classes):
        served = np.minimum(left, task.need[:, at])
        left = left - served
        total -= reward * one.weight * float(served.sum())
    return total


def county(repeats: int) -> None:
    """Compare with HiGHS alone on the founding size."""
    ours, alone, apart = [], [], 0.0
    for seed in range(repeats):
        tasks = [
            drawn(Policy.LEAST, villages=183, lots=5, seed=3 * seed + item, pieces=60) for item in range(3)
        ]
        reward = 2.0 * 6 * float(max(task.cost[np.isfinite(task.cost)].max() for task in tasks)) + 1
        began = time.perf_counter()
        answers = [plan.solve(task) for task in tasks]
        ours.append(time.perf_counter() - began)
        began = time.perf_counter()
        best = [bare(task, reward) for task in tasks]
        alone.append(time.perf_counter() - began)
        for task, answer, cost in zip(tasks, answers, best, strict=True):
            apart = max(apart, abs(merit(task, answer, reward) - cost) / abs(cost))
    ratio = statistics.median(a / b for a, b in zip(ours, alone, strict=True))
    print(
        f"county 183 × 5 × 3: ours {statistics.median(ours):.3f} s ÷ bare HiGHS = {ratio:.2f}; apart {apart:.1e}"
    )


def province(villages: int, lots: int, items: int) -> None:
    """Time every policy on a province, with its proof."""
    for policy in Policy:
        tasks = [
            drawn(policy, villages=villages, lots=lots, seed=item, pieces=60, cut=0.02)
            for item in range(items)
        ]
        began, cpu = time.perf_counter(), time.process_time()
        answers = [plan.solve(task) for task in tasks]
        took, used = time.perf_counter() - began, time.process_time() - cpu
        gap = max((one.minutes - one.bound) / max(one.minutes, 1.0) for one in answers)
        print(
            f"{policy}: {villages} × {lots} × {items} in {took:.1f} s ({used:.1f} s of processor), gap {gap:.1e}"
        )


def fairness() -> None:
    """Hold the worst village against the linear bound and the best whole plan, and say what fairness costs."""
    for seed, pieces in ((0, 600), (1, 600), (2, 60_000), (3, 60_000)):
        task = drawn(Policy.FAIREST, villages=183, lots=5, seed=seed, pieces=pieces)
        task = Task(
            **{name: getattr(task, name) for name in task.__struct_fields__} | {"fixed": np.full(183, -1)}
        )
        answer = plan.solve(task)
        asks = (task.total > 0) & np.isfinite(task.cost).any(axis=0)
        bound = min(1.0, float(task.stock.sum()) / float(task.total[asks].sum()))
        worst = float((answer.given[asks] / task.total[asks]).min())
        piece = float((1 / task.total[asks]).max())
        least = plan.solve(
            Task(**{name: getattr(task, name) for name in task.__struct_fields__} | {"policy": Policy.LEAST})
        )
        dearer = answer.minutes / least.minutes - 1
        print(
            f"worst ÷ linear bound {worst / bound:.4f} (a piece is {piece:.4f}), best of all whole plans:"
            f" {is_best(task, answer)}; roads {dearer:+.1%} beside the least"
        )


def limited(villages: int, lots: int) -> None:
    """Time one item of a province under a limit over all, and one for each of 20 parts within 4; of a county, 18."""
    for policy in Policy:
        task = drawn(policy, villages=villages, lots=lots, seed=0, pieces=60, cut=0.02)
        every = Bundle(np.ones(villages, dtype=bool), int(task.stock.sum() * 0.8))
        parts = tuple(
            Bundle(
                np.arange(villages) * many // villages == at,
                int(task.stock.sum() / many * share * (0.7 + 0.2 * (at % 4))),
            )
            for many, share in ((20, 0.8), (4, 0.75))
            for at in range(many)
        )
        small = drawn(policy, villages=183, lots=5, seed=0, pieces=60)
        towns = tuple(
            Bundle(
                np.arange(183) // 10 == at,
                max(int(small.stock.sum() / 25), int(small.floor[at * 10 : at * 10 + 10].sum())),
            )
            for at in range(18)
        )
        for name, one in (
            ("province, one limit", msgspec.structs.replace(task, bundles=(every,))),
            ("province, 20 limits within 4", msgspec.structs.replace(task, bundles=parts)),
            ("county, 18 limits", msgspec.structs.replace(small, bundles=towns)),
        ):
            began, cpu = time.perf_counter(), time.process_time()
            answer = plan.solve(one)
            took, used = time.perf_counter() - began, time.process_time() - cpu
            gap = abs(answer.minutes - answer.bound) / max(answer.minutes, 1.0)
            print(f"{policy}: {name} in {took:.1f} s ({used:.1f} s of processor), gap {gap:.1e}")


def main() -> None:
    """Run all."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--villages", type=int, default=20_000)
    asked.add_argument("--lots", type=int, default=20)
    asked.add_argument("--items", type=int, default=3)
    chosen = asked.parse_args()
    county(5)
    fairness()
    province(chosen.villages, chosen.lots, chosen.items)
    limited(chosen.villages, chosen.lots)


if __name__ == "__main__":
    main()
