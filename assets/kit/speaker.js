// The speaker's second window: notes, what comes next, a clock, and the same keys. It and the page
// that is shown speak over a channel, so either may be opened anew.

import { el } from "./dom.js";
import { nameOf } from "./desk.js";

const CHANNEL = "sslviz-notes";
const ADDRESS = new URL("../../../notes", import.meta.url); // where the app serves the window
const LOOK = {
  body: "margin:0;padding:24px 32px;background:#14181d;color:#e8ebee;font-family:system-ui,sans-serif",
  head: "display:flex;align-items:baseline;gap:28px",
  clock: "font:600 52px system-ui;margin:0;font-variant-numeric:tabular-nums;cursor:pointer",
  place: "font-size:24px;opacity:0.75",
  title: "font:600 30px/1.3 system-ui;margin:18px 0 0",
  notes: "font-size:26px;line-height:1.5;white-space:pre-line;margin:14px 0 22px",
  next: "font-size:22px;opacity:0.75;margin:0",
};

/** The side of the page that is shown: `open()` the window, `tell({title, notes, next, place})` what it
 *  is to show; `acts` are done for keys that are pressed in it. */
export function speaker(acts) {
  const channel = new BroadcastChannel(CHANNEL);
  let known = null;
  const tell = (facts = known) => {
    known = facts;
    if (known) channel.postMessage({ told: known });
  };
  channel.onmessage = ({ data }) => {
    if (data.hello) tell();
    if (data.key) acts[data.key]?.();
  };
  return {
    tell,
    open(name) {
      const served = location.protocol.startsWith("http");
      const other = open(served ? ADDRESS : "", CHANNEL, "width=720,height=520");
      if (!other || served) return;
      other.document.title = name; // from disk the window is empty, and a part of this page
      if (!other.document.body.childElementCount) notes(other);
    },
    close: () => channel.close(),
  };
}

/** The side of the window with the notes: fills `place`, a window, and listens. */
export function notes(place) {
  const channel = new BroadcastChannel(CHANNEL);
  const part = (tag, name) => el(tag, { class: name, style: LOOK[name] });
  const [clock, at, title, words, next] = [part("p", "clock"), part("span", "place"), part("h1", "title"), part("div", "notes"), part("p", "next")];
  const { body } = place.document;
  body.style.cssText = LOOK.body;
  body.replaceChildren(el("div", { style: LOOK.head }, clock, at), title, words, next);
  let began = Date.now();
  const tick = () => {
    const seconds = Math.floor((Date.now() - began) / 1000);
    clock.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  };
  clock.onclick = () => tick((began = Date.now()));
  setInterval(tick, 500);
  tick();
  channel.onmessage = ({ data: { told } }) => {
    if (!told) return;
    at.textContent = told.place ?? "";
    title.textContent = told.title ?? "";
    words.textContent = told.notes ?? "";
    next.textContent = told.next ? `→ ${told.next}` : "";
  };
  place.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    channel.postMessage({ key: nameOf(event.key) });
    if (event.key.length > 1 || event.key === " ") event.preventDefault();
  });
  channel.postMessage({ hello: true });
}
