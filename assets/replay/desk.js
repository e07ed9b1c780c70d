// What only the speaker has: a dot to point with, and a second window with notes and a clock.

import { el } from "../kit/dom.js";

/** Turns the dot that follows the pointer on or off. */
export function laser() {
  const old = document.querySelector(".laser");
  if (old) return old.remove();
  const dot = el("div", { class: "laser" });
  document.body.append(dot);
  addEventListener("pointermove", (event) => (dot.style.translate = `${event.clientX}px ${event.clientY}px`), true);
}

/** Opens the window; gives {tell(notes, next, place)}. It is a part of this page, so it works from
 *  disk, where two files could not speak with each other. */
export function notesWindow(s) {
  const other = window.open("", "sslviz-notes", "width=640,height=480");
  if (!other) return null;
  const began = Date.now();
  const clock = el("p", {});
  const place = el("span", {});
  const notes = el("div", {});
  const next = el("p", {});
  clock.style.cssText = "font:600 44px system-ui;margin:0;font-variant-numeric:tabular-nums";
  notes.style.cssText = "font:24px/1.5 system-ui;white-space:pre-line;margin:16px 0";
  next.style.cssText = "font:20px system-ui;opacity:0.7";
  other.document.title = s.notes;
  other.document.body.replaceChildren(clock, place, notes, next);
  const timer = setInterval(() => {
    if (other.closed) return clearInterval(timer);
    const seconds = Math.round((Date.now() - began) / 1000);
    clock.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  }, 500);
  return {
    tell(words, following, at) {
      if (other.closed) return;
      place.textContent = at;
      notes.textContent = words;
      next.textContent = following ? `→ ${following}` : "";
    },
  };
}
