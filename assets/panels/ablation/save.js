// A drawn SVG as a file.

import { el } from "../../kit/dom.js";

/** Saves `node` as `file`.svg or .png on a `background`, so that it can be read on any page. */
export function saveSvg(node, kind, file, background) {
  const { width, height } = node.viewBox.baseVal;
  const copy = node.cloneNode(true);
  Object.entries({ xmlns: "http://www.w3.org/2000/svg", width, height }).forEach(([name, value]) => copy.setAttribute(name, value));
  copy.style.background = background;
  const address = URL.createObjectURL(new Blob([new XMLSerializer().serializeToString(copy)], { type: "image/svg+xml" }));
  if (kind === "svg") return download(address, `${file}.svg`);
  const image = new Image();
  image.onload = () => {
    const canvas = el("canvas", { width: 2 * width, height: 2 * height });
    canvas.getContext("2d").drawImage(image, 0, 0, 2 * width, 2 * height);
    canvas.toBlob((blob) => download(URL.createObjectURL(blob), `${file}.png`));
    URL.revokeObjectURL(address);
  };
  image.src = address;
}

function download(href, name) {
  el("a", { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), 1000);
}
