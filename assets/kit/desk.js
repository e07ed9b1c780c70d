// What a speaker has on any page: keys, a dot to point with, a blank screen, the full screen.

import { el } from "./dom.js";

const OF_SLIDERS = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"];
const OF_BUTTONS = [" ", "Enter"];
const PRESSED = ["button", "submit", "checkbox", "radio"];
const TOP = 2147483000; // above whatever a page has

/** Whether `key` belongs to the field or button that has the focus, and is no sign to the page. */
export function belongs(node, key) {
  if (node.isContentEditable || ["TEXTAREA", "SELECT"].includes(node.tagName)) return true;
  if (["BUTTON", "A", "SUMMARY"].includes(node.tagName)) return OF_BUTTONS.includes(key);
  if (node.tagName !== "INPUT") return false;
  if (node.type === "range") return OF_SLIDERS.includes(key);
  return PRESSED.includes(node.type) ? OF_BUTTONS.includes(key) : true;
}

/** The name under which `acts` knows a key: letters in lower case. */
export const nameOf = (key) => (key.length === 1 ? key.toLowerCase() : key);

/** Does `acts[name]` when its key is pressed and `on()`; no other listener hears that key then.
 *  Returns the function that ends it. */
export function listen(acts, on = () => true) {
  const heard = (event) => {
    if (!event.isTrusted || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.shiftKey && event.key.length > 1) return; // shift and an arrow move a map
    const act = acts[nameOf(event.key)];
    if (!act || belongs(event.composedPath()[0], event.key) || !on(event)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    act();
  };
  addEventListener("keydown", heard, true);
  return () => removeEventListener("keydown", heard, true);
}

/** Sends a key to the map in `host`, an element whose panel stands in a shadow root. */
export function toMap(host, key) {
  const canvas = host?.shadowRoot?.querySelector("canvas.overlay");
  canvas?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
}

/** Shows or hides the class names on the map in `host`: the first switch of its bar. */
export const switchNames = (host) => host?.shadowRoot?.querySelector(".embedding .chip")?.click();

/** Turns the dot that follows the pointer on or off. */
export function laser() {
  const old = document.querySelector(".laser");
  if (old) return old.remove();
  const dot = over("laser", "left:-9px;top:-9px;width:18px;height:18px;border-radius:50%;background:#ff2d2d;box-shadow:0 0 14px 4px rgb(255 45 45 / 60%);pointer-events:none");
  const follow = (event) => {
    if (!dot.isConnected) return removeEventListener("pointermove", follow, true);
    dot.style.translate = `${event.clientX}px ${event.clientY}px`;
  };
  addEventListener("pointermove", follow, true);
}

/** Turns the screen black, or shows it again. */
export function blank() {
  const old = document.querySelector(".blank");
  if (old) old.remove();
  else over("blank", "inset:0;background:#000");
}

/** Takes away what this file has put over the page. */
export function clear() {
  for (const node of document.querySelectorAll(".laser, .blank")) node.remove();
}

function over(name, style) {
  const node = el("div", { class: name, "aria-hidden": "true", style: `position:fixed;z-index:${TOP};${style}` });
  document.body.append(node);
  return node;
}

/** Fills the screen, or gives it back. A browser that does not want to keeps its window. */
export function whole(wanted = !document.fullscreenElement) {
  if (!wanted && document.fullscreenElement) document.exitFullscreen();
  else if (wanted) document.documentElement.requestFullscreen?.().catch(() => null);
}
