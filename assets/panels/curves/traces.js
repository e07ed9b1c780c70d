// The traces all plots of curves are made of.

import { fill, plain } from "../../kit/words.js";

const MOST_POINTS = 1200;

/** Every n-th row, so that long runs stay quick; the last one is always there. */
export function sparse(rows) {
  const every = Math.ceil(rows.length / MOST_POINTS);
  return rows.filter((_, i) => i % every === 0 || i === rows.length - 1);
}

export function curve(s, rows, key, name, colour, dash, unit) {
  return {
    type: "scatter", mode: rows.length < 2 ? "markers" : "lines", name: plain(name), meta: name,
    x: rows.map((row) => row.step), y: rows.map((row) => row[key]),
    line: { color: colour, width: 2, dash }, marker: { color: colour, size: 6 },
    hovertemplate: `${plain(name)}: %{y:${unit}}<br>${fill(s.step_is, { step: "%{x:,d}" })}<extra></extra>`,
  };
}

/** A dotted line across the plot at `y`. */
export function level(y, colour, dash = "dot") {
  const line = { color: colour, width: 1.5, dash };
  return { type: "line", xref: "paper", x0: 0, x1: 1, y0: y, y1: y, line, layer: "below" };
}

/** A range with some air around `values`. */
export function rangeOf(values) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const air = 0.06 * (high - low || 1);
  return [low - air, high + air];
}
