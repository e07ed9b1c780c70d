import assert from "node:assert/strict";
import test from "node:test";
import { classColours, css, cyclic, hexToRgb, hueWheel, ramp } from "../../assets/kit/colours.js";

test("a colour as numbers and back", () => {
  assert.deepEqual(hexToRgb("#0072b2"), [0, 114, 178]);
  assert.equal(css([0, 114.4, 178], 0.5), "rgba(0,114,178,0.5)");
});

test("a ramp meets its stops, goes evenly between them and ends at its ends", () => {
  const stops = ["#000000", "#ff0000", "#ffff00"];
  assert.deepEqual(ramp(stops, 0), [0, 0, 0]);
  assert.deepEqual(ramp(stops, 0.25), [127.5, 0, 0]);
  assert.deepEqual(ramp(stops, 0.5), [255, 0, 0]);
  assert.deepEqual(ramp(stops, 7), [255, 255, 0]);
  assert.deepEqual(ramp(stops, -1), [0, 0, 0]);
});

test("the wheel of hues has red, green and blue a third apart", () => {
  const largest = (rgb) => rgb.indexOf(Math.max(...rgb));
  assert.deepEqual([0, 1 / 3, 2 / 3, 1].map((t) => largest(hueWheel(t))), [0, 1, 2, 0]);
});

test("the cyclic ramp ends where it begins and stays inside the colours there are", () => {
  cyclic(0).forEach((value, i) => assert.ok(Math.abs(value - cyclic(1)[i]) < 1e-6));
  for (let i = 0; i < 50; i++) for (const value of cyclic(i / 50)) assert.ok(value >= 0 && value <= 255);
});

test("few classes take the few colours, more take the many, repeated", () => {
  const palette = { classes: ["#000000", "#ffffff"], many: ["#ff0000", "#00ff00", "#0000ff"] };
  assert.deepEqual(classColours(palette, 2), [[0, 0, 0], [255, 255, 255]]);
  assert.deepEqual(classColours(palette, 4), [[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 0, 0]]);
});
