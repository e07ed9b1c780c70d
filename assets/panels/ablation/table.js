// The runs as a table that sorts by any column; each leads to its run.

import { el } from "../../kit/dom.js";
import { written } from "./picture.js";

/** {node, show(now, rows)}. */
export function table(s) {
  const head = el("tr", {});
  const body = el("tbody", {});
  const node = el("div", { class: "rows", tabindex: 0, role: "region", "aria-label": s.table }, el("table", {}, el("thead", {}, head), body));
  const order = { column: null, down: true };
  const lines = new WeakMap(); // row -> its line: sorting and filtering make none anew
  let shown = null;

  function columns({ axes, columns: numbers }) {
    return [
      { name: "run", label: s.run, of: (row) => row.name, cell: (row) => (row.href ? el("a", { href: row.href, target: "_self", title: row.name }, row.name) : s.not_begun) },
      ...axes.map((axis, i) => ({ name: `axis${i}`, label: axis.label, of: (row) => row.at[i], cell: (row) => row.labels[i] })),
      { name: "seed", label: s.seed, of: (row) => row.seed, cell: (row) => String(row.seed) },
      { name: "state", label: s.state, of: (row) => row.word, cell: (row) => row.word },
      ...numbers.map((metric) => ({ name: metric.name, label: metric.label, number: true, of: (row) => row.numbers[metric.name], cell: (row) => written(metric, row.numbers[metric.name]) })),
    ];
  }

  function sort(name) {
    Object.assign(order, { down: order.column === name ? !order.down : true, column: name });
    show(...shown);
  }

  function show(now, rows) {
    shown = [now, rows];
    const all = columns(now);
    head.replaceChildren(...all.map((column) => heading(column, order, sort)));
    const by = all.find((column) => column.name === order.column);
    const sorted = by ? rows.toSorted((a, b) => compare(by.of(a), by.of(b), order.down)) : rows;
    for (const row of sorted) if (!lines.has(row)) lines.set(row, lineOf(row, all));
    body.replaceChildren(...sorted.map((row) => lines.get(row)));
  }

  return { node, show };
}

function lineOf(row, columns) {
  const cells = columns.map((column) => el("td", { class: column.number ? "number" : "" }, column.cell(row)));
  return el("tr", { class: row.finished ? "" : "unfinished" }, ...cells);
}

function heading({ name, label }, order, sort) {
  const mine = order.column === name;
  const button = el("button", { type: "button", onclick: () => sort(name) }, label, mine ? (order.down ? " ▾" : " ▴") : "");
  return el("th", { scope: "col", "aria-sort": mine ? (order.down ? "descending" : "ascending") : "none" }, button);
}

/** Rows without a value stand last, whichever way is up. */
export function compare(a, b, down) {
  const none = (value) => value === null || value === undefined;
  if (none(a) || none(b)) return none(a) - none(b);
  const order = typeof a === "number" ? a - b : String(a).localeCompare(String(b), undefined, { numeric: true });
  return down ? -order : order;
}
