// The points themselves, stamped pixel by pixel into one image.
// Without a GPU this takes a quarter of the time of a drawImage a point (5 against 21 ms of
// processor time a frame for 5,000 points), so that the motion stays smooth on any machine.

import { css } from "../../kit/colours.js";
import { el } from "../../kit/dom.js";
import { markerPath } from "../../kit/markers.js";
import { rgbOf } from "../../kit/theme.js";

export const DEPTHS = 6; // markers get paler and smaller towards the back of a 3-D view
const AWAY = DEPTHS; // the look of points that are filtered away

/** The markers of one colouring at one size, ready to be stamped into `width` x `height` pixels. */
export class Stamps {
  constructor(colours, radius, ratio, look, width, height) {
    Object.assign(this, { colours, look, ratio, size: radius * ratio });
    this.half = Math.ceil(this.size * 1.35) + 1;
    this.stride = width + 4 * this.half; // a margin, so that markers at the edge need no clipping
    this.rows = height + 4 * this.half;
    this.image = new ImageData(this.stride, this.rows);
    this.pixels = new Uint32Array(this.image.data.buffer);
    const [r, g, b] = (this.background = rgbOf(look.background));
    this.blank = ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
    this.made = new Map();
  }

  /** Draws all points around `middle` (CSS pixels); those not in `on` (N of 0/1) stay faint. */
  draw(context, screen, bin, on, order, middle) {
    const { pixels, stride, rows, half, ratio } = this;
    const [cx, cy] = [middle.x * ratio + half, middle.y * ratio + half];
    const [right, bottom] = [stride - 2 * half, rows - 2 * half];
    pixels.fill(this.blank);
    const put = (i, row) => {
      const x = (cx + screen.x[i] * ratio) | 0;
      const y = (cy + screen.y[i] * ratio) | 0;
      if (x < 0 || y < 0 || x >= right || y >= bottom) return;
      press(pixels, y * stride + x, this.stamp(bin[i], row));
    };
    const n = screen.x.length;
    if (on) for (let i = 0; i < n; i++) if (!on[i]) put(i, AWAY);
    for (let k = 0; k < n; k++) {
      const i = order ? order[k] : k;
      if (!on || on[i]) put(i, order ? screen.row[i] : 0);
    }
    context.putImageData(this.image, -2 * half, -2 * half);
  }

  /** {solid, soft} of a bin at a depth: runs of numbers that `press` understands. */
  stamp(bin, row) {
    const key = bin * (DEPTHS + 1) + row;
    if (!this.made.has(key)) this.made.set(key, this.make(this.picture(bin, row)));
    return this.made.get(key);
  }

  /** The marker as ImageData. */
  picture(bin, row) {
    const { colours, look, half, size, background } = this;
    const [colour, away, back] = [colours.colours[bin], row === AWAY, row / (DEPTHS - 1)];
    const canvas = el("canvas", { width: 2 * half, height: 2 * half });
    const context = canvas.getContext("2d");
    markerPath(context, colours.markers[bin], half, half, size * (away ? 0.6 : 1 - 0.3 * back));
    const faded = colour.map((v, i) => v + (background[i] - v) * 0.72 * back);
    context.fillStyle = away ? css(rgbOf(look.muted), 0.16) : css(faded);
    context.fill();
    if (!away) {
      const pale = Math.min(...background) > 200 && 0.3 * colour[0] + 0.59 * colour[1] > 175;
      context.lineWidth = Math.min(0.9 * this.ratio, 0.16 * size);
      context.strokeStyle = css(pale ? faded.map((v) => 0.62 * v) : background, 0.85);
      context.stroke();
    }
    return context.getImageData(0, 0, 2 * half, 2 * half);
  }

  /** Opaque pixels as (offset, colour); the others as (offset, red and blue, green, rest). */
  make({ data, width }) {
    const [solid, soft] = [[], []];
    for (let at = 0; at < data.length; at += 4) {
      const [r, g, b, alpha] = data.subarray(at, at + 4);
      const place = Math.floor(at / 4 / width) * this.stride + ((at / 4) % width);
      const share = Math.round((alpha * 256) / 255);
      if (alpha > 250) solid.push(place, ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0);
      else if (alpha > 3) soft.push(place, ((b << 16) | r) * share, g * share, 256 - share);
    }
    return { solid: Uint32Array.from(solid), soft: Uint32Array.from(soft) };
  }
}

/** Stamps one marker with its corner at pixel `at`: opaque pixels written, the others mixed in. */
function press(pixels, at, { solid, soft }) {
  for (let k = 0; k < solid.length; k += 2) pixels[at + solid[k]] = solid[k + 1];
  for (let k = 0; k < soft.length; k += 4) {
    const place = at + soft[k];
    const under = pixels[place];
    const rest = soft[k + 3];
    const redBlue = ((soft[k + 1] + (under & 0xff00ff) * rest) >>> 8) & 0xff00ff;
    const green = (soft[k + 2] + ((under >>> 8) & 0xff) * rest) & 0xff00;
    pixels[place] = (0xff000000 | redBlue | green) >>> 0;
  }
}
