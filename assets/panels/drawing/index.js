// Pictures and tiles of images that the page has written as HTML.

import { el } from "../../kit/dom.js";
import { paint } from "../../kit/theme.js";

/** Draws `data.now.html`; `calls.keep("picked", n)` tells the `data-pick` button pressed last. */
export default function (element, _feed, data, calls) {
  const place = el("div", { class: "sv-drawing" });
  element.append(place);
  place.onclick = (event) => {
    const button = event.target.closest("[data-pick]");
    if (button) calls.keep("picked", Number(button.dataset.pick));
  };
  return {
    take({ html }) {
      if (place.dataset.shown !== html) place.innerHTML = place.dataset.shown = html;
    },
    restyle: () => paint(place, data),
    close: () => place.remove(),
  };
}
