// One line that says what runs, how far it is and whether it is well.

const STATE_ICONS = {
  starting: "M4 2.5h8M4 13.5h8M5 2.5c0 4 6 7 6 11M11 2.5c0 4-6 7-6 11",
  queued: "M3 4h10M3 8h10M3 12h6",
  training: "M5 3l8 5-8 5z",
  paused: "M5.5 3v10M10.5 3v10",
  finished: "M3 8.5l3.2 3.2L13 4.8",
  stopped: "M4 4h8v8H4z",
  failed: "M8 2.2L14.5 13.5H1.5zM8 6.5v3.2M8 11.6v.2",
  interrupted: "M9.5 1.5L4.5 8.5h4l-2 6 5-7.5h-4z",
  silent: "M8 2a6 6 0 1 0 .01 0zM8 4.8V8l2.2 1.6",
  offline: "M3 3l10 10M2 7c1.8-1.7 3.8-2.5 6-2.5M14 7a9 9 0 0 0-2.2-1.6M5 10c.9-.8 1.9-1.2 3-1.2M8 12.8v.2",
};

export default function (component) {
  return mountPanel(component, "status", buildStatus);
}

function buildStatus(frame, data, feed) {
  const s = data.strings;
  const path = svg("path", {});
  const icon = svg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" }, path);
  const word = el("strong", { "aria-live": "polite" });
  const what = el("span", { class: "what" });
  const facts = Object.fromEntries(["step", "speed", "eta", "elapsed", "device", "seed"].map((name) => [name, fact(frame, s, name)]));
  const sentence = el("p", { role: "alert" });
  const progress = el("i", {});
  const track = el("div", { class: "track", role: "progressbar", "aria-valuemin": 0, "aria-valuemax": 100, "aria-label": s.facts.step }, progress);
  const line = el("div", { class: "line" }, el("span", { class: "state" }, icon, word), what, ...Object.values(facts).map((f) => f.node));
  frame.append(line, track, sentence);

  function draw() {
    const status = feed.status ?? {};
    const state = feed.offline ? "offline" : status.state ?? "loading";
    frame.dataset.state = state;
    path.setAttribute("d", STATE_ICONS[state] ?? STATE_ICONS.starting);
    setText(word, s.states[state] ?? state);
    setText(what, titleOf(s, feed.config));
    const part = status.steps ? status.step / status.steps : 0;
    progress.style.width = `${100 * part}%`;
    track.setAttribute("aria-valuenow", Math.round(100 * part));
    const moving = state === "training" || state === "silent";
    facts.step.say(status.steps ? `${formatNumber(status.step)} / ${formatNumber(status.steps)}` : "");
    facts.speed.say(moving && status.images_per_second ? fill(s.images_per_second, { n: formatNumber(Math.round(status.images_per_second)) }) : "");
    facts.eta.say(moving && Number.isFinite(status.eta_seconds) ? duration(s, status.eta_seconds) : "");
    facts.elapsed.say(duration(s, seconds(status.updated_at) - seconds(status.started_at)));
    facts.device.say(status.device ? status.device.toUpperCase() : "", status.device_name);
    facts.seed.say(status.seed ?? feed.config?.seed ?? "");
    setText(sentence, sentenceOf(s, state, status, feed));
    frame.setAttribute("aria-label", `${titleOf(s, feed.config)}: ${word.textContent}`);
  }

  return { draw };
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
      setText(value, String(text));
    },
  };
}

function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

function titleOf(s, config) {
  if (!config) return "";
  const file = String(config.data).split("/").at(-1);
  const names = { method: s.methods[config.method] ?? config.method, data: s.data[config.data] ?? file };
  return fill(s.method_on_data, names);
}

/** What a visitor should know beyond the state's word; "" where nothing. */
function sentenceOf(s, state, status, feed) {
  if (state === "offline") return s.offline_help;
  if (!feed.status && feed.error) return feed.error;
  if (status.error) return typeof status.error === "string" ? status.error : status.error.message ?? "";
  if (state === "starting" && status.message) return status.message;
  if (state === "queued" && status.queue_position) return fill(s.place, { n: status.queue_position });
  return s.state_helps[state] ?? (status.notes ?? []).join(" ");
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
