/**
 * A shape while it is drawn: parts with holes, and the ring that is being set. Pure; every verb gives
 * a new state and leaves the old one as it was, which is all that undoing needs.
 *
 * @typedef {[number, number]} Point  longitude, latitude (EPSG:4326)
 * @typedef {Point[]} Ring  corners in order, not closed
 * @typedef {{parts: Ring[][], open: {corners: Ring, hole: boolean} | null}} State
 *   a part is its outline, then its holes
 * @typedef {{part: number, ring: number, vertex: number}} Place  a corner, or the edge that follows it
 */

/** @type {State} */
export const NOTHING = Object.freeze({ parts: [], open: null });

/** Digits kept: a centimetre, as the server keeps them. */
const DECIMALS = 1e7;
/** @param {number[]} point @returns {Point} */
export const rounded = ([lon, lat]) => [Math.round(lon * DECIMALS) / DECIMALS, Math.round(lat * DECIMALS) / DECIMALS];
const same = (a, b) => a[0] === b[0] && a[1] === b[1];

/** Begin a ring. @param {State} state @param {boolean} [hole] @returns {State} */
export const begin = (state, hole = false) => ({ ...state, open: { corners: [], hole } });

/** Leave the ring that was begun. @param {State} state @returns {State} */
export const drop = (state) => ({ ...state, open: null });

/** Set a corner; one on top of the last adds nothing. @param {State} state @param {Point} point @returns {State} */
export function add(state, point) {
  const { corners } = state.open;
  const next = rounded(point);
  if (corners.length && same(corners[corners.length - 1], next)) return state;
  return { ...state, open: { ...state.open, corners: [...corners, next] } };
}

/**
 * Close the ring that is being set.
 * @param {State} state @returns {State | null} null if it can't be: too few corners, or a hole outside every part
 */
export function close(state) {
  const { open } = state;
  if (!open || open.corners.length < 3) return null;
  if (!open.hole) return { parts: [...state.parts, [open.corners]], open: null };
  const at = state.parts.findIndex(([outline]) => open.corners.some((corner) => inside(corner, outline)));
  if (at < 0) return null;
  return { parts: state.parts.map((part, index) => (index === at ? [...part, open.corners] : part)), open: null };
}

/** @param {State} state @param {Place} at @param {Point} point @returns {State} */
export const move = (state, at, point) =>
  changed(state, at, (ring) => ring.map((corner, index) => (index === at.vertex ? rounded(point) : corner)));

/** Set a corner on the edge that follows a corner. @param {State} state @param {Place} at @param {Point} point @returns {State} */
export const insert = (state, at, point) =>
  changed(state, at, (ring) => [...ring.slice(0, at.vertex + 1), rounded(point), ...ring.slice(at.vertex + 1)]);

/** Take a corner away; a ring left with two goes whole, and an outline takes its holes along. @param {State} state @param {Place} at @returns {State} */
export const remove = (state, at) =>
  changed(state, at, (ring) => (ring.length > 3 ? ring.filter((_, index) => index !== at.vertex) : null));

/** Take a whole ring away. @param {State} state @param {Place} at @returns {State} */
export const removeRing = (state, at) => changed(state, at, () => null);

/** Put an outline in, closed: a circle or a box. @param {State} state @param {Ring} ring @returns {State} */
export const include = (state, ring) => ({ parts: [...state.parts, [ring.map(rounded)]], open: null });

/** Put another outline in the last part's place. @param {State} state @param {Ring} ring @returns {State} */
export const replaceLast = (state, ring) => ({ parts: [...state.parts.slice(0, -1), [ring.map(rounded)]], open: null });

function changed(state, { part, ring }, change) {
  const rings = state.parts[part].map((one, index) => (index === ring ? change(one) : one));
  const kept = rings[0] ? rings.filter(Boolean) : null;
  return { ...state, parts: state.parts.map((one, index) => (index === part ? kept : one)).filter(Boolean) };
}

/** Whether a point lies in a ring (even–odd). @param {Point} point @param {Ring} ring */
export function inside([x, y], ring) {
  let within = false;
  ring.forEach(([ax, ay], index) => {
    const [bx, by] = ring[(index + 1) % ring.length];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) within = !within;
  });
  return within;
}

/**
 * What is drawn, as GeoJSON; a ring still open counts as if it were closed now.
 * @param {State} state @returns {any} null while there is no area
 */
export function toGeometry(state) {
  const { parts } = (state.open && close(state)) || state;
  const closed = parts.map((part) => part.map((ring) => [...ring, ring[0]]));
  if (!closed.length) return null;
  return closed.length === 1 ? { type: "Polygon", coordinates: closed[0] } : { type: "MultiPolygon", coordinates: closed };
}

/** @param {any} geometry a GeoJSON Polygon or MultiPolygon @returns {State} */
export function fromGeometry(geometry) {
  const parts = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
  return { parts: parts.map((part) => part.map((ring) => ring.slice(0, -1).map(rounded))), open: null };
}

/** Every corner of the closed rings with its place. @param {State} state @returns {{at: Place, point: Point}[]} */
export function vertices(state) {
  return state.parts.flatMap((rings, part) =>
    rings.flatMap((corners, ring) => corners.map((point, vertex) => ({ at: { part, ring, vertex }, point }))));
}

/** The middle of every edge, where a corner can be set. @param {State} state @returns {{at: Place, point: Point}[]} */
export function midpoints(state) {
  return vertices(state).map(({ at, point: [x, y] }) => {
    const corners = state.parts[at.part][at.ring];
    const [u, v] = corners[(at.vertex + 1) % corners.length];
    return { at, point: /** @type {Point} */ ([(x + u) / 2, (y + v) / 2]) };
  });
}

/** How many corners there are, the open ring's too. @param {State} state */
export const count = (state) =>
  state.parts.reduce((sum, rings) => sum + rings.reduce((all, ring) => all + ring.length, 0), state.open?.corners.length ?? 0);
