// What the file holds: the runs, packed, and the words of the page.

import { RunFeed } from "../feed/feed.js";
import { replaySource } from "../feed/replay.js";

/** "light" or "dark": what the app asks for, in the address or on the page's own element; from disk
 *  what the reader's machine prefers. */
export function firstTheme() {
  const asked = new URLSearchParams(location.search).get("theme") ?? document.documentElement.dataset.theme;
  if (["light", "dark"].includes(asked)) return asked;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

/** The JSON in the file's element `id`. */
export const written = (id) => JSON.parse(document.getElementById(id).textContent);

/** Promise of the bundle (ArrayBuffer) in element `id`: base64 of gzip. */
async function unpacked(id) {
  const text = atob(document.getElementById(id).textContent.trim());
  const bytes = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).arrayBuffer();
}

/** Promise of one feed a run, in the order of `runs`. `told(sentence)` puts what the worker said into
 *  the language of now. Each run knows the others, for their curves. */
export async function feedsOf(runs, told) {
  const buffers = await Promise.all(runs.map((_, i) => unpacked(`run-${i}`)));
  const sources = new Map(runs.map(({ id }, i) => [id, inWords(replaySource(buffers[i]), told)]));
  for (const source of sources.values()) source.another = (run) => sources.get(run) ?? null;
  return runs.map(({ id }) => new RunFeed(sources.get(id)));
}

function inWords(source, told) {
  const { news } = source;
  source.news = async (after) => {
    const { status, events, ...rest } = await news(after);
    const said = (facts, names) => Object.fromEntries(names.filter((name) => facts[name]).map((name) => [name, told(facts[name])]));
    return {
      ...rest,
      status: { ...status, ...said(status, ["error", "message"]), notes: (status.notes ?? []).map(told) },
      events: events.map((event) => ({ ...event, ...said(event, ["message"]) })),
    };
  };
  return source;
}
