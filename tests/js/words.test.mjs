import assert from "node:assert/strict";
import test from "node:test";
import { marksOf } from "../../assets/kit/timeline.js";
import { decimals, fill, formatNumber, superscript } from "../../assets/kit/words.js";

test("numbers are written as people read them", () => {
  assert.equal(formatNumber(12345), "12,345");
  assert.equal(formatNumber(0.123456), "0.123");
  assert.equal(formatNumber(0.00001234), "1.23e-5");
  assert.equal(formatNumber(NaN), "–");
  assert.equal(decimals(-0.126), "−0.13");
  assert.equal(decimals(-0.001), "0.00");
  assert.equal(superscript(-12), "⁻¹²");
});

test("what has no value keeps its slot", () => {
  assert.equal(fill("{a} of {b}", { a: 0 }), "0 of {b}");
});

const WORDS = {
  at: "Step {step}: {what}", set: "{knob} {old} → {new}", verdict: "{old} → {new}. {reason}", pause: "paused", resume: "resumed",
  on: "on", off: "off", knobs: { "method.tau": "tau", "view1.jitter": "jitter, view 1" },
  verdicts: { healthy: { word: "Healthy" }, complete: { word: "Collapse" } }, reasons: { one_point: "One point." },
};

test("what happened is said in words, once a step, and only what has words", () => {
  const events = [
    { step: 0, kind: "start" },
    { step: 5, kind: "set", knob: "method.tau", old: 0.2, new: 0.1 },
    { step: 5, kind: "set", knob: "view1.jitter", old: true, new: false },
    { step: 7, kind: "pause" },
    { step: 7, kind: "resume" },
    { step: 9, kind: "error", message: "Lost." },
    { step: 12, kind: "verdict", old: "healthy", new: "complete", reason: "one_point" },
    { step: 13, kind: "set", knob: "unheard", old: "a", new: "b" },
    { step: 14, kind: "snapshot" },
  ];
  assert.deepEqual(marksOf(events, WORDS).map(({ step, text }) => [step, text]), [
    [5, "Step 5: tau 0.2 → 0.1\nStep 5: jitter, view 1 on → off"],
    [7, "Step 7: paused\nStep 7: resumed"],
    [9, "Step 9: Lost."],
    [12, "Step 12: Healthy → Collapse. One point."],
    [13, "Step 13: unheard a → b"],
  ]);
});
