// Elements, and pictures cut from an atlas.

/** A new element: el("button", {class: "x", title: "y", onclick: fn}, "text", child, ...). */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node[name] = value;
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/** Puts `text` into `node`; the same again touches nothing, so that the page is not laid out anew. */
export function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** `buttons` of role radio as one stop of the Tab key: arrows go through them, and choose. */
export function radioKeys(buttons) {
  const rove = () => buttons.forEach((b) => (b.tabIndex = b.getAttribute("aria-checked") === "true" ? 0 : -1));
  buttons.forEach((button, i) => {
    button.tabIndex = i ? -1 : 0;
    button.addEventListener("focus", rove);
    button.addEventListener("click", rove);
    button.addEventListener("keydown", (event) => {
      const by = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
      if (!by) return;
      event.preventDefault();
      const next = buttons[(i + by + buttons.length) % buttons.length];
      next.click();
      next.focus();
    });
  });
  return buttons;
}

/** An SVG element: svg("path", {d: ...}, child, ...). */
export function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

/** A canvas of `size` CSS pixels showing tile `index` of an atlas (`tile` px, `columns` a row). */
export function tileCanvas(atlas, { tile, columns }, index, size) {
  const node = el("canvas", { width: 2 * size, height: 2 * size });
  node.style.cssText = `width:${size}px;height:${size}px;border-radius:4px;display:block`;
  drawTile(node.getContext("2d"), atlas, { tile, columns }, index, 0, 0, 2 * size);
  return node;
}

/** Draws tile `index` of an atlas with its corner at (x, y) and side `size`. */
export function drawTile(context, atlas, { tile, columns }, index, x, y, size) {
  if (!atlas || index < 0) return;
  const [column, row] = [index % columns, Math.floor(index / columns)];
  context.imageSmoothingEnabled = size < tile;
  context.drawImage(atlas, column * tile, row * tile, tile, tile, x, y, size, size);
}
