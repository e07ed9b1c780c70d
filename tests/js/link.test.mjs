// A view as a link, and back.
import assert from "node:assert/strict";
import test from "node:test";
import { addressOf, askedBy, indicesOf, rangesOf } from "../../assets/panels/embedding/link.js";

const view = (change = {}) => ({
  data: { run: "r1" }, layout: "umap", choice: { selected: [4, 2, 3, 9] },
  feed: { live: true, shown: 40, status: { live: false }, settings: { space: "z", colour: "size" } }, ...change,
});

test("a link says all of a view, keeps what else stands in the address, and is read back", () => {
  const address = addressOf(view(), "http://a/train_live?lang=ko&step=7");
  assert.equal(address, "http://a/train_live?lang=ko&step=40&run=r1&space=z&layout=umap&colour=size&chosen=2-4%2C9");
  assert.deepEqual(askedBy(new URL(address).search), { step: 40, space: "z", layout: "umap", colour: "size", chosen: [2, 3, 4, 9] });
});

test("a view that follows a live run names no step, and none chosen none", () => {
  const live = view({ choice: { selected: null } });
  live.feed.status.live = true;
  const address = new URL(addressOf(live, "http://a/?step=7&chosen=1"));
  assert.deepEqual([address.searchParams.get("step"), address.searchParams.get("chosen")], [null, null]);
});

test("what is written wrongly is as if it were not there", () => {
  assert.deepEqual(askedBy("?step=-1&space=q&layout=<b>&colour=a%22b&chosen=1-2;3"), {});
  assert.deepEqual(askedBy("?step=1e3&chosen=9-3"), {});
  assert.equal(indicesOf("0-999999").length, 400);
  assert.equal(rangesOf([]), "");
});
