/** What a wall may forget: it shows the present, and runs for days. Pure. */

const DAY_MS = 24 * 3_600_000;
/** How long a report of no open event stays, in ms. */
const STAYS_MS = 3 * DAY_MS;

const ENDED = {
  zone: ({ state }) => state !== "active",
  closure: ({ state }) => state !== "active",
  notice: ({ state }) => state !== "open",
  alert: ({ state }) => state !== "active",
  trip: ({ state }) => state === "back" || state === "cancelled",
  document: ({ state }) => state === "received" || state === "cancelled",
  case: ({ state }) => state !== "open",
};

/**
 * Say whether an object is over and done with.
 * @param {any} view @param {{now: number, isOpen: (event: string | null) => boolean}} given now in ms
 */
export function isDone(view, { now, isOpen }) {
  if (view.object !== "report") return ENDED[view.object]?.(view) ?? false;
  if (view.superseded_by) return true;
  const age = now - Date.parse(view.received_at);
  if (view.state === "returned") return age > DAY_MS;
  return !isOpen(view.event) && age > STAYS_MS;
}
