// A talk in one file: slides beside panels of recorded runs, moved by keys or a clicker.

import { el } from "../kit/dom.js";
import { fill, formatNumber } from "../kit/words.js";
import { laser, notesWindow } from "./desk.js";
import { feedsOf, written } from "./read.js";
import { sheet } from "./sheets.js";
import { panelOf } from "./stage.js";

const PANELS = ["embedding", "matrix", "histogram", "collapse", "knn", "loss"]; // keys 1 to 6
const LARGER = ".embedding { font-size: 19px; } .embedding .bar { min-height: 38px; }";
const facts = written("replay"); // {talk, runs, colours, styles, languages}
const view = { language: facts.first, theme: "light", at: 0, panel: null };
const { slides } = facts.talk;
let feeds = [];
let shown = null;
let desk = null;

const wordsNow = () => facts.languages[view.language];
const said = (text) => text?.[view.language] ?? text?.en ?? "";

/** Draws the slide of now. */
function build() {
  const slide = slides[view.at];
  shown?.close();
  shown = null;
  document.documentElement.lang = view.language;
  document.title = said(facts.talk.title);
  const text = document.getElementById(`slide-${view.at}-${view.language}`);
  const words = el("div", { class: "words" }, el("h1", {}, said(slide.title)), el("article", {}, text ? text.content.cloneNode(true) : ""));
  const main = document.querySelector("main");
  const recorded = slide.run !== null;
  main.className = `slide${recorded ? " beside" : ""}${view.panel ? " whole" : ""}`;
  main.replaceChildren(words);
  if (recorded) panel(main, slide);
  document.querySelector("header").replaceChildren(...foot(slide));
  desk?.tell(said(slides[view.at].notes), said(slides[view.at + 1]?.title), `${view.at + 1} / ${slides.length}`);
}

function panel(main, slide) {
  const [feed, run] = [feeds[slide.run], facts.runs[slide.run]];
  const name = view.panel ?? slide.panel;
  const known = { styles: { ...facts.styles, kit: facts.styles.kit + LARGER }, colours: facts.colours, words: wordsNow() };
  const place = el("div", { class: `stage-of ${name === "embedding" ? "map" : "larger"}` });
  main.append(place);
  feed.set({ space: slide.space, colour: slide.colour, pairs: name === "task" ? "task" : "similarity" });
  feed.seek(slide.step);
  if (slide.play && name === "embedding") feed.seek(feed.steps[0] ?? 0);
  shown = panelOf(place, name, feed, run, known);
  if (slide.play && name === "embedding") toMap(" ");
}

function foot(slide) {
  const run = slide.run === null ? null : facts.runs[slide.run];
  const day = run && new Date(1000 * run.recorded).toLocaleDateString(view.language, { dateStyle: "medium" });
  const words = run ? `${run.title} · ${fill(wordsNow().page.recorded, { device: run.device, date: day, seed: run.seed })}` : said(facts.talk.title);
  return [el("span", { class: "recorded" }, words), el("span", {}, `${formatNumber(view.at + 1)} / ${slides.length}`)];
}

/** Sends a key to the map on the slide. */
function toMap(key) {
  const canvas = shown?.host.shadowRoot.querySelector("canvas.overlay");
  canvas?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
}

function go(by) {
  const next = Math.min(slides.length - 1, Math.max(0, view.at + by));
  if (next === view.at && view.panel === null) return;
  Object.assign(view, { at: next, panel: null });
  build();
}

const nextOf = (values, now) => values[(values.indexOf(now) + 1) % values.length];
const ACTS = {
  ArrowRight: () => go(1),
  PageDown: () => go(1),
  ArrowLeft: () => go(-1),
  PageUp: () => go(-1),
  Home: () => go(-Infinity),
  End: () => go(Infinity),
  " ": () => toMap(" "),
  ",": () => toMap("ArrowLeft"),
  ".": () => toMap("ArrowRight"),
  b: () => document.body.classList.toggle("blank"),
  l: () => shown?.host.shadowRoot.querySelector(".embedding .chip")?.click(), // the first: names
  r: () => slides[view.at].run !== null && sheet("recipe", { ...facts, runs: [facts.runs[slides[view.at].run]] }, view, wordsNow().page),
  k: () => {
    view.language = nextOf(Object.keys(facts.languages), view.language);
    build();
  },
  t: () => {
    view.theme = nextOf(["light", "dark"], view.theme);
    document.documentElement.dataset.theme = view.theme;
    shown?.restyle();
  },
  f: () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen?.()),
  d: laser,
  n: () => {
    desk = notesWindow(wordsNow().page);
    build();
  },
  0: () => full(null),
  Escape: () => full(null),
};
PANELS.forEach((name, i) => (ACTS[i + 1] = () => full(name)));

/** The run's panel `name` in the place of the whole slide; null: the slide again. */
function full(name) {
  if (slides[view.at].run === null) return;
  view.panel = view.panel === name ? null : name;
  build();
}

addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || document.querySelector("dialog[open]")) return;
  const own = event.composedPath()[0].tagName;
  const act = ["INPUT", "SELECT"].includes(own) && !event.key.startsWith("Page") ? null : ACTS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!act || !event.isTrusted) return;
  event.preventDefault();
  event.stopPropagation();
  act();
}, true);

async function begin() {
  document.documentElement.dataset.theme = view.theme;
  feeds = await feedsOf(facts.runs, (sentence) => sentence);
  await Promise.all(feeds.map((feed) => new Promise((known) => feed.subscribe(() => feed.steps.length && known()))));
  build();
}

begin();
