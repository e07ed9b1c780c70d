// The picture that fits the axes: a curve, dots, a heat map; three and more go to parallel lines.

import { classColours, css, ramp } from "../../kit/colours.js";
import { fill } from "../../kit/words.js";
import { axis } from "./box.js";

/** "curve", "dots", "heat", "parallel"; "facets" in place of the last where three axes are `asked` so. */
export function kindOf({ axes }, asked = "parallel") {
  if (axes.length === 3) return asked;
  if (axes.length > 3) return "parallel";
  if (axes.length === 2) return "heat";
  return axes[0]?.numeric ? "curve" : "dots";
}

/** {traces, layout, reading} of all kinds but parallel; a cell that has no run yet stays a hole. */
export function pictureFigure(kind, now, state, look, s) {
  const figure = kind === "heat" ? heat(now, look, s) : points(kind, now, state, look, s);
  return { ...figure, reading: fill(s.reading, { metric: now.metric.label, list: listOf(now) }) };
}

/** A number of the sweep's metric as it is written. */
export const written = ({ percent }, value) =>
  value === null || value === undefined ? "–" : percent ? `${(100 * value).toFixed(1)}%` : Number(value.toPrecision(4)).toString();

/** The cells that have a number. */
export const known = (now) => now.cells.filter((cell) => cell.mean !== null);
const listOf = (now) => known(now).slice(0, 12).map((cell) => `${cell.label} ${written(now.metric, cell.mean)}`).join(", ");

function points(kind, now, { cell: chosen }, look, s) {
  const [first] = now.axes;
  const lies = kind === "dots"; // words stand at the left, so that they can be read
  const place = (at) => (first ? (first.numeric ? first.values[at].value : first.values[at].label) : s.base);
  const axes = (along, across) => (lies ? { x: across, y: along } : { x: along, y: across });
  const seeds = now.rows.filter((row) => row.finished && row.value !== null);
  const cells = known(now);
  const bars = { type: "data", array: cells.map((cell) => cell.deviation ?? 0), color: look.text, thickness: 1.6, width: 6 };
  const colour = css(classColours(look, 1)[0]);
  const traces = [
    {
      type: "scatter", mode: "markers", ...axes(seeds.map((row) => place(row.at[0] ?? 0)), seeds.map((row) => row.value)),
      marker: { size: 7, color: look.muted, opacity: 0.55, symbol: "circle-open" }, customdata: seeds.map(({ cell }) => ({ cell })),
      text: seeds.map((row) => fill(s.seed_is, { label: row.labels.join(", "), seed: row.seed, value: written(now.metric, row.value) })),
      hovertemplate: "%{text}<extra></extra>",
    },
    {
      type: "scatter", mode: kind === "curve" ? "lines+markers" : "markers", connectgaps: false,
      ...axes(cells.map((cell) => place(cell.at[0] ?? 0)), cells.map((cell) => cell.mean)),
      [lies ? "error_x" : "error_y"]: bars, line: { color: colour, width: 2 },
      marker: { size: cells.map((cell) => (cell.cell === chosen ? 15 : 10)), color: colour }, customdata: cells,
      text: cells.map((cell) => told(now, cell, s)), hovertemplate: "%{text}<extra></extra>",
    },
  ];
  const across = axis(look, { title: { text: now.metric.label }, tickformat: now.metric.percent ? ".0%" : "" });
  const order = { categoryorder: "array", categoryarray: first?.values.map((value) => value.label) ?? [s.base] };
  const along = axis(look, first?.numeric ? { title: { text: first.label }, ...scaleOf(first) } : { type: "category", ...order });
  const layout = lies ? { xaxis: across, yaxis: { ...along, autorange: "reversed" } } : { xaxis: along, yaxis: across };
  return { traces, layout };
}

/** Values that differ by more than a factor of 20 stand on a logarithmic scale. */
function scaleOf({ values }) {
  const numbers = values.map(({ value }) => value);
  const log = Math.min(...numbers) > 0 && Math.max(...numbers) > 20 * Math.min(...numbers);
  return { type: log ? "log" : "linear", tickvals: numbers, ticktext: values.map(({ label }) => label) };
}

/** A cell's number with its deviation and how many seeds there are. */
export function told(now, cell, s) {
  const facts = { label: cell.label, n: cell.n, value: written(now.metric, cell.mean) };
  return cell.deviation === null ? fill(s.cell_one, facts) : fill(s.cell_is, { ...facts, deviation: written(now.metric, cell.deviation) });
}

function heat(now, look, s) {
  const [down, right] = now.axes;
  const at = new Map(now.cells.map((cell) => [cell.at.join(), cell]));
  const find = (i, j) => at.get([i, j].join()) ?? (now.unordered ? at.get([j, i].join()) : undefined);
  const grid = down.values.map((_, i) => right.values.map((_, j) => find(i, j)));
  const means = grid.map((line) => (line.every((cell) => cell && cell.mean !== null) ? line.reduce((sum, cell) => sum + cell.mean, 0) / line.length : null));
  const names = [...shortened(right.values), s.row_mean];
  const values = known(now).map((cell) => cell.mean);
  const z = grid.map((line, i) => [...line.map((cell) => cell?.mean ?? null), means[i]]);
  const trace = {
    type: "heatmap", x: names, y: shortened(down.values), z, xgap: 2, ygap: 2, hoverongaps: true,
    zmin: Math.min(...values), zmax: Math.max(...values), colorscale: look.sequential.map((c, i, all) => [i / (all.length - 1), c]),
    customdata: grid.map((line) => [...line.map((cell) => cell ?? {}), {}]),
    hovertext: grid.map((line, i) => [...line.map((cell) => (cell && cell.mean !== null ? told(now, cell, s) : waiting(cell, s))), fill(s.row_mean_of, { label: down.values[i].label })]),
    hovertemplate: "%{hovertext}<extra></extra>",
    colorbar: { thickness: 10, outlinewidth: 0, tickformat: now.metric.percent ? ".0%" : "", tickfont: { color: look.text } },
  };
  const traces = values.length ? [trace] : [{ ...trace, zmin: 0, zmax: 1, showscale: false }];
  const ink = (value) => (value === null ? look.muted : isLight(look, (value - trace.zmin) / (trace.zmax - trace.zmin || 1)) ? "#111" : "#fff");
  const words = (value, cell) => (value === null ? waiting(cell, s) : written(now.metric, value));
  const notes = z.flatMap((line, i) => line.map((value, j) => ({ x: j, y: i, text: words(value, grid[i][j]), showarrow: false, captureevents: false, font: { size: 12.5, color: ink(value) } })));
  const edge = { type: "line", xref: "x", yref: "paper", x0: right.values.length - 0.5, x1: right.values.length - 0.5, y0: 0, y1: 1, line: { color: look.text, width: 2 } };
  const layout = {
    xaxis: axis(look, { type: "category", title: { text: right.label }, showgrid: false }),
    yaxis: axis(look, { type: "category", title: { text: down.label }, autorange: "reversed", showgrid: false }),
    annotations: notes, shapes: [edge],
  };
  return { traces, layout };
}

/** Labels without what they add in brackets, while they can be told apart without it. */
export function shortened(values) {
  const labels = values.map(({ label }) => label);
  const short = labels.map((label) => label.replace(/(?<=.)\s*\(.*?\)/g, ""));
  return new Set(short).size === labels.length ? short : labels;
}

/** Whether black can be read better than white on the ramp at `t`. */
export function isLight({ sequential }, t) {
  const [r, g, b] = ramp(sequential, t);
  return 0.299 * r + 0.587 * g + 0.114 * b > 125;
}

/** What stands in a cell without one. */
export const waiting = (cell, s) => (cell ? (cell.training ? s.training_now : `${cell.finished}/${cell.runs}`) : "");
