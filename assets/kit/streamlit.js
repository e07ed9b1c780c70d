// The only file that knows Streamlit: it opens a panel in a component's place and keeps it there over
// reruns of the page.

import { runFeed } from "../feed/feed.js";

const LEAVING = 300; // milliseconds in which a component that was taken away may come back
const LEAVE = "sslviz-leave";
const OPEN = new WeakMap(); // place -> the panel in it

/**
 * Shows `panel(element, feed, data, calls)` in a component. The same data keeps it as it is, other
 * data builds it anew; what may change without that stands in `data.now` and goes to its `take`.
 * Returns what Streamlit calls when the component goes.
 */
export function mounted(component, panel) {
  const { parentElement: place } = component;
  const { now, ...data } = component.data;
  const said = JSON.stringify(data);
  let open = OPEN.get(place);
  if (open?.said !== said || open.made !== panel) {
    place.dispatchEvent(new Event(LEAVE)); // reaches also panels of an older version of the app
    open = opened(place, panel, data, component);
    OPEN.set(place, Object.assign(open, { said, made: panel }));
  }
  open.component = component;
  open.turn += 1;
  open.shown.take?.(now);
  open.shown.restyle?.();
  const { turn } = open;
  return () => setTimeout(() => open.turn === turn && open.leave(), LEAVING);
}

function opened(place, panel, data, component) {
  const open = { component, turn: 0 };
  const calls = {
    trigger: (name, value) => open.component.setTriggerValue(name, value),
    keep: (name, value) => open.component.setStateValue(name, value),
  };
  open.shown = panel(place, data.run ? runFeed(data.run) : null, data, calls);
  open.leave = () => {
    place.removeEventListener(LEAVE, open.leave);
    open.shown.close();
    if (OPEN.get(place) === open) OPEN.delete(place);
  };
  place.addEventListener(LEAVE, open.leave);
  return open;
}
