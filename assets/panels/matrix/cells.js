// Cosines between 2N views as cells: their order, their numbers, their picture.

import { ramp } from "../../kit/colours.js";
import { differing } from "../../kit/pace.js";
import { theme } from "../../kit/theme.js";
import { decimals, fill } from "../../kit/words.js";

/** Which view stands in which line: `state.line`, a permutation of 0..2N-1. */
export function arrange(state) {
  if (!state.goal) return;
  const size = state.size;
  const half = size / 2;
  const plain = Array.from({ length: size }, (_, i) => i);
  if (state.order === "pairs") state.line = plain.map((i) => (i % 2) * half + (i >> 1));
  else if (state.order === "cluster") state.line = clustered(state.goal, size, state.line || plain);
  else state.line = plain;
}

/**
 * Leaves of an average-linkage tree of cosines (size x size). At every merge the branch that stood
 * first in `before` stays first, so the order changes little from snapshot to snapshot.
 */
export function clustered(cosines, size, before) {
  const place = new Array(size);
  before.forEach((view, i) => (place[view] = i));
  const like = Array.from({ length: size }, (_, i) => cosines.slice(i * size, (i + 1) * size));
  const groups = Array.from({ length: size }, (_, i) => ({ leaves: [i], mean: place[i] }));
  const alive = new Set(groups.keys());
  while (alive.size > 1) {
    let [best, a, b] = [-Infinity, 0, 0];
    for (const i of alive) {
      for (const j of alive) if (j > i && like[i][j] > best) [best, a, b] = [like[i][j], i, j];
    }
    const [na, nb] = [groups[a].leaves.length, groups[b].leaves.length];
    for (const k of alive) {
      like[a][k] = like[k][a] = (na * like[a][k] + nb * like[b][k]) / (na + nb);
    }
    const pair = [groups[a], groups[b]].sort((x, y) => x.mean - y.mean);
    groups[a] = {
      leaves: [...pair[0].leaves, ...pair[1].leaves],
      mean: (na * groups[a].mean + nb * groups[b].mean) / (na + nb),
    };
    alive.delete(b);
  }
  return groups[[...alive][0]].leaves;
}

/** One sentence that reads the matrix: mean cosine of the positives and of the negatives. */
export function reading(s, { goal, size, step }) {
  let [positive, negative] = [0, 0];
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      if (partner(i, size) === j) positive += goal[i * size + j] / size;
      else if (i !== j) negative += goal[i * size + j] / (size * (size - 2));
    }
  }
  return fill(s.reading, { step, positive: decimals(positive), negative: decimals(negative) });
}

/** The other view of view i's image. */
export const partner = (i, size) => (i + size / 2) % size;

/** What the softmax of the loss gives view j in the row of view i, itself left out. */
export function softmaxWeight({ goal, size, tau }, i, j) {
  const weight = (k) => Math.exp((goal[i * size + k] - 1) / tau);
  let sum = 0;
  for (let k = 0; k < size; k++) if (k !== i) sum += weight(k);
  return weight(j) / sum;
}

/** Draws the cells of `state` on `canvas` as large as its box allows, sharp on any screen. */
export function paintMatrix(canvas, frame, state, stops, peek) {
  const { size, line } = state;
  const shown = Math.max(1, canvas.clientHeight);
  const side = Math.ceil((2 * shown * (devicePixelRatio || 1)) / size) * size;
  const [pixel, cell] = [side / shown, side / size];
  if (canvas.width !== side) canvas.width = canvas.height = side;
  const context = canvas.getContext("2d");
  context.imageSmoothingEnabled = false;
  context.drawImage(cells(state, stops), 0, 0, side, side);
  const { text, background } = theme(frame);
  state.otherLines ??= differing(); // while cells change colour, the lines over them stay
  if (state.otherLines(size, cell, pixel, line, state.order, state.labels)) state.lines = linesOver(state, cell, pixel);
  const { diagonal, positives, classes } = state.lines;
  hatchSelf(context, diagonal, cell, text, background);
  context.strokeStyle = text;
  context.lineWidth = 0.8 * pixel;
  context.stroke(positives);
  context.lineWidth = 1.6 * pixel;
  if (peek) context.stroke(classes);
  context.lineWidth = pixel;
  const rows = state.at ? [state.at.y] : state.linked.map((view) => line.indexOf(view));
  for (const y of rows) context.strokeRect(0, y * cell, side, cell);
  if (state.at) context.strokeRect(state.at.x * cell, 0, cell, side);
}

/** The cells alone, one pixel each. */
function cells(state, stops) {
  const { size, line, seen } = state;
  state.otherStops ??= differing();
  if (state.otherStops(stops)) state.colours = Uint32Array.from({ length: 256 }, (_, i) => pixelOf(ramp(stops, i / 255)));
  if (state.small?.canvas.width !== size) state.small = new OffscreenCanvas(size, size).getContext("2d");
  const pixels = new ImageData(size, size);
  const values = new Uint32Array(pixels.data.buffer);
  for (let at = 0; at < values.length; at++) {
    const value = seen[line[Math.floor(at / size)] * size + line[at % size]];
    values[at] = state.colours[Math.round(Math.min(1, Math.max(0, (value + 1) / 2)) * 255)];
  }
  state.small.putImageData(pixels, 0, 0);
  return state.small.canvas;
}

/** [r, g, b] as the number that is an opaque pixel. */
const pixelOf = ([r, g, b]) => ((255 << 24) | (Math.round(b) << 16) | (Math.round(g) << 8) | Math.round(r)) >>> 0;

/** Paths over the cells: each view with itself, the borders of positive pairs, those of classes. */
function linesOver(state, cell, pixel) {
  const { size } = state;
  const [filled, struck] = [new Path2D(), new Path2D()];
  for (let i = 0; i < size; i++) {
    filled.rect(i * cell, i * cell, cell, cell);
    struck.moveTo(i * cell, (i + 1) * cell);
    struck.lineTo((i + 1) * cell, i * cell);
  }
  const positives = outline(size, cell, positiveMask(state, cell / pixel));
  return { diagonal: { filled, struck }, positives, classes: outline(size, cell, classMask(state)) };
}

/** The diagonal is each view with itself: hatched, because it says nothing. */
function hatchSelf(context, { filled, struck }, cell, text, background) {
  context.fillStyle = background;
  context.fill(filled);
  context.strokeStyle = text;
  context.lineWidth = cell / 5;
  context.globalAlpha = 0.55;
  context.stroke(struck);
  context.globalAlpha = 1;
}

/** The cells of positive pairs; where cells are too small for a border of their own, with a margin
 *  of one cell around, so that the border does not hide what it marks. */
function positiveMask({ size, line, order }, pixels) {
  if (order === "pairs") return mask(size, (y, x) => line[y] % (size / 2) === line[x] % (size / 2));
  const positive = mask(size, (y, x) => partner(line[y], size) === line[x]);
  if (pixels >= 6) return positive;
  const near = [-1, 0, 1];
  return mask(size, (y, x) => near.some((dy) => near.some((dx) => positive(y + dy, x + dx))));
}

/** The cells whose two images show the same class, each view with itself left out. */
function classMask({ size, line, labels }) {
  const label = (view) => labels[view % (size / 2)];
  return mask(size, (y, x) => x !== y && label(line[y]) === label(line[x]));
}

/** (y, x) -> whether `chosen` says so, false outside the matrix; each cell is asked once. */
function mask(size, chosen) {
  const cells = Array.from({ length: size * size }, (_, i) => chosen(Math.floor(i / size), i % size));
  return (y, x) => y >= 0 && x >= 0 && y < size && x < size && cells[y * size + x];
}

/** The border of all cells `inside`, without lines between neighbours, as a path. */
function outline(size, cell, inside) {
  const path = new Path2D();
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      if (!inside(y, x)) continue;
      const [l, t, r, b] = [x * cell, y * cell, (x + 1) * cell, (y + 1) * cell];
      const edges = [[y - 1, x, l, t, r, t], [y + 1, x, l, b, r, b], [y, x - 1, l, t, l, b], [y, x + 1, r, t, r, b]];
      for (const [ny, nx, x0, y0, x1, y1] of edges) {
        if (inside(ny, nx)) continue;
        path.moveTo(x0, y0);
        path.lineTo(x1, y1);
      }
    }
  }
  return path;
}
