// The terms that a page explains: pointing at one, coming to it by keyboard or touching it shows what
// it means. The terms may come and go.

import { helpOn } from "./tooltip.js";

const KNOWN = new WeakSet();
let listening = false;

function equip({ target }) {
  const term = target.closest?.("abbr[data-meaning]");
  if (!term || KNOWN.has(term)) return;
  KNOWN.add(term);
  helpOn(document.body, term, term.dataset.meaning);
}

/** Explains the terms of this page from now on; once is enough. */
export function explainTerms() {
  if (listening) return;
  listening = true;
  // Before the term itself hears of it: what is told then is already heard.
  for (const event of ["pointerover", "focus"]) document.addEventListener(event, equip, true);
}
