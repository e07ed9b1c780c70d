// What happened to a run, as quiet marks on any axis of steps; pointing at one says it in words.

import { el } from "./dom.js";
import { tooltip } from "./tooltip.js";
import { fill, formatNumber } from "./words.js";

/** One mark a step that has events of a kind with words: [{step, kind, tone, text}], in their order. */
export function marksOf(events, words) {
  const marks = new Map();
  for (const event of events) {
    const said = sentence(event, words);
    if (!said) continue;
    const text = fill(words.at, { step: formatNumber(event.step), what: said });
    const mark = marks.get(event.step);
    if (mark) mark.text += `\n${text}`;
    else marks.set(event.step, { step: event.step, kind: event.kind, tone: event.new, text });
  }
  return [...marks.values()];
}

/** What an event says, "" for a kind that is not marked. */
function sentence(event, words) {
  if (event.kind === "set") return fill(words.set, changed(event, words));
  if (event.kind === "verdict") {
    const named = (name) => words.verdicts[name]?.word ?? name;
    return fill(words.verdict, { old: named(event.old), new: named(event.new), reason: words.reasons[event.reason] ?? "" }).trim();
  }
  if (event.kind === "error") return event.message ?? "";
  return words[event.kind] ?? "";
}

/** {knob, old, new} of a changed knob as a visitor reads them. */
export function changed({ knob, old, new: value }, words) {
  const said = (v) => {
    if (v === true || v === false) return v ? words.on : words.off;
    return Number.isFinite(Number(v)) ? formatNumber(Number(v)) : String(v);
  };
  return { knob: words.knobs[knob] ?? knob, old: said(old), new: said(value) };
}

/** Marks over an axis: put `node` into a positioned box; `draw(x)` puts each where `x(step)` says, in
 *  pixels from the left of that box, and hides those for which it gives null. */
export function timeline(frame, feed, data) {
  const node = el("div", { class: "happened" });
  const tip = tooltip(frame);
  let known = "";
  let marks = [];
  const rebuild = () => {
    tip.hide();
    marks = marksOf(feed.events, data.marks).map((mark) => ({ ...mark, node: button(mark, data, tip) }));
    node.replaceChildren(...marks.map((mark) => mark.node));
  };
  return {
    node,
    draw(x) {
      const now = JSON.stringify(feed.events);
      if (now !== known) rebuild();
      known = now;
      for (const { step, node: mark } of marks) {
        const at = x(step);
        mark.hidden = at === null;
        if (at !== null) mark.style.left = `${at}px`;
      }
    },
  };
}

function button({ kind, tone, text }, { marks }, tip) {
  const node = el("button", { type: "button", class: `happening ${kind}`, "aria-label": text });
  const ink = kind === "verdict" && marks.verdicts[tone]?.ink;
  if (ink) node.style.setProperty("--tone", `var(--${ink})`);
  const show = () => tip.at(node.getBoundingClientRect(), text);
  Object.assign(node, { onpointerenter: show, onfocus: show, onpointerleave: tip.hide, onblur: tip.hide });
  node.addEventListener("keydown", (event) => event.key === "Escape" && tip.hide());
  return node;
}
