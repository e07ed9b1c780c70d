// How far the kNN curves may be trusted: how many neighbours vote, one standard error, z above h.

import { snapshotRows } from "../../feed/rows.js";
import { el } from "../../kit/dom.js";
import { helpOn } from "../../kit/tooltip.js";
import { fill } from "../../kit/words.js";
import { K, standardError, zBeatsH } from "../../kit/meaning.js";

/** Fills the small words of the heading, and offers the reason where z beats h. */
export function knnNote(frame, s) {
  const small = frame.querySelector(".head .small");
  const why = el("button", { type: "button", class: "why", hidden: "" }, s.z_beats_h);
  helpOn(frame, why, s.z_beats_h_help);
  small.after(why);
  return {
    draw(feed, labels) {
      const { row } = snapshotRows(feed);
      const error = labels.n && Number.isFinite(row?.knn_h) ? `${(100 * standardError(row.knn_h, labels.n)).toFixed(0)}%` : "–";
      small.textContent = fill(s.subtitle, { k: row?.knn_k ?? K, error });
      why.hidden = !zBeatsH(row, labels);
    },
  };
}
