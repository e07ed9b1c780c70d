// Tree, table, diagram, and the formula beside the source: pointing at one lights up the other.

import { el } from "../../kit/dom.js";
import { reducedMotion } from "../../kit/theme.js";

/** Draws `data.now.html`; `calls.trigger("method", name)` chooses the method of a link with
 *  `data-method`. */
export default function (element, _feed, _data, calls) {
  const place = el("div", { class: "sv-methods" });
  const root = element.getRootNode();
  const resized = () => fit(place);
  element.append(place);
  listen(place, root, calls);
  window.addEventListener("resize", resized);
  return {
    take: ({ html }) => draw(place, root, html),
    close() {
      window.removeEventListener("resize", resized);
      place.remove();
    },
  };
}

function draw(place, root, html) {
  if (place.dataset.shown === html) return;
  const focused = root.activeElement?.dataset?.method;
  place.innerHTML = place.dataset.shown = html;
  if (focused) place.querySelector(`[data-method="${CSS.escape(focused)}"]`)?.focus();
  scrollToCode(place);
  fit(place);
}

function listen(place, root, calls) {
  place.onclick = (event) => {
    const link = event.target.closest("[data-method]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    calls.trigger("method", link.dataset.method);
  };
  const focused = () => termsAt(root.activeElement);
  place.onmouseover = (event) => {
    const pointed = termsAt(event.target);
    light(place, pointed.length ? pointed : focused(), false);
  };
  place.onmouseleave = () => light(place, focused(), false);
  place.addEventListener("focusin", (event) => light(place, termsAt(event.target), true));
  place.addEventListener("focusout", () => light(place, [], false));
  place.addEventListener("keydown", (event) => event.key === "Escape" && light(place, [], false));
}

// A formula that is wider than its place is written smaller.
function fit(place) {
  for (const math of place.querySelectorAll('.anatomy math[display="block"]')) {
    math.style.fontSize = "";
    const room = math.clientWidth - 10, need = math.scrollWidth;
    if (need > room + 10) {
      const size = parseFloat(getComputedStyle(math).fontSize);
      math.style.fontSize = `${Math.max(11, (size * room) / need)}px`;
    }
  }
}

// The numbers of the terms an element belongs to: the innermost term, or all terms of a code line.
function termsAt(element) {
  const term = element?.closest?.("[data-term]");
  if (term) return [term.dataset.term];
  const line = element?.closest?.("[data-terms]");
  return line ? line.dataset.terms.split(" ") : [];
}

function light(place, terms, scroll) {
  const anatomy = place.querySelector(".anatomy");
  if (!anatomy) return;
  const fromCode = anatomy.querySelector(".source:hover") !== null;
  anatomy.classList.toggle("pointing", terms.length > 0);
  for (const term of anatomy.querySelectorAll("[data-term]"))
    term.classList.toggle("lit", terms.includes(term.dataset.term));
  const lit = [];
  for (const line of anatomy.querySelectorAll("[data-terms]")) {
    const on = line.dataset.terms.split(" ").some((term) => terms.includes(term));
    line.classList.toggle("lit", on);
    if (on) lit.push(line);
  }
  if (lit.length && (scroll || !fromCode)) show(anatomy.querySelector(".source"), lit);
}

// Scrolls the source, and only the source, so that the lit lines stand in it.
function show(source, lines) {
  const top = lines[0].offsetTop, bottom = lines.at(-1).offsetTop + lines.at(-1).offsetHeight;
  if (top >= source.scrollTop && bottom <= source.scrollTop + source.clientHeight) return;
  const fits = bottom - top < source.clientHeight - 40;
  const target = fits ? (top + bottom - source.clientHeight) / 2 : top - 40;
  source.scrollTo({ top: target, behavior: reducedMotion() ? "auto" : "smooth" });
}

function scrollToCode(place) {
  const source = place.querySelector(".source");
  const first = source?.querySelector("[data-start]");
  if (first) source.scrollTop = first.offsetTop - 8;
}
