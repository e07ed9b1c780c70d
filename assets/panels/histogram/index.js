// How alike positives and negatives are: two filled histograms of cosines over -1..1.

import { snapshotRows } from "../../feed/rows.js";
import { el, svg } from "../../kit/dom.js";
import { differing } from "../../kit/pace.js";
import { givesWay, heading, openPanel } from "../../kit/panel.js";
import { tableButton } from "../../kit/table.js";
import { tooltip } from "../../kit/tooltip.js";
import { decimals, fill } from "../../kit/words.js";

const EDGE = { left: 6, right: 6, top: 6, bottom: 20 };

export default (element, feed, data) => openPanel(element, "histogram", feed, data, buildHistogram);

function buildHistogram(frame, data, feed) {
  const s = data.strings;
  heading(frame, s);
  const keys = ["negative", "positive"].map((name) => el("span", { class: `key ${name}` }, s[name]));
  const plot = svg("svg", { role: "img", "aria-label": s.title });
  frame.append(el("div", { class: "keys" }, ...keys), plot);
  const state = { asked: null, step: null, shares: null };
  const differs = differing();
  tableButton(frame, s, () => tableOf(s, state));
  const tip = tooltip(frame);
  plot.addEventListener("pointerleave", tip.hide);
  plot.addEventListener("pointermove", (event) => state.shares && tellBin(event, plot, state, s, tip));

  function draw() {
    if (givesWay(frame, feed)) return;
    if (state.shares) {
      state.means = meansOf(feed);
      plot.setAttribute("aria-label", reading(s, state));
      const size = [plot.clientWidth, plot.clientHeight];
      if (differs(state.shares, ...size)) drawHistogram(plot, state.shares, ...size);
    }
    if (feed.shown !== null && feed.shown !== state.asked) ask(feed.shown);
  }

  async function ask(step) {
    state.asked = step;
    const snapshot = await feed.look(step).catch(() => null);
    if (state.asked !== step) return;
    if (!snapshot?.arrays.histogram_positive) {
      state.asked = null;
      return;
    }
    state.step = step;
    state.shares = {
      negative: asShares(snapshot.arrays.histogram_negative.data),
      positive: asShares(snapshot.arrays.histogram_positive.data),
    };
    state.overlap = state.shares.positive.reduce((sum, p, i) => sum + Math.min(p, state.shares.negative[i]), 0);
    draw();
  }

  return { draw, close: tip.hide };
}

/** Mean cosines, and how often the positive is found, in the snapshot shown; null for older runs, and
 *  for a glance: it compares fewer views, among which a positive is found more often. */
function meansOf(feed) {
  const { row, whole } = snapshotRows(feed);
  if (row !== whole) return null;
  const { positive_cosine: positive, negative_cosine: negative, contrastive_accuracy: found } = row ?? {};
  if (![positive, negative, found].every(Number.isFinite)) return null;
  return { positive: decimals(positive), negative: decimals(negative), found: Math.round(100 * found) };
}

/** How far apart they are, their means, and how often the positive is the nearest. */
function reading(s, { step, overlap, means }) {
  const apart = fill(s.reading, { step, overlap: Math.round(100 * overlap) });
  return means ? `${apart} ${fill(s.means, means)}` : apart;
}

/** The bins that hold anything. */
function tableOf(s, state) {
  const { positive, negative } = state.shares ?? { positive: [], negative: [] };
  const bins = [...positive.keys()].filter((bin) => positive[bin] || negative[bin]);
  const share = (value) => `${decimals(100 * value, 1)}%`;
  const rows = bins.map((bin) => [edges(bin, positive.length).join(" … "), share(positive[bin]), share(negative[bin])]);
  return { caption: state.shares ? reading(s, state) : s.title, columns: [s.cosine, s.positive, s.negative], rows };
}

/** From which cosine to which a bin goes. */
const edges = (bin, bins) => [bin, bin + 1].map((edge) => decimals((2 * edge) / bins - 1));

/** Counts -> shares that sum to 1. */
function asShares(counts) {
  const total = counts.reduce((a, b) => a + b, 0) || 1;
  return Array.from(counts, (count) => count / total);
}

/** Each shape is as high as the plot at its own fullest bin: a spike and a wide hill both show. */
function drawHistogram(plot, shares, width, height) {
  const inner = { w: width - EDGE.left - EDGE.right, h: height - EDGE.top - EDGE.bottom };
  const bins = shares.positive.length;
  const x = (bin) => EDGE.left + (inner.w * bin) / bins;
  const floor = EDGE.top + inner.h;
  const parts = [];
  for (const value of width < 240 ? [-1, 0, 1] : [-1, -0.5, 0, 0.5, 1]) {
    const at = x((bins * (value + 1)) / 2);
    parts.push(svg("line", { class: "grid", x1: at, x2: at, y1: EDGE.top, y2: floor + 3 }));
    const anchor = value === -1 ? "start" : value === 1 ? "end" : "middle";
    const label = svg("text", { x: at, y: height - 4, "text-anchor": anchor });
    label.textContent = value === 0 || Math.abs(value) === 1 ? decimals(value, 0) : decimals(value, 1);
    parts.push(label);
  }
  for (const name of ["negative", "positive"]) {
    const y = (share) => floor - (inner.h * share) / Math.max(...shares[name]);
    const d = steps(shares[name], x, y, floor);
    parts.push(svg("path", { class: name, d }));
  }
  plot.replaceChildren(...parts);
}

/** The outline of the bins that hold anything, each run of them closed down to the floor. */
function steps(bins, x, y, floor) {
  let d = "";
  bins.forEach((share, i) => {
    if (!share) return;
    if (!bins[i - 1]) d += `M${x(i)} ${floor}`;
    d += `L${x(i)} ${y(share)}H${x(i + 1)}`;
    if (!bins[i + 1]) d += `V${floor}`;
  });
  return d;
}

function tellBin(event, plot, { shares, means }, s, tip) {
  const box = plot.getBoundingClientRect();
  const part = (event.clientX - box.left - EDGE.left) / (box.width - EDGE.left - EDGE.right);
  const bins = shares.positive.length;
  const bin = Math.min(bins - 1, Math.max(0, Math.floor(part * bins)));
  const share = (name) => decimals(100 * shares[name][bin], 1);
  const [low, high] = edges(bin, bins);
  const rect = new DOMRect(event.clientX + 12, event.clientY, 1, 1);
  const values = { low, high, positive: share("positive"), negative: share("negative") };
  tip.at(rect, means ? `${fill(s.bin, values)}\n${fill(s.means, means)}` : fill(s.bin, values));
}
