// The one tooltip: words or pictures in the browser's top layer, so that no panel clips them.

import { el } from "./dom.js";

const AIR = 4; // pixels between a tip and the window's edge
const GAP = 8; // pixels between a tip and what it explains
const LONG = 400; // letters from which on a tip is wider, so that it is not higher than the window
const BESIDE = 18; // pixels between a tip and the point it stands beside

/**
 * A tip of `frame`: `at(rect, ...children)` shows it below a DOMRect, or above, right or left of it,
 * where there is room, and returns it,
 * `beside(x, y, ...children)` right of a point of the window (left of it at the edge), `hide()`.
 */
export function tooltip(frame) {
  let tip = null;
  const hide = () => {
    tip?.remove();
    tip = null;
  };
  const open = (children) => {
    if (!tip) {
      tip = el("div", { class: "tip", role: "tooltip", popover: "manual" });
      frame.append(tip);
      tip.showPopover();
    }
    tip.replaceChildren(...children);
    tip.classList.toggle("long", tip.textContent.length > LONG);
    return tip.getBoundingClientRect();
  };
  const put = ({ width, height }, left, top) => {
    tip.style.left = `${Math.max(AIR, Math.min(left, innerWidth - width - 2 * AIR))}px`;
    tip.style.top = `${Math.max(AIR, Math.min(top, innerHeight - height - AIR))}px`;
  };
  return {
    hide,
    at(rect, ...children) {
      const own = open(children);
      put(own, ...clear(rect, own));
      return tip;
    },
    beside(x, y, ...children) {
      const own = open(children);
      const right = x + BESIDE + own.width < innerWidth;
      put(own, right ? x + BESIDE : x - BESIDE - own.width, y - own.height / 2);
      return tip;
    },
  };
}

/** [left, top] at which a tip of this size covers nothing of `rect`, as long as there is such a place. */
function clear(rect, { width, height }) {
  if (rect.bottom + GAP + height < innerHeight - AIR) return [rect.left, rect.bottom + GAP];
  if (rect.top - GAP - height > AIR) return [rect.left, rect.top - GAP - height];
  const middle = rect.top + rect.height / 2 - height / 2;
  if (rect.right + GAP + width < innerWidth - 2 * AIR) return [rect.right + GAP, middle];
  return [rect.left - GAP - width, middle];
}

const PATIENCE = 160; // milliseconds in which the pointer may pass from what is explained to its tip

/** Shows help beside `target` while the pointer or the keyboard is on it, or the pointer on the tip;
 *  Escape closes it. `text` is a string or a function that gives one. */
export function helpOn(frame, target, text) {
  const tip = tooltip(frame);
  let leaving = null;
  const say = () => (typeof text === "function" ? text() : text);
  const show = () => {
    clearTimeout(leaving);
    target.setAttribute("aria-description", say());
    const node = tip.at(target.getBoundingClientRect(), say());
    Object.assign(node, { onpointerenter: () => clearTimeout(leaving), onpointerleave: leave });
  };
  const leave = () => {
    leaving = setTimeout(tip.hide, PATIENCE);
  };
  target.setAttribute("aria-description", say());
  target.addEventListener("pointerenter", show);
  target.addEventListener("focus", show);
  target.addEventListener("pointerleave", leave);
  target.addEventListener("blur", tip.hide);
  target.addEventListener("keydown", (event) => event.key === "Escape" && tip.hide());
}
