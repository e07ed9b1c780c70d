// Which picture fits a sweep's axes, which of its rows are chosen, and how they are sorted.

import assert from "node:assert/strict";
import test from "node:test";

import { isChosen } from "../../assets/panels/ablation/index.js";
import { facets } from "../../assets/panels/ablation/facets.js";
import { kindOf, pictureFigure, written } from "../../assets/panels/ablation/picture.js";
import { compare } from "../../assets/panels/ablation/table.js";

const number = { label: "tau", numeric: true, values: [{ value: 0.1, label: "0.1" }, { value: 5, label: "5" }] };
const word = { label: "method", numeric: false, values: [{ value: "a", label: "A" }, { value: "b", label: "B" }] };
const words = new Proxy({}, { get: () => "{label} {value}" });
const look = { classes: ["#0072b2"], many: ["#0072b2"], lines: ["#0072b2"], sequential: ["#000000", "#ffffff"], text: "#111", muted: "#777", faint: "#ddd" };
const cell = (at, mean) => ({ cell: at[0], at, mean, deviation: mean && 0.1, n: 2, label: at.join(), runs: 2, finished: mean === null ? 0 : 2 });
const metric = { label: "kNN", percent: true };

test("the picture follows the axes", () => {
  const kinds = [[], [number], [word], [number, word], [number, word, word]].map((axes) => kindOf({ axes }));
  assert.deepEqual(kinds, ["dots", "curve", "dots", "heat", "parallel"]);
});

test("three axes are lines, or heat maps on one scale with holes where no run has finished", () => {
  assert.deepEqual([kindOf({ axes: [number, word, word] }, "facets"), kindOf({ axes: [number, word] }, "facets")], ["facets", "heat"]);
  const cells = [cell([0, 0, 0], 0.2), cell([0, 1, 0], 0.4), cell([1, 0, 1], 0.9), cell([1, 1, 1], null)];
  const { traces, layout } = facets({ axes: [number, word, word], metric, cells }, look, words);
  assert.deepEqual(traces.map(({ z }) => z), [[[0.2, 0.4], [null, null]], [[null, null], [0.9, null]]]);
  assert.deepEqual([layout.coloraxis.cmin, layout.coloraxis.cmax], [0.2, 0.9]);
  assert.ok(traces.every(({ coloraxis }) => coloraxis === "coloraxis") && layout.xaxis.domain[1] < layout.xaxis2.domain[0]);
});

test("a curve over wide numbers is logarithmic, and a hole stays a hole", () => {
  const now = { axes: [number], metric, rows: [], cells: [cell([0], 0.5), cell([1], null)] };
  const { traces, layout } = pictureFigure("curve", now, { cell: null }, look, words);
  assert.equal(layout.xaxis.type, "log");
  assert.deepEqual(traces[1].x, [0.1]);
  assert.deepEqual(traces[1].error_y.array, [0.1]);
});

test("pairs without order stand on both sides of the diagonal, with means of whole rows only", () => {
  const cells = [cell([0, 0], 0.2), cell([0, 1], 0.4), cell([1, 1], null)];
  const now = { axes: [word, word], unordered: true, metric, rows: [], cells };
  const { traces } = pictureFigure("heat", now, { cell: null }, look, words);
  assert.deepEqual(traces[0].z[0].slice(0, 2), [0.2, 0.4]);
  assert.ok(Math.abs(traces[0].z[0][2] - 0.3) < 1e-9);
  assert.deepEqual(traces[0].z[1], [0.4, null, null]);
  assert.deepEqual([traces[0].zmin, traces[0].zmax], [0.2, 0.4]);
});

test("a row is chosen by its cell, by brushes on its axes and by words", () => {
  const row = { cell: 3, at: [1, 0], value: 0.7, labels: ["0.5", "on"], seed: 2, word: "Finished", name: "simclr-ab" };
  const chosen = (state) => isChosen(row, { cell: null, text: "", brushes: new Map(), ...state });
  assert.ok(chosen({}) && chosen({ cell: 3 }) && !chosen({ cell: 1 }));
  assert.ok(chosen({ brushes: new Map([[0, [0.5, 1.5]], ["value", [0.6, 0.8]]]) }));
  assert.ok(!chosen({ brushes: new Map([["value", [0.8, 0.9]]]) }));
  assert.ok(!isChosen({ ...row, value: null }, { cell: null, text: "", brushes: new Map([["value", [0, 1]]]) }));
  assert.ok(chosen({ text: "finished 0.5" }) && !chosen({ text: "failed" }));
});

test("rows without a value stand last whichever way is up", () => {
  const sorted = (down) => [3, null, 10, undefined, 1].toSorted((a, b) => compare(a, b, down)).filter((x) => x !== undefined);
  assert.deepEqual(sorted(false), [1, 3, 10, null]);
  assert.deepEqual(sorted(true), [10, 3, 1, null]);
  assert.equal(written(metric, 0.1234), "12.3%");
  assert.equal(written({ percent: false }, null), "–");
});
