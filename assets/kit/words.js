// Numbers and sentences as a visitor reads them.

/** `value` with `digits` significant digits; large steps as 12,345; a dash for nothing. */
export function formatNumber(value, digits = 3) {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  if (Number.isInteger(value)) return value.toLocaleString("en");
  const size = Math.abs(value);
  if (size >= 1e5 || size < 1e-3) return value.toExponential(digits - 1);
  return String(Number(value.toPrecision(digits)));
}

/** `template` with every {name} replaced: fill("step {step}", {step: 3}). */
export function fill(template, values) {
  return template.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** `value` with `digits` decimals and a true minus sign; a dash where there is none. */
export function decimals(value, digits = 2) {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  const text = value.toFixed(digits);
  return Number(text) === 0 ? text.replace("-", "") : text.replace("-", "−");
}

/** `text` for plotly, which takes <b> and <a href> in a text for marks. */
export const plain = (text) => String(text).replace(/[&<>]/g, (mark) => `&#${mark.charCodeAt(0)};`);

/** A whole number as a small raised one. */
export const superscript = (n) => [...String(n)].map((c) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(c)]).join("");

/** What a run computes on, from its status: the name of the card, else the kind of device. */
export function deviceOf({ device, device_name: name } = {}) {
  return device === "cuda" && name ? name : (device ?? "?").toUpperCase();
}
