// The panels of a replay, each with its own styles, as the pages of the app mount them.

import { el } from "../kit/dom.js";
import collapse from "../panels/collapse/index.js";
import curves from "../panels/curves/index.js";
import embedding from "../panels/embedding/index.js";
import histogram from "../panels/histogram/index.js";
import matrix from "../panels/matrix/index.js";
import status from "../panels/status/index.js";
import task from "../panels/task/index.js";

const PANELS = { status, embedding, matrix, histogram, collapse, task, loss: curves, knn: curves, probes: curves };
export const UNDER = ["knn", "loss", "probes", "collapse", "histogram", "matrix"]; // what may stand below each of several runs

/** Opens panel `name` of a run in a new element of `place`; gives {restyle, take, close}. */
export function opened(place, name, feed, run, { styles, colours, words }) {
  const host = el("div", { class: `host ${name}`, "data-panel": name });
  const root = host.attachShadow({ mode: "open" });
  const kind = PANELS[name] === curves ? "curves" : name;
  root.append(el("style", {}, styles.kit + styles[kind]));
  place.append(host);
  const own = name === "task" ? words.tasks[run.method] : words.panels[name];
  const shown = PANELS[name](root, feed, { ...own, run: run.id, colours }, { trigger() {}, keep() {} });
  return { ...shown, host, close: () => (shown.close(), host.remove()) };
}

/** Opens all panels of `runs` in `place`; `known` is {styles, colours, words}. Gives a list of them. */
export function stage(place, runs, feeds, under, known) {
  place.className = runs.length > 1 ? "several" : "one";
  place.style.setProperty("--runs", runs.length);
  const open = (node, name, i) => opened(node, name, feeds[i], runs[i], known);
  if (runs.length > 1) return runs.flatMap((_, i) => column(place, open, i, under));
  const own = known.words.tasks[runs[0].method] ? ["task"] : [];
  place.classList.toggle("own", own.length > 0);
  return ["status", "embedding", ...own, "matrix", "histogram", "collapse", "loss", "knn", "probes"].map((name) => open(place, name, 0));
}

function column(place, open, i, under) {
  const node = el("div", { class: "column" });
  place.append(node);
  return ["status", "embedding", under].map((name) => open(node, name, i));
}
