// What stands in each plot of curves: traces, lines of reference, labels at the ends of lines.

const MOST_POINTS = 1200;

const FIGURES = {
  loss: { figure: lossFigure, now: (s, feed) => [{ name: "loss", text: decimals(rowAt(feed)?.loss, 3) }] },
  knn: { figure: knnFigure, now: spaceValues("knn") },
  probes: { figure: probesFigure, now: diamondKey },
};

/** The newest row at or before the shown step. */
function rowAt(feed, wanted = () => true) {
  return feed.rows.findLast((row) => row.step <= (feed.shown ?? Infinity) && wanted(row)) ?? null;
}

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

/** Every n-th row, so that long runs stay quick; the last one is always there. */
function sparse(rows) {
  const every = Math.ceil(rows.length / MOST_POINTS);
  return rows.filter((_, i) => i % every === 0 || i === rows.length - 1);
}

function curve(s, rows, key, name, colour, dash, unit) {
  return {
    type: "scatter", mode: rows.length < 2 ? "markers" : "lines", name,
    x: rows.map((row) => row.step), y: rows.map((row) => row[key]),
    line: { color: colour, width: 2, dash }, marker: { color: colour, size: 6 },
    hovertemplate: `${name}: %{y:${unit}}<br>${fill(s.step_is, { step: "%{x:,d}" })}<extra></extra>`,
  };
}

/** A dotted line across the plot at `y`. */
function level(y, colour, dash = "dot") {
  const line = { color: colour, width: 1.5, dash };
  return { type: "line", xref: "paper", x0: 0, x1: 1, y0: y, y1: y, line, layer: "below" };
}

function lossFigure(s, feed, colours) {
  const rows = sparse(feed.rows.filter((row) => Number.isFinite(row.loss)));
  const chance = feed.rows.findLast((row) => Number.isFinite(row.chance_loss))?.chance_loss;
  const traces = rows.length ? [{ ...curve(s, rows, "loss", s.loss, colours.primary, "solid", ".3f") }] : [];
  const hasChance = Number.isFinite(chance);
  return {
    traces,
    shapes: hasChance ? [level(chance, colours.muted)] : [],
    ends: hasChance ? [{ y: chance, text: s.chance, colour: colours.muted }] : [],
    range: rangeOf([...rows.map((row) => row.loss), ...(hasChance ? [chance] : [])]),
    room: 52,
  };
}

function knnFigure(s, feed, colours, { classes, others }) {
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
  if (classes) {
    shapes.push(level(1 / classes, colours.muted));
    ends.push({ y: 1 / classes, text: s.chance, colour: colours.muted });
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
  const palette = classColours(names.length, colours.dark).map((rgb) => onPaper(css(rgb), colours));
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
    type: "scatter", mode: "markers", x: [last], y: [row[`probe_${name}_h`]], cliponaxis: false,
    marker: { symbol: "diamond-open", size: 8, color: palette[names.indexOf(name)], line: { width: 1.8 } },
    hovertemplate: `${s.factors[name] ?? name}: %{y:.2f}<br>${s.supervised} · ${run} · h<br>${fill(s.step_is, { step: formatNumber(row.step) })}<extra></extra>`,
  }));
}

/** The palette's yellow is too pale for a line on a light page. */
const onPaper = (colour, { dark }) => (!dark && colour === css(hexToRgb("#f0e442")) ? "#a89400" : colour);

/** A range with some air around `values`. */
function rangeOf(values) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const air = 0.06 * (high - low || 1);
  return [low - air, high + air];
}

/** Names at the right ends of lines, moved apart where they would overlap. */
function endLabels({ ends = [], range }, height, colours) {
  const inner = height - ROOM.t - ROOM.b;
  const [low, high] = range;
  const placed = ends
    .map((end) => ({ ...end, at: (inner * (high - end.y)) / (high - low) }))
    .sort((a, b) => a.at - b.at);
  const gap = 13;
  placed.forEach((end, i) => i && (end.at = Math.max(end.at, placed[i - 1].at + gap)));
  for (let i = placed.length - 1, limit = inner - 2; i >= 0; i--, limit -= gap) placed[i].at = Math.min(placed[i].at, limit);
  return placed.map(({ at, text, colour, mark }) => ({
    xref: "paper", yref: "paper", x: 1, y: 1 - at / inner, xanchor: "left", yanchor: "middle", xshift: 4,
    text: mark ? `<span style="color:${mark}">●</span> ${text}` : text, showarrow: false,
    font: { size: 12, color: colour ?? colours.text },
  }));
}

/** Knob changes as dashed upright lines. */
function eventShapes(feed, colours) {
  return knobChanges(feed).map(({ step }) => ({
    type: "line", yref: "paper", x0: step, x1: step, y0: 0, y1: 1,
    line: { color: colours.orange, width: 1.5, dash: "dash" },
  }));
}

const knobChanges = (feed) => feed.events.filter((event) => event.kind === "set");

/** What was changed, beside its line: "tau 0.2 → 0.1". */
function eventLabels(s, feed, colours) {
  const last = feed.rows.at(-1)?.step ?? 0;
  return knobChanges(feed).map(({ step, knob, old, new: value }, i) => ({
    x: step, yref: "paper", y: 1, yanchor: "top", showarrow: false, captureevents: false,
    xanchor: step > last / 2 ? "right" : "left", xshift: step > last / 2 ? -3 : 3, yshift: -13 * ((i % 3) + 1),
    text: `${shortName(s.knobs[knob] ?? knob)} ${said(s, old)} → ${said(s, value)}`,
    font: { size: 12, color: colours.text }, bgcolor: colours.background, opacity: 0.9,
  }));
}

/** A label without what it adds in brackets. */
const shortName = (label) => label.replace(/\s*\(.*?\)/g, "");

const said = (s, value) => (value === true ? s.on : value === false ? s.off : formatNumber(Number(value)));
