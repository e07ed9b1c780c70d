// One line that says what runs, how far it is and whether it is well.

import { asking } from "../../feed/affairs.js";
import { el, svg, write } from "../../kit/dom.js";
import { openPanel } from "../../kit/panel.js";
import { helpOn } from "../../kit/tooltip.js";
import { fill, formatNumber } from "../../kit/words.js";

/** `data.now.drawn`: the affairs of the run that the page around was drawn for; `calls.trigger("affairs")`
 *  where they are others now. */
export default function (element, feed, data, calls) {
  const outdated = asking([feed], (now) => calls.trigger("affairs", now));
  return openPanel(element, "status", feed, data, (frame) => buildStatus(frame, data, feed, outdated));
}

function buildStatus(frame, data, feed, outdated) {
  const { strings: s, states } = data;
  let title = "";
  let drawn = "";
  const path = svg("path", {});
  const icon = svg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" }, path);
  const word = el("strong", { "aria-live": "polite" });
  const what = el("span", { class: "what", tabindex: 0 });
  helpOn(frame, what, () => [title, titleOf(s, feed.config)].filter(Boolean).join("\n"));
  const facts = Object.fromEntries(["step", "speed", "eta", "elapsed", "device", "seed"].map((name) => [name, fact(frame, s, name)]));
  const sentence = el("p", { role: "alert" });
  const progress = el("i", {});
  const track = el("div", { class: "track", role: "progressbar", "aria-valuemin": 0, "aria-valuemax": 100, "aria-label": s.facts.step }, progress);
  const lead = el("span", { class: "lead" }, el("span", { class: "state" }, icon, word), what);
  const line = el("div", { class: "line" }, lead, ...Object.values(facts).map((f) => f.node));
  frame.append(line, track, sentence);

  function draw() {
    const status = feed.status ?? {};
    const state = feed.offline ? "offline" : status.state ?? "loading";
    const known = states[state] ?? { ...states.loading, word: state };
    frame.style.setProperty("--tone", `var(--${known.ink})`);
    frame.classList.toggle("solid", known.solid);
    path.setAttribute("d", known.icon);
    write(word, known.word);
    write(what, title || titleOf(s, feed.config));
    const part = status.steps ? status.step / status.steps : 0;
    progress.style.width = `${100 * part}%`;
    track.setAttribute("aria-valuenow", Math.round(100 * part));
    const { moving } = known;
    facts.step.say(status.steps ? `${formatNumber(status.step)} / ${formatNumber(status.steps)}` : "");
    facts.speed.say(moving && status.images_per_second ? fill(s.images_per_second, { n: formatNumber(Math.round(status.images_per_second)) }) : "");
    facts.eta.say(moving && Number.isFinite(status.eta_seconds) ? duration(s, status.eta_seconds) : "");
    facts.elapsed.say(duration(s, seconds(status.updated_at) - seconds(status.started_at)));
    facts.device.say(status.device ? status.device.toUpperCase() : "", status.device_name);
    facts.seed.say(status.seed ?? feed.config?.seed ?? "");
    write(sentence, sentenceOf(data, state, status, feed));
    frame.setAttribute("aria-label", `${what.textContent}: ${word.textContent}`);
    outdated(drawn);
  }

  const take = (now) => {
    title = now?.title ?? "";
    drawn = now?.drawn ?? "";
    draw();
  };
  return { draw, take };
}

/** A labelled fact with help: say(text, more help). It vanishes while there is nothing to say. */
function fact(frame, s, name) {
  const value = el("b", {});
  let extra = "";
  const node = el("button", { type: "button", class: `fact ${name}`, hidden: "" }, el("span", {}, s.facts[name]), value);
  helpOn(frame, node, () => [s.fact_helps[name], extra].filter(Boolean).join("\n"));
  return {
    node,
    say(text, more = "") {
      extra = more ?? "";
      node.hidden = text === "";
      write(value, String(text));
    },
  };
}

function titleOf(s, config) {
  if (!config) return "";
  const file = String(config.data).split("/").at(-1);
  const names = { method: s.methods[config.method] ?? config.method, data: s.data[config.data] ?? file };
  return fill(s.method_on_data, names);
}

/** What a visitor should know beyond the state's word; "" where nothing. */
function sentenceOf({ strings: s, states }, state, status, feed) {
  if (state === "offline") return states.offline.help;
  if (!feed.status && feed.error) return feed.error;
  if (status.error) return status.error;
  if (["starting", "held", "paused"].includes(state) && status.message) return status.message;
  if (state === "queued" && status.queue_position) {
    const time = duration(s, status.queue_eta_seconds);
    return fill(time ? s.place_eta : s.place, { n: status.queue_position, time });
  }
  return states[state]?.help || (status.notes ?? []).join(" ");
}

/** Seconds since 1970 of a time written as a number or as ISO text; NaN where there is none. */
function seconds(time) {
  return typeof time === "string" ? Date.parse(time) / 1000 : time ?? NaN;
}

/** "42 s", "3 min 5 s", "2 h 10 min"; "" for no time at all. */
function duration(s, time) {
  if (!Number.isFinite(time) || time < 0) return "";
  const whole = Math.round(time);
  if (whole < 60) return fill(s.seconds, { s: whole });
  if (whole < 3600) return fill(s.minutes, { m: Math.floor(whole / 60), s: whole % 60 });
  return fill(s.hours, { h: Math.floor(whole / 3600), m: Math.floor((whole % 3600) / 60) });
}
