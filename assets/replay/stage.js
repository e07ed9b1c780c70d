// The panels of a replay.

import { el } from "../kit/dom.js";
import { opened } from "../panels/stage.js";

export const UNDER = ["knn", "loss", "probes", "collapse", "histogram", "matrix"]; // what may stand below each of several runs

/** Opens panel `name` of a run in `place`; `known` is {styles, colours, words}. */
export function panelOf(place, name, feed, run, { styles, colours, words }) {
  const own = name === "task" ? words.tasks[run.method] : words.panels[name];
  return opened(place, name, feed, { ...own, run: run.id, colours }, styles);
}

/** Opens all panels of `runs` in `place`. Gives a list of them. */
export function stage(place, runs, feeds, under, known) {
  place.className = runs.length > 1 ? "several" : "one";
  place.style.setProperty("--runs", runs.length);
  const open = (node, name, i) => panelOf(node, name, feeds[i], runs[i], known);
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
