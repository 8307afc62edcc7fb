/**
 * Figures, times and words as the bureau reads them. Pure.
 *
 * Times are shown in Beijing time wherever the reader sits: a cutoff of 18:00 is one for all.
 */

const ZONE = "Asia/Shanghai";
const parts = new Intl.DateTimeFormat("en-CA", {
  timeZone: ZONE,
  hourCycle: "h23",
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});
const figures = new Intl.NumberFormat("en-US", { maximumFractionDigits: 2 });

function pieces(time) {
  return Object.fromEntries(parts.formatToParts(new Date(time)).map(({ type, value }) => [type, value]));
}

/** "07-05 14:03". @param {string | number | null} time ISO text or ms @returns {string} "" when absent */
export function shortTime(time) {
  if (time === null || time === undefined || time === "") return "";
  const { month, day, hour, minute } = pieces(time);
  return `${month}-${day} ${hour}:${minute}`;
}

/** "2013-07-05 14:03:22". @param {string | number | null} time @returns {string} "" when absent */
export function longTime(time) {
  if (time === null || time === undefined || time === "") return "";
  const { year, month, day, hour, minute, second } = pieces(time);
  return `${year}-${month}-${day} ${hour}:${minute}:${second}`;
}

/** "14:03:22". @param {number} time ms @returns {string} */
export function clockTime(time) {
  const { hour, minute, second } = pieces(time);
  return `${hour}:${minute}:${second}`;
}

/** "145,000" or "6,133.33". @param {number | string} value @returns {string} */
export const number = (value) => figures.format(Number(value));

/** "+12", "−3", "0" with the true minus sign. @param {number} value */
export const signed = (value) => (value > 0 ? `+${number(value)}` : number(value).replace("-", "−"));

/** How long, in whole units: "42 秒", "3 分", "2 小时". @param {number} ms @param {(zh: string) => string} t */
export function duration(ms, t) {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} ${t("秒")}`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} ${t("分")}`;
  return `${Math.floor(seconds / 3600)} ${t("小时")}`;
}
