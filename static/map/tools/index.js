/**
 * The map's tools, in the order of their buttons. Each is one file here:
 *
 *   export default { id, title, mayUse(me), open(context, panel) → close() }
 *
 * `open` fills `panel` (an empty element beside the map) and gives back what takes everything away
 * again. One tool is open at a time. `context` is {map, store, places, me, http: {get, post}, told, t}.
 */

import select from "./select.js";

export const TOOLS = [select];
