// Which colour the points have and where they are: colouring, camera, depth; images in their place.

import { classColours, css, cyclic, hueWheel, ramp } from "../../kit/colours.js";
import { drawTile } from "../../kit/dom.js";
import { classMarker } from "../../kit/markers.js";
import { DEPTHS } from "./stamps.js";

const BINS = 64; // colours of a continuous factor
const UNKNOWN = [136, 140, 148]; // of an image of which nothing is known

/** What factor `factor` says of image `index`: a name, a number of its own range; null for nothing. */
export function saidOf({ kind, names, values }, index) {
  const value = values[index];
  if (value < 0) return null;
  if (kind === "categorical") return names[value] ?? null;
  const [low, high] = names.map(Number);
  return names.length === 2 ? Number((low + value * (high - low)).toPrecision(6)) : value; // as float32 holds it
}

/** The colour of every point: {kind, title, names, colours, markers, bin, counts}.
 *  kind is "class" (names of the bins given), "scale", "hue", "cyclic" or "none"; bin is N. */
export function colouring(probe, setting, palette) {
  const factor = probe.factors[setting];
  if (setting === "class" && probe.class_names.length) {
    return named("class", probe.class_names, probe.labels, palette);
  }
  if (!factor) {
    return named("none", ["images"], new Array(probe.n).fill(0), palette);
  }
  if (factor.kind === "categorical") return named(setting, factor.names, factor.values, palette);
  const kind = factor.kind !== "circular" ? "scale" : setting.endsWith("hue") ? "hue" : "cyclic";
  const paint = { scale: (t) => ramp(palette.sequential, t), hue: hueWheel, cyclic }[kind];
  const scale = Array.from({ length: BINS }, (_, i) => paint((i + 0.5) / BINS));
  const bin = Int16Array.from(factor.values, (v) => (v < 0 ? BINS : Math.min(BINS - 1, v * BINS)));
  const colours = [...scale, UNKNOWN];
  return { kind, title: setting, names: [], ends: factor.names, scale, colours, markers: colours.map(() => "circle"), bin };
}

/** Colouring by named groups; values below 0 are drawn as one more group, "unknown". */
function named(title, names, values, palette) {
  const kind = title === "none" ? "none" : "class";
  const colours = classColours(palette, names.length);
  const markers = names.map((name, i) => (kind === "none" ? "circle" : classMarker(i, name)));
  const bin = Int16Array.from(values, (v) => (v < 0 ? names.length : v));
  const known = bin.every((b) => b < names.length);
  const all = known ? names : [...names, "unknown"];
  if (!known) {
    colours.push(UNKNOWN);
    markers.push("circle");
  }
  const counts = new Array(all.length).fill(0);
  for (const b of bin) counts[b] += 1;
  return { kind, title, names: all, colours, markers, bin, counts };
}

/** Where the eye is: fit (pixels per unit), zoom and pan on top, turn for 3-D views. */
export class Camera {
  constructor() {
    this.fit = 100;
    this.reset();
  }

  reset() {
    Object.assign(this, { zoom: 1, x: 0, y: 0, yaw: 0.5, pitch: 0.35 });
  }

  get moved() {
    return this.zoom !== 1 || this.x !== 0 || this.y !== 0;
  }

  zoomAt(factor, x, y) {
    const zoom = Math.min(40, Math.max(0.5, this.zoom * factor));
    const change = zoom / this.zoom;
    this.x = x - (x - this.x) * change;
    this.y = y - (y - this.y) * change;
    this.zoom = zoom;
  }

  /** Writes screen x, y (CSS pixels around the centre) and depth 0..1 of N x 3 positions. */
  project(positions, flat, out) {
    const { yaw, pitch } = this;
    const scale = this.fit * this.zoom;
    const [cy, sy, cp, sp] = [Math.cos(yaw), Math.sin(yaw), Math.cos(pitch), Math.sin(pitch)];
    for (let i = 0, at = 0; i < out.x.length; i++, at += 3) {
      const x = positions[at];
      const y = positions[at + 1];
      const z = positions[at + 2];
      const across = flat ? x : cy * x + sy * z;
      const away = flat ? 0 : cy * z - sy * x;
      out.x[i] = this.x + scale * across;
      out.y[i] = this.y - scale * (flat ? y : cp * y - sp * away);
      out.depth[i] = flat ? 0 : sp * y + cp * away;
    }
  }
}

/** Pixels per unit so that all points (but one far out of all others) lie inside `width` x `height`,
 *  each with its `radius`. */
export function fitting(positions, shape, width, height, radius) {
  if (shape === "sphere") return 0.45 * Math.min(width, height);
  const n = positions.length / 3;
  const [across, up] = [new Float32Array(n), new Float32Array(n)];
  for (let i = 0; i < n; i++) {
    const [x, y] = [Math.abs(positions[3 * i]), Math.abs(positions[3 * i + 1])];
    const round = Math.hypot(x, y, positions[3 * i + 2]);
    across[i] = shape === "flat" ? x : round;
    up[i] = shape === "flat" ? y : round;
  }
  const most = (values) => {
    const nearly = values.sort()[Math.floor(0.999 * (n - 1))];
    return Math.max(values[n - 1] > 1.5 * nearly ? nearly : values[n - 1], 0.05);
  };
  const half = (side, share) => Math.max(1, Math.min(share * side, side / 2 - radius - 2));
  return Math.min(half(width, 0.47) / most(across), half(height, 0.46) / most(up));
}

/** Indices from back to front; also writes screen.row, the depth row of each point. */
export function depthOrder(screen) {
  const { depth, row } = screen;
  let [near, far] = [Infinity, -Infinity];
  for (const d of depth) [near, far] = [Math.min(near, d), Math.max(far, d)];
  const span = Math.max(far - near, 1e-6);
  for (let i = 0; i < depth.length; i++) {
    row[i] = Math.round(((depth[i] - near) / span) * (DEPTHS - 1));
  }
  return Uint32Array.from(depth.keys()).sort((a, b) => depth[b] - depth[a]);
}

/** Draws images over their dots, first come first served: none covers another. */
export function drawPictures(context, atlas, probe, screen, colours, on, side, ratio, middle) {
  const cells = new Map(); // cell of side x side -> the picture whose middle is in it
  const near = [-1, 0, 1];
  context.lineWidth = 2 * ratio;
  for (let i = 0; i < screen.x.length; i++) {
    if (on && !on[i]) continue;
    const [x, y] = [screen.x[i] + middle.x, screen.y[i] + middle.y];
    if (Math.abs(screen.x[i]) > middle.x + 200 || Math.abs(screen.y[i]) > middle.y + 60) continue;
    const [column, row] = [Math.floor(x / side), Math.floor(y / side)];
    const around = near.flatMap((a) => near.map((b) => cells.get(1000 * (row + a) + column + b)));
    const covers = (p) => p && Math.abs(p[0] - x) < side + 2 && Math.abs(p[1] - y) < side + 2;
    if (around.some(covers)) continue;
    cells.set(1000 * row + column, [x, y]);
    const [left, top, size] = [(x - side / 2) * ratio, (y - side / 2) * ratio, side * ratio];
    drawTile(context, atlas, probe, i, left, top, size);
    context.strokeStyle = css(colours.colours[colours.bin[i]]);
    context.strokeRect(left, top, size, size);
  }
}
