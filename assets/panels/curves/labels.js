// What is written on a plot of curves: names at the ends of lines, changed knobs at their steps.

import { changed } from "../../kit/timeline.js";
import { plain } from "../../kit/words.js";

export const ROOM = { l: 40, r: 16, t: 8, b: 24 }; // pixels around the plot
const LINE = 13; // pixels a name needs

/** Names at the right ends of lines, moved apart where they would overlap. An end's `y` is on the
 *  main axis (`range`, in the upper or whole `domain` of the plot) unless it has its own of both. */
export function endLabels({ ends = [], range, domain = [0, 1] }, height, colours) {
  const { type = 1 } = colours;
  const inner = height - ROOM.t - ROOM.b * type;
  const down = ({ y, range: [low, high] = range, domain: [bottom, top] = domain }) =>
    inner * (1 - bottom - (top - bottom) * ((y - low) / (high - low)));
  const placed = ends.map((end) => ({ ...end, at: down(end) })).sort((a, b) => a.at - b.at);
  placed.forEach((end, i) => i && (end.at = Math.max(end.at, placed[i - 1].at + LINE * type)));
  for (let i = placed.length - 1, limit = inner - 2; i >= 0; i--, limit -= LINE * type) placed[i].at = Math.min(placed[i].at, limit);
  return placed.map(({ at, text, colour, mark }) => ({
    xref: "paper", yref: "paper", x: 1, y: 1 - at / inner, xanchor: "left", yanchor: "middle", xshift: 4,
    text: mark ? `<span style="color:${mark}">●</span> ${plain(text)}` : plain(text), showarrow: false,
    font: { size: 12 * type, color: colour ?? colours.text },
  }));
}

/** Knob changes as dashed upright lines. */
export function eventShapes(feed, colours) {
  return knobChanges(feed).map(({ step }) => ({
    type: "line", yref: "paper", x0: step, x1: step, y0: 0, y1: 1,
    line: { color: colours.orange, width: 1.5, dash: "dash" },
  }));
}

const knobChanges = (feed) => feed.events.filter((event) => event.kind === "set");

/** What was changed, beside its line: "tau 0.2 → 0.1". */
export function eventLabels(words, feed, colours) {
  const last = feed.rows.at(-1)?.step ?? 0;
  const changes = knobChanges(feed).map((event) => ({ step: event.step, ...changed(event, words) }));
  return changes.map(({ step, knob, old, new: value }, i) => ({
    x: step, yref: "paper", y: 1, yanchor: "top", showarrow: false, captureevents: false,
    xanchor: step > last / 2 ? "right" : "left", xshift: step > last / 2 ? -3 : 3, yshift: -13 * ((i % 3) + 1),
    text: plain(`${shortName(knob)} ${old} → ${value}`),
    font: { size: 12 * (colours.type ?? 1), color: colours.text }, bgcolor: colours.background, opacity: 0.9,
  }));
}

/** A label without what it adds in brackets. */
export const shortName = (label) => label.replace(/\s*\(.*?\)/g, "");
