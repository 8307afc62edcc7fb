/** Names and units of indicators and hazards in the reader's language. Pure; from `GET /api/catalogue`. */

export class Catalogue {
  /**
   * @param {{indicators: any[], hazards: any[]}} catalogue
   * @param {string} language "en…" is English, all else Chinese
   */
  constructor(catalogue, language) {
    const english = language.startsWith("en");
    const name = (row) => (english ? row.en : row.zh);
    this.indicators = catalogue.indicators.map((row) => ({ ...row, name: name(row), unit: english ? row.unit_en : row.unit }));
    // A sub-hazard goes by both names, as the national system writes it: 洪涝-其他.
    const main = new Map(catalogue.hazards.map((row) => [row.key, name(row)]));
    this.hazards = catalogue.hazards.map((row) => ({ ...row, name: row.parent ? `${main.get(row.parent)}-${name(row)}` : name(row) }));
    this.byKey = new Map(this.indicators.map((row) => [row.key, row]));
    this.hazardNames = new Map(this.hazards.map((row) => [row.key, row.name]));
  }

  /** An indicator's name and unit; an unknown key is its own name. @param {string} key */
  indicator(key) {
    return this.byKey.get(key) ?? { key, name: key, unit: "" };
  }

  /** A hazard's name. @param {string} key @returns {string} */
  hazard(key) {
    return this.hazardNames.get(key) ?? key;
  }
}
