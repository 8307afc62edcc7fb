/** A trip as it stands once what waits on this phone is done: what the driver did counts at once, network or not. Pure. */

/** @typedef {{id: number, place: string, name: string, lon: number, lat: number, number: string, load: number, is_drop: boolean, goods: Record<string, number>, planned_at: string, eta: string | null, arrived_at: string | null}} Stop */

/**
 * @param {{trip: {state: string, stops: Stop[], departed_at: string | null}, unsent: number[]}} entry  as the server said it last
 * @param {{kind: string, stop?: number, at: string}[]} acts  of this trip, not sent yet, oldest first
 * @returns {{state: string, stops: Stop[], next: {kind: string, stop: Stop | null} | null}}
 */
export function applied(entry, acts) {
  let { state } = entry.trip;
  const stops = entry.trip.stops.map((stop) => ({ ...stop }));
  const unsent = new Set(entry.unsent);
  for (const { kind, stop, at } of acts) {
    if (kind === "depart") state = "away";
    if (kind === "load") unsent.delete(/** @type {number} */ (stop));
    if (kind === "back") state = "back";
    if (kind === "arrive") {
      for (const one of nextPlace(stops)) one.arrived_at ??= at;
      if (!nextPlace(stops).length) state = "arrived";
    }
  }
  return { state, stops, next: nextStep(state, stops, unsent) };
}

/** The stops at the next place that was not reached. @param {Stop[]} stops */
export function nextPlace(stops) {
  const first = stops.findIndex(({ arrived_at: at }) => !at);
  if (first < 0) return [];
  const end = stops.findIndex(({ place }, at) => at > first && place !== stops[first].place);
  return stops.slice(first, end < 0 ? stops.length : end);
}

function nextStep(state, stops, unsent) {
  if (state === "ready") return { kind: "depart", stop: null };
  if (state === "arrived") return { kind: "back", stop: null };
  if (state !== "away") return null;
  const loading = stops.find((stop) => !stop.is_drop && stop.arrived_at && unsent.has(stop.id));
  if (loading) return { kind: "load", stop: loading };
  const [stop] = nextPlace(stops);
  return stop ? { kind: "arrive", stop } : { kind: "back", stop: null };
}

const DEGREE_M = 111_195;

/** Metres between two places, EPSG:4326; right to some 0.3 % over a few kilometres. */
export function metres([lon, lat], [lon2, lat2]) {
  return Math.hypot((lon2 - lon) * DEGREE_M * Math.cos((((lat + lat2) / 2) * Math.PI) / 180), (lat2 - lat) * DEGREE_M);
}
