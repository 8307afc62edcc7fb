/**
 * Days of a wall in seconds: entries of the feed through its own ear, turns of the views by its own beat.
 * Each village's report is replaced by its next, as in a storm that goes on for weeks.
 */
async ({ entries, turns, area }) => {
  const SERIES = 150;
  window.ranTo ??= Date.now();
  window.ran ??= 0;
  const at = (n) => new Date(window.ranTo + n).toISOString();
  const view = (n) => ({
    object: "report", id: `run-${n}`, number: `9${String(n).padStart(8, "0")}`, series: `series-${n % SERIES}`, area, kind: "followup",
    hazard: "flood.flash", event: null, state: "stored", remark: "", by: "", corrects: null, crosses: null, superseded_by: null,
    occurred_at: at(n), submitted_at: at(n), received_at: at(n), lon: 116.3 + (n % 100) / 500, lat: 30.6 + (n % 70) / 500,
    figures: { affected: n % 900, relocated: n % 30 }, text: "x".repeat(60), photos: [], photos_stored: [], voices: [], voices_stored: [],
  });
  let { position } = wall.store;
  for (let turn = 0; turn < turns; turn += 1) {
    const changes = [];
    for (let each = 0; each < entries / turns; each += 1) {
      const n = window.ran++;
      const replaced = n >= SERIES ? [{ ...view(n - SERIES), superseded_by: `run-${n}` }] : [];
      changes.push({ position: ++position, put: [view(n), ...replaced] });
    }
    wall.hear({ type: "change", position, changes });
    wall.beat((window.ranTo += 70_000));
    await new Promise((done) => requestAnimationFrame(done));
  }
  await new Promise((done) => setTimeout(done, 500));
  wall.beat((window.ranTo += 70_000));
  await new Promise((done) => setTimeout(done, 1_500));
  return { turns: wall.cycle.turns, reports: wall.store.all("report").length };
}
