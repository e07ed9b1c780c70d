// What lies over the page when asked for: the recipe, the lesson, the keys.

import { el } from "../kit/dom.js";

/** Opens the sheet `name` ("recipe", "lesson", "keys"); Escape or a click beside it closes it. */
export function sheet(name, facts, view, s) {
  document.querySelector("dialog[open]")?.remove();
  const close = el("button", { type: "button", class: "close", "aria-label": s.close, onclick: () => dialog.close() }, "×");
  const dialog = el("dialog", { class: name, "aria-label": s[name] }, close, ...BODIES[name](facts, view, s));
  dialog.onclick = (event) => event.target === dialog && dialog.close();
  dialog.onclose = () => dialog.remove();
  document.body.append(dialog);
  dialog.showModal();
}

const BODIES = {
  recipe: ({ runs }, view, s) => runs.flatMap((run) => [el("h2", {}, `${run.title} · ${run.id}`), ...recipe(run, s)]),
  lesson: ({ runs }, view) => [...new Set(runs.map(({ method }) => method))].map((method) => lesson(method, view.language)),
  keys: ({ keys }, view, s) => [el("h2", {}, s.keys), el("dl", {}, ...keys.flatMap(([key, what]) => [el("dt", {}, key), el("dd", {}, what)]))],
};

function recipe({ command, config }, s) {
  const rows = Object.entries(config).map(([name, value]) => el("tr", {}, el("th", {}, name), el("td", {}, String(value))));
  return [el("p", {}, s.as_command), el("pre", {}, command), el("table", {}, ...rows)];
}

/** The lesson lies in the file as a template: it is ours, and holds formulas. */
function lesson(method, language) {
  const template = document.getElementById(`lesson-${method}-${language}`);
  return el("article", {}, template ? template.content.cloneNode(true) : "");
}
