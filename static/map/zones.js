/** What pages ask once about hazard zones. */

let asked = null;

/** The kinds and levels of zones in the reader's language; asked for once. @param {{get: Function}} http */
export function choices(http) {
  asked ??= http.get("/api/zones/choices").catch((error) => { asked = null; throw error; });
  return asked;
}
