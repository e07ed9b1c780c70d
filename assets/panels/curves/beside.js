// Other runs beside this one's curves: the supervised baseline and those one chose, and the row
// that says which they are.

import { el, svg } from "../../kit/dom.js";
import { helpOn, tooltip } from "../../kit/tooltip.js";
import { fill, formatNumber } from "../../kit/words.js";

// How each is drawn: the baseline, then A, B and C. `sample` is its dashes in the row.
const MANNERS = [
  { dash: "dashdot", sample: "6 3 1.5 3", colour: "text" },
  { dash: "longdash", sample: "9 4", colour: "blue" },
  { dash: "5px,2px,1px,2px,1px,2px", sample: "5 2 1 2 1 2", colour: "orange" },
  { dash: "longdashdot", sample: "9 3 2 3", colour: "muted" },
];

/** The feeds of the runs that `feed.settings.beside` names, kept open while the plot is there. */
export function companions(feed, ask) {
  const open = new Map();
  const wanted = () => (feed.settings.beside?.runs ?? []).filter(({ run }) => feed.another(run));
  const join = (run) => {
    const other = feed.another(run);
    open.set(run, { feed: other, leave: other.subscribe(ask) });
  };
  const sync = () => {
    for (const { run } of wanted()) if (!open.has(run)) join(run);
    for (const [run, { leave }] of open) {
      if (wanted().some((other) => other.run === run)) continue;
      leave();
      open.delete(run);
    }
  };
  return {
    /** {run, name, title, seed, letter, rows, state, dash, colour} of each, the baseline first. */
    now() {
      sync();
      return wanted().map((words) => {
        const { feed: other } = open.get(words.run);
        const place = words.letter ? "ABC".indexOf(words.letter) + 1 : 0;
        return { ...words, ...MANNERS[place], rows: other.rows, state: other.status?.state };
      });
    },
    close() {
      for (const { leave } of open.values()) leave();
      open.clear();
    },
  };
}

/** The snapshot rows of another run up to step `last`, where this run's axis ends. */
export function rowsUntil(other, last) {
  return other.rows.filter((row) => row.snapshot && row.step <= last);
}

/** What names each line of another run: a sample of its dashes, its run, step and seed. */
export function companionRow(frame, s, offer) {
  const node = el("div", { class: "beside", hidden: "" });
  const tip = tipOfRow(frame, node);
  const button = el("button", { type: "button", class: "offer" }, s.train_baseline);
  helpOn(frame, button, s.train_baseline_help);
  button.addEventListener("click", () => {
    button.disabled = true;
    button.textContent = s.baseline_asked;
    offer();
  });
  let drawn = "";
  return {
    node,
    /** `others` as from companions.now(); `last` is the step where this run's axis ends. */
    draw(others, last, look, offered) {
      const entries = others.map((other) => ({ other, words: wordsOf(s, other, last, others.length + offered > 1) }));
      const now = JSON.stringify([entries.map(({ words }) => words), offered, look.text]);
      if (now === drawn) return;
      drawn = now;
      tip.hide();
      node.hidden = !entries.length && !offered;
      if (!offered) Object.assign(button, { disabled: false, textContent: s.train_baseline });
      node.replaceChildren(...entries.map(({ other, words }) => entry(other, words, look)), ...(offered ? [button] : []));
    },
  };
}

/** Short where several share the row; the tip has all of it. */
function wordsOf(s, { name, title, letter, seed, rows, state }, last, short) {
  const row = rows.findLast((known) => known.snapshot && known.step <= last && Number.isFinite(known.knn_h));
  const names = { name: `${letter} ${name}`.trim(), seed, title: letter ? `${letter} ${title}` : s.supervised };
  if (!row) {
    const none = fill(s.beside_none, { ...names, state: s.states[state] ?? "…" });
    return { text: short ? names.title : none, tip: none };
  }
  const values = { ...names, value: `${Math.round(100 * row.knn_h)}%`, step: formatNumber(row.step) };
  const text = short ? `${names.title} ${values.value}` : fill(s.beside, values);
  return { text, tip: fill(s.beside_tip, { ...values, name }) };
}

function entry({ sample, colour }, { text, tip }, look) {
  const line = svg("line", { x1: 0, x2: 26, y1: 4, y2: 4, stroke: look[colour], "stroke-width": 1.6, "stroke-dasharray": sample });
  const dashes = svg("svg", { width: 26, height: 8, "aria-hidden": "true" }, line);
  return el("span", { class: "beside-run", tabindex: 0, "aria-description": tip }, dashes, el("span", {}, text));
}

/** One tip for all entries of the row: they are replaced as values change, the tip is not. */
function tipOfRow(frame, node) {
  const tip = tooltip(frame);
  const show = (event) => {
    const entry = event.target.closest(".beside-run");
    if (entry) tip.at(entry.getBoundingClientRect(), entry.getAttribute("aria-description"));
    else tip.hide();
  };
  node.addEventListener("pointerover", show);
  node.addEventListener("focusin", show);
  node.addEventListener("pointerleave", tip.hide);
  node.addEventListener("focusout", tip.hide);
  node.addEventListener("keydown", (event) => event.key === "Escape" && tip.hide());
  return tip;
}
