/** Every desk page: forms that speak to the API, and regions that follow the live feed. */

import { followFeed } from "./live.js";
import { listenToForms } from "./forms.js";
import words from "./en.js";
import { use } from "../shared/i18n.js";

use(words);
listenToForms(document);
if (document.querySelector("[data-live]")) followFeed();
