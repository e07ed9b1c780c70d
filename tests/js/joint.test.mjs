// Several runs under one clock: time in steps, images and seconds; what is shared, and with whom.
import assert from "node:assert/strict";
import test from "node:test";
import { RunFeed } from "../../assets/feed/feed.js";
import { JointFeed, sameImages, secondsAt } from "../../assets/feed/joint.js";

globalThis.document ??= { hidden: false };

/** A run with pictures at `steps`, a row each, one second a step; `now` may be changed by a test. */
function run(steps, batch = 10, state = "finished") {
  const now = { steps, state };
  const status = () => ({ state: now.state, live: false, attempt: 1, step: now.steps.at(-1) ?? 0, steps: 100, batch_size: batch });
  const source = {
    still: true,
    news: async (after) => ({
      status: status(), config: { steps: 100 }, events: [], glances: [], snapshots: now.steps,
      rows: now.steps.filter((step) => step > after).map((step) => ({ step, seconds: step * 2, snapshot: true })),
    }),
    snapshot: async (step) => ({ step, arrays: {} }),
  };
  return Object.assign(new RunFeed(source), { now });
}

const settled = () => new Promise((done) => setTimeout(done, 5));
const shown = (joint) => joint.feeds.map((feed) => feed.shown);

test("all runs show their newest picture by the time of the clock, whatever it counts", async () => {
  const joint = new JointFeed([run([0, 10, 20, 40]), run([0, 15, 30], 20)]);
  await settled();
  assert.deepEqual([joint.shown, ...shown(joint)], [40, 40, 30], "runs that are over: the longest decides");
  joint.seek(20);
  assert.deepEqual(shown(joint), [20, 15]);
  joint.count("images");
  assert.deepEqual([joint.shown, ...shown(joint)], [200, 20, 0], "20 steps of 10 images, and none of 20 yet");
  joint.seek(300);
  assert.deepEqual(shown(joint), [20, 15]);
  joint.count("seconds");
  assert.deepEqual([joint.shown, ...shown(joint)], [40, 20, 15]);
  assert.deepEqual(joint.steps, [0, 20, 30, 40, 60, 80]);
  assert.equal(secondsAt([{ step: 0, seconds: 1 }, { step: 4 }], 9), 1);
});

test("of runs that train the one behind decides; one that waits decides nothing", async () => {
  const [ahead, behind, waits] = [run([0, 10, 50], 10, "training"), run([0, 10], 10, "training"), run([], 10, "queued")];
  const joint = new JointFeed([ahead, behind, waits], (feed) => feed.status?.state === "training");
  await settled();
  assert.deepEqual([joint.shown, ...shown(joint)], [10, 10, 10, null]);
  behind.now.steps = [0, 10, 60];
  await behind._poll();
  await settled();
  assert.deepEqual([joint.shown, ...shown(joint)], [50, 50, 10, null]);
  ahead.seek(0); // somebody moves one of them: all go, and stay
  assert.deepEqual([joint.live, ...shown(joint)], [false, 0, 0, null]);
  ahead.seek(null); // live again, for all
  await settled();
  assert.deepEqual([joint.live, ...shown(joint)], [true, 50, 10, null]);
  waits.now.steps = [0, 10, 50]; // all that another one has, at once
  await waits._poll();
  await settled();
  assert.deepEqual(shown(joint), [50, 10, 50]);
  joint.close();
  assert.deepEqual([ahead.live, behind.shown], [true, 60], "on its own each follows its newest");
});

test("space is shared by all, what is pointed at and chosen only by runs with the same images", async () => {
  const joint = new JointFeed([run([0]), run([0]), run([0])]);
  await settled();
  joint.link(sameImages([{ mark: "a" }, { mark: "a" }, { mark: "b" }]));
  const [one, two, other] = joint.feeds;
  two.set({ space: "z", colour: "size", chosen: [1, 2] });
  two.setHover({ kind: "probe", index: 5 });
  assert.deepEqual([one.settings.space, other.settings.space], ["z", "z"]);
  assert.deepEqual([one.settings.chosen, other.settings.chosen], [[1, 2], undefined]);
  assert.deepEqual([one.settings.colour, other.settings.colour], ["size", "class"]);
  assert.deepEqual([one.hover?.index, other.hover], [5, null]);
  one.setHover(null);
  assert.equal(two.hover, null);
  assert.deepEqual(sameImages([null, { labels: [1] }, { labels: [1] }, { labels: [2] }]), [0, 1, 1, 3]);
});
