/** Reports as the server shows them, each a second and a number after the last. */
let count = 0;
export const report = (fields = {}) => ({
  object: "report", id: `r${++count}`, number: `340882-20130705-${String(count).padStart(6, "0")}`, series: "s1",
  area: "340882202201", kind: "first", hazard: "flood", event: "e1", state: "stored", superseded_by: null, crosses: null,
  received_at: `2013-07-05T06:00:${String(count % 60).padStart(2, "0")}Z`, figures: {}, ...fields,
});
