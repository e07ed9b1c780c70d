// Plotly comes from the app itself, once a page.

import { el } from "./dom.js";

const PLACE = new URL("../../../plotly.min.js", import.meta.url);
let loading = null;

/** Promise of Plotly. */
export function plotly() {
  loading ??= new Promise((loaded, failed) => {
    const script = el("script", { src: PLACE.href });
    script.onload = () => loaded(window.Plotly);
    script.onerror = () => failed(new Error("Plotly did not load."));
    document.head.append(script);
  });
  loading.catch(() => (loading = null)); // the next plot tries again
  return loading;
}

/** Plotly writes its rules into the document's head, where a shadow root does not see them. */
export function adoptPlotlyStyle(graph) {
  const root = graph.getRootNode();
  if (root === document || root.querySelector("style[data-plotly]")) return;
  const sheets = [...document.styleSheets].filter((sheet) => sheet.ownerNode?.id?.startsWith("plotly.js-style"));
  const rules = sheets.flatMap((sheet) => [...sheet.cssRules].map((rule) => rule.cssText));
  root.append(el("style", { "data-plotly": "" }, rules.join("\n")));
}
