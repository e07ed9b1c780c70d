// What stands over the picture: the legend of its colours, the strip of selected images.

import { css } from "../../kit/colours.js";
import { el, tileCanvas } from "../../kit/dom.js";
import { markerPath } from "../../kit/markers.js";
import { fill, formatNumber } from "../../kit/words.js";
import { saveList } from "./finder.js";

/** The classes as buttons that isolate or toggle, or the scale of a continuous colouring. */
export function legend(view) {
  const node = el("div", { class: "legend" });
  const { strings: s } = view;
  function buttons() {
    const { colours } = view;
    return colours.names.map((name, bin) => {
      const swatch = el("canvas", { width: 36, height: 36 });
      const context = swatch.getContext("2d");
      markerPath(context, colours.markers[bin], 18, 18, 12);
      context.fillStyle = css(colours.colours[bin]);
      context.fill();
      const click = (event) => view.choice.filter(bin, event.shiftKey || event.ctrlKey || event.metaKey);
      return el(
        "button",
        { type: "button", title: s.legend_help, onclick: click, "data-bin": bin },
        swatch,
        el("span", {}, view.say(name)),
      );
    });
  }
  return {
    node,
    rebuild() {
      const { colours } = view;
      const few = colours.kind === "class" && colours.names.length <= 40;
      node.dataset.kind = colours.kind;
      if (few) node.replaceChildren(...buttons());
      else if (colours.names.length) node.replaceChildren();
      else node.replaceChildren(...scale(colours, view));
    },
    sync() {
      for (const button of node.querySelectorAll("button")) {
        const { kept } = view.choice;
        button.setAttribute("aria-pressed", kept === null || kept.has(+button.dataset.bin));
      }
    },
  };
}

/** A colour bar, or a colour wheel for a circular factor, under its name. */
function scale(colours, view) {
  const wheel = colours.kind !== "scale";
  const bar = el("canvas", { width: wheel ? 144 : 36, height: wheel ? 144 : 260 });
  const context = bar.getContext("2d");
  const n = colours.colours.length;
  colours.colours.forEach((colour, i) => {
    context.fillStyle = context.strokeStyle = css(colour);
    if (!wheel) context.fillRect(0, 260 * (1 - (i + 1) / n), 36, 260 / n + 1);
    else {
      context.lineWidth = 30;
      context.beginPath();
      context.arc(72, 72, 55, (2 * Math.PI * i) / n, (2 * Math.PI * (i + 1)) / n + 0.03);
      context.stroke();
    }
  });
  const ends = wheel ? [] : [el("div", { class: "ends" }, el("span", {}, "1"), el("span", {}, "0"))];
  const body = el("div", { class: wheel ? "wheel" : "ramp" }, bar, ...ends);
  return [el("b", {}, view.say(colours.title)), body];
}

/** The images inside the lasso, with how many there are of each class. */
export function selection(view) {
  const node = el("div", { class: "strip", hidden: "" });
  const { strings: s } = view;
  return {
    node,
    /** How many are selected, of which classes. */
    reading: () => [...node.querySelectorAll(".counts > *")].map((part) => part.textContent).join(", "),
    sync() {
      const chosen = view.choice.selected;
      node.hidden = !chosen;
      if (!chosen) return;
      const { colours, probe } = view;
      const counts = new Map();
      for (const i of chosen) counts.set(colours.bin[i], (counts.get(colours.bin[i]) ?? 0) + 1);
      const parts = [...counts].sort((a, b) => b[1] - a[1]).map(([bin, n]) => {
        const dot = el("i", { style: `background:${css(colours.colours[bin])}` });
        return el("span", { class: "count" }, dot, `${n} ${view.say(colours.names[bin])}`);
      });
      const close = el("button", { class: "round", type: "button", "aria-label": s.close }, "×");
      close.onclick = () => view.choice.select(null);
      const head = el("div", { class: "counts" }, el("b", {}, fill(s.selected, { n: formatNumber(chosen.length) })));
      if (colours.kind === "class") head.append(...parts.slice(0, 8));
      head.append(el("button", { type: "button", class: "save", title: s.save_help, onclick: () => saveList(view) }, s.save));
      const tiles = el("div", { class: "tiles" });
      for (const i of chosen.slice(0, 120)) {
        const tile = tileCanvas(view.atlas, probe, i, 34);
        tile.style.outline = `2px solid ${css(colours.colours[colours.bin[i]])}`;
        tile.onpointerenter = () => view.feed.setHover({ kind: "probe", index: i });
        tile.onpointerleave = () => view.feed.setHover(null);
        tile.title = s.nearest_help;
        tile.onclick = () => view.choice.select([i, ...view.neighboursOf(i)]);
        tiles.append(tile);
      }
      node.replaceChildren(head, close, tiles);
    },
  };
}
