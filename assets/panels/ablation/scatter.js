// The loss against kNN accuracy, one point a run: a lower loss is not a better representation.

import { classColours, css } from "../../kit/colours.js";
import { fill } from "../../kit/words.js";
import { axis } from "./box.js";

const SHAPES = ["circle", "diamond", "square", "triangle-up", "cross", "x", "star", "hexagon"];

/** `chosen`: the numbers of the rows that the table shows; the others stay, faintly. */
export function scatterFigure(now, chosen, look, s) {
  const rows = now.rows.map((row, index) => ({ ...row, index })).filter((row) => row.loss !== null && row.knn !== null);
  const [first] = now.axes;
  const groups = first && !now.unordered && first.values.length <= SHAPES.length ? first.values.map((value) => value.label) : [null];
  const colours = classColours({ ...look, classes: look.lines }, groups.length).map((colour) => css(colour));
  const traces = groups.map((label, i) => {
    const mine = rows.filter((row) => label === null || first.values[row.at[0]].label === label);
    return {
      type: "scatter", mode: "markers", name: label === null ? s.base : label,
      x: mine.map((row) => row.loss), y: mine.map((row) => row.knn), customdata: mine.map(({ run }) => ({ run })),
      marker: {
        size: 9, color: colours[i], symbol: mine.map((row) => SHAPES[i] + (row.finished ? "" : "-open")),
        opacity: mine.map((row) => (chosen.has(row.index) ? 0.95 : 0.14)),
      },
      text: mine.map((row) => fill(s.run_is, { label: row.labels.join(", "), seed: row.seed, loss: row.loss.toPrecision(4), knn: `${(100 * row.knn).toFixed(1)}%`, state: row.word })),
      hovertemplate: "%{text}<extra></extra>",
    };
  });
  const layout = {
    xaxis: axis(look, { title: { text: s.loss } }),
    yaxis: axis(look, { title: { text: s.knn }, tickformat: ".0%" }),
    showlegend: groups.length > 1, legend: { orientation: "h", y: 1.02, yanchor: "bottom", x: 0, font: { size: 12 }, title: { text: groups.length > 1 ? first.label : "", side: "top", font: { size: 12 } } },
    margin: { l: 56, r: 12, t: groups.length > 1 ? 46 : 8, b: 42 },
  };
  return { traces, layout, reading: fill(s.scatter_reading, { n: rows.length }) };
}
