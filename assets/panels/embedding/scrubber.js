// The bar below the picture: play, a slider over snapshots and glances with what happened in between,
// speed, live. Play goes from snapshot to snapshot: glances would make it last several times as long.

import { el, svg } from "../../kit/dom.js";
import { timeline } from "../../kit/timeline.js";
import { fill, formatNumber } from "../../kit/words.js";
import { PLAY_PACE } from "./motion.js";

const THUMB = 18; // pixels of the slider's thumb, whose middle never reaches the slider's ends
const SPEEDS = [1, 2, 4, 0.5]; // times PLAY_PACE, in the order in which the button goes through them
const ICONS = {
  play: "M3 1.5v13l11-6.5z",
  pause: "M3 1.5h3.6v13H3zM9.4 1.5H13v13H9.4z",
};

/** How many times faster than PLAY_PACE a run is played. */
export const speedOf = (feed) => feed.settings.speed ?? SPEEDS[0];

/** Play, slider over snapshots and glances, step, speed, live. */
export function scrubber(view) {
  const { strings: s, feed } = view;
  let timer = null;
  const play = el("button", { class: "round solid", type: "button", onclick: () => toggle() });
  const slider = el("input", { type: "range", min: 0, max: 0, step: 1, "aria-label": s.slider });
  const label = el("span", { class: "step" });
  const speed = el("button", { class: "chip speed", type: "button", title: s.speed_help, onclick: () => faster() });
  const live = el("button", { class: "chip live", type: "button", title: s.live_help }, s.live);
  const happened = timeline(view.root, feed, view.data);
  const axis = el("div", { class: "axis" }, slider, happened.node);
  const node = el("div", { class: "bar scrubber" }, play, axis, label, speed, live);
  slider.oninput = () => {
    const step = feed.steps[+slider.value];
    stop();
    view.pace = "scrub";
    feed.seek(step);
  };
  slider.onpointerdown = () => fetchAhead(feed);
  /** Holds the picture, or follows the newest again. */
  function hold() {
    stop();
    feed.seek(feed.live ? feed.shown : null);
  }
  live.onclick = hold;
  function stop() {
    clearInterval(timer);
    timer = null;
    sync();
  }
  function toggle() {
    if (timer) return stop();
    if (!feed.steps.length) return;
    fetchAhead(feed);
    if (place() >= feed.steps.length - 1) feed.seek(feed.steps[0]);
    begin();
    sync();
  }
  function begin() {
    clearInterval(timer);
    timer = setInterval(advance, PLAY_PACE / speedOf(feed));
  }
  /** The next of SPEEDS, and after the last the first. */
  function faster() {
    feed.set({ speed: SPEEDS[(SPEEDS.indexOf(speedOf(feed)) + 1) % SPEEDS.length] });
    if (timer) begin();
  }
  function place() {
    return feed.steps.indexOf(feed.shown);
  }
  /** Goes `by` pictures on. */
  function move(by) {
    const last = feed.steps.length - 1;
    view.pace = "scrub";
    feed.seek(feed.steps[Math.min(last, Math.max(0, place() + by))]);
  }
  /** Plays on to the next snapshot; at the end of a run that is live, goes on live. */
  function advance() {
    const last = feed.steps.at(-1);
    const next = feed.snapshots.find((step) => step > feed.shown) ?? last;
    view.pace = "play";
    feed.seek(next === last && feed.status?.live ? null : next);
    if (next === last) stop();
  }
  function sync() {
    const [at, n] = [place(), feed.steps.length];
    play.replaceChildren(svg("svg", { viewBox: "0 0 16 16" }, svg("path", { d: ICONS[timer ? "pause" : "play"] })));
    play.setAttribute("aria-label", timer ? s.pause : s.play);
    play.disabled = slider.disabled = n < 2;
    slider.max = Math.max(n - 1, 0);
    slider.value = Math.max(at, 0);
    slider.style.setProperty("--at", `${n > 1 ? (100 * Math.max(at, 0)) / (n - 1) : 0}%`);
    const steps = formatNumber(feed.config?.steps ?? feed.status?.steps);
    const behind = feed.status?.live && feed.status.step > feed.shown;
    const text = fill(behind ? s.behind : s.step, { step: formatNumber(feed.shown), steps, now: formatNumber(feed.status?.step) });
    label.textContent = feed.shown === null ? "" : text;
    slider.setAttribute("aria-valuetext", label.textContent);
    happened.draw((step) => alongSlider(slider, feed.steps, step));
    speed.textContent = `${formatNumber(speedOf(feed))}×`;
    live.setAttribute("aria-pressed", feed.live);
    live.hidden = !feed.status?.live;
    live.textContent = feed.offline ? s.offline : s.live;
  }
  return { node, sync, stop, toggle, move, hold, reading: () => label.textContent };
}

/** Starts fetching pictures, so that scrubbing does not wait for the server. */
function fetchAhead(feed) {
  for (const steps of [feed.snapshots, feed.glances]) {
    const every = Math.ceil(steps.length / 120);
    steps.filter((_, i) => i % every === 0).forEach((step) => feed.look(step));
  }
}

/** Where `step` is on the slider, in pixels: between its neighbours, for each picture has a place. */
function alongSlider(slider, steps, step) {
  const last = steps.length - 1;
  if (last < 1 || step < steps[0] || step > steps[last]) return null;
  const after = Math.max(1, steps.findIndex((known) => known >= step));
  const [low, high] = [steps[after - 1], steps[after]];
  const place = (after - 1 + (step - low) / (high - low)) / last;
  return THUMB / 2 + place * (slider.clientWidth - THUMB);
}
