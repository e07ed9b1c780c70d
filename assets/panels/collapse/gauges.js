// The numbers behind the verdict, one line each. Which there are stands in sslviz/ui/panels/collapse.py.

import { el } from "../../kit/dom.js";
import { helpOn } from "../../kit/tooltip.js";
import { decimals, superscript } from "../../kit/words.js";

/** How full a bar is (not cut to 0..1) at `value`, given step 0's and the width of the space: `low` is
 *  empty and `high` full; a share is of the width, a change in powers of ten of the value at step 0. */
export function fullness({ kind, low, high }, value, start, width) {
  const at = { plain: value, share: value / width, change: Math.log10(value / start) }[kind];
  return (at - low) / (high - low);
}

/** The number beside the bar. */
export function numberOf({ kind, digits }, value, start) {
  return kind === "change" ? times(value / start) : decimals(value, digits);
}

/** ×1.0 for the value at step 0; very small and very large factors as powers of ten. */
export function times(factor) {
  if (!Number.isFinite(factor)) return "–";
  if (factor >= 0.095 && factor < 1000) return `×${factor >= 10 ? Math.round(factor) : factor.toFixed(1)}`;
  const power = Math.floor(Math.log10(factor));
  return factor > 0 ? `×10${superscript(power)}` : "×0";
}

/** One line a gauge: its name with help, and a bar with number and random-initialisation tick for
 *  h and for z. */
export function gaugeTable(frame, s, table) {
  const heads = ["h", "z"].map((space) => {
    const head = el("button", { type: "button", class: `term ${space}` }, s[`space_${space}`]);
    helpOn(frame, head, s[`space_${space}_help`]);
    return head;
  });
  const node = el("div", { class: "gauges" }, el("span", { class: "tick-key" }, s.random), ...heads);
  const pairs = el("div", { class: "pairs" });
  const cells = [];
  for (const gauge of table) {
    const term = el("span", { class: "term" }, gauge.label); // by keyboard: the help of the heading
    helpOn(frame, term, gauge.help);
    const own = (gauge.spaces.length ? gauge.spaces : ["z"]).map((space) => gaugeCell(gauge, space));
    cells.push(...own);
    const bars = own.map((cell) => cell.node);
    if (gauge.spaces.length) node.append(term, ...bars);
    else pairs.append(term, ...bars);
  }
  node.append(pairs);
  return { node, set: (row, start, spectra) => cells.forEach((cell) => setGauge(cell, row, start, spectra)) };
}

function gaugeCell(gauge, space) {
  const [bar, tick, number] = [el("i", {}), el("u", { hidden: "" }), el("span", {})];
  const node = el("div", { class: `gauge ${space}` }, el("div", {}, bar, tick), number);
  return { gauge, space, bar, tick, number, node };
}

function setGauge({ gauge, space, bar, tick, number }, row, start, spectra) {
  const key = gauge.spaces.length ? `${gauge.name}_${space}` : gauge.name;
  const width = spectra?.[space].length ?? 64;
  const part = (value) => fullness(gauge, value, start?.[key], width) || 0;
  const percent = (value) => `${100 * Math.min(1, Math.max(0, part(value)))}%`;
  const value = row[key];
  bar.style.width = percent(value);
  tick.style.left = start ? percent(start[key]) : "";
  tick.hidden = !start;
  const of = gauge.kind === "share" && spectra ? `/${width}` : "";
  number.textContent = numberOf(gauge, value, start?.[key]) + of;
}
