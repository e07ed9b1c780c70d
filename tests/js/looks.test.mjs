// Glances laid over snapshots: which points move, which stay, and what is passed over.
import assert from "node:assert/strict";
import test from "node:test";
import { RunFeed } from "../../assets/feed/feed.js";
import { laid, Looks } from "../../assets/feed/looks.js";
import { snapshotRows } from "../../assets/feed/rows.js";

const N = 6;
const array = (shape, data) => ({ shape, data: Float32Array.from(data) });
/** Every point of a snapshot stands at its own index, of a glance at the glance's step. */
const snapshot = (step) => ({
  step, arrays: {
    layout_h_pca: array([N, 2], Array.from({ length: 2 * N }, (_, i) => Math.floor(i / 2))),
    layout_h_umap: array([N, 2], new Array(2 * N).fill(0.5)), similarity: array([1, 1], [step]),
    spectrum_h: array([1], [step]),
  },
});
const glance = (step, first, every = 4) => {
  const own = Math.ceil((N - first) / every);
  const layout = array([own, 2], new Array(2 * own).fill(step));
  return { step, arrays: { part: { shape: [2], data: Int16Array.of(first, every) }, layout_h_pca: layout, similarity: array([1, 1], [step]) } };
};
const places = ({ arrays }) => [...arrays.layout_h_pca.data].filter((_, i) => i % 2 === 0);
const based = (step) => ({ whole: step, oldest: step, ...snapshot(step) });

test("a glance moves its own points and leaves the others where they were last seen", () => {
  const base = based(10);
  const seen = laid(base, [glance(12, 0), glance(14, 1)]);
  assert.deepEqual(places(seen), [12, 14, 2, 3, 12, 14]);
  assert.deepEqual([seen.step, seen.whole, seen.oldest], [14, 10, 10]);
  assert.deepEqual([seen.arrays.similarity.data[0], seen.arrays.spectrum_h.data[0]], [14, 10]);
  assert.equal(seen.arrays.layout_h_umap.data[0], 0.5);
  assert.deepEqual(places(base), [0, 1, 2, 3, 4, 5], "the snapshot itself stays as it is");
  assert.equal(laid(base, [0, 1, 2, 3].map((first) => glance(12 + first, first))).oldest, 12);
});

test("what does not fit the snapshot is passed over", () => {
  const base = based(10);
  const odd = [glance(12, 0), glance(13, 3, 2), { step: 14, arrays: {} }];
  odd[0].arrays.layout_h_pca.shape = [1, 2];
  assert.equal(laid(base, odd), base);
  assert.deepEqual(places(laid(base, [...odd, glance(15, 1)])), [0, 15, 2, 3, 4, 15]);
});

const source = (asked) => ({
  snapshot: async (step) => (asked.push(`s${step}`), snapshot(step)),
  glance: async (step) => {
    asked.push(`g${step}`);
    if (step === 13) throw new Error("It is damaged.");
    return glance(step, step % 4);
  },
});

test("each file is fetched once, and a damaged glance is skipped", async () => {
  const asked = [];
  const looks = new Looks(source(asked));
  const [snapshots, glances] = [[0, 10, 20], [4, 12, 13, 14]];
  assert.deepEqual(places(await looks.at(12, snapshots, glances)), [12, 1, 2, 3, 12, 5]);
  const before = await looks.at(13, snapshots, glances);
  assert.deepEqual([before.step, places(before)], [12, [12, 1, 2, 3, 12, 5]]);
  assert.deepEqual(places(await looks.at(14, snapshots, glances)), [12, 1, 14, 3, 12, 5]);
  assert.deepEqual(places(await looks.at(20, snapshots, glances)), [0, 1, 2, 3, 4, 5]);
  assert.deepEqual(asked.filter((name) => name !== "g13").sort(), ["g12", "g14", "s10", "s20"]);
});

test("of many points every one keeps the place where it was seen last", async () => {
  const [n, every] = [80, 40];
  const asked = [];
  const many = {
    snapshot: async (step) => ({ step, arrays: { layout_h_pca: array([n, 1], new Array(n).fill(0)) } }),
    glance: async (step) => {
      asked.push(step);
      return { step, arrays: { part: { shape: [2], data: Int16Array.of(step % every, every) }, layout_h_pca: array([2, 1], [step, step]) } };
    },
  };
  const looks = new Looks(many);
  const glances = Array.from({ length: 200 }, (_, i) => i + 1);
  const { arrays, oldest } = await looks.at(200, [0], glances);
  assert.equal(oldest, 161);
  assert.deepEqual([Math.min(...arrays.layout_h_pca.data), Math.max(...arrays.layout_h_pca.data)], [161, 200]);
  assert.equal(Math.min(...asked), 121);
});

test("what is kept is bounded by its bytes", async () => {
  const asked = [];
  const big = { snapshot: async (step) => (asked.push(step), { step, arrays: { a: { shape: [1e6], data: new Float32Array(1e6) } } }) };
  const looks = new Looks(big);
  for (const step of [...Array(30).keys(), 29, 0]) await looks.at(step, [step], []);
  assert.deepEqual(asked.slice(29), [29, 0], "the newest is still here, the first is fetched again");
});

test("a feed shows glances like snapshots, and tells whether somebody watches", async () => {
  globalThis.document = { hidden: false };
  const told = [];
  const news = async (after, watching) => {
    told.push(watching);
    return { status: { attempt: 1, live: true }, config: {}, rows: [], events: [], snapshots: [0, 10], glances: [4, 12] };
  };
  const feed = new RunFeed({ ...source([]), news, another: () => ({ news }) });
  const once = (follower) => new Promise((done) => {
    const leave = follower.subscribe(() => {
      leave();
      done();
    });
  });
  await once(feed);
  assert.deepEqual([feed.shown, feed.steps], [12, [0, 4, 10, 12]]);
  feed.seek(5);
  assert.equal(feed.shown, 4);
  await once(feed.another("other"));
  assert.deepEqual(told, [true, false]);
});

test("a glance's row moves what it saw and leaves what it did not", () => {
  const rows = [
    { step: 0, snapshot: true, feature_std_z: 1, knn_h: 0.2 }, { step: 4, glance: true, feature_std_z: 0.9 },
    { step: 10, snapshot: true, feature_std_z: 0.8, knn_h: 0.5 }, { step: 12, glance: true, feature_std_z: 0.7 },
  ];
  const at = (shown) => snapshotRows({ shown, rows });
  assert.deepEqual([at(12).row.feature_std_z, at(12).row.knn_h, at(12).row.step], [0.7, 0.5, 12]);
  assert.deepEqual([at(10).row, at(12).whole, at(4).row.knn_h, at(12).start], [rows[2], rows[2], 0.2, rows[0]]);
});
