/**
 * What the page knows: who is here, the catalogue, and everything on the phone. One object, read
 * from the phone's memory at the start, so that a screen can be drawn at once and offline.
 */

import { get } from "../shared/api.js";
import { all, allOf, keep, recall, write } from "../shared/db.js";
import { versionsOf } from "./draft.js";
import { stateOf } from "./states.js";

/** Names under which the server's answers are kept, and where they come from. */
const SOURCES = { me: "/api/me", catalogue: "/api/catalogue", areas: "/api/areas" };

/** Cut the padding off a 12-digit code by its blocks of 2, 2, 2, 3, 3 digits. @param {string} code */
const prefixOf = (code) => /^(?:0{12}|(\d{2})0{10}|(\d{4})0{8}|(\d{6})0{6}|(\d{9})0{3}|(\d{12}))$/.exec(code)?.slice(1).find(Boolean) ?? "";

export class World {
  /** @type {any} */ me = null;
  /** @type {any} */ catalogue = null;
  /** @type {any} */ areas = null;
  /** @type {any[]} */ drafts = [];
  /** @type {any[]} */ outbox = [];
  /** @type {any[]} */ sent = [];
  /** @type {any[]} */ answers = [];
  /** @type {Map<string, any>} */ views = new Map();
  mu = true;
  #readings = 0;

  /** Read the phone's memory. */
  async recall() {
    for (const name of Object.keys(SOURCES)) this[name] = (await recall(name)) ?? null;
    this.mu = (await recall("mu")) ?? true;
    await this.reread();
  }

  /** Whether the page can work, with or without a network. */
  get complete() {
    return Boolean(this.me?.home && this.catalogue && this.areas);
  }

  /** Ask the server anew. @throws Refusal 401 for a stranger, Unreachable without a network */
  async refresh() {
    const [me, catalogue, areas] = await Promise.all(Object.values(SOURCES).map((path) => get(path)));
    // Another person's phone now: what the feed said was in the other one's sight.
    if (this.me && this.me.person.id !== me.person.id) await this.#forgetViews();
    Object.assign(this, { me, catalogue, areas });
    for (const name of Object.keys(SOURCES)) await keep(name, this[name]);
    await this.reread();
  }

  async #forgetViews() {
    const remove = (await all("views")).map(({ key }) => key);
    await write({ views: { remove }, kv: { remove: ["feed"] } });
  }

  /** Forget who was here: the next person on this phone sees nothing of it. Papers stay, each with its owner. */
  async forget() {
    await this.#forgetViews();
    await write({ kv: { remove: ["me", "areas"] } });
  }

  /** Read again what changes: this person's papers and what the bureau said. */
  async reread() {
    const mine = ++this.#readings;
    const [drafts, outbox, sent, views, answers] = await allOf(["drafts", "outbox", "sent", "views", "answers"]);
    if (mine !== this.#readings) return; // a later reading knows more
    const ours = ({ by }) => by === this.me?.person.id;
    Object.assign(this, { drafts: drafts.filter(ours), outbox: outbox.filter(ours), sent: sent.filter(ours), answers: answers.filter(ours) });
    this.views = new Map(views.map((view) => [view.key, view]));
  }

  get person() {
    return this.me?.person.id ?? "";
  }

  get home() {
    return this.me.home;
  }

  /** Reports the bureau has from our area. */
  get reports() {
    return [...this.views.values()].filter(({ object, area }) => object === "report" && area === this.home.code);
  }

  /** Open warnings to our village. */
  get notices() {
    return [...this.views.values()].filter((view) => view.object === "notice" && view.state === "open" && view.area === this.home.code);
  }

  /** The newest answer to a warning that the bureau does not have yet. @param {string} notice */
  waitingAnswer(notice) {
    return this.answers.filter((row) => row.notice === notice).sort((a, b) => b.order - a.order)[0];
  }

  /** Open events, the newest first. */
  get events() {
    const concerns = ({ area }) => this.home.code.startsWith(prefixOf(area));
    const open = [...this.views.values()].filter((view) => view.object === "event" && view.state === "open" && concerns(view));
    return open.sort((a, b) => Date.parse(b.started_at) - Date.parse(a.started_at));
  }

  /** @param {string | null} event */
  versions(event) {
    return versionsOf(this.reports, [...this.outbox, ...this.sent], this.home.code, event);
  }

  /** @param {string} key */
  hazard(key) {
    return this.catalogue.hazards.find((row) => row.key === key);
  }

  /** How many people live in our village and our township; null where it is not known. */
  get people() {
    const of = (code) => this.areas.areas.find((area) => area.code === code)?.population ?? null;
    const { code, township } = this.home;
    return { population: of(code), township_population: township ? of(township.code) : null };
  }

  /**
   * Everything of this officer and this village to be listed, newest first.
   * @param {Set<string>} inFlight ids on their way
   */
  papers(inFlight) {
    const view = (id) => this.views.get(`report:${id}`) ?? null;
    const mine = [
      ...this.drafts.map((draft) => ({ id: draft.id, shelf: "drafts", at: draft.changed, report: draft, problem: draft.problem, photos: {} })),
      ...this.outbox.map((row) => ({ ...row, shelf: "outbox", at: row.order })),
      ...this.sent.map((row) => ({ ...row, shelf: "sent", at: row.order })),
    ].map((paper) => ({ ...paper, view: view(paper.id), state: stateOf({ ...paper, view: view(paper.id) }, inFlight.has(paper.id)) }));
    const known = new Set(mine.map(({ id }) => id));
    const others = this.reports.filter(({ id }) => !known.has(id)).map((report) => ({
      id: report.id, shelf: "sent", at: Date.parse(report.received_at), report, receipt: report, view: report, photos: {}, state: report.state,
    }));
    return [...mine, ...others].sort((a, b) => b.at - a.at);
  }
}
