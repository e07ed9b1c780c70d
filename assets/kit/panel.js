// What all panels of a run share: frame, heading, and the wiring to feed, size and theme.

import { el } from "./dom.js";
import { paint } from "./theme.js";
import { helpOn } from "./tooltip.js";

/**
 * Opens a panel in `element`; gives {restyle, take, close, view}: `view` is what was built. `build(frame, data, feed)` fills the frame
 * and returns {draw, follow?, take?, close?}. `draw` runs after every change of feed, size or theme, at
 * most once per displayed frame; `follow` takes the feed's changes in its place, at once.
 */
export function openPanel(element, name, feed, data, build) {
  const size = data.height ? `height:var(--panel-height, ${data.height}px)` : "";
  const frame = el("section", { class: `panel ${name}`, style: size });
  element.append(frame);
  let pending = 0;
  const ask = () => {
    pending ||= requestAnimationFrame(() => {
      pending = 0;
      built.draw();
    });
  };
  paint(frame, data);
  const built = build(frame, data, feed);
  const sized = new ResizeObserver(ask);
  sized.observe(frame);
  const leave = feed.subscribe(built.follow ?? ask);
  ask();
  return {
    take: built.take,
    view: built,
    restyle() {
      if (paint(frame, data)) ask();
    },
    close() {
      cancelAnimationFrame(pending);
      sized.disconnect();
      leave();
      built.close?.();
      frame.remove();
    },
  };
}

/** The heading of a panel: title, "?" with help, and a note at the right (step or value). */
export function heading(frame, strings) {
  const mark = el("button", { class: "help", type: "button", "aria-label": strings.about }, "?");
  helpOn(frame, mark, strings.help);
  const note = el("span", { class: "note" });
  const small = strings.subtitle ? el("span", { class: "small" }, strings.subtitle) : null;
  frame.append(el("div", { class: "head" }, el("h3", {}, strings.title), mark, small, note));
  return note;
}

/** Whether the method's own task has the place of this panel now; it hides the panel then. */
export function givesWay(frame, feed) {
  const away = feed.settings.pairs === "task";
  frame.style.visibility = away ? "hidden" : "";
  return away;
}

/** A function for `draw`: gives the probe's facts to `use` once the run has them. */
export function probeFacts(feed, use) {
  let asked = false;
  return () => {
    if (asked || !feed.snapshots.length) return;
    asked = true;
    feed.probe().then(use, () => (asked = false));
  };
}
