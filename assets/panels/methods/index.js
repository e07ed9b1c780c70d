// Tree, table, diagram, and the formula beside the source: pointing at one lights up the other.
export default function ({ data, parentElement, setTriggerValue }) {
  const place = parentElement.querySelector(".sv-methods");
  if (place.dataset.shown !== data.html) {
    const focused = parentElement.activeElement?.dataset?.method;
    place.innerHTML = place.dataset.shown = data.html;
    if (focused) place.querySelector(`[data-method="${CSS.escape(focused)}"]`)?.focus();
    scrollToCode(place);
    fit(place);
  }
  place.onclick = (event) => {
    const link = event.target.closest("[data-method]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    setTriggerValue("method", link.dataset.method);
  };
  const focused = () => termsAt(parentElement.activeElement);
  place.onmouseover = (event) => {
    const pointed = termsAt(event.target);
    light(place, pointed.length ? pointed : focused(), false);
  };
  place.onmouseleave = () => light(place, focused(), false);
  if (!place.listening) {
    place.listening = true;
    place.addEventListener("focusin", (event) => light(place, termsAt(event.target), true));
    place.addEventListener("focusout", () => light(place, [], false));
    window.addEventListener("resize", () => fit(place));
  }
  place.onkeydown = (event) => { if (event.key === "Escape") light(place, [], false); };
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
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  source.scrollTo({ top: target, behavior: calm ? "auto" : "smooth" });
}

function scrollToCode(place) {
  const source = place.querySelector(".source");
  const first = source?.querySelector("[data-start]");
  if (first) source.scrollTop = first.offsetTop - 8;
}
