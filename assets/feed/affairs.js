// What a page around the pictures of runs is drawn from, and asking for that page anew when it is old.

import { differing } from "../kit/pace.js";

/** How things stand with a run; `affairs` in sslviz/ui/panels/status.py says it of its folder. */
const affairs = ({ status, events }) => [status.state, events.length, status.notes?.length ?? 0, status.error ? 1 : 0, status.message ? 1 : 0].join(" ");

/** A function for `draw`: calls `ask` once where the affairs of `feeds` have become others than those
 *  that the page was `drawn` for ("" where nobody wants to know). */
export function asking(feeds, ask) {
  const others = differing();
  return (drawn) => {
    if (!drawn || !feeds.every((feed) => feed.status)) return;
    const now = feeds.map(affairs).join(" | ");
    if (others(now) && now !== drawn) ask(now);
  };
}
