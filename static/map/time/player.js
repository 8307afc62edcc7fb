/** Playing: turns time that passes here into time that passes there, at a speed. Pure; the clock is handed in. */

/** How many seconds of then pass in one second of now. */
export const SPEEDS = [1, 60, 300, 900, 3600];

export class Player {
  speed = 60;
  playing = false;

  #last = 0;

  /** @param {number} since ms @param {number} until ms */
  constructor(since, until) {
    Object.assign(this, { since, until, at: until });
  }

  /** Begin or stop; at the end it begins from the start. @param {number} now ms */
  toggle(now) {
    this.playing = !this.playing;
    this.#last = now;
    if (this.playing && this.at >= this.until) this.at = this.since;
  }

  /** Go to a moment. @param {number} at ms */
  go(at) {
    this.at = Math.min(Math.max(at, this.since), this.until);
  }

  /** Let time pass; stops by itself at the end. @param {number} now ms @returns {boolean} whether it moved */
  tick(now) {
    if (!this.playing) return false;
    this.go(this.at + (now - this.#last) * this.speed);
    this.#last = now;
    if (this.at >= this.until) this.playing = false;
    return true;
  }
}

/** The nearest moment before or after one. @param {number[]} moments @param {number} at @param {1 | -1} way @returns {number | undefined} */
export function beside(moments, at, way) {
  const there = moments.filter((moment) => (way > 0 ? moment > at : moment < at));
  return there.length ? (way > 0 ? Math.min(...there) : Math.max(...there)) : undefined;
}
