// The runs as a table that sorts by any column; each leads to its run. Lines are drawn down to where one
// has scrolled: to lay out hundreds of them takes longer than a key may take to answer.

import { el } from "../../kit/dom.js";
import { written } from "./picture.js";

const MORE = 30; // lines drawn below those that are seen
const HIGH = 26; // pixels of a line, until one was drawn

/** {node, show(now, rows)}. */
export function table(s) {
  const head = el("tr", {});
  const body = el("tbody", {});
  const sheet = el("table", {}, el("thead", {}, head), body);
  const node = el("div", { class: "rows", tabindex: 0, role: "region", "aria-label": s.table, onscroll: () => draw() }, sheet);
  const rest = el("tr", { "aria-hidden": "true" }, el("td", {})); // the room of the lines that are not drawn
  const order = { column: null, down: true };
  const lines = new WeakMap(); // row -> its line: sorting and filtering make none anew
  let shown = null;
  let sorted = [];
  let drawn = 0;

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
    sorted = by ? rows.toSorted((a, b) => compare(by.of(a), by.of(b), order.down)) : rows;
    sheet.setAttribute("aria-rowcount", 1 + sorted.length);
    draw(true);
  }

  /** Draws the lines that are missing down to where one has scrolled; `anew`: all of them. */
  function draw(anew = false) {
    const high = (drawn && body.firstChild.offsetHeight) || HIGH;
    const wanted = Math.min(sorted.length, Math.ceil((node.scrollTop + node.clientHeight) / high) + MORE);
    if (!anew && drawn >= wanted) return;
    const first = anew ? 0 : drawn;
    const more = sorted.slice(first, wanted).map((row) => lineIn(row));
    if (anew) body.replaceChildren(...more);
    else rest.before(...more);
    drawn = wanted;
    rest.firstChild.style.height = `${(sorted.length - drawn) * high}px`;
    if (drawn === sorted.length) rest.remove();
    else if (anew) body.append(rest);
  }

  function lineIn(row) {
    if (!lines.has(row)) lines.set(row, lineOf(row, columns(shown[0])));
    return lines.get(row);
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
