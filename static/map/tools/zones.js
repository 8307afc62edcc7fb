/** 隐患区: drawing a new hazard zone, or changing one upon the version it has. */

import { confirm } from "../confirm.js";
import { el } from "../dom.js";
import { Board } from "../draw/board.js";
import { DrawingBar } from "../draw/bar.js";
import { Keep } from "../draw/keep.js";
import { listenKeys } from "../draw/keys.js";
import { boxOf } from "../layers/hazards.js";
import { DESK, holds } from "../rights.js";
import { choices } from "../zones.js";
import { Meanwhile } from "./zones_meanwhile.js";
import { Threat } from "./zones_threat.js";
import { ZoneForm, valuesOf } from "./zones_form.js";

/** A shape of so many pixels can be worked on. */
const LARGE_ENOUGH = 80;
const MARGIN = 40;

const keepOf = ({ me }) => new Keep("zones", me.person.id);

export default {
  id: "zones",
  title: "画隐患区",
  mayUse: (me) => holds(me, DESK),
  resumes: (context) => keepOf(context).get()?.open === true,

  open(context, panel, given) {
    return new Tool(context, panel, given?.zone ?? null);
  },
};

class Tool {
  #context;
  #panel;
  #keep;
  #board = null;
  #bar = null;
  #threat = null;
  #form = null;
  #meanwhile = null;
  #repair = el("div.repair", { hidden: true, role: "alert" });
  #others = [];
  #judged = null;
  /** The shape that saving was refused for, as text. */
  #refusedShape = null;
  #stopKeys = () => {};
  #timer = 0;
  #closed = false;
  /** Saved or given up: nothing is kept any more. */
  #settled = false;
  /** How shape and form were at first; "" for what was kept. */
  #began = "";
  /** @type {{id: string, version: number, name: string} | null} the zone being changed, and upon which version; null: a new one */
  #target = null;
  #flush = () => this.#store(true);

  constructor(context, panel, zone) {
    this.#context = context;
    this.#panel = panel;
    this.#keep = keepOf(context);
    const { t, told, http } = context;
    panel.append(el("h2", {}, t("画隐患区")), el("p.soft", { role: "status" }, t("正在载入…")));
    // One draws upon the present.
    context.moment.show(null);
    choices(http).then(
      (offered) => { if (!this.#closed) this.#choose(offered, zone); },
      (error) => panel.replaceChildren(el("h2", {}, t("画隐患区")), el("p.wrong", { role: "alert" }, told(error))),
    );
  }

  /** Put away; what is not saved stays kept for the next time. */
  close() {
    this.#closed = true;
    if (!this.#board) return;
    this.#store(false);
    removeEventListener("pagehide", this.#flush);
    this.#threat.stop();
    this.#stopKeys();
    this.#board.remove();
    this.#context.hazards.hide(null);
    this.#context.hazards.compare([]);
  }

  /** Others' changes: the drawing stays as it is. @param {import("../store.js").Diff} diff */
  paint({ moves }) {
    if (moves.some(({ key }) => key.startsWith("zone:"))) this.#lookAround();
    const zone = this.#target && moves.find(({ key }) => key === `zone:${this.#target.id}`)?.after;
    if (zone && zone.version > this.#target.version) this.#meanwhile?.tell(zone);
  }

  /** Whose outlines catch the pointer: not the one that is drawn anew. */
  #lookAround() {
    this.#others = this.#context.store.all("zone").filter(({ id }) => id !== this.#target?.id);
  }

  /** What was left unfinished goes on, unless another zone is to be changed. */
  async #choose(offered, zone) {
    const { t } = this.#context;
    const kept = this.#keep.get();
    const other = kept && zone && kept.target?.id !== zone.id;
    if (other && !(await confirm(t("还有没保存的绘制:{name}。要放弃它吗?", { name: kept.fields.name || t("未命名") }), t("放弃它,修改这一个"), t("继续原来的")))) zone = null;
    if (this.#closed) return;
    if (kept && !(other && zone)) this.#begin(offered, kept, true);
    else this.#begin(offered, zone ? workOn(zone) : { target: null, fields: {}, geometry: null, distance: 0 }, false);
  }

  #begin(offered, work, resumed) {
    const { t, http, told, map, store, hazards } = this.#context;
    this.#target = work.target;
    this.#board = new Board(map, { changed: () => this.#changed(), refused: (why) => this.#bar.refuse(why), zones: () => this.#others });
    this.#lookAround();
    this.#bar = new DrawingBar(this.#board, t);
    this.#threat = new Threat({ http, t, told, most: offered.most_around_m, distance: work.distance, answered: () => this.#judge(), changed: () => this.#soon() });
    this.#form = new ZoneForm({ choices: offered, editing: Boolean(work.target), values: work.fields, t, changed: () => this.#soon(), save: () => this.#save(), cancel: () => this.#abandon() });
    this.#meanwhile = new Meanwhile(this.#context, { kinds: offered.kinds, version: () => this.#target.version, rebase: (version) => { this.#target.version = version; this.#soon(); }, takeTheirs: (zone) => this.#takeTheirs(zone), detach: () => this.#detach() });
    this.#stopKeys = listenKeys(this.#board, { escape: () => this.#abandon() });
    addEventListener("pagehide", this.#flush);
    this.#panel.replaceChildren(...[
      el("h2", { tabindex: "-1" }, work.target ? `${t("修改")}: ${work.target.name}` : t("画隐患区")),
      resumed && el("p.soft", { role: "status", "data-role": "resumed" }, t("接着上次没保存的绘制。")),
      this.#meanwhile.element, this.#bar.element, this.#repair, this.#threat.element, this.#form.element,
    ].filter(Boolean));
    hazards.hide(work.target?.id ?? null);
    if (work.board) this.#board.restore(work.board);
    else this.#board.load(work.geometry);
    if (!resumed) this.#began = JSON.stringify([this.#board.state, this.#form.values]);
    if (work.geometry || resumed) this.#inSight();
    const now = this.#target && store.objects.get(`zone:${this.#target.id}`);
    if (now && now.version > this.#target.version) this.#meanwhile.tell(now);
  }

  /** Bring the drawing into view beside this panel, unless it is seen well enough. */
  #inSight() {
    const { geometry } = this.#board;
    const { map } = this.#context;
    const box = geometry && boxOf([geometry]);
    if (!box) return;
    const { width, height } = map.getContainer().getBoundingClientRect();
    const covered = this.#panel.offsetLeft + this.#panel.offsetWidth;
    const left = covered < width / 2 ? covered : 0; // a phone's sheet lies below the map
    const [from, to] = [map.project([box[0], box[3]]), map.project([box[2], box[1]])];
    const seen = from.x > left && from.y > 0 && to.x < width && to.y < height;
    if (seen && Math.max(to.x - from.x, to.y - from.y) > LARGE_ENOUGH) return;
    map.fitBounds(box, { padding: { left: left + MARGIN, top: MARGIN, right: MARGIN, bottom: MARGIN }, maxZoom: Math.max(map.getZoom(), 14), animate: false });
  }

  #changed() {
    if (!this.#form) return;
    this.#bar.refresh();
    this.#threat.look(this.#board.geometry);
    this.#judge();
    this.#soon();
  }

  /** What the server said of the shape, once its ring is closed: before, it crosses itself every moment. */
  #judge() {
    const said = this.#board.state.open ? null : this.#threat.said;
    const wrong = said?.error?.errors?.geometry;
    const refused = this.#refusedShape !== null && this.#refusedShape === JSON.stringify(this.#board.geometry);
    if (said === this.#judged && (refused || this.#refusedShape === null)) return;
    this.#judged = said;
    if (wrong) this.#wrongShape(wrong);
    // What saving was refused for stands until the shape is another.
    else if (said?.found?.repair || !refused) this.#offerRepair(said?.found?.repair ?? null);
  }

  /** Say what is wrong with the outline, show what it would be repaired to, and where. */
  #offerRepair(repair) {
    const { t, map } = this.#context;
    this.#refusedShape = null;
    this.#board.showRepair(repair);
    this.#repair.hidden = !repair;
    this.#repair.replaceChildren();
    if (!repair) return;
    this.#repair.append(
      el("p.wrong", {}, repair.why || t("各块有重叠,保存前须合并。")),
      el("p.soft", {}, t("绿色虚线是修复后的样子。可以自己拖动顶点改正,也可以采用修复。")),
      el("p.row", {}, el("button", { type: "button", "data-role": "repair", onclick: () => this.#board.put(repair.geometry) }, t("采用修复后的图形")),
        repair.at && el("button", { type: "button", onclick: () => map.easeTo({ center: repair.at, zoom: Math.max(map.getZoom(), 14), duration: 300 }) }, t("看看在哪里"))));
  }

  #wrongShape(text) {
    this.#refusedShape = JSON.stringify(this.#board.geometry);
    this.#board.showRepair(null);
    this.#repair.hidden = false;
    this.#repair.replaceChildren(el("p.wrong", { "data-error": "geometry" }, text));
    this.#repair.scrollIntoView({ block: "nearest" });
  }

  async #save() {
    const { t, http, shelf, openPlace } = this.#context;
    if (this.#board.state.open && !this.#board.finish()) return;
    if (!this.#board.geometry) {
      this.#wrongShape(t("请先在地图上画出范围。"));
      return;
    }
    const fields = this.#form.read();
    if (!fields) return;
    this.#form.busy = true;
    const body = { ...fields, geometry: this.#board.geometry };
    try {
      const { zone } = this.#target
        ? await http.put(`/api/zones/${this.#target.id}`, { ...body, version: this.#target.version })
        : await http.post("/api/zones", body);
      this.#done();
      if (this.#closed) return; // another tool was opened meanwhile
      shelf.close();
      openPlace("zone", zone.id);
    } catch (error) {
      this.#refused(error);
    }
    this.#form.busy = false;
  }

  #refused(error) {
    const { told } = this.#context;
    const { geometry, ...fields } = error.errors ?? {};
    this.#form.refuse(fields, Object.keys(error.errors ?? {}).length ? "" : told(error));
    if (geometry && this.#repair.hidden) this.#wrongShape(geometry);
    else if (geometry) this.#repair.scrollIntoView({ block: "nearest" });
    // Changed or lifted by somebody else: both shapes are shown.
    if (this.#target && ["409.5", "409.2"].includes(error.number)) this.#meanwhile.ask(this.#target.id);
  }

  /** Leave without saving; what was drawn is asked for first. */
  async #abandon() {
    const { t, shelf } = this.#context;
    if (this.#dirty && !(await confirm(t("放弃这次绘制?画好的范围和填写的内容都会丢掉。"), t("放弃"), t("继续画")))) return;
    this.#done();
    shelf.close();
  }

  #takeTheirs(zone) {
    this.#target = targetOf(zone);
    this.#board.put(zone.geometry);
    this.#form.refuse({});
    for (const [name, value] of Object.entries(valuesOf(zone))) this.#form.element.querySelector(`[name=${name}]`).value = value;
  }

  /** The zone was lifted meanwhile: what was drawn becomes a new one. */
  #detach() {
    const { fields, ...work } = this.#work();
    this.#settled = true;
    this.#keep.set({ ...work, target: null, fields: { ...fields, note: fields.reason ?? "" }, open: true });
    this.#context.shelf.open("zones");
  }

  /** Nothing is left to keep. */
  #done() {
    this.#settled = true;
    this.#keep.clear();
  }

  get #dirty() {
    return JSON.stringify([this.#board.state, this.#form.values]) !== this.#began;
  }

  #work() {
    return { target: this.#target, fields: this.#form.values, board: this.#board.keep(), distance: this.#threat.distance };
  }

  #soon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#flush, 200);
  }

  #store(open) {
    clearTimeout(this.#timer);
    if (this.#settled) return;
    if (this.#dirty) this.#keep.set({ ...this.#work(), open });
    else this.#keep.clear();
  }
}

const targetOf = ({ id, version, name }) => ({ id, version, name });

/** What the tool begins with for a zone. @param {any} zone */
const workOn = (zone) => ({ target: targetOf(zone), fields: valuesOf(zone), geometry: zone.geometry, distance: 0 });
