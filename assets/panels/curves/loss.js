// The loss over training, and the terms it is made of.

import { classColours, css } from "../../kit/colours.js";
import { fill, formatNumber } from "../../kit/words.js";
import { shortName } from "./labels.js";
import { curve, level, rangeOf, sparse } from "./traces.js";

const ABOVE = [0.46, 1]; // the loss's part of the plot where terms have the part below
const BELOW = [0, 0.36];
const STRETCH = 2; // terms that would make the loss's axis longer than this go below

export function lossFigure(s, feed, colours) {
  const rows = sparse(feed.rows.filter((row) => Number.isFinite(row.loss)));
  if (!rows.length) return { traces: [] };
  const chance = feed.rows.findLast((row) => Number.isFinite(row.chance_loss))?.chance_loss;
  const hasChance = Number.isFinite(chance);
  const own = rangeOf([...rows.map((row) => row.loss), ...(hasChance ? [chance] : [])]);
  const { range, near, apart } = sorted(termsOf(rows, colours), own);
  const loss = curve(s, rows, "loss", s.loss, colours.primary, "solid", ".3f");
  const ends = [...near.map((term) => endOf(s, term, {})), ...apart.map((term) => endOf(s, term, { range: scaleOf(term), domain: BELOW }))];
  return {
    traces: [withRate(s, loss, rows), ...near.map((term) => line(s, term, "y")), ...apart.map((term, i) => line(s, term, `y${i + 2}`))],
    shapes: hasChance ? [level(chance, colours.muted)] : [],
    ends: [...(hasChance ? [{ y: chance, text: s.chance, colour: colours.muted }] : []), ...ends],
    axes: Object.fromEntries(apart.map((term, i) => [`yaxis${i + 2}`, axisOf(term, i)])),
    domain: apart.length ? ABOVE : [0, 1],
    range,
    room: ends.length ? 104 : 52,
  };
}

/** The learning rate of each step is told where one points at the loss. */
function withRate(s, loss, rows) {
  if (!Number.isFinite(rows.at(-1).lr)) return loss;
  const told = loss.hovertemplate.replace("<extra>", `<br>${fill(s.rate_is, { rate: "%{customdata:.3~g}" })}<extra>`);
  return { ...loss, customdata: rows.map((row) => row.lr), hovertemplate: told };
}

/** {name, rows, values, colour} of each term of the loss that the rows hold. */
export function termsOf(rows, { lines }) {
  const keys = [...new Set(rows.flatMap((row) => Object.keys(row)))].filter((key) => key.startsWith("term_"));
  const colours = classColours(lines, keys.length + 1).slice(1); // the first is the loss's own blue
  const terms = keys.map((key, i) => {
    const known = rows.filter((row) => Number.isFinite(row[key]));
    return { key, name: key.slice("term_".length), rows: known, values: known.map((row) => row[key]), colour: css(colours[i]) };
  });
  return terms.filter((term) => term.rows.length);
}

/** Which terms stand on the loss's own axis, and its range then; the others go below, each on a
 *  scale of its own, because theirs would flatten the loss or be flattened by it. */
export function sorted(terms, own) {
  const long = (range) => range[1] - range[0];
  const joined = (term) => [Math.min(own[0], ...term.values), Math.max(own[1], ...term.values)];
  const seen = (term) => long(rangeOf(term.values)) > 0.1 * long(own);
  const fits = (term) => long(joined(term)) <= STRETCH * long(own) && seen(term);
  const near = terms.filter(fits);
  const all = [...own, ...near.flatMap(joined)];
  return { near, apart: terms.filter((term) => !fits(term)), range: [Math.min(...all), Math.max(...all)] };
}

function line(s, { key, name, rows, colour }, yaxis) {
  const trace = curve(s, rows, key, titleOf(s, name), colour, "solid", ".3~g");
  return { ...trace, yaxis, line: { ...trace.line, width: 1.2 } };
}

const titleOf = (s, name) => s.terms[name] ?? name.replaceAll("_", " ");

/** From 0 to the largest value, so that what a term falls to can be read from its height. */
const scaleOf = ({ values }) => [Math.min(0, ...values), 1.06 * Math.max(...values, 1e-9)];

function axisOf(term, i) {
  return { domain: BELOW, range: scaleOf(term), ...(i && { overlaying: "y2" }), visible: false, fixedrange: true };
}

function endOf(s, { name, values, colour }, place) {
  const text = `${shortName(titleOf(s, name))} ${formatNumber(values.at(-1), 2)}`;
  return { y: values.at(-1), text, mark: colour, ...place };
}
