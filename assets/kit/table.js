// What a plot shows, as a table: a button in the panel's heading opens it over the page.

import { el, svg } from "./dom.js";

const ICON = "M2 3h12v10H2zM2 6.5h12M2 9.7h12M6.5 3v10";

/** Adds the button to the heading of `frame`. `rows()` gives {caption, columns, rows} when it is
 *  opened: a text for each column, and a list of as many texts for each row. */
export function tableButton(frame, s, rows) {
  const path = svg("path", { d: ICON });
  const button = el("button", { type: "button", class: "as-table", title: s.table, "aria-label": `${s.table}: ${s.title}` }, svg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" }, path));
  const sheet = el("div", { class: "sheet", popover: "auto", role: "dialog", "aria-label": s.title, tabindex: 0 });
  button.popoverTargetElement = sheet;
  sheet.addEventListener("beforetoggle", (event) => event.newState === "open" && sheet.replaceChildren(table(rows())));
  sheet.addEventListener("toggle", (event) => event.newState === "open" && sheet.focus());
  sheet.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    sheet.hidePopover();
    button.focus(); // the browser gives the focus back, but not within a shadow root
  });
  frame.querySelector(".head .help").after(button);
  frame.append(sheet);
}

function table({ caption, columns, rows }) {
  const head = el("tr", {}, ...columns.map((text) => el("th", { scope: "col" }, text)));
  const line = ([first, ...rest]) => el("tr", {}, el("th", { scope: "row" }, first), ...rest.map((text) => el("td", {}, text)));
  return el("table", {}, el("caption", {}, caption), el("thead", {}, head), el("tbody", {}, ...rows.map(line)));
}
