// Pointer and keys on the picture: hover, pan or turn, zoom, lasso, pin, and the card of an image.

import { css } from "../../kit/colours.js";
import { el, tileCanvas } from "../../kit/dom.js";
import { fill, formatNumber } from "../../kit/words.js";
import { named } from "./finder.js";
import { inside } from "./overlay.js";
import { DEPTHS } from "./stamps.js";

const CARD = 310; // pixels a card needs beside its points
const KEY_STEP = 40; // pixels a key moves the map
const REACH = 14; // pixels from the pointer to a point that counts as hovered

export function pointing(view) {
  const { canvas, feed, camera } = view;
  let drag = null;
  const place = (event) => {
    const box = canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };

  canvas.onpointerdown = (event) => {
    if (event.button || !view.probe) return;
    canvas.setPointerCapture(event.pointerId);
    const [x, y] = place(event);
    drag = { x, y, far: 0 };
    if (event.shiftKey || view.shows.lasso) view.lasso = [[x, y]];
  };
  canvas.onpointermove = (event) => {
    const [x, y] = place(event);
    if (!drag) return hoverAt(view, x, y);
    const [dx, dy] = [x - drag.x, y - drag.y];
    drag = { x, y, far: drag.far + Math.abs(dx) + Math.abs(dy) };
    if (view.lasso) {
      view.lasso.push([x, y]);
      return view.redraw("overlay");
    }
    shift(view, dx, dy);
    view.card = null;
    view.tip.hide();
  };
  canvas.onpointerup = canvas.onpointercancel = () => {
    if (!drag) return;
    if (view.lasso && drag.far > 12) view.choice.select(caught(view));
    else if (drag.far < 5) click(view);
    view.lasso = drag = null;
    view.redraw("overlay");
  };
  canvas.onpointerleave = () => {
    if (!drag) leave(view);
  };
  canvas.ondblclick = () => home(view);
  canvas.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      const [x, y] = place(event);
      camera.zoomAt(Math.exp(-event.deltaY / 400), x - view.middle.x, y - view.middle.y);
      view.redraw("points");
    },
    { passive: false },
  );
  view.root.onkeydown = (event) => {
    const keys = event.target === canvas ? KEYS : event.target.type === "range" ? {} : SHARED_KEYS;
    const act = keys[event.shiftKey && event.key.startsWith("Arrow") ? `Shift${event.key}` : event.key];
    if (!act || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    act(view);
  };
}

const SHARED_KEYS = {
  Escape(view) {
    view.choice.select(null);
    leave(view);
    view.said.textContent = "";
  },
};
/** Goes `by` pictures on and says the step: the slider, which has it, is not where the keyboard is. */
const goes = (by) => (view) => {
  view.parts.scrubber.move(by);
  view.said.textContent = view.parts.scrubber.reading();
};
const KEYS = {
  ...SHARED_KEYS,
  " ": (view) => view.parts.scrubber.toggle(),
  ArrowLeft: goes(-1),
  ArrowRight: goes(1),
  Home: goes(-Infinity),
  End: goes(Infinity),
  "+": (view) => zoomBy(view, 1.3),
  "=": (view) => zoomBy(view, 1.3),
  "-": (view) => zoomBy(view, 1 / 1.3),
  0: (view) => home(view),
  ArrowDown: (view) => walk(view, 1),
  ArrowUp: (view) => walk(view, -1),
  Enter: pin,
  ShiftArrowLeft: (view) => shift(view, -KEY_STEP, 0),
  ShiftArrowRight: (view) => shift(view, KEY_STEP, 0),
  ShiftArrowUp: (view) => shift(view, 0, -KEY_STEP),
  ShiftArrowDown: (view) => shift(view, 0, KEY_STEP),
  n: (view) => gather(view),
  l: (view) => view.parts.scrubber.hold(),
};

/** Moves the flat map, or turns the solid one, by pixels. */
function shift(view, dx, dy) {
  const { camera } = view;
  if (view.flat) Object.assign(camera, { x: camera.x + dx, y: camera.y + dy });
  else {
    camera.yaw += dx / 150;
    camera.pitch = Math.max(-1.5, Math.min(1.5, camera.pitch + dy / 150));
  }
  view.redraw("points");
}

/** The keyboard's lasso: the image one is at and its nearest neighbours. */
function gather(view) {
  const index = view.choice.hovered;
  if (index === null) return;
  view.choice.select([index, ...view.neighboursOf(index)]);
  view.said.textContent = view.parts.selection.reading();
}

/** Keeps the trail of the image one is at, or lets it go, and says so. */
function pin(view) {
  click(view);
  const { hovered, pinned } = view.choice;
  if (hovered !== null) view.said.textContent = pinned.includes(hovered) ? view.strings.trail : view.strings.no_trail;
}

function zoomBy(view, factor) {
  view.camera.zoomAt(factor, 0, 0);
  view.redraw("points");
}

/** The whole picture again: no zoom, no pan. */
function home(view) {
  view.camera.reset();
  view.redraw("points");
}

/** Goes to the next or previous image that is on, by keyboard. */
function walk(view, by) {
  if (!view.probe) return;
  const { n } = view.probe;
  let index = view.choice.hovered ?? (by > 0 ? -1 : 0);
  for (let tries = 0; tries < n; tries++) {
    index = (index + by + n) % n;
    if (!view.choice.on || view.choice.on[index]) break;
  }
  view.feed.setHover({ kind: "probe", index });
  const card = showCard(view, index);
  view.said.textContent = card.innerText.replaceAll("\n", ". ");
  view.choice.trace();
}

function click(view) {
  const index = view.choice.hovered;
  if (index !== null) view.choice.pin(index);
  else if (view.choice.selected) view.choice.select(null);
}

function leave(view) {
  view.card = null;
  view.tip.hide();
  view.feed.setHover(null);
  view.choice.trace();
}

/** Hovers the nearest point that is on within REACH of (x, y). */
function hoverAt(view, x, y) {
  if (!view.probe || !view.snapshot) return;
  const { screen, middle, choice: { on } } = view;
  let [best, nearest] = [REACH * REACH, -1];
  for (let i = 0; i < screen.x.length; i++) {
    if (on && !on[i]) continue;
    const distance = (middle.x + screen.x[i] - x) ** 2 + (middle.y + screen.y[i] - y) ** 2;
    if (distance < best && (view.flat || screen.row[i] < DEPTHS - 2)) [best, nearest] = [distance, i];
  }
  view.canvas.style.cursor = nearest < 0 ? "" : "pointer";
  if (nearest < 0) {
    if (view.feed.hover) leave(view);
    return;
  }
  const known = view.feed.hover?.kind === "probe" && view.feed.hover.index === nearest;
  if (known) return;
  view.feed.setHover({ kind: "probe", index: nearest });
  showCard(view, nearest);
  view.choice.trace();
}

/** Indices of the points that are on and inside the lasso. */
function caught(view) {
  const { screen, middle, lasso, choice: { on } } = view;
  const indices = [...screen.x.keys()].filter((i) => !on || on[i]);
  return indices.filter((i) => inside(lasso, middle.x + screen.x[i], middle.y + screen.y[i]));
}

/** Where in the window a card hides none of the points: right or left of them all; else at the edge
 *  of the picture that is farther from the first. */
function beside(view, indices) {
  const { screen, middle, canvas } = view;
  const box = canvas.getBoundingClientRect();
  const xs = indices.map((i) => middle.x + screen.x[i]);
  const y = box.top + middle.y + screen.y[indices[0]];
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  if (right + CARD < box.width) return [box.left + right, y];
  if (left > CARD) return [box.left + left - CARD, y];
  return [xs[0] < box.width / 2 ? box.right - CARD : box.left, y];
}

/** The card of image `index`: picture, class, factor shown, its ten nearest neighbours. */
export function showCard(view, index) {
  const { probe, atlas, colours, strings: s, feed } = view;
  view.card = index;
  const neighbours = [...view.neighboursOf(index)];
  const label = probe.labels[index];
  const name = label >= 0 && probe.class_names[label];
  const factor = probe.factors[feed.settings.colour];
  const lines = [el("b", {}, name ? view.say(name) : fill(s.image, { index }))];
  if (named(probe)) lines.push(el("div", { class: "file" }, probe.names[index]));
  if (factor) {
    const value = factor.values[index];
    const shown = factor.kind === "categorical" ? view.say(factor.names[value]) : formatNumber(value, 2);
    lines.push(el("div", {}, `${view.say(feed.settings.colour)}: ${shown}`));
  }
  const head = el("div", { class: "who" }, el("div", {}, ...lines));
  if (atlas) head.prepend(tileCanvas(atlas, probe, index, 72));
  const tiles = el("div", { class: "tiles" });
  for (const other of atlas ? neighbours : []) {
    const tile = tileCanvas(atlas, probe, other, 40);
    tile.style.outline = `3px solid ${css(colours.colours[colours.bin[other]])}`;
    tiles.append(tile);
  }
  const same = neighbours.filter((other) => probe.labels[other] === label).length;
  const words = fill(name ? s.neighbours : s.neighbours_unlabelled, {
    n: neighbours.length, same, space: feed.settings.space,
  });
  return view.tip.beside(...beside(view, [index, ...neighbours]), head, el("div", { class: "near" }, words), tiles);
}
