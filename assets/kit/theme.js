// The look of the page around a panel: Streamlit's, or that of any page with the same --st-* values.

import { css } from "./colours.js";

/** The page's theme as seen from `el` (an element or a shadow root), as CSS strings.
 *  Also `muted` (secondary text), `faint` (hairlines), `dark` and `type` (a number). */
export function theme(el) {
  const style = getComputedStyle(el.host ?? el);
  const read = (name, fallback) => {
    const value = style.getPropertyValue(`--st-${name}`).trim();
    return value && value !== "unset" ? value : fallback;
  };
  const background = rgbOf(read("background-color", "#ffffff"));
  const text = rgbOf(read("text-color", "#1f2430"));
  const luminance = (0.299 * background[0] + 0.587 * background[1] + 0.114 * background[2]) / 255;
  const mixed = (t) => css(background.map((b, i) => b + (text[i] - b) * t));
  return {
    text: css(text),
    background: css(background),
    secondary: read("secondary-background-color", mixed(0.06)),
    primary: read("primary-color", "#0072b2"),
    border: read("border-color", mixed(0.16)),
    font: read("font", "'Source Sans', 'Source Sans 3', 'Noto Sans CJK KR', sans-serif"),
    muted: mixed(0.68),
    faint: mixed(0.14),
    dark: luminance < 0.5,
    type: Number(style.getPropertyValue("--type")) || 1, // how much larger than usual letters are
  };
}

const MEASURED = new Map(); // CSS colour -> [r, g, b]

/** [r, g, b] of any CSS colour string. */
export function rgbOf(colour) {
  if (!MEASURED.has(colour)) MEASURED.set(colour, measured(colour));
  return MEASURED.get(colour);
}

function measured(colour) {
  const context = document.createElement("canvas").getContext("2d");
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  return [...context.getImageData(0, 0, 1, 1).data.slice(0, 3)];
}

export const reducedMotion = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** Gives a frame the colours of the theme around it: `data-theme`, and each ink as --<name>. Returns
 *  whether they are others than before. */
export function paint(frame, { colours }) {
  const { text, background, dark } = theme(frame);
  if (frame.dataset.look === text + background) return false;
  Object.assign(frame.dataset, { look: text + background, theme: dark ? "dark" : "light" });
  for (const [ink, colour] of Object.entries(colours[frame.dataset.theme].inks)) {
    frame.style.setProperty(`--${ink}`, colour);
  }
  return true;
}

/** The colours of a panel's data for the theme its frame has now. */
export const palette = (frame, { colours }) => colours[frame.dataset.theme];
