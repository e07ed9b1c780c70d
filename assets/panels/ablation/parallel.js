// Parallel coordinates for three axes and more: a line a run; dragging along an axis keeps the runs
// that pass there, in the table and in every picture.

import { css, ramp } from "../../kit/colours.js";
import { svg } from "../../kit/dom.js";
import { written } from "./picture.js";

const EDGE = { top: 46, bottom: 12, side: 62 };

/** {show, svg}; `brushed` is given a Map of an axis's number (or "value") to [low, high], `picked` the
 *  row whose line is clicked. */
export function parallel(holder, s, brushed, picked) {
  const node = svg("svg", { class: "parallel", hidden: "" });
  holder.append(node);
  const state = { brushes: new Map(), scales: [] };
  let drag = null;
  const valueAt = (scale, event) => {
    const y = event.clientY - node.getBoundingClientRect().top;
    return scale.low + (scale.high - scale.low) * Math.min(1, Math.max(0, (scale.bottom - y) / (scale.bottom - scale.top)));
  };
  node.addEventListener("pointerdown", (event) => {
    const x = event.clientX - node.getBoundingClientRect().left;
    const scale = state.scales.find((other) => Math.abs(other.x - x) < 18);
    if (!scale) return;
    drag = { scale, from: valueAt(scale, event) };
    node.setPointerCapture(event.pointerId);
  });
  node.addEventListener("pointermove", (event) => drag && brush(valueAt(drag.scale, event)));
  node.addEventListener("pointerup", (event) => {
    if (!drag) return;
    if (Math.abs(valueAt(drag.scale, event) - drag.from) < 1e-9 * (drag.scale.high - drag.scale.low || 1)) clear(drag.scale.name);
    drag = null;
  });
  const brush = (to) => tell(drag.scale.name, [Math.min(drag.from, to), Math.max(drag.from, to)]);
  const clear = (name) => tell(name, null);
  function tell(name, range) {
    const next = new Map(state.brushes);
    if (range) next.set(name, range);
    else next.delete(name);
    brushed(next);
  }

  /** Keys on an axis: up and down move a brush of one value, Escape takes it away. */
  function onKey(event, scale) {
    const step = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (event.key === "Escape") clear(scale.name);
    if (!step) return;
    event.preventDefault();
    const width = (scale.high - scale.low) / Math.max(1, scale.stops - 1);
    const [low, high] = state.brushes.get(scale.name) ?? [scale.low - width, scale.low - width];
    const middle = Math.min(scale.high, Math.max(scale.low, (low + high) / 2 + step * width));
    tell(scale.name, [middle - width / 2.2, middle + width / 2.2]);
  }

  return {
    svg: node,
    show(now, brushes, look) {
      node.toggleAttribute("hidden", !now);
      if (!now) return;
      state.brushes = brushes;
      const focused = node.getRootNode().activeElement?.dataset?.axis;
      const { clientWidth: width, clientHeight: height } = holder;
      node.setAttribute("viewBox", `0 0 ${width} ${height}`);
      state.scales = scalesOf(now, width, height);
      const runs = now.rows.filter((row) => row.value !== null);
      const worth = state.scales.at(-1);
      const lines = runs.map((row) => lineOf(row, state.scales, worth, brushes, look, picked));
      node.replaceChildren(...lines, ...state.scales.map((scale) => axisOf(scale, now, brushes, look, s, onKey)));
      if (focused) node.querySelector(`[data-axis="${focused}"]`)?.focus();
    },
  };
}

function scalesOf(now, width, height) {
  const place = { top: EDGE.top, bottom: height - EDGE.bottom };
  const values = now.rows.map((row) => row.value).filter((value) => value !== null);
  const own = now.axes.map((axis, i) => ({ name: i, label: axis.label, low: 0, high: Math.max(1, axis.values.length - 1), stops: axis.values.length, words: axis.values.map(({ label }) => label) }));
  const low = values.length ? Math.min(...values) : 0;
  const high = values.length ? Math.max(...values) : 1;
  const all = [...own, { name: "value", label: now.metric.label, low, high: high > low ? high : low + 1e-6, stops: 9 }];
  const gap = (width - 2 * EDGE.side) / (all.length - 1);
  return all.map((scale, i) => ({ ...scale, ...place, x: EDGE.side + i * gap }));
}

const yOf = ({ low, high, top, bottom }, value) => bottom - ((bottom - top) * (value - low)) / (high - low);

function lineOf(row, scales, worth, brushes, look, picked) {
  const value = (scale) => (scale.name === "value" ? row.value : row.at[scale.name]);
  const kept = scales.every((scale) => {
    const range = brushes.get(scale.name);
    return !range || (value(scale) >= range[0] && value(scale) <= range[1]);
  });
  const points = scales.map((scale) => `${scale.x.toFixed(1)},${yOf(scale, value(scale)).toFixed(1)}`).join(" ");
  const colour = css(ramp(look.sequential, (row.value - worth.low) / (worth.high - worth.low)));
  const line = svg("polyline", { points, fill: "none", stroke: colour, "stroke-width": kept ? 1.8 : 1, "stroke-opacity": kept ? 0.85 : 0.12, cursor: "pointer" });
  line.addEventListener("click", () => picked(row));
  return line;
}

/** The name of an axis over it, in two lines where it has several words. */
function titleOf({ label, x }, font) {
  const words = label.split(" ");
  const half = words.length < 2 ? 1 : Math.ceil(words.length / 2);
  const lines = [words.slice(0, half), words.slice(half)].filter((line) => line.length);
  const spans = lines.map((line, i) => svg("tspan", { x, y: 14 + 15 * i }, line.join(" ")));
  return svg("text", { ...font, "text-anchor": "middle", "font-weight": 600 }, ...spans);
}

function axisOf(scale, now, brushes, look, s, onKey) {
  const ends = { x1: scale.x, x2: scale.x, y1: scale.top, y2: scale.bottom };
  const group = svg("g", { tabindex: 0, role: "slider", "data-axis": scale.name, "aria-label": `${scale.label}. ${s.brush}`, "aria-valuetext": "" });
  group.addEventListener("keydown", (event) => onKey(event, scale));
  group.append(svg("rect", { x: scale.x - 18, y: scale.top - 6, width: 36, height: scale.bottom - scale.top + 12, fill: "transparent" }));
  group.append(svg("line", { ...ends, stroke: look.text, "stroke-width": 1.2 }));
  const halo = { stroke: look.background, "stroke-width": 4, "stroke-linejoin": "round", "paint-order": "stroke" };
  const font = { fill: look.text, "font-size": 12.5, "font-family": look.font, ...halo };
  group.append(titleOf(scale, font));
  const words = scale.words ?? [scale.low, scale.high].map((value) => written(now.metric, value));
  const stops = scale.words ? words.map((_, i) => i) : [scale.low, scale.high];
  const last = scale.name === "value";
  stops.forEach((stop, i) => {
    const y = yOf(scale, stop);
    group.append(svg("text", { ...font, x: scale.x + (last ? 8 : -8), y: y + 4, "text-anchor": last ? "start" : "end" }, words[i]));
  });
  const range = brushes.get(scale.name);
  if (range) {
    const [from, to] = range.map((value) => yOf(scale, value));
    group.append(svg("rect", { x: scale.x - 5, y: to, width: 10, height: Math.max(2, from - to), fill: look.primary, "fill-opacity": 0.45 }));
  }
  return group;
}
