/**
 * An event's changes as a tape: where it stands can be any moment, forwards by its rows, backwards by winding
 * back to where it was threaded. Pure but for its one door, `ask`.
 *
 * Never longer than {@link MOST} rows: what lies further is asked for when it is reached.
 */

/** Rows kept at once: a county's storm fits, a memory is never filled. */
export const MOST = 8_000;

const keyOf = (view) => `${view.object}:${view.id}`;

/**
 * The first whole millisecond at which a moment of the server has come: its clock is finer than ours, and a
 * moment cut short would lie before what happened at it. Pure. @param {string} iso @returns {number} ms
 */
export const msOf = (iso) => Date.parse(iso) + (/\.\d{3}0*[1-9]/.test(iso) ? 1 : 0);

/**
 * Whether an object was there at a moment: zones and closures end by the clock too. Pure.
 * @param {any} view @param {number} now ms
 */
export function isThere(view, now) {
  if (view.object !== "zone" && view.object !== "closure") return true;
  return view.state === "active" && Date.parse(view.valid_from) <= now && (!view.valid_to || Date.parse(view.valid_to) > now);
}

export class Tape {
  /** Where it stands, ms. */
  now = 0;

  #threaded = 0;
  #start = new Map();
  #objects = new Map();
  #rows = [];
  #played = 0;
  #end = -Infinity;
  #next = null;

  /**
   * @param {string} event
   * @param {(path: string) => Promise<any>} get
   * @param {number} until  the end of the time line, ms
   */
  constructor(event, get, until) {
    this.ask = (what, query) => get(`/api/replay/${event}/${what}?${new URLSearchParams(query)}`);
    this.until = until;
  }

  /** What there was at the moment it stands at. @returns {any[]} views, whole */
  get objects() {
    return [...this.#objects.values()].filter((view) => isThere(view, this.now));
  }

  /** The moments of the rows at hand of some verbs, ms. @param {(row: any) => boolean} wanted */
  moments(wanted) {
    return this.#rows.filter(wanted).map(({ ms }) => ms);
  }

  /** Go to a moment, in either direction. @param {number} moment ms @returns {Promise<void>} */
  async seek(moment) {
    if (moment < this.#threaded || moment > this.#end) {
      await this.#reach(moment);
      return;
    }
    if (moment < this.now) {
      this.#objects = new Map(this.#start);
      this.#played = 0;
    }
    this.#play(moment);
  }

  async #reach(moment) {
    // Ahead and near: read on. Elsewhere: thread it anew.
    if (this.#next && moment > this.#end && moment - this.#end < (this.#end - this.#threaded || 0) && this.#rows.length < MOST) await this.#read();
    if (moment < this.#threaded || moment > this.#end) await this.#thread(moment);
    else this.#play(moment);
  }

  async #thread(moment) {
    const { objects, unmoved } = await this.ask("state", { at: new Date(moment).toISOString() });
    this.#start = new Map(unmoved.map((view) => [keyOf(view), view]));
    for (const view of objects) this.#start.set(keyOf(view), view);
    this.#objects = new Map(this.#start);
    Object.assign(this, { now: moment });
    this.#threaded = moment;
    this.#end = moment;
    this.#rows = [];
    this.#played = 0;
    this.#next = { since: new Date(moment).toISOString() };
    await this.#read();
  }

  /** Read the pages that follow, up to the end or to as much as is kept. */
  async #read() {
    while (this.#next && this.#rows.length < MOST) {
      const { rows, next } = await this.ask("changes", { ...this.#next, until: new Date(this.until).toISOString() });
      this.#rows.push(...rows.map((row) => ({ ...row, ms: msOf(row.at) })));
      this.#next = next;
      this.#end = next ? this.#rows[this.#rows.length - 1].ms : this.until;
    }
  }

  #play(moment) {
    while (this.#played < this.#rows.length && this.#rows[this.#played].ms <= moment) {
      for (const view of this.#rows[this.#played].put) this.#objects.set(keyOf(view), view);
      this.#played += 1;
    }
    this.now = moment;
  }
}
