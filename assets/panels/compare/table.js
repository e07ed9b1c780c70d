// What differs in the recipes, and what each run reaches: by the clock, and in the end.

import { snapshotRows } from "../../feed/rows.js";
import { el } from "../../kit/dom.js";
import { fill, formatNumber } from "../../kit/words.js";
import { valueAt, written } from "../curves/overlay.js";

/** {node, take(now), draw}; `now` is {differs: [{label, values}], pairs: [sentence]}. */
export function table({ runs, reached, panels, strings: s }, joint) {
  const { verdicts } = panels.collapse;
  const body = el("tbody", {});
  const head = el("tr", {}, el("th", { scope: "col" }, ""), ...runs.map((run) => el("th", { scope: "col", title: run.title }, run.letter)));
  const pairs = el("div", { class: "pairs" });
  const node = el("div", { class: "facts", tabindex: 0, role: "region", "aria-label": s.table }, pairs, el("table", {}, el("thead", {}, head), body));
  let now = { differs: [], pairs: [] };
  let drawn = "";

  const newest = (feed, name) => feed.rows.findLast((row) => Number.isFinite(row[name])) ?? null;
  const best = ({ name, percent }) => (feed) => {
    const row = newest(feed, name);
    return row ? fill(s.at_step, { value: written(row[name], { percent }), step: formatNumber(row.step) }) : "–";
  };
  const measured = () => [
    [s.verdict, ...joint.feeds.map((feed) => verdicts[snapshotRows(feed).row?.verdict]?.word ?? "–")],
    ...reached.map((metric) => [metric.label, ...joint.feeds.map((feed) => written(valueAt(feed, metric.name), metric))]),
    [s.seconds, ...joint.feeds.map((feed) => written(valueAt(feed, "seconds"), {}))],
  ];
  const ends = () => reached.slice(0, 1).map((metric) => [fill(s.newest, { metric: metric.label }), ...joint.feeds.map(best(metric))]);

  function draw() {
    const parts = [
      [s.differs, now.differs.map(({ label, values }) => [label, ...values])],
      [fill(s.reaches[joint.unit], { time: formatNumber(joint.shown) }), measured()],
      [s.in_the_end, ends()],
    ];
    const said = JSON.stringify([parts, now.pairs]);
    if (said === drawn) return;
    drawn = said;
    pairs.replaceChildren(...now.pairs.map((sentence) => el("p", {}, sentence)));
    body.replaceChildren(...parts.flatMap(([title, rows]) => [heading(title, runs.length), ...(rows.length ? rows : [[s.nothing]]).map(line)]));
  }

  return {
    node,
    draw,
    take(news) {
      now = news;
      draw();
    },
  };
}

const heading = (title, n) => el("tr", { class: "part" }, el("th", { colspan: n + 1, scope: "colgroup" }, title));

/** Values that are not the same in all runs stand out. */
function line([label, ...values]) {
  return el("tr", {}, el("th", { scope: "row" }, label), ...values.map((value) => el("td", {}, value)));
}
