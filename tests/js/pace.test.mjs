// When panels draw: only what differs, heavy things when there is time.
import assert from "node:assert/strict";
import test from "node:test";
import { differing, unhurried } from "../../assets/kit/pace.js";

test("what is given again does not differ, whatever it was before", () => {
  const differs = differing();
  assert.deepEqual([differs(1, "a"), differs(1, "a"), differs(1, "b"), differs(2, "b"), differs(1, "b")], [true, false, true, true, true]);
});

test("work that is asked for many times is done once when there is time, and later again", async () => {
  const waiting = [];
  globalThis.requestIdleCallback = (work) => waiting.push(work);
  globalThis.cancelIdleCallback = () => null;
  const idle = async () => {
    while (!waiting.length) await new Promise((passed) => setTimeout(passed, 5));
    waiting.splice(0).forEach((work) => work());
  };
  let [done, want] = [[], 0];
  const drawing = unhurried(() => done.push(want), 20);
  for (want = 1; want <= 3; want++) drawing.ask();
  assert.deepEqual(done, [], "nothing is done at once");
  want = 4;
  await idle();
  assert.deepEqual(done, [4], "with what holds then");
  drawing.ask();
  await idle();
  assert.deepEqual(done, [4, 4]);
  drawing.ask();
  drawing.leave();
  await new Promise((passed) => setTimeout(passed, 60));
  assert.deepEqual([done.length, waiting.length], [2, 0], "nothing after it was left");
});
