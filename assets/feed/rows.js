// The rows of a run: which are kept, and which belong to the step shown.

const KEPT_ROWS = 4000;

/** Every second plain row dropped, snapshot rows kept, when there are too many to draw. */
export function thinned(rows) {
  if (rows.length <= KEPT_ROWS) return rows;
  return rows.filter((row, i) => row.snapshot || i % 2 === 0 || i === rows.length - 1);
}

/** What is known at the shown step: `whole`, the row of the newest snapshot; `row`, the same with what
 *  a later glance saw; `start`, step 0's row (random initialisation). Each may be null. */
export function snapshotRows(feed) {
  const until = feed.rows.filter((row) => row.step <= (feed.shown ?? Infinity));
  const whole = until.findLast((row) => row.snapshot) ?? null;
  const glance = until.findLast((row) => row.glance);
  const row = whole && glance?.step > whole.step ? { ...whole, ...glance } : whole;
  const first = feed.rows.find((known) => known.snapshot);
  return { row, whole, start: first?.step === 0 ? first : null };
}

/** The newest row at or before the shown step. */
export function rowAt(feed) {
  return feed.rows.findLast((row) => row.step <= (feed.shown ?? Infinity)) ?? null;
}

/** The temperature in force at `step`: from the config, then from the events up to there. */
export function tauAt(feed, step) {
  const set = feed.events.filter((e) => e.knob === "method.tau" && e.step <= step);
  return set.length ? Number(set.at(-1).new) : feed.config?.method_knobs?.tau ?? null;
}
