/**
 * The map's tools, in the order of their buttons. Each is one file here:
 *
 *   export default { id, title, mayUse(me), open(context, panel, given) → close() or {close(), paint(diff)} }
 *
 * `open` fills `panel` (an empty element beside the map) and gives back what takes everything away
 * again; `paint` hears what changed on the map meanwhile. One tool is open at a time. A tool with
 * `resumes(context)` opens by itself where that is true. `context` is
 * {map, hazards, store, places, me, http: {get, post, put}, told, t, shelf, moment, openPlace, openReport}.
 */

import closures from "./closures.js";
import moment from "./moment.js";
import relief from "./relief.js";
import routes from "./routes.js";
import select from "./select.js";
import zones from "./zones.js";

export const TOOLS = [zones, closures, routes, relief, moment, select];
