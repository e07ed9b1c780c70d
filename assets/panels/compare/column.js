// One run of a comparison: its letter and status, its verdict, its map.

import { snapshotRows } from "../../feed/rows.js";
import { classColours, css } from "../../kit/colours.js";
import { el, svg } from "../../kit/dom.js";
import { palette } from "../../kit/theme.js";
import { written } from "../curves/overlay.js";

const FEW = 2; // as many columns have room for a title in the line of the status
const SHORT = ".status .what, .fact:is(.seed, .speed) { display: none; } .status .what + .fact { margin-left: auto; }";

const NO_LEGEND = ".stage > .legend { display: none; }"; // one for all of them stands in the bar

/** {map, draw, say(sentence), close}; `say` tells what is not shared with the other runs. */
export function column(stage, run, feed, data, open) {
  const { panels, strings: s, runs } = data;
  const letter = el("b", { class: "letter" }, run.letter);
  const status = el("div", { class: "status-of" });
  const verdict = el("div", { class: "verdict" });
  const note = el("p", { class: "unlinked", role: "status", hidden: "" });
  const few = runs.length <= FEW;
  const title = el("span", { class: "title", title: run.title, ...(few && { hidden: "" }) }, run.title);
  const top = el("div", { class: "top" }, el("div", { class: "line" }, letter, title, few ? status : null), few ? null : status, verdict, note);
  const node = el("div", { class: "column", role: "group", "aria-label": `${run.letter}: ${run.title}` }, top);
  stage.append(node);
  const strip = open(status, "status", feed, { ...panels.status, run: run.run }, few ? "" : SHORT);
  strip.take({ title: run.title });
  const map = open(node, "embedding", feed, { ...panels.embedding, run: run.run, joined: true }, few ? "" : NO_LEGEND);
  let drawn = "";
  return {
    map,
    draw() {
      const { lines } = palette(node.closest(".panel"), data);
      letter.style.setProperty("--own", css(classColours({ classes: lines, many: lines }, runs.length)[runs.indexOf(run)]));
      const { row } = snapshotRows(feed);
      const { word, ink, icon } = panels.collapse.verdicts[row?.verdict ?? "loading"] ?? panels.collapse.verdicts.unknown;
      const numbers = ["h", "z"].filter((space) => Number.isFinite(row?.[`knn_${space}`])).map((space) => `${space} ${written(row[`knn_${space}`], { percent: true })}`);
      const now = [row ? word : "", numbers.join("  ")].join();
      if (now === drawn) return;
      drawn = now;
      verdict.style.setProperty("--tone", `var(--${ink})`);
      verdict.replaceChildren(...(row ? [svg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" }, svg("path", { d: icon })), el("span", {}, word), numbers.length ? el("span", { class: "knn" }, `${s.knn} ${numbers.join(" · ")}`) : null].filter(Boolean) : []));
    },
    say(sentence) {
      note.hidden = !sentence;
      if (note.textContent !== sentence) note.textContent = sentence;
    },
    close() {
      strip.close();
      map.close();
    },
  };
}
