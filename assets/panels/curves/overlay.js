// One number of several runs over their joint clock, a line a run.

import { classColours, css } from "../../kit/colours.js";
import { formatNumber } from "../../kit/words.js";
import { curve, level, rangeOf, sparse } from "./traces.js";

const DASHES = ["solid", "dash", "dot", "dashdot", "longdash", "longdashdot"];

/** The colour (CSS) and the dashes of each of `n` runs, the same wherever they are told apart. */
export function manners(lines, n) {
  return classColours(lines, n).map((rgb, i) => ({ colour: css(rgb), dash: DASHES[i % DASHES.length] }));
}

/** `runs`: their letters; `metric`: {name, label, percent}. Runs that have not measured it yet have no
 *  line. */
export function overlayFigure(s, joint, colours, { chance, data: { runs, metric } }) {
  const format = metric.percent ? ".1%" : ".3~g";
  const ways = manners(colours.lines, runs.length);
  const words = { step_is: s.units[joint.unit] };
  const lines = joint.feeds.map((feed, i) => {
    const rows = sparse(feed.rows.filter((row) => Number.isFinite(row[metric.name])));
    const timed = rows.map((row) => ({ ...row, step: joint.timeOf(feed, row.step) }));
    return { ...ways[i], letter: runs[i].letter, title: runs[i].title, rows: timed };
  });
  const known = lines.filter(({ rows }) => rows.length);
  if (!known.length) return { traces: [] };
  const ends = known.map(({ rows, letter, colour }) => ({ y: rows.at(-1)[metric.name], text: letter, colour }));
  const guess = metric.percent && chance ? chance : null;
  if (guess) ends.push({ y: guess, text: s.chance, colour: colours.muted });
  return {
    traces: known.map(({ rows, letter, title, colour, dash }) => curve(words, rows, metric.name, `${letter} · ${title}`, colour, dash, format)),
    shapes: guess ? [level(guess, colours.muted)] : [],
    ends, format: metric.percent ? ".0%" : undefined, room: guess ? 58 : 26,
    range: metric.percent ? [0, 1.02] : rangeOf(known.flatMap(({ rows }) => rows.map((row) => row[metric.name]))),
  };
}

const FEW = 4; // numbers that a heading has room for

/** What each run's line says at the time of the clock. */
export function overlayNow(_s, joint, _beside, { runs, metric }) {
  if (runs.length > FEW) return [];
  return joint.feeds.flatMap((feed, i) => {
    const value = valueAt(feed, metric.name);
    return value === null ? [] : [{ name: "", text: `${runs[i].letter} ${written(value, metric)}` }];
  });
}

/** Another text whenever a line may have changed. */
export const overlayMark = (joint) => [joint.unit, ...joint.feeds.map((feed) => `${feed.rows.length} ${feed.rows.at(-1)?.step} ${feed.status?.batch_size}`)].join();

/** The newest number by the shown step; null before any. */
export const valueAt = (feed, name) => feed.rows.findLast((row) => row.step <= (feed.shown ?? Infinity) && Number.isFinite(row[name]))?.[name] ?? null;

/** A metric's number as it is written. */
export const written = (value, { percent }) => (value === null ? "–" : percent ? `${Math.round(100 * value)}%` : formatNumber(value));
