/**
 * What the map knows: every object by its key, and which version of each series stands.
 *
 * Pure: no DOM, no network. The feed puts whole views in; whoever paints takes the difference
 * since the last time out, so that two hundred reports a second cost one repaint a frame.
 *
 * @typedef {{object: string, id: string, [field: string]: any}} View  one object as the server shows it
 * @typedef {{key: string, before: View | undefined, after: View | undefined}} Move  an object's change
 * @typedef {{series: string, before: View | null, after: View | null}} Standing  a series' change
 * @typedef {{fresh: boolean, moves: Move[], standing: Standing[]}} Diff
 *   `fresh`: all was replaced; `moves` and `standing` then still tell the whole difference.
 */

/** Say the key of a view. @param {View} view @returns {string} */
export const keyOf = (view) => `${view.object}:${view.id}`;

/** Bring server times (UTC, fraction optional) to a form whose text order is their order. */
const sortable = (time) => {
  const bare = time.replace(/(Z|\+00:00)$/, "");
  return bare.includes(".") ? bare : `${bare}.`;
};

/**
 * Order versions of reports: newest received first, then the higher number.
 * @param {View} a @param {View} b @returns {number}
 */
export function newestFirst(a, b) {
  if (a.received_at !== b.received_at) return sortable(a.received_at) < sortable(b.received_at) ? 1 : -1;
  if (a.number.length !== b.number.length) return b.number.length - a.number.length;
  return a.number === b.number ? 0 : a.number < b.number ? 1 : -1;
}

/**
 * Pick the version that counts in the totals: the newest that is neither superseded nor returned.
 * @param {Iterable<View>} versions @returns {View | null}
 */
export function standingOf(versions) {
  let best = null;
  for (const view of versions) {
    if (view.superseded_by || view.state === "returned") continue;
    if (!best || newestFirst(view, best) < 0) best = view;
  }
  return best;
}

export class Store {
  /** @type {Map<string, View>} */
  objects = new Map();
  /** The journal position up to which the objects are complete. */
  position = 0;
  /** @type {string | null} */
  epoch = null;

  /** @type {Map<string, Set<string>>} series → keys of its versions */
  #series = new Map();
  /** @type {Map<string, View | undefined>} key → view at the last diff */
  #moved = new Map();
  /** @type {Map<string, View | null>} series → standing version at the last diff */
  #stood = new Map();
  #fresh = false;

  /**
   * Become a fresh snapshot; whatever it does not hold is gone.
   * @param {{epoch: string, position: number, objects: View[]}} snapshot
   */
  replace(snapshot) {
    const kept = new Set(snapshot.objects.map(keyOf));
    for (const key of [...this.objects.keys()]) if (!kept.has(key)) this.#drop(key);
    this.put(snapshot.objects);
    this.position = snapshot.position;
    this.epoch = snapshot.epoch;
    this.#fresh = true;
  }

  /** Put views in whole, in order. @param {View[]} views */
  put(views) {
    for (const view of views) this.#set(view);
  }

  /** Let go of what a reader of the present no longer needs. @param {(view: View) => boolean} isDone */
  forget(isDone) {
    for (const [key, view] of [...this.objects]) if (isDone(view)) this.#drop(key);
  }

  /** Everything of one kind. @param {string} object @returns {View[]} */
  all(object) {
    return [...this.objects.values()].filter((view) => view.object === object);
  }

  /** The version of a series that counts, if any. @param {string} series @returns {View | null} */
  standing(series) {
    return standingOf(this.#versions(series));
  }

  /** Every series' standing version. @returns {View[]} */
  allStanding() {
    return [...this.#series.keys()].map((series) => this.standing(series)).filter((view) => view !== null);
  }

  /** Whether anything changed since the last {@link take}. @returns {boolean} */
  get dirty() {
    return this.#fresh || this.#moved.size > 0;
  }

  /** Take the difference since the last call. @returns {Diff} */
  take() {
    const moves = [...this.#moved].map(([key, before]) => ({ key, before, after: this.objects.get(key) }));
    const standing = [...this.#stood]
      .map(([series, before]) => ({ series, before, after: this.standing(series) }))
      .filter(({ before, after }) => before !== after);
    const diff = { fresh: this.#fresh, moves, standing };
    this.#moved.clear();
    this.#stood.clear();
    this.#fresh = false;
    return diff;
  }

  #versions(series) {
    return [...(this.#series.get(series) ?? [])].map((key) => this.objects.get(key));
  }

  #note(key, view) {
    if (!this.#moved.has(key)) this.#moved.set(key, this.objects.get(key));
    if (view.object === "report" && !this.#stood.has(view.series)) {
      this.#stood.set(view.series, this.standing(view.series));
    }
  }

  #set(view) {
    const key = keyOf(view);
    const before = this.objects.get(key);
    // Events were merged or parted: the report stands in another series now, and in that one alone.
    if (before?.object === "report" && before.series !== view.series) this.#drop(key);
    this.#note(key, view);
    this.objects.set(key, view);
    if (view.object !== "report") return;
    if (!this.#series.has(view.series)) this.#series.set(view.series, new Set());
    this.#series.get(view.series).add(key);
  }

  #drop(key) {
    const view = this.objects.get(key);
    this.#note(key, view);
    this.objects.delete(key);
    const versions = this.#series.get(view.series);
    if (versions?.delete(key) && versions.size === 0) this.#series.delete(view.series);
  }
}
