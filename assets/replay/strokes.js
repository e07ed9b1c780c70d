// The drawing of a figure of curves, as SVG: axes, levels, lines, labels.

import { svg } from "../kit/dom.js";
import { formatted, ticks } from "./formats.js";

const DASHES = { solid: "", dot: "1.5 3.5", dash: "7 4", dashdot: "6 3 1.5 3", longdash: "10 4", longdashdot: "10 3 2 3" };

/** An <svg> of `traces` and of the shapes and annotations of `layout`, placed as `full` says. */
export function drawn(traces, layout, { xaxis, _size: size }) {
  const x = (step) => size.l + xaxis.l2p(step);
  const y = (value, axis) => heightOf(layout, size, axis, value);
  const to = { x, y, size, range: xaxis.range };
  const node = svg("svg", { class: "main-svg", width: layout.width, height: layout.height, "aria-hidden": "true" });
  const id = `clip-${Math.random().toString(36).slice(2)}`;
  const clip = svg("clipPath", { id }, svg("rect", { x: size.l, y: 0, width: size.w, height: size.t + size.h + 2 }));
  const inner = svg("g", { "clip-path": `url(#${id})` });
  inner.append(...(layout.shapes ?? []).map((shape) => straight(shape, to)));
  inner.append(...traces.filter(({ mode }) => mode === "lines").map((trace) => line(trace, to)));
  const dots = traces.filter(({ mode }) => mode === "markers").flatMap((trace) => marks(trace, to));
  node.append(clip, ...axes(layout, to), inner, ...dots, ...(layout.annotations ?? []).map((note) => label(note, to)));
  return node;
}

/** Where `value` of an axis ("y", "y2" ...) lies, in pixels from the top. */
export function heightOf(layout, size, yaxis = "y", value) {
  const { domain: [bottom, top] = [0, 1], range: [low, high] } = layout[`yaxis${yaxis.slice(1)}`];
  return size.t + size.h * (1 - bottom - (top - bottom) * ((value - low) / (high - low || 1)));
}

const stroke = ({ color, width, dash = "solid" }) => ({
  stroke: color, "stroke-width": width, fill: "none", "stroke-linejoin": "round",
  "stroke-dasharray": DASHES[dash] ?? dash.replaceAll("px", ""),
});

function axes({ xaxis, yaxis, margin }, { x, y, size, range }) {
  const floor = size.t + size.h;
  const text = { fill: yaxis.color, "font-size": yaxis.tickfont?.size ?? 12 };
  const parts = [svg("line", { x1: size.l, x2: size.l + size.w, y1: floor, y2: floor, stroke: xaxis.linecolor })];
  for (const value of ticks(yaxis.range, yaxis.nticks)) {
    parts.push(svg("line", { x1: size.l, x2: size.l + size.w, y1: y(value), y2: y(value), stroke: yaxis.gridcolor }));
    parts.push(svg("text", { ...text, x: size.l - 5, y: y(value) + 4, "text-anchor": "end" }, formatted(value, yaxis.tickformat)));
  }
  const steps = ticks(range, xaxis.nticks).filter((value) => Number.isInteger(value));
  for (const value of steps) {
    const words = formatted(value, xaxis.tickformat);
    const cut = x(value) + 0.3 * text["font-size"] * words.length > size.l + size.w + margin.r;
    parts.push(svg("text", { ...text, x: x(value), y: floor + 16, "text-anchor": cut ? "end" : "middle" }, words));
  }
  return parts;
}

function straight({ xref, yref, x0, x1, y0, y1, line: look }, { x, y, size }) {
  const across = (value) => (xref === "paper" ? size.l + size.w * value : x(value));
  const up = (value) => (yref === "paper" ? size.t + size.h * (1 - value) : y(value));
  return svg("line", { x1: across(x0), x2: across(x1), y1: up(y0), y2: up(y1), ...stroke(look) });
}

function line(trace, { x, y }) {
  let [d, pen] = ["", "M"];
  trace.x.forEach((step, i) => {
    if (!Number.isFinite(trace.y[i])) return (pen = "M");
    d += `${pen}${x(step).toFixed(1)} ${y(trace.y[i], trace.yaxis).toFixed(1)}`;
    pen = "L";
  });
  return svg("path", { d, ...stroke(trace.line) });
}

function marks({ x: steps, y: values, yaxis, marker }, { x, y }) {
  const hollow = marker.symbol === "diamond-open";
  const r = marker.size / 2;
  return steps.map((step, i) => {
    const [cx, cy] = [x(step), y(values[i], yaxis)];
    if (!hollow) return svg("circle", { cx, cy, r, fill: marker.color });
    const d = `M${cx} ${cy - r}L${cx + r} ${cy}L${cx} ${cy + r}L${cx - r} ${cy}Z`;
    return svg("path", { d, ...stroke({ color: marker.color, width: marker.line.width }) });
  });
}

const ANCHORS = { left: "start", right: "end", center: "middle" };

function label({ xref, x: at, y: up, xanchor, yanchor, xshift = 0, yshift = 0, text, font }, { x, size }) {
  const place = {
    x: (xref === "paper" ? size.l + size.w * at : x(at)) + xshift,
    y: size.t + size.h * (1 - up) - yshift + (yanchor === "top" ? 12 : 4),
  };
  const look = { fill: font.color, "font-size": font.size, "text-anchor": ANCHORS[xanchor] };
  const [, colour, mark, rest] = /^<span style="color:([^"]+)">(.)<\/span>(.*)$/.exec(text) ?? [null, null, "", text];
  const node = svg("text", { ...place, ...look });
  if (colour) node.append(svg("tspan", { fill: colour }, mark));
  node.append(rest);
  return node;
}
