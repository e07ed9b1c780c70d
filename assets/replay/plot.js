// Draws the figures of the curves in a replay. In the app Plotly does; its 4.5 MB would not fit into
// one small file, and the figures use little of it: lines, levels, labels, zoom, hover, click.

import { el } from "../kit/dom.js";
import { tooltip } from "../kit/tooltip.js";
import { toldOf } from "./formats.js";
import { drawn, heightOf } from "./strokes.js";

const REACH = 24; // pixels from the pointer to a point that is told

/** Promise of what stands in for Plotly: {react, purge}. */
export const plotly = async () => ({ react, purge });

/** Plotly's own rules: there are none here. */
export const adoptPlotlyStyle = () => {};

/** Draws `traces` into `graph`, as Plotly.react does; a zoom stays. */
async function react(graph, traces, layout) {
  if (!graph.plot) begin(graph);
  Object.assign(graph.plot, { traces, layout });
  graph.data = traces;
  redraw(graph);
}

function purge(graph) {
  graph.plot?.tip.hide();
  graph.replaceChildren();
  delete graph.plot;
}

function begin(graph) {
  const calls = {};
  graph.plot = { zoom: null, drag: null, tip: tooltip(graph), calls };
  graph.on = (name, call) => (calls[name] = call);
  graph.addEventListener("pointerdown", (event) => press(graph, event));
  graph.addEventListener("pointermove", (event) => (graph.plot.drag ? pull(graph, event) : tell(graph, event)));
  graph.addEventListener("pointerup", (event) => release(graph, event));
  graph.addEventListener("pointerleave", () => graph.plot.tip.hide());
  graph.addEventListener("dblclick", () => {
    graph.plot.zoom = null;
    redraw(graph);
    calls.plotly_doubleclick?.();
  });
}

/** Where data lie, in pixels; the curves' own marks read `_fullLayout` as Plotly's. */
function redraw(graph) {
  const { traces, layout, zoom, calls } = graph.plot;
  const { width, height, margin } = layout;
  const size = { l: margin.l, t: margin.t, w: width - margin.l - margin.r, h: height - margin.t - margin.b };
  const { clipmax, include } = layout.xaxis.autorangeoptions;
  const range = zoom ?? [0, Math.max(clipmax, include)];
  const l2p = (step) => (size.w * (step - range[0])) / (range[1] - range[0]);
  const p2l = (pixel) => range[0] + (pixel / size.w) * (range[1] - range[0]);
  graph._fullLayout = { xaxis: { range, _offset: size.l, l2p, p2l }, _size: size };
  graph.replaceChildren(drawn(traces, layout, graph._fullLayout));
  calls.plotly_relayout?.();
}

function place(graph, event) {
  const box = graph.getBoundingClientRect();
  return [event.clientX - box.left, event.clientY - box.top];
}

function press(graph, event) {
  if (event.button) return;
  const [x] = place(graph, event);
  graph.setPointerCapture(event.pointerId);
  graph.plot.drag = { x, band: el("div", { class: "band" }) };
  graph.plot.drag.band.style.cssText = "position:absolute;top:0;bottom:24px;background:var(--ink);opacity:0.15;pointer-events:none";
}

function pull(graph, event) {
  const { drag, tip } = graph.plot;
  const [x] = place(graph, event);
  tip.hide();
  graph.append(drag.band);
  drag.band.style.left = `${Math.min(x, drag.x)}px`;
  drag.band.style.width = `${Math.abs(x - drag.x)}px`;
}

function release(graph, event) {
  const { drag, calls } = graph.plot;
  const { xaxis } = graph._fullLayout;
  const [x] = place(graph, event);
  if (!drag) return;
  graph.plot.drag = null;
  drag.band.remove();
  if (Math.abs(x - drag.x) < 6) {
    const found = nearest(graph, event);
    if (found) calls.plotly_click?.({ points: [{ x: found.trace.x[found.at] }] });
    return;
  }
  const ends = [x, drag.x].sort((a, b) => a - b).map((pixel) => xaxis.p2l(pixel - xaxis._offset));
  graph.plot.zoom = [Math.max(0, ends[0]), ends[1]];
  redraw(graph);
}

function tell(graph, event) {
  const found = nearest(graph, event);
  if (!found) return graph.plot.tip.hide();
  graph.plot.tip.beside(event.clientX, event.clientY, toldOf(found.trace, found.at));
}

/** {trace, at}: the point of all traces nearest to the pointer; null where none is near. */
function nearest(graph, event) {
  const [x, y] = place(graph, event);
  const { xaxis, _size: size } = graph._fullLayout;
  const { traces, layout } = graph.plot;
  let [best, found] = [REACH * REACH, null];
  for (const trace of traces) {
    for (let at = 0; at < trace.x.length; at++) {
      const far = (xaxis._offset + xaxis.l2p(trace.x[at]) - x) ** 2 + (heightOf(layout, size, trace.yaxis, trace.y[at]) - y) ** 2;
      if (far < best) [best, found] = [far, { trace, at }];
    }
  }
  return found;
}
