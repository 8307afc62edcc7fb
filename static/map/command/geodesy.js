/**
 * Lengths and areas on the WGS 84 ellipsoid; within 0.1 % of PostGIS's geography (tests/browser_js/map_geodesy.test.mjs). Pure.
 *
 * Lengths by Vincenty's inverse formula. Areas on the authalic sphere, which has the ellipsoid's
 * area: latitudes are moved so that every zone keeps its size. Positions are [lon, lat], EPSG:4326.
 *
 * @typedef {[number, number]} Point
 */

const A = 6378137;
const F = 1 / 298.257223563;
const B = A * (1 - F);
const E2 = F * (2 - F);
const E = Math.sqrt(E2);
/** Square metres in a 亩: a fifteenth of a hectare. */
const MU = 10_000 / 15;
const rad = (degrees) => (degrees * Math.PI) / 180;

/** @param {Point} one @param {Point} other @returns {number} metres along the geodesic */
export function distance([lon1, lat1], [lon2, lat2]) {
  const L = rad(lon2 - lon1);
  const [u1, u2] = [lat1, lat2].map((lat) => Math.atan((1 - F) * Math.tan(rad(lat))));
  const [sin1, cos1, sin2, cos2] = [Math.sin(u1), Math.cos(u1), Math.sin(u2), Math.cos(u2)];
  let lambda = L;
  for (let turn = 0; turn < 100; turn += 1) {
    const sinSigma = Math.hypot(cos2 * Math.sin(lambda), cos1 * sin2 - sin1 * cos2 * Math.cos(lambda));
    if (sinSigma === 0) return 0;
    const cosSigma = sin1 * sin2 + cos1 * cos2 * Math.cos(lambda);
    const sigma = Math.atan2(sinSigma, cosSigma);
    const sinAlpha = (cos1 * cos2 * Math.sin(lambda)) / sinSigma;
    const cos2Alpha = 1 - sinAlpha ** 2;
    const cosM = cos2Alpha ? cosSigma - (2 * sin1 * sin2) / cos2Alpha : 0;
    const C = (F / 16) * cos2Alpha * (4 + F * (4 - 3 * cos2Alpha));
    const before = lambda;
    lambda = L + (1 - C) * F * sinAlpha * (sigma + C * sinSigma * (cosM + C * cosSigma * (2 * cosM ** 2 - 1)));
    if (Math.abs(lambda - before) < 1e-12) return along(cos2Alpha, sigma, sinSigma, cosSigma, cosM);
  }
  return Math.PI * B; // nearly opposite each other on the globe
}

function along(cos2Alpha, sigma, sinSigma, cosSigma, cosM) {
  const k = (cos2Alpha * (A * A - B * B)) / (B * B);
  const big = 1 + (k / 16384) * (4096 + k * (-768 + k * (320 - 175 * k)));
  const small = (k / 1024) * (256 + k * (-128 + k * (74 - 47 * k)));
  const rest = small * sinSigma * (cosM + (small / 4) * (cosSigma * (2 * cosM ** 2 - 1)
    - (small / 6) * cosM * (4 * sinSigma ** 2 - 3) * (4 * cosM ** 2 - 3)));
  return B * big * (sigma - rest);
}

/** @param {Point[]} line @returns {number} metres */
export const length = (line) => line.slice(1).reduce((sum, point, at) => sum + distance(line[at], point), 0);

const q = (sin) => (1 - E2) * (sin / (1 - E2 * sin * sin) + Math.log((1 + E * sin) / (1 - E * sin)) / (2 * E));
const POLE = q(1);
const authalic = (lat) => Math.asin(Math.max(-1, Math.min(1, q(Math.sin(rad(lat))) / POLE)));

/** @param {Point[]} ring corners, closed or not @returns {number} square metres */
export function area(ring) {
  let excess = 0;
  ring.forEach(([lon, lat], at) => {
    const [nextLon, nextLat] = ring[(at + 1) % ring.length];
    const [one, other] = [Math.tan(authalic(lat) / 2), Math.tan(authalic(nextLat) / 2)];
    excess += 2 * Math.atan2(Math.tan(rad(nextLon - lon) / 2) * (one + other), 1 + one * other);
  });
  return Math.abs(excess) * A * A * (POLE / 2);
}

/** @param {number} squareMetres @returns {{km2: number, mu: number, ha: number}} */
export const units = (squareMetres) => ({ km2: squareMetres / 1e6, mu: squareMetres / MU, ha: squareMetres / 10_000 });

/** So many digits as a reader can use. @param {number} value @returns {number} */
export const told = (value) => Number(value.toPrecision(value >= 1000 ? Math.ceil(Math.log10(value)) : 4));
