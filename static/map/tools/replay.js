/** 历史回放: an event's past over the live map (static/map/time/). */

import { Theatre } from "../time/theatre.js";

export default {
  id: "replay",
  title: "历史回放",
  mayUse: () => true,

  open(context, panel) {
    panel.hidden = true;
    const theatre = new Theatre(context, () => context.shelf.close());
    return () => theatre.close();
  },
};
