// Finding images by the names of their files, and the list of those chosen.
import assert from "node:assert/strict";
import test from "node:test";
import { found, listOf, named } from "../../assets/panels/embedding/finder.js";

const probe = {
  n: 3, names: ["a/Cat 1.jpg", "b/고양이.png", '=x,"1".jpg'], class_names: ["cat", "dog"], labels: [0, 1, -1],
  factors: { size: { kind: "continuous", names: [], values: [0.5, -1, 0] }, tint: { kind: "categorical", names: ["red"], values: [0, 0, -1] } },
};

test("letters of a name are found whatever their case and composition", () => {
  assert.deepEqual(found(probe, " cat"), [0]);
  assert.deepEqual(found(probe, "고양이".normalize("NFD")), [1]);
  assert.deepEqual(found(probe, ""), []);
  assert.deepEqual(found({ ...probe, names: [] }, "cat"), []);
  assert.equal(named({ ...probe, names: undefined }), false);
});

test("a list keeps its order, and nothing in it is a formula", () => {
  const lines = listOf(probe, [2, 0, 1]).split("\r\n");
  assert.deepEqual(lines, ["place,image,file,class,size,tint", `1,2,"'=x,""1"".jpg",,0,`, "2,0,a/Cat 1.jpg,cat,0.5,red", "3,1,b/고양이.png,dog,-1,red", ""]);
  assert.equal(listOf({ ...probe, names: [] }, [0]).split("\r\n")[0], "place,image,class,size,tint");
});
