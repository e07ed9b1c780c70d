import assert from "node:assert/strict";
import test from "node:test";
import { classMarker, markerPath } from "../../assets/kit/markers.js";

/** Notes what is drawn, as a canvas would draw it. */
function paper() {
  const points = [];
  const note = (...numbers) => points.push(...numbers);
  const methods = ["moveTo", "lineTo", "arc", "bezierCurveTo"];
  return { points, beginPath() {}, closePath() {}, ...Object.fromEntries(methods.map((name) => [name, note])) };
}

test("a class that is a shape has that shape, others one of ten, no two neighbours alike", () => {
  assert.equal(classMarker(3, "heart"), "heart");
  const ten = Array.from({ length: 10 }, (_, i) => classMarker(i));
  assert.equal(new Set(ten).size, 10);
  assert.equal(classMarker(10), ten[0]);
});

test("every marker draws finite numbers around its middle", () => {
  const shapes = [...Array.from({ length: 10 }, (_, i) => classMarker(i)), "ring", "heart", "moon"];
  for (const shape of shapes) {
    const here = paper();
    markerPath(here, shape, 100, 100, 5);
    assert.ok(here.points.length > 3, shape);
    assert.ok(here.points.filter((n) => typeof n === "number").every(Number.isFinite), shape);
  }
});
