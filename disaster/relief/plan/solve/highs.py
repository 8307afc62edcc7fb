"""Asking HiGHS: one linear or whole-number programme in arrays. Pure."""

from __future__ import annotations

from typing import Any, NamedTuple

import highspy
import numpy as np

from disaster.relief.plan.solve.model import Flags, Floats, Whole

TINY = 1e-6
LARGE = 20_000
"""Columns from which on inner points with a crossover are quicker than the simplex."""


class Program(NamedTuple):
    """Minimise ``cost · x`` between bounds, with sums of columns between bounds.

    The sums are given entry by entry: ``weight`` of column ``column`` in row ``row``.
    """

    cost: Floats
    lower: Floats
    upper: Floats
    row_lower: Floats
    row_upper: Floats
    row: Whole
    column: Whole
    weight: Floats
    whole: Flags | None = None


class Solved(NamedTuple):
    """Values, each row's price (how much the cost falls if its bound rises by one, negated), cost and bound."""

    values: Floats
    prices: Floats
    cost: float
    bound: float


class Unproven(Exception):  # noqa: N818 - an answer, not a crash
    """HiGHS found no answer that it could prove in the time given."""


def solve(program: Program, *, seconds: float = 60.0) -> Solved | None:
    """Solve to a gap of nothing; None where the sums can't all be kept.

    Raises
    ------
    Unproven
        If the time is up before.
    """
    order = np.lexsort((program.row, program.column))
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(program.cost), len(program.row_lower)
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = program.cost, program.lower, program.upper
    lp.row_lower_, lp.row_upper_ = program.row_lower, program.row_upper
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    counts = np.bincount(program.column, minlength=len(program.cost))
    lp.a_matrix_.start_ = np.r_[0, np.cumsum(counts)].astype(np.int32)
    lp.a_matrix_.index_ = program.row[order].astype(np.int32)
    lp.a_matrix_.value_ = program.weight[order].astype(float)
    if program.whole is not None:
        kinds = highspy.HighsVarType
        lp.integrality_ = [kinds.kInteger if one else kinds.kContinuous for one in program.whole]
    solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    for name, value in (
        ("output_flag", False),
        ("time_limit", seconds),
        ("mip_rel_gap", 0.0),
        ("mip_abs_gap", TINY),
    ):
        solver.setOptionValue(name, value)
    if program.whole is None and len(program.cost) > LARGE:
        solver.setOptionValue("solver", "ipm")
    solver.passModel(lp)
    solver.run()
    status, info = solver.getModelStatus(), solver.getInfo()
    statuses = highspy.HighsModelStatus
    if status in (statuses.kInfeasible, statuses.kUnboundedOrInfeasible):
        return None
    if status != statuses.kOptimal:
        raise Unproven(solver.modelStatusToString(status))
    found = solver.getSolution()
    cost = float(info.objective_function_value)
    bound = cost if program.whole is None else float(info.mip_dual_bound)
    return Solved(np.array(found.col_value), np.array(found.row_dual), cost, bound)
