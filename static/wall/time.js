/** How long something takes, as one reads it from afar. Pure. */

/**
 * "3 天 4 小时", "2 小时 05 分", "12 分", "40 秒": two units at most.
 * @param {number} ms @param {(zh: string) => string} t
 */
export function left(ms, t) {
  const seconds = Math.max(0, Math.floor(Math.abs(ms) / 1_000));
  const [days, hours, minutes] = [Math.floor(seconds / 86_400), Math.floor(seconds / 3_600) % 24, Math.floor(seconds / 60) % 60];
  if (days) return `${days} ${t("天")} ${hours} ${t("小时")}`;
  if (hours) return `${hours} ${t("小时")} ${String(minutes).padStart(2, "0")} ${t("分")}`;
  if (minutes) return `${minutes} ${t("分")}`;
  return `${seconds} ${t("秒")}`;
}
