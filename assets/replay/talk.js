// A talk in one file, or from the app: slides beside panels of runs, moved by keys or a clicker.

import { blank, laser, listen, switchNames, toMap, whole } from "../kit/desk.js";
import { el } from "../kit/dom.js";
import { speaker } from "../kit/speaker.js";
import { fill, formatNumber } from "../kit/words.js";
import { LiveRuns } from "./live.js";
import { feedsOf, firstTheme, written } from "./read.js";
import { sheet } from "./sheets.js";
import { panelOf } from "./stage.js";

const PANELS = ["embedding", "matrix", "histogram", "collapse", "knn", "loss"]; // keys 1 to 6
const facts = written("replay"); // {talk, runs, colours, styles, languages, live}
const view = { language: facts.first, theme: firstTheme(), at: 0, panel: null };
const { slides } = facts.talk;
const live = new LiveRuns(facts.live ?? null, () => news());
let feeds = [];
let shown = null; // the panel on the slide
let source = null; // the feed that it shows
let desk = null;

const wordsNow = () => facts.languages[view.language];
const said = (text) => text?.[view.language] ?? text?.en ?? "";

/** Draws the slide of now. */
function build() {
  const slide = slides[view.at];
  shown?.close();
  shown = source = null;
  document.documentElement.lang = view.language;
  document.title = said(facts.talk.title);
  const text = document.getElementById(`slide-${view.at}-${view.language}`);
  const words = el("div", { class: "words" }, el("h1", {}, said(slide.title)), el("article", {}, text ? text.content.cloneNode(true) : ""));
  const main = document.querySelector("main");
  const recorded = slide.run !== null;
  main.className = `slide${recorded ? " beside" : ""}${view.panel ? " whole" : ""}`;
  main.replaceChildren(words);
  if (recorded) panel(main, slide);
  foot();
  tell();
}

function panel(main, slide) {
  const moving = live.of(slide);
  const [feed, run] = [moving ?? feeds[slide.run], facts.runs[slide.run]];
  source = feed;
  const name = view.panel ?? slide.panel;
  const known = { styles: facts.styles, colours: facts.colours, words: wordsNow() };
  const place = el("div", { class: `stage-of ${name === "embedding" ? "map" : "larger"}` });
  main.append(place);
  feed.set({ space: slide.space, colour: slide.colour, pairs: name === "task" ? "task" : "similarity" });
  feed.seek(slide.step);
  const plays = slide.play && name === "embedding" && !moving;
  if (plays) feed.seek(feed.steps[0] ?? 0);
  shown = panelOf(place, name, feed, run, known);
  if (plays) toMap(shown.host, " ");
}

/** What is shown, where it comes from, and where one is. */
function foot() {
  const slide = slides[view.at];
  const run = slide.run === null ? null : facts.runs[slide.run];
  const day = run && new Date(1000 * run.recorded).toLocaleDateString(view.language, { dateStyle: "medium" });
  const recorded = run && !live.of(slide) ? fill(wordsNow().page.recorded, { device: run.device, date: day, seed: run.seed }) : "";
  const words = run ? [run.title, recorded, live.said(slide, wordsNow().page)].filter(Boolean).join(" · ") : said(facts.talk.title);
  const place = el("span", {}, `${formatNumber(view.at + 1)} / ${slides.length}`);
  document.querySelector("header").replaceChildren(el("span", { class: "recorded", title: words }, words), place);
}

/** The live run has something new: it takes its slide over, or the foot says how far it is. */
function news() {
  const slide = slides[view.at];
  const moving = slide.run === null ? null : live.of(slide);
  if (moving && source !== moving) build();
  else foot();
}

function tell() {
  const [now, next] = [slides[view.at], slides[view.at + 1]];
  desk.tell({ title: said(now.title), notes: said(now.notes), next: said(next?.title), place: `${view.at + 1} / ${slides.length}` });
}

function go(by) {
  const at = Math.min(slides.length - 1, Math.max(0, view.at + by));
  if (at === view.at && view.panel === null) return;
  Object.assign(view, { at, panel: null });
  build();
  live.start(at, slides[at]);
}

/** The run's panel `name` in the place of the whole slide; null: the slide again. */
function full(name) {
  if (slides[view.at].run === null) return;
  view.panel = view.panel === name ? null : name;
  build();
}

function recipe() {
  const { run } = slides[view.at];
  if (run !== null) sheet("recipe", { ...facts, runs: [facts.runs[run]] }, view, wordsNow().page);
}

function speak() {
  const names = Object.keys(facts.languages);
  view.language = names[(names.indexOf(view.language) + 1) % names.length];
  build();
}

/** Fills the screen; in a page of the app it asks that page to make room. */
function large() {
  view.large = !view.large;
  if (parent === window) whole();
  else parent.postMessage({ present: view.large }, "*");
}

function turn() {
  view.theme = view.theme === "light" ? "dark" : "light";
  document.documentElement.dataset.theme = view.theme;
  shown?.restyle();
}

const ACTS = {
  ArrowRight: () => go(1),
  PageDown: () => go(1),
  ArrowLeft: () => go(-1),
  PageUp: () => go(-1),
  Home: () => go(-Infinity),
  End: () => go(Infinity),
  " ": () => toMap(shown?.host, " "),
  ",": () => toMap(shown?.host, "ArrowLeft"),
  ".": () => toMap(shown?.host, "ArrowRight"),
  b: blank,
  l: () => switchNames(shown?.host),
  r: recipe,
  k: speak,
  t: turn,
  f: large,
  d: laser,
  n: () => desk.open(wordsNow().page.notes),
  "?": () => sheet("keys", { keys: wordsNow().page.talk_keys }, view, wordsNow().page),
  0: () => full(null),
  Escape: () => full(null),
};
PANELS.forEach((name, i) => (ACTS[i + 1] = () => full(name)));

async function begin() {
  document.documentElement.dataset.theme = view.theme;
  desk = speaker(ACTS);
  addEventListener("message", ({ source, data }) => {
    if (source !== parent || source === window) return;
    if (typeof data?.present === "boolean") view.large = data.present;
    else ACTS[data?.key]?.();
  });
  listen(ACTS, () => !document.querySelector("dialog[open]"));
  if (parent !== window) parent.postMessage({ ready: true }, "*");
  feeds = await feedsOf(facts.runs, (sentence) => sentence);
  await Promise.all(feeds.map((feed) => new Promise((known) => feed.subscribe(() => feed.steps.length && known()))));
  build();
}

begin();
