// What panels work out before they draw: the order of cells, gauges, terms of the loss, motion.
import assert from "node:assert/strict";
import test from "node:test";
import { fullness, numberOf, times } from "../../assets/panels/collapse/gauges.js";
import { guessing, meaningOf, sharedFactor, standing, zBeatsH } from "../../assets/kit/meaning.js";
import { endLabels } from "../../assets/panels/curves/labels.js";
import { lossFigure } from "../../assets/panels/curves/loss.js";
import { Motion } from "../../assets/panels/embedding/motion.js";
import { inside, keepApart } from "../../assets/panels/embedding/overlay.js";
import { fitting } from "../../assets/panels/embedding/points.js";
import { arrange, clustered, partner, softmaxWeight } from "../../assets/panels/matrix/cells.js";

/** Cosines of views in groups: 0.9 inside a group, 0 between groups. */
const cosines = (groups) => groups.flatMap((a, i) => groups.map((b, j) => (i === j ? 1 : a === b ? 0.9 : 0)));

test("clustering puts what is alike side by side and keeps the order there was", () => {
  const groups = [0, 1, 0, 1, 2, 0];
  const line = clustered(cosines(groups), 6, [0, 1, 2, 3, 4, 5]);
  assert.deepEqual([...line].sort(), [0, 1, 2, 3, 4, 5]);
  const found = line.map((view) => groups[view]);
  for (const group of [0, 1, 2]) {
    const places = found.flatMap((other, i) => (other === group ? [i] : []));
    assert.equal(places.at(-1) - places[0], places.length - 1, `group ${group} stands together in ${found}`);
  }
  assert.deepEqual(clustered(cosines(groups), 6, line), line, "again: nothing moves");
});

test("interleaving puts the two views of an image side by side", () => {
  const state = { order: "pairs", goal: [1], size: 6 };
  arrange(state);
  assert.deepEqual(state.line, [0, 3, 1, 4, 2, 5]);
  assert.equal(partner(4, 6), 1);
});

test("the softmax weights of a row are those of the loss", () => {
  const state = { goal: [1, 0.5, 0.2, 0.5, 1, 0, 0.2, 0, 1], size: 3, tau: 0.5 };
  assert.ok(Math.abs(softmaxWeight(state, 0, 1) + softmaxWeight(state, 0, 2) - 1) < 1e-12);
  assert.ok(Math.abs(softmaxWeight(state, 0, 1) / softmaxWeight(state, 0, 2) - Math.exp(0.3 / 0.5)) < 1e-12);
});

test("gauges are full and empty where the table says", () => {
  assert.equal(fullness({ kind: "plain", low: 0, high: -4 }, -1), 0.25);
  assert.equal(fullness({ kind: "share", low: 0, high: 1 }, 16, undefined, 64), 0.25);
  assert.ok(Math.abs(fullness({ kind: "change", low: -4, high: 2 }, 1, 10) - 0.5) < 1e-12);
  assert.equal(numberOf({ kind: "change" }, 3, 10), times(0.3));
  assert.equal(times(0.000123), "×10⁻⁴");
});

const COLOURS = { primary: "#00f", muted: "#888", lines: { classes: ["#000001", "#000002", "#000003", "#000004"], many: ["#000000"] } };
const S = { loss: "loss", chance: "chance", step_is: "step {step}", rate_is: "rate {rate}", terms: { invariance: "invariance" } };
const run = (terms) => ({ rows: Array.from({ length: 20 }, (_, step) => ({ step, loss: 30 - step, lr: 0.1, ...terms(step) })) });

test("a term of the loss's own scale shares its axis, another has one of its own below", () => {
  const figure = lossFigure(S, run((step) => ({ term_invariance: 25 - step, term_covariance: 1 / (1 + step) })), COLOURS);
  assert.deepEqual(figure.traces.map((trace) => trace.yaxis), [undefined, "y", "y2"]);
  assert.deepEqual(figure.axes.yaxis2.range, [0, 1.06]);
  assert.ok(figure.axes.yaxis2.domain[1] < figure.domain[0], "the parts of the plot do not overlap");
  assert.ok(figure.range[0] <= 6 && figure.range[1] >= 30);
  assert.deepEqual(figure.ends.map((end) => end.text), ["invariance 6", "covariance 0.05"]);
  const labels = endLabels(figure, 150, { text: "#000" });
  assert.ok(labels.every(({ y }) => y >= 0 && y <= 1) && labels[0].y > labels[1].y);
});

test("a loss without terms has the whole plot, and tells the learning rate where one points", () => {
  const figure = lossFigure(S, run(() => ({})), COLOURS);
  assert.deepEqual([figure.traces.length, figure.domain, figure.axes], [1, [0, 1], {}]);
  assert.match(figure.traces[0].hovertemplate, /rate %\{customdata/);
  assert.equal(figure.traces[0].customdata.length, 20);
});

test("points set off from where they are and arrive exactly", () => {
  globalThis.matchMedia = () => ({ matches: false });
  const motion = new Motion();
  motion.send(Float32Array.of(0, 0, 0), 100, 0, "live");
  assert.deepEqual(motion.advance(performance.now()), { step: 0, moving: false });
  motion.send(Float32Array.of(1, 2, 3), 200, 5, "play");
  const { start, length } = motion.journey;
  assert.deepEqual(motion.advance(start + length / 2), { step: 5, moving: true });
  assert.deepEqual([...motion.positions], [0.5, 1, 1.5]);
  motion.rescale(() => 50);
  assert.deepEqual(motion.advance(start + 2 * length), { step: 5, moving: false });
  assert.deepEqual([...motion.positions, motion.fit, motion.journey], [1, 2, 3, 50, null]);
});

test("who wants no motion sees points jump", () => {
  globalThis.matchMedia = () => ({ matches: true });
  const motion = new Motion();
  motion.send(Float32Array.of(0, 0, 0), 1, 0, "live");
  motion.advance(0);
  motion.send(Float32Array.of(1, 1, 1), 1, 1, "live");
  assert.deepEqual(motion.advance(motion.journey.start), { step: 1, moving: false });
});

test("a map fits its place, a lasso holds what is inside it, labels come apart", () => {
  const square = Float32Array.of(-1, -1, 0, 1, 1, 0, 0, 0, 0);
  const scale = fitting(square, "flat", 400, 400, 3);
  assert.ok(scale > 100 && scale <= 400 / 2);
  const low = fitting(square, "flat", 400, 120, 7);
  assert.ok(low + 7 <= 60, "the highest point is whole in a low picture");
  const crowd = (height) => Float32Array.from({ length: 3000 }, (_, i) => (i === 1 ? height : (i % 3 === 1) / 2));
  assert.ok(1.2 * 0.5 * fitting(crowd(0.6), "flat", 400, 120, 3) <= 57, "one of a thousand counts too");
  assert.equal(fitting(crowd(9), "flat", 400, 120, 3), fitting(crowd(0.5), "flat", 400, 120, 3), "but not far out of all");
  const path = [[0, 0], [10, 0], [10, 10], [0, 10]];
  assert.deepEqual([inside(path, 5, 5), inside(path, 15, 5)], [true, false]);
  const labels = [{ text: "a", x: 0, y: 0, half: 20 }, { text: "b", x: 5, y: 1, half: 20 }];
  keepApart(labels, 22);
  assert.ok(Math.abs(labels[0].y - labels[1].y) >= 21.9);
});

const EIGHT = guessing(Array.from({ length: 1000 }, (_, i) => i % 8));

test("what neighbours say is measured against guessing and against the random start", () => {
  const start = { step: 0, knn_h: 0.34 };
  const say = (knn_h) => standing({ step: 9, knn_h }, start, EIGHT);
  assert.deepEqual([0.13, 0.2, 0.35, 0.9].map(say), ["chance", "worse", "untrained", "better"]);
  assert.equal(standing({ knn_h: 0.5 }, null, guessing([-1, -1])), "none");
  const few = guessing([...Array(13).fill(0), ...Array(13).fill(1)]);
  assert.equal(standing({ knn_h: 0.62 }, null, few), "chance", "of 26 images 62% is no news");
  assert.equal(guessing([0, 0, 0, 1]).chance, 0.75, "guessing takes the most frequent class");
});

test("a crops-only run is said to be at chance, and what its neighbours share instead", () => {
  const row = { step: 100, knn_h: 0.13, probe_bg_hue_h: 0.94, probe_size_h: 0.05 };
  const s = { chance: "chance {knn} {error} {chance} {untrained}.", shares: "share {factor}", factors: { bg_hue: "background hue" } };
  assert.equal(meaningOf(s, row, { knn_h: 0.34 }, EIGHT).text, "chance 13 1 13 34. share background hue");
  assert.equal(sharedFactor({ probe_size_h: 0.3 }), null);
});

test("z beats h only beyond what so few images can show", () => {
  assert.ok(zBeatsH({ knn_h: 0.5, knn_z: 0.6 }, EIGHT));
  assert.ok(!zBeatsH({ knn_h: 0.5, knn_z: 0.6 }, { n: 26 }));
});
