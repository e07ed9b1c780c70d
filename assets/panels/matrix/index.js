// The 2N x 2N matrix of cosines between the views of the diagnostic batch.

import { tauAt } from "../../feed/rows.js";
import { el, radioKeys, tileCanvas, write } from "../../kit/dom.js";
import { differing } from "../../kit/pace.js";
import { givesWay, heading, openPanel, probeFacts } from "../../kit/panel.js";
import { palette, reducedMotion } from "../../kit/theme.js";
import { helpOn, tooltip } from "../../kit/tooltip.js";
import { decimals, fill, formatNumber } from "../../kit/words.js";
import { arrange, paintMatrix, partner, reading, softmaxWeight } from "./cells.js";

const CELL_TIME = 350;

export default (element, feed, data) => openPanel(element, "matrix", feed, data, buildMatrix);

function buildMatrix(frame, data, feed) {
  const s = data.strings;
  const note = heading(frame, s);
  const canvas = el("canvas", { role: "application", tabindex: 0, "aria-label": s.title });
  const peek = el("input", { type: "checkbox" });
  const peekRow = el("label", { class: "peek", hidden: "" }, peek, s.peek);
  const badge = el("div", { class: "badge", hidden: "" }, s.badge);
  const bar = el("div", { class: "bar" }, ...["−1", s.cosine, "1"].map((text) => el("span", {}, text)));
  const state = { order: "view", step: null, seen: null, goal: null, labels: [], at: null };
  const [differs, otherRamp] = [differing(), differing()];
  const orders = orderSwitch(frame, s, (order) => {
    state.order = order;
    arrange(state);
    draw();
  });
  const legend = el("div", { class: "legend" }, bar, el("div", { class: "pair" }, s.outlined));
  const said = el("div", { class: "said", role: "status" });
  frame.append(said, el("div", { class: "body" }, canvas, el("div", { class: "side" }, orders, peekRow, badge, legend)));
  peek.addEventListener("change", () => {
    badge.hidden = !peek.checked;
    draw();
  });
  const askProbe = probeFacts(feed, (probe) => {
    state.labels = probe.diag_labels ?? [];
    peekRow.hidden = !state.labels.some((label) => label >= 0);
  });

  function draw() {
    if (givesWay(frame, feed)) return;
    askProbe();
    write(note, state.step === null ? "" : fill(s.step, { step: formatNumber(state.step) }));
    const ramp = palette(frame, data).diverging;
    if (otherRamp(ramp)) bar.style.background = `linear-gradient(90deg, ${ramp.join(",")})`;
    if (state.seen && changed(ramp)) paintMatrix(canvas, frame, state, ramp, peek.checked);
    if (feed.shown !== null && feed.shown !== state.asked) ask(feed.shown);
  }

  /** Whether the picture would differ from the one on screen; every hover anywhere asks. */
  function changed(ramp) {
    state.linked = linkedViews(feed.hover, state.size);
    const { seen, line, at, linked } = state;
    return differs(seen, line, ramp, peek.checked, at?.x, at?.y, linked.join(), canvas.clientHeight);
  }

  async function ask(step) {
    state.asked = step;
    const snapshot = await feed.look(step).catch(() => null);
    if (state.asked !== step) return;
    if (!snapshot?.arrays.similarity) {
      state.asked = null;
      return;
    }
    state.goal = snapshot.arrays.similarity.data;
    state.size = snapshot.arrays.similarity.shape[0];
    state.step = step;
    state.tau = tauAt(feed, step);
    arrange(state);
    canvas.setAttribute("aria-label", reading(s, state));
    animate(state.goal);
  }

  function animate(goal) {
    const from = state.seen?.length === goal.length ? state.seen : goal;
    const start = performance.now();
    const tick = (now) => {
      if (state.goal !== goal) return;
      const still = reducedMotion() || from === goal;
      const part = still ? 1 : Math.min(1, Math.max(0, now - start) / CELL_TIME);
      state.seen = part === 1 ? goal : goal.map((value, i) => from[i] + (value - from[i]) * part);
      draw();
      if (part < 1) requestAnimationFrame(tick);
    };
    tick(start);
  }

  return { draw, close: listenToCells(canvas, frame, state, feed, s, draw, said) };
}

/** The views of what another panel points at: the diagnostic images are the first probe images. */
function linkedViews(hover, size) {
  if (hover?.kind === "view") return hover.index < size ? [hover.index] : [];
  const half = size / 2;
  return hover?.kind === "probe" && hover.index < half ? [hover.index, hover.index + half] : [];
}

function orderSwitch(frame, s, choose) {
  const names = ["view", "pairs", "cluster"];
  const buttons = names.map((name) =>
    el("button", { type: "button", role: "radio", "aria-checked": String(name === "view") }, s[`order_${name}`]),
  );
  buttons.forEach((button, i) => {
    helpOn(frame, button, s[`order_${names[i]}_help`]);
    button.addEventListener("click", () => {
      for (const other of buttons) other.setAttribute("aria-checked", String(other === button));
      choose(names[i]);
    });
  });
  return el("div", { class: "orders", role: "radiogroup", "aria-label": s.order }, ...radioKeys(buttons));
}

/** Pointer and arrow keys choose a cell; its pair is shown in a tip and told to the other views. */
function listenToCells(canvas, frame, state, feed, s, draw, said) {
  const tip = tooltip(frame);
  const leave = () => {
    state.at = null;
    tip.hide();
    feed.setHover(null);
    draw();
  };
  const choose = async (x, y) => {
    if (!state.goal || (state.at?.x === x && state.at?.y === y)) return;
    state.at = { x, y };
    draw();
    feed.setHover({ kind: "view", index: state.line[y] });
    const [atlas, probe] = await Promise.all([feed.atlas("views"), feed.probe()]);
    if (state.at?.x !== x || state.at?.y !== y) return;
    const box = canvas.getBoundingClientRect();
    const cell = box.width / state.size;
    const rect = new DOMRect(box.left + (x + 2) * cell, box.top + y * cell, cell, cell);
    const words = pairWords(s, state, state.line[y], state.line[x], atlas, probe.tile);
    const parts = words.flatMap((word) => [...word.querySelectorAll("figcaption"), ...(word.firstElementChild ? [] : [word])]);
    said.textContent = parts.map((part) => part.textContent).join(". ");
    tip.at(rect, ...words);
  };
  canvas.addEventListener("pointermove", (event) => {
    const box = canvas.getBoundingClientRect();
    const at = (value, length) => Math.min(state.size - 1, Math.max(0, Math.floor((value / length) * state.size)));
    choose(at(event.clientX - box.left, box.width), at(event.clientY - box.top, box.height));
  });
  canvas.addEventListener("keydown", (event) => {
    const [dx, dy] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key] ?? [0, 0];
    if (event.key === "Escape") leave();
    const { x, y } = state.at ?? { x: 0, y: 0 };
    const column = { Home: 0, End: state.size - 1, p: state.line?.indexOf(partner(state.line[y], state.size)) }[event.key];
    if ((!dx && !dy && column === undefined) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    choose(column ?? (x + dx + state.size) % state.size, (y + dy + state.size) % state.size);
  });
  canvas.addEventListener("pointerleave", leave);
  canvas.addEventListener("blur", leave);
  return tip.hide;
}

/** The tip of a cell: both views, what they are to each other, cosine and softmax weight. */
function pairWords(s, state, i, j, atlas, tile) {
  const { size, goal, tau } = state;
  const place = { tile, columns: Math.max(1, Math.floor(atlas.width / tile)) };
  const name = (view) => fill(s.view_of, { view: view < size / 2 ? 1 : 2, image: (view % (size / 2)) + 1 });
  const kind = i === j ? s.self : partner(i, size) === j ? s.positive : s.negative;
  const figure = (view) => el("figure", {}, tileCanvas(atlas, place, view, 56), el("figcaption", {}, name(view)));
  const words = [el("div", { class: "two" }, figure(i), figure(j)), el("b", {}, kind)];
  if (i === j) return words;
  words.push(el("div", {}, fill(s.cosine_is, { value: decimals(goal[i * size + j]) })));
  if (tau) {
    const weight = decimals(100 * softmaxWeight(state, i, j), 1);
    words.push(el("div", {}, fill(s.weight_is, { weight, tau })));
  }
  return words;
}
