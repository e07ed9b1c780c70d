// The curves as a table: a row a step, a column a line.

import { formatNumber } from "../../kit/words.js";

const MOST = 100; // rows: a long run is told in as many steps, evenly apart

/** Texts of the level lines of a figure: "chance 13%". */
export function levelsOf(s, { ends = [], format }) {
  const levels = ends.filter(({ text, mark }) => !mark && [s.chance, s.random].includes(text));
  return levels.map(({ text, y }) => `${text} ${said(y, format)}`);
}

/** {caption, columns, rows} of a figure's lines. */
export function tableOf(s, { traces, format }, caption) {
  const lines = traces.map(({ x, y }) => new Map(x.map((step, i) => [step, y[i]])));
  const steps = [...new Set(traces.flatMap(({ x }) => x))].sort((a, b) => a - b);
  const every = Math.ceil(steps.length / MOST);
  const shown = steps.filter((_, i) => i % every === 0 || i === steps.length - 1);
  const rows = shown.map((step) => [formatNumber(step), ...lines.map((line) => said(line.get(step), format))]);
  return { caption, columns: [s.steps, ...traces.map(({ meta }) => meta)], rows };
}

/** A value as the plot's own axis writes it. */
function said(value, format) {
  return format === ".0%" && Number.isFinite(value) ? `${Math.round(100 * value)}%` : formatNumber(value);
}
