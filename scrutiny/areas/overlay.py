"""What two layers share: pairs of areas with the land and the people in both, and each layer's own faults as a
coverage.

Most pairs are settled without cutting anything: a small area wholly inside a large one is told by a prepared test.
The rest are cut in two threads: GEOS lets go of the interpreter, and nothing prepared is ever shared between threads
(it crashes).
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

# Below this many square metres a shared strip is the noise of rounded coordinates, not land.
NOISE = 1.0
CHUNK = 256
# A box a little larger than the small area, by odd amounts, so that no edge of it falls on a corner of the large one.
MARGIN = np.array([-1.37, -1.73, 1.59, 1.21])
Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Shared:
    """Pairs of areas that share land: positions in the first and second layer, and the land in both in square
    metres."""

    first: Any
    second: Any
    square_metres: Any


def shared_land(first: Any, second: Any, *, progress: Progress | None = None) -> Shared:
    """Every pair of valid shapes of two layers (Shapely arrays, one CRS in metres) that share more than a strip of
    noise."""
    if _corners_each(first) > _corners_each(second):
        turned = shared_land(second, first, progress=progress)
        order = np.lexsort((turned.first, turned.second))
        return Shared(turned.second[order], turned.first[order], turned.square_metres[order])
    large = shapely.from_wkb(shapely.to_wkb(second))  # copies of our own, so that preparing them touches nobody else's
    j, i = shapely.STRtree(first).query(large)
    order = np.lexsort((i, j))
    i, j = i[order], j[order]
    shapely.prepare(large)
    inside = shapely.contains_properly(large[j], first[i])
    land = np.zeros(len(i))
    land[inside] = shapely.area(first[i[inside]])
    cut = np.flatnonzero(~inside)
    cut = cut[shapely.intersects(large[j[cut]], first[i[cut]])]
    shapely.destroy_prepared(large)
    land[cut] = _cut(first, large, i[cut], j[cut], progress)
    kept = land > NOISE
    order = np.lexsort((j[kept], i[kept]))
    return Shared(i[kept][order], j[kept][order], land[kept][order])


def _corners_each(shapes: Any) -> float:
    """How many corners a shape of the layer has, on average."""
    return float(shapely.get_num_coordinates(shapes).sum()) / max(len(shapes), 1)


def _cut(first: Any, second: Any, i: Any, j: Any, progress: Progress | None) -> Any:
    """The land of each pair found by cutting, in square metres."""
    chunks = [slice(start, start + CHUNK) for start in range(0, len(i), CHUNK)]
    found = []
    with ThreadPoolExecutor(2) as pool:
        for done, land in enumerate(pool.map(lambda chunk: _land_of(first[i[chunk]], second[j[chunk]]), chunks), 1):
            found.append(land)
            if progress:
                progress(done / len(chunks))
    return np.concatenate(found) if found else np.zeros(0)


def _land_of(small: Any, large: Any) -> Any:
    """The land each pair shares. The large one is first clipped to the small one's box: cheap, and exact but for rounding."""
    boxes = shapely.bounds(small) + MARGIN
    near = np.array([shapely.clip_by_rect(shape, *box) for shape, box in zip(large, boxes.tolist(), strict=True)], dtype=object)
    sound = shapely.is_valid(near)
    near[~sound] = large[~sound]
    return shapely.area(shapely.intersection(small, near))


def points_in(points_x: Any, points_y: Any, shapes: Any) -> tuple[Any, Any]:
    """For points in the CRS of the shapes: pairs (position of point, position of shape that covers it), ordered by
    point."""
    tree = shapely.STRtree(shapes)
    boxes = shapely.points(points_x, points_y)
    point, shape = tree.query(boxes)
    own = shapely.from_wkb(shapely.to_wkb(shapes))
    order = np.lexsort((point, shape))
    point, shape = point[order], shape[order]
    shapely.prepare(own)
    held = shapely.intersects_xy(own[shape], points_x[point], points_y[point])
    point, shape = point[held], shape[held]
    order = np.lexsort((shape, point))
    return point[order], shape[order]


def overlapping_neighbours(shapes: Any) -> Shared:
    """Pairs of areas within one layer that overlap, first before second, with the land counted twice; empty for a
    coverage."""
    none = Shared(np.zeros(0, dtype=int), np.zeros(0, dtype=int), np.zeros(0))
    if shapely.coverage_is_valid(shapes):
        return none
    suspect = np.flatnonzero(~shapely.is_empty(shapely.coverage_invalid_edges(shapes)))
    if not len(suspect):
        return none
    found = shared_land(shapes[suspect], shapes[suspect])
    keep = found.first < found.second
    return Shared(suspect[found.first[keep]], suspect[found.second[keep]], found.square_metres[keep])
