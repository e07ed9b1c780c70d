// A recorded run, or several under one clock, in one file that needs nothing else.

import { JointFeed, sameImages } from "../feed/joint.js";
import { el } from "../kit/dom.js";
import { fill } from "../kit/words.js";
import { speaker } from "../kit/speaker.js";
import { keys } from "./keys.js";
import { feedsOf, firstTheme, written } from "./read.js";
import { sheet } from "./sheets.js";
import { stage, UNDER } from "./stage.js";

const THEMES = ["light", "dark"];
const facts = written("replay"); // {runs, colours, styles, languages: {name: {own, words}}}
const view = { language: facts.first, theme: firstTheme(), under: UNDER[0] };
let panels = [];
let feeds = [];

const wordsNow = () => facts.languages[view.language];
const told = (sentence) => wordsNow().said[sentence] ?? sentence;

/** Builds the page anew: at first, and in another language. */
function build() {
  const s = wordsNow().page;
  for (const panel of panels) panel.close();
  document.querySelector("main").replaceChildren();
  document.documentElement.lang = view.language;
  document.title = `${facts.runs.map(({ id }) => id).join(", ")} · sslviz`;
  document.querySelector("header").replaceChildren(...head(s));
  const known = { styles: facts.styles, colours: facts.colours, words: wordsNow() };
  panels = stage(document.querySelector("main"), facts.runs, feeds, view.under, known);
}

function head(s) {
  const recorded = facts.runs.map((run) => fill(s.recorded, { device: run.device, date: day(run.recorded), seed: run.seed }));
  const said = [...new Set(recorded)].join(" · ");
  const thinned = facts.runs.some(({ kept, all }) => kept < all);
  const note = thinned ? fill(s.thinned, { kept: facts.runs[0].kept, all: facts.runs[0].all }) : "";
  const press = (name, act, title = "") => el("button", { type: "button", class: name, title, onclick: act }, s[name]);
  const languages = Object.entries(facts.languages).filter(([name]) => name !== view.language);
  return [
    el("b", {}, facts.runs.length > 1 ? s.several : s.title),
    el("b", { class: "what" }, facts.runs.map(({ title }) => title).join(" · ")),
    el("span", { class: "recorded", title: note }, [said, note].filter(Boolean).join(" · ")),
    ...(facts.runs.length > 1 ? [choice(s)] : []),
    press("recipe", () => sheet("recipe", facts, view, s)),
    press("lesson", () => sheet("lesson", facts, view, s)),
    press("keys", () => sheet("keys", { keys: s.key_list }, view, s)),
    ...languages.map(([name, { own }]) => el("button", { type: "button", class: "language", lang: name, onclick: () => speak(name) }, own)),
    press("theme", () => turn(), s.theme_help),
  ];
}

/** Which panel stands below each of several runs. */
function choice(s) {
  const options = UNDER.map((name) => el("option", { value: name, ...(name === view.under && { selected: "" }) }, wordsNow().panels[name].strings.title));
  const select = el("select", { "aria-label": s.under }, ...options);
  select.onchange = () => {
    view.under = select.value;
    build();
  };
  return select;
}

const day = (seconds) => new Date(1000 * seconds).toLocaleDateString(view.language, { dateStyle: "medium" });

function speak(language) {
  view.language = language;
  build();
}

function turn() {
  view.theme = THEMES[1 - THEMES.indexOf(view.theme)];
  document.documentElement.dataset.theme = view.theme;
  for (const panel of panels) panel.restyle();
}

async function begin() {
  document.documentElement.dataset.theme = view.theme;
  try {
    feeds = await feedsOf(facts.runs, told);
  } catch (error) {
    document.querySelector("main").replaceChildren(el("p", { class: "broken" }, told(error.message)));
    return;
  }
  build();
  if (feeds.length > 1) {
    await Promise.all(feeds.map((feed) => feed.probe())).then((probes) => new JointFeed(feeds).link(sameImages(probes)));
    feeds.forEach((feed, i) => feed.set({ beside: { runs: besides(i) } }));
  }
  const acts = keys({
    speak: () => speak(Object.keys(facts.languages).find((name) => name !== view.language) ?? view.language),
    turn,
    recipe: () => sheet("recipe", facts, view, wordsNow().page),
    keys: () => sheet("keys", { keys: wordsNow().page.key_list }, view, wordsNow().page),
    notes: () => desk.open(wordsNow().page.notes),
    shows: (name) => feeds.forEach((feed) => feed.set({ pairs: name === "task" ? "task" : "similarity" })),
    map: () => panels.find(({ host }) => host.dataset.panel === "embedding")?.host,
  });
  const desk = speaker(acts);
  feeds[0].subscribe(() => desk.tell(toldOf(feeds[0])));
}

/** What the speaker's window says: which run, at which step, its lesson's first words. */
function toldOf({ shown, config }) {
  const [run] = facts.runs;
  const lesson = document.getElementById(`lesson-${run.method}-${view.language}`)?.content.querySelector("p");
  return { title: `${run.title} · ${run.id}`, place: `${shown ?? 0} / ${config?.steps ?? 0}`, notes: lesson?.textContent.replace(/\s+/g, " ") ?? "" };
}

/** The other runs, as the curves of run `i` name them. */
function besides(i) {
  const letters = ["A", "B", "C", "D"];
  const others = facts.runs.map((run, k) => ({ run: run.id, name: run.id, letter: letters[k], title: run.title, seed: run.seed }));
  return others.filter((_, k) => k !== i);
}

begin();
