// Nothing to see: it fetches what the first picture of a run needs while nobody waits for it.

import { runFeed } from "../../feed/feed.js";
import { plotly } from "../../kit/plotly.js";
import "../collapse/index.js";
import "../curves/index.js";
import "../embedding/index.js";
import "../histogram/index.js";
import "../matrix/index.js";
import "../presenter/index.js";
import "../status/index.js";

const AHEAD = 3000; // milliseconds after which the page follows the run itself

export default () => {
  requestIdleCallback(() => plotly().catch(() => null)); // the first plot tries again
  const { navigation } = window; // not in every browser: there the panels ask first
  navigation?.addEventListener("currententrychange", follow);
  return { close: () => navigation?.removeEventListener("currententrychange", follow) };
};

/** Asks for the first picture of a run that has just begun, before the page has made room for it. */
function follow() {
  const run = new URLSearchParams(location.search).get("run");
  if (run) setTimeout(runFeed(run).subscribe(() => null), AHEAD);
}
