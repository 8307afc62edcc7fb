/** The live map's page: reads what it needs once, then joins feed, store, map and panels. */

import { get, openLine, post, put, remove, t, told } from "./doors.js";
import { by, el } from "./dom.js";
import { Command } from "./command/index.js";
import { Feed } from "./feed.js";
import { Catalogue } from "./catalogue.js";
import { matcher, narrowed } from "./filter.js";
import { Moment } from "./moment.js";
import { Painter } from "./painter.js";
import { Counters } from "./panels/counters.js";
import { Detail } from "./panels/detail.js";
import { Filters } from "./panels/filters.js";
import { Herald } from "./panels/herald.js";
import { Light } from "./panels/light.js";
import { List } from "./panels/list.js";
import { ZonePanel } from "./panels/zone.js";
import { Places } from "./places.js";
import { DESK, DUTY, holds, holdsAt } from "./rights.js";
import { BLANK, drawMap } from "./scene.js";
import { Store } from "./store.js";
import { Shelf } from "./tools/shelf.js";
import { Totals } from "./totals.js";

const BEAT_MS = 2_000;

/** Say a sentence over the map. @param {string} text "" takes it away */
function notice(text) {
  by("notice").textContent = text;
  by("notice").hidden = !text;
}

/** The session ended: what is shown grows old until somebody signs in. */
function askToSignIn() {
  notice(t("登录已失效。"));
  by("notice").append(el("a", { href: "/sign-in/?next=/map/" }, t("重新登录")));
}

/** What does not change while the page is open. */
async function readWorld() {
  const [me, catalogue, { areas }, tiles] = await Promise.all([
    get("/api/me"), get("/api/catalogue"), get("/api/areas"), get("/tiles/").catch(() => ({ layers: {} })),
  ]);
  return { me, catalogue: new Catalogue(catalogue, document.documentElement.lang), places: new Places(areas), layers: tiles.layers };
}

function start({ me, catalogue, places, layers }) {
  const store = new Store();
  // Other pages link to a report by `#report=…`; read it before the filters write their own there.
  const linked = new URLSearchParams(location.hash.slice(1)).get("report");
  let linkedTrip = new URLSearchParams(location.hash.slice(1)).get("trip");
  let scene = BLANK;
  let shelf = null;
  let moment = null;
  let matches = () => true;
  const totals = new Totals((report) => matches(report));
  const painter = new Painter(store, paint);

  const filters = new Filters(by("filters"), { townships: places.ofLevel("township"), hazards: catalogue.hazards }, refilter, t);
  const counters = new Counters(by("counters"), (key) => catalogue.indicator(key), t);
  const list = new List(by("list"), { places, indicator: (key) => catalogue.indicator(key), hazard: (key) => catalogue.hazard(key), open: openReport, t });
  const herald = new Herald(by("heard"), (reports) => {
    const newest = reports[reports.length - 1];
    const what = { count: reports.length, place: places.fullName(newest.area), told: list.told(newest) };
    return t(reports.length === 1 ? "新报告:{place},{told}" : "新报告 {count} 份,最新:{place},{told}", what);
  });
  const zone = new ZonePanel({
    store, places, http: { get, post }, told, t, mayDraw: holdsAt(me, DESK), hasMap: () => shelf !== null, mayCount: holdsAt(me, [...DESK, "leader"]),
    edit: (view) => { closeDetail(); shelf.open("zones", { zone: view }); }, compare: (outlines) => scene.hazards?.compare(outlines),
  });
  const detail = new Detail(by("detail"), {
    store, places, indicators: catalogue.indicators, hazard: (key) => catalogue.hazard(key), http: { get, post }, told, t,
    zone, item: (key) => scene.item(key), mayReview: holdsAt(me, DESK), closeRoad: (report) => shelf?.open("closures", { report }), goTo: openReport, close: closeDetail,
  });

  let light = null;
  const feed = new Feed({
    store,
    fetchSnapshot: () => get("/api/feed/snapshot"),
    send: (message) => line.send(message),
    onChange: () => { painter.soon(); light?.show(); },
    onRightsChanged: () => location.reload(),
  });
  const line = openLine(feed, { onSignedOut: askToSignIn, onRightsChanged: () => location.reload() });
  light = new Light(by("light"), feed, t);
  if (linked) openReport(linked);
  setInterval(() => feed.beat(), BEAT_MS);
  refilter(filters.value);

  function paint(diff) {
    const reports = diff.moves.filter(({ key }) => key.startsWith("report:"));
    if (diff.moves.some(({ key }) => key.startsWith("event:"))) filters.offer(store.all("event"));
    totals.apply(diff.standing);
    counters.show(totals, { filtered: narrowed(filters.value) > 0 });
    list.paint(reports, matches, { announce: !diff.fresh });
    if (!diff.fresh) herald.hear(reports, matches);
    if (detail.shown && reports.some(({ key }) => key === `report:${detail.shown}`)) detail.refresh();
    if (diff.moves.some(({ key }) => /^(zone|shelter|trip):/.test(key))) detail.refreshPlace();
    showLinkedTrip();
    shelf?.paint(diff);
    moment?.paint(diff);
    document.documentElement.dataset.reports = store.all("report").length;
    return scene.paint(diff);
  }

  /** `#trip=…` leads here from a trip's own page: it is shown once the feed has told of it and the map is there. */
  function showLinkedTrip() {
    const trip = linkedTrip && scene !== BLANK && store.objects.get(`trip:${linkedTrip}`);
    if (!trip) return;
    linkedTrip = null;
    openPlace("trip", trip.id);
    scene.showTrip(trip);
  }

  function refilter(filter) {
    painter.settle();
    matches = matcher(filter, (area) => places.townshipOf(area));
    totals.recount(store.allStanding());
    counters.show(totals, { filtered: narrowed(filter) > 0 });
    list.reset(store.all("report").filter(matches));
    scene.refilter(matches);
  }

  function openReport(id) {
    list.choose(id);
    scene.choose(id);
    const report = store.objects.get(`report:${id}`);
    if (report) scene.show(report);
    return detail.open(id);
  }

  /** A zone of another moment may be lifted by now, and unknown to the store. */
  async function openPlace(object, id) {
    closeDetail();
    if (object === "closure") {
      shelf.open("closures", { closure: id });
      return;
    }
    const view = store.objects.get(`${object}:${id}`) ?? (object === "zone" && (await get(`/api/zones/${id}`).catch(() => null))?.zone);
    if (view) detail.openPlace({ object, ...view });
  }

  function closeDetail() {
    const { shown } = detail;
    detail.clear();
    list.choose(null);
    scene.choose(null);
    if (shown) list.focus(shown);
  }

  drawMap(by("map"), { store, places, layers, t, openReport, openPlace, fetchSilence: () => get("/api/duty/silence"), fetchTrip: (id) => get(`/api/trips/${id}`) }).then(
    (drawn) => {
      painter.settle();
      scene = drawn;
      scene.refilter(matches);
      showLinkedTrip();
      moment = new Moment({ hazards: scene.hazards, get, told, t, area: by("map").parentElement });
      const openCard = (title, ...content) => { closeDetail(); detail.openCard(title, ...content); };
      const command = new Command({ map: scene.map, me, places, filters, moment, get, told, t, openReport, openPlace, openCard });
      shelf = new Shelf(by("tool-bar"), by("tool-panel"), {
        map: scene.map, hazards: scene.hazards, store, places, layers, me, http: { get, post, put, remove }, told, t, moment, command, catalogue, openPlace, openReport,
      });
      command.begin(shelf);
      by("silence-line").hidden = !holds(me, DUTY);
      by("silence").addEventListener("change", () => scene.showSilence(by("silence").checked).catch((error) => notice(told(error))));
      document.documentElement.dataset.map = "ready";
    },
    (error) => {
      document.documentElement.dataset.why = String(error);
      document.documentElement.dataset.map = "missing";
      notice(t("这台电脑的浏览器不能画地图(缺少 WebGL)。右侧的报告和合计照常实时更新。"));
    },
  );
}

// What is unfolded over the map goes by Escape, and the keyboard stays at its name.
addEventListener("keydown", (event) => {
  const unfolded = event.key === "Escape" && (event.target.closest?.("details.pages, details.legend, details.filters") ?? document.querySelector("details.pages[open]"));
  if (!unfolded?.open || unfolded.matches(".filters") && matchMedia("(min-width: 900px)").matches) return;
  unfolded.open = false;
  unfolded.querySelector("summary").focus();
  event.stopImmediatePropagation();
});
for (const element of document.querySelectorAll("[data-t]")) element.textContent = t(element.textContent);
document.title = t("灾情一张图");
try {
  const world = await readWorld();
  const { me } = world;
  by("who").textContent = me.person.name;
  by("where").textContent = me.posts.map(({ area_name: name }) => name).filter((name, at, all) => all.indexOf(name) === at).slice(0, 2).join("、");
  start(world);
} catch (error) {
  if (error.status === 401) askToSignIn();
  else notice(told(error));
}
