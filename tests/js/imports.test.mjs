// Every module loads: each name it imports is exported by the file it names.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import test from "node:test";

const ASSETS = new URL("../../assets/", import.meta.url);
const files = ["feed", "kit", "panels"].flatMap((room) =>
  readdirSync(new URL(room, ASSETS), { recursive: true }).map((name) => `${room}/${name}`),
);
const modules = files.filter((name) => name.endsWith(".js"));

for (const name of modules) {
  test(`${name} loads`, async () => {
    await import(new URL(name, ASSETS));
  });
}

test("nothing is shared through window", () => {
  const globals = /(window|globalThis|self)\.(?!addEventListener|removeEventListener|devicePixelRatio|Plotly)\w+/;
  for (const name of modules) {
    assert.doesNotMatch(readFileSync(new URL(name, ASSETS), "utf8"), globals, name);
  }
});

test("only one file knows Streamlit", () => {
  const knowing = modules.filter((name) => /setTriggerValue|setStateValue|parentElement: /.test(readFileSync(new URL(name, ASSETS), "utf8")));
  assert.deepEqual(knowing, ["kit/streamlit.js"]);
});

test("every panel is a function", async () => {
  for (const name of modules.filter((path) => path.endsWith("/index.js"))) {
    assert.equal(typeof (await import(new URL(name, ASSETS))).default, "function", name);
  }
});
