// The rows of a run: which are kept, and which belong to the step shown.

const KEPT_ROWS = 4000;

/** Every second plain row dropped, snapshot rows kept, when there are too many to draw. */
export function thinned(rows) {
  if (rows.length <= KEPT_ROWS) return rows;
  return rows.filter((row, i) => row.snapshot || i % 2 === 0 || i === rows.length - 1);
}

/** The newest snapshot row at or before the shown step, and step 0's (random initialisation). */
export function snapshotRows(feed) {
  const rows = feed.rows.filter((row) => row.snapshot);
  const row = rows.findLast((known) => known.step <= (feed.shown ?? Infinity)) ?? null;
  return { row, start: rows[0]?.step === 0 ? rows[0] : null };
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
