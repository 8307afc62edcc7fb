/**
 * Which view the wall shows: each for a while, round and round, unless somebody holds it. Pure.
 *
 * Time is handed in with every beat, so that days can be played in a second.
 */

export class Cycle {
  /** The one shown: its place in `views`. */
  at = 0;
  /** Held by a key: nothing turns until it is let go. */
  held = false;
  /** How often the view has changed. */
  turns = 0;

  #since = null;

  /** @param {string[]} views @param {number} every_ms how long each is shown */
  constructor(views, every_ms) {
    this.views = views;
    this.every_ms = every_ms;
  }

  /** The view shown. */
  get view() {
    return this.views[this.at];
  }

  /** Let time pass. @param {number} now ms @returns {boolean} whether another view is due */
  beat(now) {
    this.#since ??= now;
    if (this.held || now - this.#since < this.every_ms) return false;
    this.show(this.at + 1, now);
    return true;
  }

  /** Show one view, from now on for the usual while. @param {number} at @param {number} now ms */
  show(at, now) {
    this.at = (at + this.views.length) % this.views.length;
    this.turns += 1;
    this.#since = now;
  }

  /** Hold the view, or let it go; then its while begins anew. @param {number} now ms */
  hold(now) {
    this.held = !this.held;
    this.#since = now;
  }
}
