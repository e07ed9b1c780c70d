// The toolbar above the picture.

import { el, svg } from "../../kit/dom.js";
import { addressOf } from "./link.js";
import { explain } from "./words.js";

const LINK = "M6.5 9.5l3-3M7 4.5l1.6-1.6a2.8 2.8 0 0 1 4 4L11 8.5M5 7.5L3.4 9.1a2.8 2.8 0 0 0 4 4L9 11.5";

/** Space, layout, colour, names, pictures, help. `sync()` shows the view's settings. */
export function toolbar(view) {
  const { strings: s, feed } = view;
  const spaces = ["h", "z"].map((space) =>
    el(
      "button",
      { class: "segment", type: "button", title: s[`${space}_help`], onclick: () => feed.set({ space }) },
      el("i", {}, space),
      el("span", { class: "wide" }, ` ${s[space]}`),
    ),
  );
  const layout = el("select", { "aria-label": s.layout, title: s.layout });
  layout.onchange = () => view.setLayout(layout.value);
  const colour = el("select", { "aria-label": s.colour });
  colour.onchange = () => feed.set({ colour: colour.value, kept: null });
  const toggle = (name) => {
    const flip = () => feed.set({ shows: { ...view.shows, [name]: !view.shows[name] } });
    const title = s[`${name}_help`];
    const extra = name === "lasso" ? " extra" : "";
    return el("button", { class: `chip${extra}`, type: "button", title, onclick: flip }, s[name]);
  };
  const chips = { names: toggle("names"), pictures: toggle("pictures"), lasso: toggle("lasso") };
  const help = el("button", { class: "round extra", type: "button", "aria-label": s.help }, "?");
  const open = () => explain(view, help);
  Object.assign(help, { onmouseenter: open, onfocus: open });
  Object.assign(help, { onmouseleave: () => view.tip.hide(), onblur: () => view.tip.hide() });
  const node = el(
    "div",
    { class: "bar" },
    el("div", { class: "segments", role: "group", "aria-label": s.space }, ...spaces),
    layout,
    el("label", {}, el("span", { class: "wide" }, s.colour), colour),
    ...Object.values(chips),
    linkButton(view),
    help,
  );
  return {
    node,
    sync() {
      spaces.forEach((b, i) => b.setAttribute("aria-pressed", feed.settings.space === "hz"[i]));
      for (const [name, chip] of Object.entries(chips)) {
        chip.setAttribute("aria-pressed", view.shows[name]);
      }
      const shapes = view.layouts();
      fillSelect(layout, shapes.map((shape) => [shape, s[`layout_${shape}`]]), view.layout);
      const choices = view.probe ? Object.keys(view.probe.factors) : [];
      if (view.probe?.class_names.length) choices.unshift("class");
      const named = choices.map((name) => [name, name === "class" ? s.class : view.say(name)]);
      fillSelect(colour, named, feed.settings.colour);
    },
  };
}

/** Copies the address of the view as it is; where the browser lets nobody copy, the address bar gets it. */
function linkButton(view) {
  const { strings: s } = view;
  const path = svg("path", { d: LINK });
  const node = el("button", { class: "round link extra", type: "button", title: s.link, "aria-label": s.link }, svg("svg", { viewBox: "0 0 16 16" }, path));
  node.onclick = async () => {
    const address = addressOf(view);
    const copied = await navigator.clipboard?.writeText(address).then(() => true, () => false);
    if (!copied) history.replaceState(history.state, "", address);
    view.tip.at(node.getBoundingClientRect(), copied ? s.copied : s.in_address);
  };
  node.onpointerleave = () => view.tip.hide();
  return node;
}

/** Gives a select these [value, text] options, only when they have changed. */
function fillSelect(select, options, chosen) {
  const known = JSON.stringify(options);
  if (select.dataset.known !== known) {
    select.dataset.known = known;
    select.replaceChildren(...options.map(([value, text]) => el("option", { value }, text)));
  }
  if (select.value !== chosen) select.value = chosen;
}
