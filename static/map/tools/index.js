/**
 * The map's tools, in the order of their buttons. Each is one file here:
 *
 *   export default { id, title, mayUse(me), open(context, panel, given) → close() or {close(), paint(diff)} }
 *
 * `open` fills `panel` (an empty element beside the map) and gives back what takes everything away
 * again; `paint` hears what changed on the map meanwhile. One tool is open at a time. A tool with
 * `resumes(context)` opens by itself where that is true. One of `group` "more" stands in the menu behind
 * the others, and opens by its `key`. `context` is
 * {map, hazards, store, places, layers, me, http: {get, post, put, remove}, told, t, shelf, moment, command, catalogue, openPlace, openReport}.
 */

import charts from "../command/charts.js";
import measure from "../command/measure.js";
import print from "../command/print.js";
import views from "../command/views.js";
import closures from "./closures.js";
import moment from "./moment.js";
import relief from "./relief.js";
import replay from "./replay.js";
import routes from "./routes.js";
import select from "./select.js";
import zones from "./zones.js";

export const TOOLS = [zones, closures, routes, relief, moment, replay, select, measure, charts, views, print];
