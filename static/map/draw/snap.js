/**
 * Catching the pointer on what is drawn already: a corner first, else an edge. Pure, in pixels.
 *
 * @typedef {[number, number]} Pixel
 * @typedef {{pixel: Pixel, kind: "corner" | "edge"}} Caught
 */

/**
 * Find the nearest corner within reach, else the nearest point of an edge.
 * @param {Pixel} pixel @param {Pixel[][]} lines @param {number} reach
 * @returns {Caught | null}
 */
export function catching(pixel, lines, reach) {
  return nearest(lines.flat(), pixel, reach, "corner")
    ?? nearest(lines.flatMap((line) => line.slice(1).map((end, at) => foot(pixel, line[at], end))), pixel, reach, "edge");
}

function nearest(candidates, [x, y], reach, kind) {
  let best = null;
  let least = reach;
  for (const pixel of candidates) {
    const far = Math.hypot(pixel[0] - x, pixel[1] - y);
    if (far <= least) [best, least] = [{ pixel, kind }, far];
  }
  return best;
}

/** The point of an edge that lies nearest. @param {Pixel} pixel @param {Pixel} from @param {Pixel} to @returns {Pixel} */
export function foot([x, y], [ax, ay], [bx, by]) {
  const [dx, dy] = [bx - ax, by - ay];
  const length = dx * dx + dy * dy;
  const share = length ? Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / length)) : 0;
  return [ax + share * dx, ay + share * dy];
}

/**
 * The lines of a geometry, as they can be caught.
 * @param {any} geometry GeoJSON @param {boolean} [tiled] cut by a tile: the cut's own edges, which run
 *   exactly along a meridian or a parallel, are left out
 * @returns {[number, number][][]}
 */
export function linesOf(geometry, tiled = false) {
  const rings = {
    LineString: () => [geometry.coordinates],
    MultiLineString: () => geometry.coordinates,
    Polygon: () => geometry.coordinates,
    MultiPolygon: () => geometry.coordinates.flat(),
  }[geometry.type]?.() ?? [];
  return tiled ? rings.flatMap(uncut) : rings;
}

/**
 * The edges of a line that may touch a box, one by one.
 * @param {[number, number][]} line @param {[number, number, number, number]} box west, south, east, north
 * @returns {[number, number][][]}
 */
export function piecesIn(line, [west, south, east, north]) {
  const found = [];
  for (let at = 1; at < line.length; at += 1) {
    const [[x, y], [u, v]] = [line[at - 1], line[at]];
    if (Math.max(x, u) >= west && Math.min(x, u) <= east && Math.max(y, v) >= south && Math.min(y, v) <= north) found.push([line[at - 1], line[at]]);
  }
  return found;
}

function uncut(ring) {
  const found = [];
  let line = [];
  ring.forEach((corner, at) => {
    const last = ring[at - 1];
    if (last && (last[0] === corner[0] || last[1] === corner[1])) {
      found.push(line);
      line = [];
    }
    line.push(corner);
  });
  return [...found, line].filter(({ length }) => length > 1);
}
