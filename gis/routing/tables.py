"""Many ways at once, from the network in memory: seconds from each origin to each destination."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from gis.routing import blocked, graph
from gis.routing.blocked import Danger
from gis.routing.graph import Floats, Graph
from gis.routing.route import WALK_MPS
from gis.routing.snap import Foot, LonLat, feet


def matrix(origins: Sequence[LonLat], destinations: Sequence[LonLat], *, at: datetime) -> Floats:
    """Give the seconds by dry road from each origin to each destination; infinite where there is none.

    Places are (longitude, latitude) in EPSG:4326; each meets the nearest road that can be
    passed, on foot. Shape: origins × destinations.
    """
    network = graph.current()
    danger = blocked.at(at, network)
    return between(network, danger, feet(origins, network, danger), feet(destinations, network, danger))


def between(
    network: Graph, danger: Danger, origins: Sequence[Foot | None], destinations: Sequence[Foot | None]
) -> Floats:
    """Give the seconds between feet on a network whose blocked edges are left out."""
    costs = np.full((len(origins), len(destinations)), np.inf)
    starts = [at for at, foot in enumerate(origins) if foot is not None]
    if not starts or not len(network.ids):
        return costs
    web, first = with_origins(network, danger, [origins[at] for at in starts])  # type: ignore[misc]
    reached = dijkstra(web, directed=True, indices=np.arange(first, first + len(starts)))
    for column, foot in enumerate(destinations):
        if foot is None:
            continue
        best = np.minimum(*onto(network, reached, foot))
        for row, at in enumerate(starts):
            start = origins[at]
            assert start is not None  # noqa: S101 - chosen above
            costs[at, column] = min(best[row], direct(network, start, foot)) + foot.metres / WALK_MPS
    return costs


def onto(network: Graph, reached: Floats, foot: Foot) -> tuple[Floats, Floats]:
    """Give the seconds to a foot by its edge's source and by its target, from those to every node (the last axis)."""
    source, target = network.ends[foot.edge]
    return (
        reached[..., source] + over(foot.share, network.forward[foot.edge]),
        reached[..., target] + over(1 - foot.share, network.backward[foot.edge]),
    )


def direct(network: Graph, start: Foot, end: Foot) -> float:
    """Give the seconds from a place on foot to its edge and along it to a foot on the same, without a node between."""
    if start.edge != end.edge:
        return float("inf")
    ahead = end.share - start.share
    whole = network.forward[start.edge] if ahead >= 0 else network.backward[start.edge]
    return float(abs(ahead) * whole + start.metres / WALK_MPS)


def over(share: float | Floats, whole: float | Floats) -> Floats:
    """Give the seconds over a share of an edge: no share of a one-way road is driven backward, not even none."""
    is_open = np.isfinite(whole)
    return np.where(is_open, share * np.where(is_open, whole, 0.0), np.inf)


def with_origins(network: Graph, danger: Danger, origins: Sequence[Foot]) -> tuple[csr_matrix, int]:
    """Build the graph with a node for each origin, tied to both ends of its edge; gives the first one's place."""
    free = ~danger.edges
    size = len(network.nodes)
    rows = [network.ends[free, 0], network.ends[free, 1]]
    columns = [network.ends[free, 1], network.ends[free, 0]]
    weights = [network.forward[free], network.backward[free]]
    own = np.arange(size, size + len(origins))
    edges = np.array([foot.edge for foot in origins])
    shares = np.array([foot.share for foot in origins])
    walk = np.array([foot.metres for foot in origins]) / WALK_MPS
    rows += [own, own]
    columns += [network.ends[edges, 1], network.ends[edges, 0]]
    weights += [
        walk + over(1 - shares, network.forward[edges]),
        walk + over(shares, network.backward[edges]),
    ]
    return _sparse(
        np.concatenate(rows), np.concatenate(columns), np.concatenate(weights), size + len(own)
    ), size


def _sparse(rows: Floats, columns: Floats, weights: Floats, size: int) -> csr_matrix:
    """Make a sparse graph; of parallel roads the quicker counts, and nothing takes no time at all."""
    passable = np.isfinite(weights)
    rows, columns, weights = rows[passable], columns[passable], np.maximum(weights[passable], 1e-3)
    order = np.lexsort((weights, columns, rows))
    rows, columns, weights = rows[order], columns[order], weights[order]
    first = np.ones(len(rows), dtype=bool)
    first[1:] = (rows[1:] != rows[:-1]) | (columns[1:] != columns[:-1])
    return csr_matrix((weights[first], (rows[first], columns[first])), shape=(size, size))
