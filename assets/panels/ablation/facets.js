// Three axes as heat maps beside each other, one for each value of the third: all on one scale.

import { fill } from "../../kit/words.js";
import { axis } from "./box.js";
import { isLight, known, shortened, told, waiting, written } from "./picture.js";

const GAP = 0.03; // of the width, between two maps

/** {traces, layout} of a sweep over three axes; a cell without a finished run stays a hole. */
export function facets(now, look, s) {
  const [down, right, third] = now.axes;
  const values = known(now).map((cell) => cell.mean);
  const [low, high] = values.length ? [Math.min(...values), Math.max(...values)] : [0, 1];
  const at = new Map(now.cells.map((cell) => [cell.at.join(), cell]));
  const names = { x: shortened(right.values), y: shortened(down.values) };
  const maps = third.values.map((value, k) => {
    const suffix = k ? String(k + 1) : "";
    const grid = down.values.map((_, i) => right.values.map((_, j) => at.get([i, j, k].join())));
    const trace = {
      type: "heatmap", ...names, xaxis: `x${suffix}`, yaxis: "y", coloraxis: "coloraxis", xgap: 2, ygap: 2, hoverongaps: true,
      z: grid.map((line) => line.map((cell) => cell?.mean ?? null)), customdata: grid.map((line) => line.map((cell) => cell ?? {})),
      hovertext: grid.map((line) => line.map((cell) => (cell?.mean != null ? told(now, cell, s) : waiting(cell, s)))),
      hovertemplate: "%{hovertext}<extra></extra>",
    };
    const ink = (mean) => (mean == null ? look.muted : isLight(look, (mean - low) / (high - low || 1)) ? "#111" : "#fff");
    const text = (cell) => (cell?.mean != null ? written(now.metric, cell.mean) : waiting(cell, s));
    const notes = grid.flatMap((line, i) => line.map((cell, j) => ({ xref: `x${suffix}`, yref: "y", x: j, y: i, text: text(cell), showarrow: false, captureevents: false, font: { size: 12, color: ink(cell?.mean) } })));
    const title = { xref: `x${suffix} domain`, yref: "paper", x: 0.5, y: 1, yanchor: "bottom", showarrow: false, text: fill(s.facet, { axis: third.label, value: value.label }), font: { size: 12.5, color: look.text } };
    return { suffix, trace, notes: [...notes, title] };
  });
  const width = (1 - GAP * (maps.length - 1)) / maps.length;
  const across = maps.map(({ suffix }, k) => [`xaxis${suffix}`, axis(look, { type: "category", domain: [k * (width + GAP), k * (width + GAP) + width], showgrid: false, title: { text: k ? "" : right.label } })]);
  return {
    traces: maps.map(({ trace }) => trace),
    layout: {
      ...Object.fromEntries(across), margin: { l: 56, r: 12, t: 26, b: 42 },
      yaxis: axis(look, { type: "category", title: { text: down.label }, autorange: "reversed", showgrid: false }),
      coloraxis: { cmin: low, cmax: high, colorscale: look.sequential.map((c, i, all) => [i / (all.length - 1), c]), showscale: values.length > 0, colorbar: { thickness: 10, outlinewidth: 0, tickformat: now.metric.percent ? ".0%" : "", tickfont: { color: look.text } } },
      annotations: maps.flatMap(({ notes }) => notes),
    },
  };
}
