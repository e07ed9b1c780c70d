// A view as a link: run, step, space, layout, colour, and the images chosen. The page's own address
// with these in its query; opening it shows the same again.

const MOST_CHOSEN = 400; // images a link names
const NAMES = { clock: "clock", step: "step", space: "space", layout: "layout", colour: "colour", chosen: "chosen" };

/** The address at which `view` looks as it does now. */
export function addressOf(view, here = location.href) {
  const { feed, layout, choice } = view;
  const address = new URL(here);
  const set = (name, value) => (value === null ? address.searchParams.delete(name) : address.searchParams.set(name, value));
  if (view.data.run) set("run", view.data.run);
  set(NAMES.clock, feed.unit ?? null); // of several runs: what their steps count
  set(NAMES.step, feed.live && feed.status?.live ? null : feed.shown);
  set(NAMES.space, feed.settings.space);
  set(NAMES.layout, layout);
  set(NAMES.colour, feed.settings.colour);
  const chosen = choice.selected && choice.selected.length <= MOST_CHOSEN ? rangesOf(choice.selected) : null;
  set(NAMES.chosen, chosen);
  return address.href;
}

/** What an address asks for: {clock, step, space, layout, colour, chosen}, without what it does not name or
 *  names wrongly. */
export function askedBy(search) {
  const query = new URLSearchParams(search);
  const asked = {};
  if (/^[a-z]{1,20}$/.test(query.get(NAMES.clock) ?? "")) asked.clock = query.get(NAMES.clock);
  if (/^\d{1,9}$/.test(query.get(NAMES.step) ?? "")) asked.step = Number(query.get(NAMES.step));
  if (["h", "z"].includes(query.get(NAMES.space))) asked.space = query.get(NAMES.space);
  if (/^\w{1,20}$/.test(query.get(NAMES.layout) ?? "")) asked.layout = query.get(NAMES.layout);
  if (/^[\w ]{1,60}$/.test(query.get(NAMES.colour) ?? "")) asked.colour = query.get(NAMES.colour);
  const chosen = indicesOf(query.get(NAMES.chosen) ?? "");
  if (chosen.length) asked.chosen = chosen;
  return asked;
}

/** [1, 2, 3, 7] -> "1-3,7" */
export function rangesOf(indices) {
  const parts = [];
  for (const index of [...indices].sort((a, b) => a - b)) {
    const last = parts.at(-1);
    if (last && index === last[1] + 1) last[1] = index;
    else parts.push([index, index]);
  }
  return parts.map(([low, high]) => (low === high ? `${low}` : `${low}-${high}`)).join(",");
}

/** "1-3,7" -> [1, 2, 3, 7]; at most MOST_CHOSEN, and nothing for what is written otherwise. */
export function indicesOf(text) {
  if (!/^\d{1,6}(-\d{1,6})?(,\d{1,6}(-\d{1,6})?)*$/.test(text)) return [];
  const found = [];
  for (const part of text.split(",")) {
    const [low, high = low] = part.split("-").map(Number);
    for (let index = low; index <= high && found.length < MOST_CHOSEN; index++) found.push(index);
  }
  return found;
}
