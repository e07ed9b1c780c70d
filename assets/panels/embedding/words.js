// The words around the picture: the note in its corner, what it says aloud, the help.

import { el } from "../../kit/dom.js";
import { fill, formatNumber } from "../../kit/words.js";

/** Writes the note, the text of the empty state and the picture's reading. */
export function tell(view) {
  const { strings: s, feed, note, empty, canvas } = view;
  const times = [...(view.snapshot ? [age(view)] : []), ...coming(feed, s)];
  const lines = [s[`note_${view.layout}`], times.join(" · ")];
  if (view.noted !== lines.join()) note.replaceChildren(...lines.map((line) => el("div", {}, line)));
  view.noted = lines.join();
  empty.hidden = feed.shown !== null;
  const over = feed.status && !feed.status.live;
  const loading = !feed.status || feed.snapshots.length > 0;
  empty.textContent = feed.offline ? s.offline : loading ? s.loading : over ? s.nothing : s.waiting;
  canvas.setAttribute("aria-label", view.snapshot ? reading(view) : empty.textContent);
}

/** One sentence that says what the picture shows. */
function reading(view) {
  const { strings: s, feed, probe, snapshot } = view;
  const { space } = feed.settings;
  const known = { n: formatNumber(probe.n), space: s[space], step: formatNumber(snapshot.whole) };
  if (!probe.class_names.length) return fill(s.reading_unlabelled, known);
  return fill(s.reading, { ...known, share: agreement(view) });
}

/** How long ago the encoder was last asked for the place of the point that has waited longest. */
function age({ strings: s, snapshot: { step, whole, oldest }, layout }) {
  const steps = step - (layout === "umap" ? whole : oldest);
  if (steps === 1) return s.age_one;
  return steps ? fill(s.age, { n: formatNumber(steps) }) : s.age_none;
}

/** Why the picture stands still, or when the next one comes; nothing where that is not known. */
function coming({ status, live, offline, heard }, s) {
  if (!status?.live || offline) return [];
  if (status.state === "paused") return [s.still_paused];
  if (!live) return [s.still_held];
  const left = status.next_look ?? NaN;
  const seconds = Math.ceil(left - (performance.now() - heard) / 1000);
  if (status.state !== "training" || Number.isNaN(seconds)) return [];
  return [seconds > 1 ? fill(s.next, { n: formatNumber(seconds) }) : s.next_soon];
}

/** How many of all nearest neighbours share their image's class, in percent; counted once a picture. */
function agreement(view) {
  const { probe: { labels }, snapshot, feed } = view;
  const near = snapshot.arrays[`neighbours_${feed.settings.space}`];
  if (view.agreed?.near === near) return view.agreed.share;
  const { data, shape } = near;
  let same = 0;
  for (let at = 0; at < data.length; at++) same += labels[data[at]] === labels[Math.floor(at / shape[1])];
  view.agreed = { near, share: Math.round((100 * same) / data.length) };
  return view.agreed.share;
}

/** Shows the help on the picture below the button it belongs to. */
export function explain(view, button) {
  const { strings: s, tip, layout, probe, feed } = view;
  const side = feed.config?.image_size;
  const small = probe?.tile < side ? [fill(s.explain_small, { n: formatNumber(probe.n), tile: probe.tile, side })] : [];
  const texts = [s[`explain_${layout}`], s.explain_motion, ...small, s.explain_keys];
  const lines = texts.map((line) => el("p", {}, line));
  tip.at(button.getBoundingClientRect(), el("div", {}, s.explain), ...lines);
}
