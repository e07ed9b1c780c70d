// Packets, rows, and a feed that reads a bundle: no server, no document.
import assert from "node:assert/strict";
import test from "node:test";
import { RunFeed } from "../../assets/feed/feed.js";
import { readPacket } from "../../assets/feed/packets.js";
import { readBundle, replaySource } from "../../assets/feed/replay.js";
import { rowAt, snapshotRows, tauAt, thinned } from "../../assets/feed/rows.js";

/** A snapshot packet of arrays {name: [dtype, shape, typed array]}, as the server writes it. */
function packet(step, arrays) {
  const header = { step, arrays: {} };
  const parts = [];
  let offset = 0;
  for (const [name, [dtype, shape, data]] of Object.entries(arrays)) {
    const bytes = new Uint8Array(data.buffer.slice(0));
    header.arrays[name] = { dtype, shape, offset };
    const padded = new Uint8Array(Math.ceil(bytes.length / 4) * 4);
    padded.set(bytes);
    parts.push(padded);
    offset += padded.length;
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  return joined(Uint8Array.from(new Uint8Array(Uint32Array.of(text.length).buffer)), text, ...parts);
}

function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** A bundle of two snapshots; `change(header)` may spoil its header. */
function bundle(change = () => {}) {
  const parts = [0, 20].map((step) => packet(step, { a: ["int16", [3], Int16Array.of(step, -1, 2)] }));
  const header = {
    config: { steps: 20 }, status: { state: "finished", live: false, attempt: 1 }, probe: { n: 0 },
    rows: [0, 10, 20].map((step) => ({ step, loss: 1, snapshot: step !== 10 })),
    events: [], pictures: {},
    snapshots: parts.map((part, i) => ({ step: 20 * i, offset: i * parts[0].length, length: part.length })),
  };
  change(header);
  const text = new TextEncoder().encode(JSON.stringify(header));
  const start = new Uint8Array(24);
  const view = new DataView(start.buffer);
  start.set(new TextEncoder().encode("sslviz replay"));
  view.setUint16(14, 1, true);
  view.setUint32(16, text.length, true);
  const whole = joined(start, text, ...parts);
  new DataView(whole.buffer).setUint32(20, whole.length, true);
  return whole.buffer;
}

test("a packet gives back what was written", () => {
  const read = readPacket(packet(7, { f: ["float32", [1, 2], Float32Array.of(1.5, -2)], b: ["uint8", [3], Uint8Array.of(1, 2, 3)] }).buffer);
  assert.equal(read.step, 7);
  assert.deepEqual([...read.arrays.f.data, ...read.arrays.b.data], [1.5, -2, 1, 2, 3]);
  assert.deepEqual(read.arrays.f.shape, [1, 2]);
});

test("a damaged packet is one sentence", () => {
  const whole = packet(7, { f: ["float32", [100], new Float32Array(100)] });
  for (const buffer of [new ArrayBuffer(0), whole.buffer.slice(0, 60), whole.buffer.slice(0, 200)]) {
    assert.throws(() => readPacket(buffer), { message: "A snapshot is damaged." });
  }
});

test("long histories are thinned, but keep snapshots and the end", () => {
  const rows = Array.from({ length: 4003 }, (_, step) => ({ step, snapshot: step % 101 === 0 }));
  const kept = thinned(rows);
  assert.ok(kept.length < 2100);
  assert.deepEqual(kept.filter((row) => row.snapshot).length, 40);
  assert.equal(kept.at(-1).step, 4002);
  assert.equal(thinned(rows.slice(0, 4000)).length, 4000);
});

test("the rows of the shown step, and the temperature in force there", () => {
  const feed = {
    shown: 15, rows: [{ step: 0, snapshot: true }, { step: 10, snapshot: true }, { step: 14 }, { step: 20, snapshot: true }],
    events: [{ kind: "set", knob: "method.tau", step: 12, new: 0.1 }], config: { method_knobs: { tau: 0.5 } },
  };
  assert.deepEqual([snapshotRows(feed).row.step, snapshotRows(feed).start.step, rowAt(feed).step], [10, 0, 14]);
  assert.deepEqual([tauAt(feed, 11), tauAt(feed, 12)], [0.5, 0.1]);
});

test("a feed plays a bundle as it would a server's run, and asks once", async () => {
  globalThis.document = { hidden: false };
  const feed = new RunFeed(replaySource(bundle()));
  const changes = [];
  await new Promise((done) => {
    const leave = feed.subscribe(() => {
      changes.push(feed.shown);
      leave();
      done();
    });
  });
  assert.deepEqual([feed.shown, feed.snapshots, feed.rows.length, feed.status.live], [20, [0, 20], 3, false]);
  feed.seek(11);
  assert.equal(feed.shown, 0);
  assert.deepEqual([...(await feed.look(0)).arrays.a.data], [0, -1, 2]);
  assert.deepEqual(await feed.probe(), { n: 0 });
  assert.equal(feed.another("other"), null);
  await assert.rejects(feed.look(3), { message: "This replay does not hold that." });
});

test("a feed that cannot be read says so and tries again", async () => {
  let asked = 0;
  const news = async () => {
    asked += 1;
    if (asked === 1) throw new Error("gone");
    return { status: { state: "finished" }, config: {}, rows: [], events: [], snapshots: [] };
  };
  const feed = new RunFeed({ news });
  const seen = [];
  await new Promise((done) => {
    const leave = feed.subscribe(() => {
      seen.push(feed.offline);
      if (feed.offline) return;
      leave();
      done();
    });
  });
  assert.deepEqual(seen, [true, false]);
});

test("what a look adds to the last row while a run is paused arrives", async () => {
  const rows = [{ step: 4, loss: 2 }, { step: 5, loss: 1 }];
  const status = { state: "paused", live: true, attempt: 1 };
  const news = async (after) => ({ status, config: {}, events: [], snapshots: [], glances: [], rows: rows.filter((row) => row.step > after) });
  const feed = new RunFeed({ news, still: true });
  let heard = 0;
  const leave = feed.subscribe(() => (heard += 1));
  while (!feed.rows.length) await new Promise((passed) => setTimeout(passed, 5));
  await feed._poll();
  assert.deepEqual([feed.rows, heard], [rows, 1], "the same rows again are no news");
  rows[1] = { ...rows[1], snapshot: true, knn_h: 0.5 };
  await feed._poll();
  assert.deepEqual([feed.rows, heard], [rows, 2]);
  leave();
});

test("a bundle with a head that does not fit is refused", () => {
  const spoilt = [
    (header) => delete header.rows,
    (header) => (header.config = []),
    (header) => (header.rows = [{ step: "0" }]),
    (header) => (header.snapshots[1].length = 1e9),
    (header) => (header.snapshots[1].offset = -4),
    (header) => (header.snapshots[1].step = 0),
    (header) => (header.pictures = { probe: null }),
  ];
  for (const spoil of spoilt) {
    assert.throws(() => readBundle(bundle(spoil)), { message: "The head of this replay is damaged." }, String(spoil));
  }
});
