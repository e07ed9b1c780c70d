// Presenter mode of a page: type for the back row, nothing but one panel, a clicker's keys. It has no
// picture of its own but the line above: what runs, how far, with which seed, on what.

import { blank, clear, laser, listen, switchNames, toMap, whole } from "../../kit/desk.js";
import { el } from "../../kit/dom.js";
import { speaker } from "../../kit/speaker.js";
import { framed } from "./framed.js";
import { address, asked, end, present, presented } from "./page.js";
import { paint } from "../../kit/theme.js";
import { deviceOf, fill, formatNumber } from "../../kit/words.js";

export default (element, feed, data) => (feed ? new Presenter(element, feed, data) : framed());

class Presenter {
  constructor(root, feed, data) {
    Object.assign(this, { root, feed, data, strings: data.strings, panels: data.panels });
    this.line = el("p", { class: "caption" });
    this.frame = el("section", { class: "presenter" }, this.line);
    root.append(this.frame);
    paint(this.frame, data);
    const acts = this.acts();
    this.desk = speaker(acts);
    const ends = [
      listen(acts, () => this.on && !this.sheet),
      listen({ f: () => this.enter(true) }, () => !this.on && !this.sheet),
      feed.subscribe(() => this.told()),
      this.desk.close,
    ];
    const left = () => this.on && !document.fullscreenElement && this.leave();
    document.addEventListener("fullscreenchange", left);
    this.ends = [...ends, () => document.removeEventListener("fullscreenchange", left)];
    this.take();
  }

  get on() {
    return Boolean(presented());
  }

  acts() {
    const { panels } = this;
    const acts = {
      b: blank,
      d: laser,
      f: () => this.leave(),
      l: () => switchNames(this.host("embedding")),
      n: () => this.desk.open(this.strings.notes),
      r: () => this.show("recipe"),
      "?": () => this.show("keys"),
      0: () => this.panel(panels[0].name),
      Escape: () => this.leave(),
    };
    for (const key of [" ", "ArrowLeft", "ArrowRight", "Home", "End"]) acts[key] = () => toMap(this.host("embedding"), key);
    Object.assign(acts, { PageDown: acts.ArrowRight, PageUp: acts.ArrowLeft });
    panels.forEach(({ name }, i) => (acts[i + 1] = () => this.panel(name)));
    return acts;
  }

  /** Called after every rerun of the page: its address may ask for presenting now. */
  take() {
    if (!this.on && asked()) this.enter(false);
  }

  /** `full`: a key was pressed, so the browser lets the page fill the screen. */
  enter(full) {
    if (full) whole(true);
    address(true);
    this.panel(this.panels[0].name);
  }

  leave() {
    end();
    clear();
    address(false);
    whole(false);
  }

  /** Shows one panel alone; the others and the page's own things are hidden by the page's styles. */
  panel(name) {
    present(name);
    this.feed.set({ pairs: name === "task" ? "task" : "similarity" });
    this.told();
  }

  /** The element whose shadow root holds panel `name`. */
  host(name) {
    const { place } = this.panels.find((panel) => panel.name === name) ?? {};
    return [...document.querySelectorAll(`${place} *`)].find((node) => node.shadowRoot) ?? null;
  }

  /** The line above the panel, and the speaker's own window. */
  told() {
    const { feed, strings: s, data, panels } = this;
    const { step } = feed.status ?? {};
    const [now, steps] = [feed.shown ?? step ?? 0, feed.config?.steps ?? 0].map((n) => formatNumber(n));
    const facts = { device: deviceOf(feed.status ?? {}), step: now, steps, seed: feed.config?.seed ?? "?" };
    const words = fill(s.caption, facts);
    this.line.replaceChildren(el("b", {}, data.title), ` ${words}`);
    const at = panels.findIndex(({ name }) => name === presented());
    const keys = panels.map(({ title }, i) => `${i + 1} ${title}`).join("\n");
    this.desk.tell({ title: data.title, notes: [data.note, keys].filter(Boolean).join("\n\n"), next: panels[at + 1]?.title, place: words });
  }

  /** A sheet over the page: "recipe" or "keys". Escape closes it. */
  show(name) {
    const { strings: s, data } = this;
    const rows = (list, head, cell) => list.flatMap(([a, b]) => [el(head, {}, a), el(cell, {}, String(b))]);
    const bodies = {
      recipe: () => [el("pre", {}, data.command), el("dl", {}, ...rows(data.settings, "dt", "dd"))],
      keys: () => [el("dl", {}, ...rows(s.key_list, "dt", "dd"))],
    };
    const close = el("button", { type: "button", class: "close", "aria-label": s.close, onclick: () => this.sheet.close() }, "×");
    this.sheet = el("dialog", { "aria-label": s[name] }, close, el("h2", {}, s[name]), ...bodies[name]());
    this.sheet.onclose = () => {
      this.sheet.remove();
      this.sheet = null;
    };
    this.frame.append(this.sheet);
    this.sheet.showModal();
  }

  restyle() {
    paint(this.frame, this.data);
  }

  close() {
    if (this.on) this.leave();
    for (const stop of this.ends) stop?.();
    this.frame.remove();
  }
}
