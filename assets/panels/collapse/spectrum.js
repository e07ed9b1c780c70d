// Singular values on a log scale: h solid, z dashed, the randomly initialised network thin.

import { svg } from "../../kit/dom.js";
import { superscript } from "../../kit/words.js";

const DECADES = 4;

/** `now` and `start` (may be null): {h, z}, singular values, largest first; `type`: how much larger
 *  than usual letters are. */
export function drawSpectra(plot, now, start, width, height, type) {
  const box = { left: 34 * type, right: width - 4, top: 8 * type, bottom: height - 4 * type };
  if (box.bottom - box.top < 12) return;
  const all = [now, start].filter(Boolean).flatMap(({ h, z }) => [...h, ...z]);
  const top = Math.ceil(Math.log10(Math.max(...all, 1e-12)));
  const bottom = Math.max(top - DECADES, Math.min(top - 2, Math.floor(Math.log10(Math.max(1e-12, Math.min(...all))))));
  const longest = longestOf(now);
  const x = (i) => box.left + ((box.right - box.left) * i) / Math.max(1, longest - 1);
  const y = (value) => {
    const at = Math.max(bottom, Math.log10(Math.max(value, 1e-12)));
    return box.top + ((box.bottom - box.top) * (top - at)) / (top - bottom);
  };
  const line = (values) => Array.from(values, (value, i) => `${i ? "L" : "M"}${x(i).toFixed(1)} ${y(value).toFixed(1)}`).join("");
  const parts = [];
  for (let power = bottom; power <= top; power++) {
    const at = y(10 ** power);
    parts.push(svg("line", { class: "grid", x1: box.left, x2: box.right, y1: at, y2: at }));
    if (power === bottom || power === top) parts.push(label(box.left - 5, at + 4 * type, "end", powerOfTen(power)));
  }
  for (const space of ["h", "z"]) {
    if (start) parts.push(svg("path", { class: `line start ${space}`, d: line(start[space]) }));
    parts.push(svg("path", { class: `line ${space}`, d: line(now[space]) }));
  }
  plot.replaceChildren(...parts);
}

/** How many singular values the longer spectrum has. */
export const longestOf = ({ h, z }) => Math.max(h.length, z.length);

function label(x, y, anchor, words) {
  return svg("text", { x, y, "text-anchor": anchor }, words);
}

const powerOfTen = (power) => (power === 0 ? "1" : power === 1 ? "10" : `10${superscript(power)}`);
