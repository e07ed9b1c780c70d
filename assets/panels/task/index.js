// What a method shows of itself: its task on a few held-out images, or what it keeps between steps.
// It shares its place with the similarity panels; the setting `pairs` of the feed says who has it.

import { el, radioKeys } from "../../kit/dom.js";
import { openPanel } from "../../kit/panel.js";
import { palette, theme } from "../../kit/theme.js";
import { helpOn } from "../../kit/tooltip.js";
import { fill, formatNumber } from "../../kit/words.js";
import { ages, correlations, lag, shares } from "./charts.js";
import { paintings, puzzles, rotations } from "./pictures.js";

const OWN = {
  pictures: paintings, turned: rotations, tiles: puzzles,
  queue_age: ages, bank_age: ages, teacher_distance: lag,
  prototype_use: shares, cross_correlation: correlations,
};

export default (element, feed, data) => openPanel(element, "task", feed, data, buildTask);

function buildTask(frame, data, feed) {
  const s = data.strings;
  if (!feed.settings.pairs) feed.set({ pairs: data.first ? "task" : "similarity" });
  const tabs = tabSwitch(s, (pairs) => feed.set({ pairs }));
  const about = el("button", { class: "help", type: "button", "aria-label": s.about }, "?");
  helpOn(frame, about, s.help);
  const note = el("span", { class: "note" });
  const parts = Object.entries(s.parts).map(([name, words]) => ({ name, ...OWN[name](frame, words, feed, data) }));
  const waiting = el("div", { class: "waiting" }, s.waiting);
  const body = el("div", { class: "own", role: "group" }, waiting, ...parts.map((part) => part.node));
  frame.append(el("div", { class: "head" }, tabs.node, about, note), body);
  const state = { asked: null, arrays: null, step: null, drawn: "" };

  function draw() {
    const open = feed.settings.pairs === "task";
    frame.classList.toggle("open", open);
    tabs.choose(open ? "task" : "similarity");
    for (const node of [about, note, body]) node.hidden = !open;
    if (open) paint();
    if (feed.shown !== null && feed.shown !== state.asked) ask(feed.shown);
  }

  function paint() {
    const known = parts.filter((part) => state.arrays?.[`observe_${part.name}`]);
    const { clientWidth: width, clientHeight: height } = body;
    const now = [state.step, known.length, width, height, frame.dataset.theme, feed.rows.length, feed.events.length].join();
    if (now === state.drawn || !width) return;
    state.drawn = now;
    waiting.hidden = known.length > 0;
    waiting.textContent = state.arrays ? s.nothing : s.waiting;
    for (const part of parts) part.node.hidden = !known.includes(part);
    const look = { ...theme(frame), ...palette(frame, data) };
    const said = known.map((part) => part.draw(part.name, state.arrays, look)).filter(Boolean);
    const step = state.step === null ? "" : fill(s.step, { step: formatNumber(state.step) });
    note.textContent = [...said, step].filter(Boolean).join(" · ");
    body.setAttribute("aria-label", `${s.title}. ${note.textContent}`);
  }

  async function ask(step) {
    state.asked = step;
    const snapshot = await feed.look(step).catch(() => null);
    if (state.asked !== step) return;
    if (!snapshot) {
      state.asked = null;
      return;
    }
    state.arrays = snapshot.arrays;
    state.step = snapshot.whole;
    draw();
  }

  return { draw };
}

/** "Similarity | <the task>": one of two is chosen. */
function tabSwitch(s, choose) {
  const names = ["similarity", "task"];
  const words = [s.similarity, s.title];
  const buttons = names.map((name, i) =>
    el("button", { type: "button", role: "radio", onclick: () => choose(names[i]) }, words[i]),
  );
  return {
    node: el("div", { class: "tabs", role: "radiogroup", "aria-label": s.choice }, ...radioKeys(buttons)),
    choose(name) {
      buttons.forEach((button, i) => button.setAttribute("aria-checked", String(names[i] === name)));
    },
  };
}
