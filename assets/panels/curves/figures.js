// What stands in each plot of curves: traces, lines of reference, labels at the ends of lines.

import { rowAt, snapshotRows } from "../../feed/rows.js";
import { classColours, css } from "../../kit/colours.js";
import { decimals, fill, formatNumber, plain } from "../../kit/words.js";
import { rowsUntil } from "./beside.js";
import { lossFigure } from "./loss.js";
import { overlayFigure, overlayMark, overlayNow } from "./overlay.js";
import { curve, level } from "./traces.js";

export const SHORTEST_AXIS = 5; // steps: fewer would put the same whole number on several ticks

/** `whole`: made of snapshots' rows alone. */
export const FIGURES = {
  loss: { figure: lossFigure, now: (s, feed) => [{ name: "loss", text: decimals(rowAt(feed)?.loss, 3) }] },
  knn: { figure: knnFigure, now: spaceValues("knn"), whole: true },
  probes: { figure: probesFigure, now: diamondKey, whole: true },
  overlay: { figure: overlayFigure, now: overlayNow, mark: overlayMark },
};

/** Where the axis of steps ends. */
export const lastStep = (feed) => Math.max(SHORTEST_AXIS, feed.rows.at(-1)?.step ?? 0);

function spaceValues(name) {
  return (s, feed) => {
    const row = snapshotRows(feed).row;
    return ["h", "z"]
      .filter((space) => Number.isFinite(row?.[`${name}_${space}`]))
      .map((space) => ({ name: space, text: `${space} ${Math.round(100 * row[`${name}_${space}`])}%` }));
  };
}

/** What the diamonds among the probes are, where there are any. */
function diamondKey(s, feed, others) {
  const drawn = others.some((other) => !other.letter && rowsUntil(other, lastStep(feed)).length);
  return drawn ? [{ name: "key", text: `◇ ${s.supervised}` }] : [];
}

function knnFigure(s, feed, colours, { chance, others }) {
  const rows = feed.rows.filter((row) => row.snapshot && Number.isFinite(row.knn_h));
  if (!rows.length) return { traces: [] };
  const last = rows.at(-1);
  const random = rows[0].step === 0 ? rows[0].knn_h : null;
  const ends = [
    { y: last.knn_h, text: "h", colour: colours.h },
    { y: last.knn_z, text: "z", colour: colours.z },
  ];
  const shapes = [];
  const lines = others.flatMap((other) => {
    const known = rowsUntil(other, lastStep(feed)).filter((row) => Number.isFinite(row.knn_h));
    if (!known.length) return [];
    const name = other.letter || s.supervised;
    ends.push({ y: known.at(-1).knn_h, text: name, colour: colours[other.colour] });
    const line = curve(s, known, "knn_h", `${name} · ${other.name} · h`, colours[other.colour], other.dash, ".1%");
    return [{ ...line, line: { ...line.line, width: 1.4 } }];
  });
  if (random !== null) {
    shapes.push(level(random, colours.muted, "dash"));
    ends.push({ y: random, text: s.random, colour: colours.muted });
  }
  if (chance) {
    shapes.push(level(chance, colours.muted));
    ends.push({ y: chance, text: s.chance, colour: colours.muted });
  }
  return {
    traces: [...lines, curve(s, rows, "knn_h", "h", colours.h, "solid", ".1%"), curve(s, rows, "knn_z", "z", colours.z, "dot", ".1%")],
    shapes, ends, range: [0, 1.02], format: ".0%", room: lines.length ? 76 : 58,
  };
}

function probesFigure(s, feed, colours, { others }) {
  const rows = feed.rows.filter((row) => row.snapshot);
  const names = Object.keys(rows.at(-1) ?? {})
    .filter((key) => key.startsWith("probe_") && key.endsWith("_h"))
    .map((key) => key.slice(6, -2));
  const palette = classColours(colours.lines, names.length).map((rgb) => css(rgb));
  const said = (name) => s.factors[name] ?? name.replaceAll("_", " ");
  const lines = names.flatMap((name, i) => [
    curve(s, rows, `probe_${name}_h`, `${said(name)} · h`, palette[i], "solid", ".2f"),
    curve(s, rows, `probe_${name}_z`, `${said(name)} · z`, palette[i], "dot", ".2f"),
  ]);
  const ends = names.map((name, i) => ({ y: rows.at(-1)[`probe_${name}_h`], text: said(name), mark: palette[i] }));
  const base = others.find((other) => !other.letter);
  const marks = base ? probeMarks(s, rowsUntil(base, lastStep(feed)).at(-1), names, palette, lastStep(feed), base.name) : [];
  return { traces: [...lines, ...marks], ends, range: [0, 1.02], room: 92 };
}

/** A hollow diamond at the right edge for what the supervised baseline tells of each factor. */
function probeMarks(s, row, names, palette, last, run) {
  return names.filter((name) => Number.isFinite(row?.[`probe_${name}_h`])).map((name) => ({
    type: "scatter", mode: "markers", meta: `${s.factors[name] ?? name} · ${s.supervised}`, x: [last], y: [row[`probe_${name}_h`]], cliponaxis: false,
    marker: { symbol: "diamond-open", size: 8, color: palette[names.indexOf(name)], line: { width: 1.8 } },
    hovertemplate: `${plain(s.factors[name] ?? name)}: %{y:.2f}<br>${s.supervised} · ${plain(run)} · h<br>${fill(s.step_is, { step: formatNumber(row.step) })}<extra></extra>`,
  }));
}
