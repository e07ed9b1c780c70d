// What a method keeps between steps, as small plots: ages, the lag of a teacher, prototypes.

import { ramp } from "../../kit/colours.js";
import { el, svg } from "../../kit/dom.js";
import { timeline } from "../../kit/timeline.js";
import { helpOn } from "../../kit/tooltip.js";
import { decimals, fill, formatNumber } from "../../kit/words.js";

const MOST_BINS = 48;

/** A plot with its name, its newest value and one sentence of what it means; `over` lies over it. */
function chart(frame, s, plot, ...over) {
  const name = el("button", { type: "button", class: "term" }, s.title);
  helpOn(frame, name, s.meaning);
  const value = el("b", {});
  const top = el("div", { class: "chart-head" }, name, value);
  const drawn = over.length ? el("div", { class: "plotted" }, plot, ...over) : plot;
  const node = el("div", { class: "chart" }, top, drawn, el("p", {}, s.meaning));
  const say = (words) => {
    value.textContent = words;
    plot.setAttribute("aria-label", `${s.title}: ${words}`);
  };
  return { node, say };
}

const plane = () => svg("svg", { role: "img", class: "plane" });

/** The box of a plot and what to draw a labelled frame with: floor, left and right words. */
function paper(plot, left, right) {
  const [width, height] = [plot.clientWidth, plot.clientHeight];
  const floor = height - 17;
  const word = (x, anchor, text) => svg("text", { x, y: height - 3, "text-anchor": anchor }, text);
  const parts = [
    svg("line", { class: "grid", x1: 0, x2: width, y1: floor, y2: floor }),
    word(0, "start", left),
    word(width, "end", right),
  ];
  return { width, floor, parts };
}

/** Bars of how many vectors have which age; those of the start, never renewed, apart at the left. */
export function ages(frame, s) {
  const plot = plane();
  const { node, say } = chart(frame, s, plot);
  const draw = (name, arrays) => {
    const values = [...arrays[`observe_${name}`].data];
    const known = values.filter((age) => age >= 0);
    const oldest = Math.max(0, ...known);
    const wide = Math.ceil((oldest + 1) / MOST_BINS); // ages a bar
    const bins = Math.ceil((oldest + 1) / wide);
    const counts = new Array(bins).fill(0);
    for (const age of known) counts[Math.floor(age / wide)] += 1;
    counts[bins - 1] *= wide / (oldest + 1 - wide * (bins - 1)); // the last may span fewer ages
    const random = values.length - known.length;
    const { width, floor, parts } = paper(plot, known.length ? s.newest : s.random, known.length ? fill(s.oldest, { n: formatNumber(oldest) }) : "");
    const most = Math.max(...counts, 1);
    const step = width / bins;
    counts.forEach((count, i) => {
      const high = ((floor - 4) * count) / most;
      parts.push(svg("rect", { class: "bar", x: i * step + 0.5, y: floor - high, width: Math.max(1, step - 1), height: high }));
    });
    plot.replaceChildren(...parts);
    const share = Math.round((100 * random) / values.length);
    say(random ? fill(s.still_random, { n: share }) : fill(s.vectors, { n: formatNumber(values.length) }));
    return "";
  };
  return { node, draw };
}

/** How far the slow network's weights are from the trained one's, over all snapshots. */
export function lag(frame, s, feed, data) {
  const plot = plane();
  const happened = timeline(frame, feed, data);
  const { node, say } = chart(frame, s, plot, happened.node);
  const draw = (name, arrays) => {
    const here = arrays[`observe_${name}`].data[0];
    const rows = feed.rows.filter((row) => Number.isFinite(row[`observe_${name}`]));
    const values = rows.map((row) => row[`observe_${name}`]);
    const [last, most] = [Math.max(1, rows.at(-1)?.step ?? 1), Math.max(here, ...values) || 1];
    const { width, floor, parts } = paper(plot, "0", fill(s.step, { step: formatNumber(last) }));
    const x = (step) => 3 + ((width - 6) * step) / last;
    const y = (value) => floor - ((floor - 6) * value) / most;
    const d = rows.map((row, i) => `${i ? "L" : "M"}${x(row.step).toFixed(1)} ${y(values[i]).toFixed(1)}`).join("");
    if (d) parts.push(svg("path", { class: "curve", d }));
    if (rows.length) parts.push(svg("circle", { class: "dot", cx: x(Math.min(feed.shown, last)), cy: y(here), r: 3.5 }));
    plot.replaceChildren(...parts);
    plot.parentElement.style.setProperty("--axis", `${floor}px`);
    happened.draw((step) => (step <= last ? x(step) : null));
    say(`${decimals(100 * here, 1)}%`);
    return "";
  };
  return { node, draw };
}

/** The share of each prototype, largest first, with the line of equal shares. */
export function shares(frame, s) {
  const plot = plane();
  const { node, say } = chart(frame, s, plot);
  const draw = (name, arrays) => {
    const use = [...arrays[`observe_${name}`].data].sort((a, b) => b - a);
    const count = use.length;
    const entropy = use.reduce((sum, p) => sum - (p > 0 ? p * Math.log(p) : 0), 0);
    const { width, floor, parts } = paper(plot, s.largest, fill(s.of, { n: formatNumber(count) }));
    const most = Math.max(use[0], 2 / count);
    const y = (share) => floor - ((floor - 4) * share) / most;
    const path = use.map((share, i) => `V${y(share).toFixed(1)}H${(((i + 1) * width) / count).toFixed(1)}`).join("");
    parts.push(svg("path", { class: "bar", d: `M0 ${floor}${path}V${floor}Z` }));
    parts.push(svg("line", { class: "equal", x1: 0, x2: width, y1: y(1 / count), y2: y(1 / count) }));
    plot.replaceChildren(...parts);
    say(fill(s.in_use, { n: formatNumber(Math.round(Math.exp(entropy))), of: formatNumber(count) }));
    return "";
  };
  return { node, draw };
}

/** Correlations -1..1 of the dimensions of one view (rows) with those of the other (columns). */
export function correlations(frame, s) {
  const canvas = el("canvas", { role: "img", class: "pixels heat" });
  const { node, say } = chart(frame, s, canvas);
  node.classList.add("square");
  const draw = (name, arrays, { diverging }) => {
    const { data, shape } = arrays[`observe_${name}`];
    const size = shape[0];
    const image = new ImageData(size, size);
    let [diagonal, rest] = [0, 0];
    data.forEach((value, i) => {
      const colour = ramp(diverging, (value + 1) / 2);
      image.data.set([...colour, 255], 4 * i);
      if (i % (size + 1) === 0) diagonal += value / size;
      else rest += Math.abs(value) / (size * (size - 1));
    });
    canvas.width = canvas.height = size;
    canvas.getContext("2d").putImageData(image, 0, 0);
    say(fill(s.means, { diagonal: decimals(diagonal), rest: decimals(rest) }));
    return "";
  };
  return { node, draw };
}
