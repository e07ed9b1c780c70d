// Panels inside a page of our own, a replay or a comparison: each with its own styles, as Streamlit
// mounts them.

import { el } from "../kit/dom.js";
import collapse from "./collapse/index.js";
import curves from "./curves/index.js";
import embedding from "./embedding/index.js";
import histogram from "./histogram/index.js";
import matrix from "./matrix/index.js";
import status from "./status/index.js";
import task from "./task/index.js";

const PANELS = { status, embedding, matrix, histogram, collapse, task, curves };

/** Opens panel `name` (any other name than those of PANELS is a plot of curves) in a new element of
 *  `place`; gives {restyle, take, close, view, host}. `styles`: panel -> its CSS, and `kit`, which is all's. */
export function opened(place, name, feed, data, styles) {
  const kind = name in PANELS ? name : "curves";
  const host = el("div", { class: `host ${name}`, "data-panel": name });
  const root = host.attachShadow({ mode: "open" });
  root.append(el("style", {}, styles.kit + styles[kind]));
  place.append(host);
  const shown = PANELS[kind](root, feed, data, { trigger() {}, keep() {} });
  return { ...shown, host, close: () => (shown.close(), host.remove()) };
}
