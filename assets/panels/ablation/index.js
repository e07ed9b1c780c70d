// A sweep as pictures over one table: what is chosen in one of them is what all of them show.

import { el } from "../../kit/dom.js";
import { paint, palette, theme } from "../../kit/theme.js";
import { fill, plain } from "../../kit/words.js";
import { figureBox } from "./box.js";
import { facets } from "./facets.js";
import { parallel } from "./parallel.js";
import { kindOf, pictureFigure } from "./picture.js";
import { scatterFigure } from "./scatter.js";
import { table } from "./table.js";

const AFTER = 150; // milliseconds of rest after which the pictures follow the table

/** Draws `data.now`, a sweep as `sslviz.ui.ablations.picture.facts` gives it. */
export default function (element, _feed, data) {
  const s = data.strings;
  const frame = el("section", { class: "panel ablation" });
  element.append(frame);
  paint(frame, data);
  const state = { now: null, cell: null, asked: "parallel", text: "", brushes: new Map() };
  const choose = (cell) => {
    state.cell = state.cell === cell ? null : cell;
    draw();
  };
  const go = ({ href }) => href && el("a", { href, target: "_self" }).click();
  const picture = figureBox(frame, data, "picture", s.picture_help, (point) => choose(point.customdata?.cell));
  const brushed = (brushes) => {
    state.brushes = brushes;
    draw();
  };
  const lines = parallel(picture.holder, s, brushed, go);
  const other = el("button", { type: "button", class: "quiet other" });
  other.onclick = () => {
    state.asked = state.asked === "parallel" ? "facets" : "parallel";
    draw();
  };
  picture.node.querySelector(".note").prepend(other);
  const scatter = figureBox(frame, data, "scatter", s.scatter_help, (point) => go(rowOf(state, point.customdata?.run)));
  const bar = chosenBar(s, state, () => draw());
  const rows = table(s);
  frame.append(el("div", { class: "pictures" }, picture.node, scatter.node), bar.node, rows.node);
  const sized = new ResizeObserver(() => draw());
  sized.observe(frame);

  let later = null;

  /** The table at once; the pictures, which take longer than a key may wait, after the last key. */
  function draw() {
    if (!state.now || !frame.clientWidth) return;
    const chosen = state.now.rows.filter((row) => isChosen(row, state));
    bar.show(chosen);
    rows.show(state.now, chosen);
    clearTimeout(later);
    later = setTimeout(pictures, AFTER);
  }

  function pictures() {
    const chosen = state.now.rows.filter((row) => isChosen(row, state));
    const look = { ...palette(frame, data), ...theme(frame) };
    const kind = kindOf(state.now, state.asked);
    other.hidden = state.now.axes.length !== 3;
    other.textContent = s.shown_as[kind === "facets" ? "parallel" : "facets"];
    const kept = new Set(chosen.map((row) => state.now.rows.indexOf(row)));
    picture.title(fill(s.titles[kind], { metric: state.now.metric.label }));
    lines.show(kind === "parallel" ? state.now : null, state.brushes, look);
    const figure = kind === "parallel" ? null : kind === "facets" ? facets(state.drawn, look, s) : pictureFigure(kind, state.drawn, state, look, s);
    picture.show(figure, look, kind === "parallel" && lines.svg);
    scatter.title(s.scatter);
    scatter.show(scatterFigure(state.drawn, kept, look, s), look);
  }

  return {
    take(now) {
      const said = JSON.stringify(now);
      if (said === state.said) return;
      if (now.id !== state.now?.id) Object.assign(state, { cell: null, text: "", brushes: new Map() });
      Object.assign(state, { now, said, drawn: JSON.parse(said, (_key, value) => (typeof value === "string" ? plain(value) : value)) });
      draw();
    },
    restyle: () => paint(frame, data) && draw(),
    close() {
      clearTimeout(later);
      sized.disconnect();
      picture.close();
      scatter.close();
      frame.remove();
    },
  };
}

// Plotly takes marks in a text for its own; `drawn` is `now` without any.
const rowOf = (state, run) => state.now.rows.find((row) => row.run === run) ?? {};

/** Whether a row is in the chosen cell, within all brushes, and has the words looked for. */
export function isChosen(row, { cell, text, brushes }) {
  if (cell !== null && row.cell !== cell) return false;
  const within = ([name, [low, high]]) => {
    const value = name === "value" ? row.value : row.at[name];
    return value !== null && value !== undefined && value >= low && value <= high;
  };
  if (![...brushes].every(within)) return false;
  const words = [...row.labels, row.seed, row.word, row.name].join(" ").toLowerCase();
  return text.toLowerCase().split(/\s+/).every((word) => words.includes(word));
}

/** The line between pictures and table: what is looked for, how many rows are shown, "show all", and
 *  the way to Compare with the rows shown, where they are few enough. */
function chosenBar(s, state, changed) {
  const field = el("input", { type: "search", placeholder: s.find, "aria-label": s.find });
  const count = el("span", { class: "count", role: "status" });
  const all = el("button", { type: "button", class: "quiet" }, s.all);
  const compare = el("a", { target: "_self", hidden: "" });
  field.oninput = () => {
    state.text = field.value;
    changed();
  };
  all.onclick = () => {
    field.value = "";
    Object.assign(state, { cell: null, text: "", brushes: new Map() });
    changed();
  };
  return {
    node: el("div", { class: "chosen" }, field, count, all, compare),
    show(chosen) {
      const { rows, compare: page, most_compared: most } = state.now;
      const [n, total] = [chosen.length, rows.length];
      const begun = chosen.filter(({ run }) => run);
      compare.hidden = begun.length < 2 || begun.length > most;
      compare.href = page + begun.map(({ run }) => run).join(",");
      compare.textContent = fill(s.compare, { n: begun.length });
      if (!state.text) field.value = "";
      count.textContent = fill(s.count, { n, total });
      all.hidden = n === total;
    },
  };
}
