/** Circles on the ground, as rings of corners. Pure; WGS-84, good to a hand's breadth within 20 km. */

const CORNERS = 64;
const EQUATOR_M = 6_378_137;
const E2 = 0.00669437999014;

/** Metres of a degree of longitude and of latitude, at a latitude. @param {number} lat @returns {[number, number]} */
function degrees(lat) {
  const sine = Math.sin((lat * Math.PI) / 180);
  const w = 1 - E2 * sine * sine;
  const prime = EQUATOR_M / Math.sqrt(w);
  const meridian = (EQUATOR_M * (1 - E2)) / w ** 1.5;
  return [(prime * Math.cos((lat * Math.PI) / 180) * Math.PI) / 180, (meridian * Math.PI) / 180];
}

/**
 * @param {[number, number]} centre @param {number} metres
 * @returns {[number, number][]} counter-clockwise from the east, not closed
 */
export function circle([lon, lat], metres) {
  const [, y] = degrees(lat);
  return Array.from({ length: CORNERS }, (_, at) => {
    const angle = (2 * Math.PI * at) / CORNERS;
    const up = lat + (metres * Math.sin(angle)) / y;
    // A degree of longitude as long as it is half-way up to the corner.
    const [x] = degrees((lat + up) / 2);
    return [lon + (metres * Math.cos(angle)) / x, up];
  });
}

/** @param {[number, number]} one @param {[number, number]} other @returns {number} metres */
export function distance([lon, lat], [u, v]) {
  const [x, y] = degrees((lat + v) / 2);
  return Math.hypot((u - lon) * x, (v - lat) * y);
}
