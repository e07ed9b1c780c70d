// Numbers as the figures of the curves ask for them: the few formats of d3 that they use.

import { formatNumber } from "../kit/words.js";

/** `value` as ".1%", ".3f", ",d", ".3~g"; without a format as plain as it can be. */
export function formatted(value, format = "") {
  if (!Number.isFinite(value)) return "–";
  const [, digits] = /\.(\d+)/.exec(format) ?? [];
  const text = shown(value, format, digits === undefined ? undefined : Number(digits));
  return text.replace("-", "−");
}

function shown(value, format, digits) {
  if (format.endsWith("%")) return `${(100 * value).toFixed(digits)}%`;
  if (format.endsWith("d")) return Math.round(value).toLocaleString("en");
  if (format.endsWith("f")) return value.toFixed(digits);
  return formatNumber(value, digits ?? 4);
}

/** What a hover template says of point `i` of a trace, as plain lines. */
export function toldOf({ hovertemplate, x, y, customdata }, i) {
  const values = { x: x[i], y: y[i], customdata: customdata?.[i] };
  const lines = hovertemplate.replace(/<extra>.*<\/extra>/, "").replaceAll("<br>", "\n");
  return lines.replace(/%\{(\w+)(?::([^}]*))?\}/g, (_, name, format) => formatted(values[name], format));
}

/** About `most` round numbers within [low, high]. */
export function ticks([low, high], most) {
  const rough = (high - low) / most || 1;
  const size = 10 ** Math.floor(Math.log10(rough));
  const step = size * [1, 2, 5, 10].find((factor) => factor * size >= rough);
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.floor(high / step + 1e-9) - first + 1;
  return Array.from({ length: Math.max(0, count) }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}
