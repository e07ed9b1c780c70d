// What finds images and changes their size: a second bar, shown where there is something to find or to
// size; and the list of what is chosen as a file.

import { el } from "../../kit/dom.js";

export const SIDE = 28; // pixels of an image on the map, before one zooms in

/** Search by file name (where the images have files), and the size of the images (where they are drawn). */
export function finder(view) {
  const { strings: s } = view;
  const search = el("input", { type: "search", placeholder: s.find, "aria-label": s.find, title: s.find_help });
  search.oninput = () => view.choice.select(found(view.probe, search.value));
  search.onkeydown = (event) => event.stopPropagation(); // the map's own keys are no letters here
  const size = el("input", { type: "range", min: 12, max: 96, step: 2, value: SIDE, "aria-label": s.size });
  size.oninput = () => {
    view.side = Number(size.value);
    view.redraw("points");
  };
  const find = el("label", {}, search);
  const sized = el("label", {}, el("span", {}, s.size), size);
  const node = el("div", { class: "bar finder" }, find, sized);
  return {
    node,
    sync() {
      find.hidden = !named(view.probe);
      sized.hidden = !view.shows.pictures;
      node.hidden = find.hidden && sized.hidden;
    },
  };
}

/** Whether every image has the name of a file. */
export const named = (probe) => probe?.n > 0 && probe.names?.length === probe.n;

/** Indices of the images whose file's name holds `text`, whatever its case; none for no text. */
export function found(probe, text) {
  const wanted = text.normalize("NFC").trim().toLowerCase();
  if (!wanted || !named(probe)) return [];
  return [...probe.names.keys()].filter((i) => probe.names[i].toLowerCase().includes(wanted));
}

/** CSV of the images at `indices`, in their order: place, number, file, class, every factor. */
export function listOf(probe, indices) {
  const factors = Object.entries(probe.factors);
  const files = named(probe);
  const head = ["place", "image", ...(files ? ["file"] : []), ...(probe.class_names.length ? ["class"] : []), ...factors.map(([name]) => name)];
  const rows = indices.map((index, place) => [
    place + 1,
    index,
    ...(files ? [probe.names[index]] : []),
    ...(probe.class_names.length ? [probe.class_names[probe.labels[index]] ?? ""] : []),
    ...factors.map(([, { kind, names, values }]) => (kind === "categorical" ? names[values[index]] ?? "" : values[index])),
  ]);
  return [head, ...rows].map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";
}

/** A text that a spreadsheet takes for a formula gets an apostrophe before it. */
function cell(value) {
  const text = typeof value === "string" && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value ?? "");
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Saves the chosen images as a file that spreadsheets open. */
export function saveList(view) {
  const { data, feed, probe, choice } = view;
  const name = [data.run, feed.shown, feed.settings.space, "images.csv"].filter((part) => part !== "" && part !== null).join("-");
  const href = URL.createObjectURL(new Blob(["\ufeff", listOf(probe, choice.selected)], { type: "text/csv" }));
  el("a", { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), 1000);
}
