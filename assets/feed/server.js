// A run as the app's server tells it: one of the two sources of a feed (replay.js is the other).

import { readPacket } from "./packets.js";

const BASE = new URL("../../../", import.meta.url); // this file lies below sslviz/assets/<digest>/

/** The source of `run`; `news` changes as long as the run goes on. */
export function serverSource(run) {
  return {
    /** {status, config, rows, snapshots, glances, events}; only rows after step `after`. `watching`
     *  tells the run that somebody looks: it takes glances then. */
    async news(after, watching) {
      const told = watching ? "&watching=1" : "";
      return (await get(`runs/${run}/feed?after=${after}&lang=${pageLanguage()}${told}`)).json();
    },
    async snapshot(step) {
      return readPacket(await (await get(`runs/${run}/snapshots/${step}`)).arrayBuffer());
    },
    async glance(step) {
      return readPacket(await (await get(`runs/${run}/glances/${step}`)).arrayBuffer());
    },
    async probe() {
      return (await get(`runs/${run}/probe`)).json();
    },
    /** Blob of the sprite atlas "probe" or "views". */
    async picture(kind) {
      return (await get(`runs/${run}/${kind}.webp`)).blob();
    },
    /** The source of another run. */
    another: (other) => serverSource(other),
  };
}

/** Fetches `path` below the server's /sslviz/. A refusal is an Error with `answered`; a page of HTML
 *  is no answer of this app's, but of what stands before it. */
async function get(path) {
  const answer = await fetch(new URL(path, BASE));
  if ((answer.headers.get("content-type") ?? "").startsWith("text/html")) {
    throw new Error("The server does not answer under /sslviz.");
  }
  if (answer.ok) return answer;
  const refusal = await answer.json().catch(() => ({}));
  throw Object.assign(new Error(refusal.error ?? `HTTP ${answer.status}`), { answered: true });
}

/** What the server's sentences are to be written in: every page keeps its language in its URL. */
function pageLanguage() {
  return new URLSearchParams(location.search).get("lang") ?? "";
}
