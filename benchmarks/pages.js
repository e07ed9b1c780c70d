// [what, where] of what is wrong in what can be seen now; `least` pixels a letter must have.
(least) => {
  const within = (root) => [...root.querySelectorAll("*")].flatMap((node) =>
    [node, ...(node.shadowRoot ? within(node.shadowRoot) : [])]);
  const own = (node) => [...node.childNodes].filter((n) => n.nodeType === 3).map((n) => n.textContent).join(" ").replace(/[\u200b\s]+/g, " ").trim();
  const called = (node) => {
    const up = (n) => n.closest?.("[class*=st-key-]") ?? (n.getRootNode().host ? up(n.getRootNode().host) : null);
    const key = [...(up(node)?.classList ?? [])].find((name) => name.startsWith("st-key-")) ?? "";
    const name = node.tagName.toLowerCase() + (node.classList[0] ? "." + node.classList[0] : "");
    return `${key} ${name} ${(node.getAttribute("aria-label") || own(node) || node.textContent).trim().slice(0, 40)}`;
  };
  const nodes = within(document.body).filter((node) => node.checkVisibility({ opacityProperty: true, visibilityProperty: true }));
  const box = (node) => node.getBoundingClientRect();
  const seen = ({ left, right, top, bottom, width, height }) => width > 1 && height > 1 && right > 0 && left < innerWidth && bottom > 0 && top < innerHeight;
  const found = [];
  for (const node of [document.documentElement, document.querySelector("[data-testid=stMain]")])
    if (node && node.scrollWidth > node.clientWidth + 1) found.push(["sideways", `${node.scrollWidth} in ${node.clientWidth}`]);
  for (const node of nodes) {
    const style = getComputedStyle(node);
    if (!own(node) || !seen(box(node)) || node.closest("[data-testid=stIconMaterial]") || style.clipPath.startsWith("inset(50")) continue;
    const scale = node.getScreenCTM ? Math.hypot(node.getScreenCTM().a, node.getScreenCTM().b) : 1;
    const size = parseFloat(style.fontSize) * scale;
    if (size < least - 0.05) found.push(["small", `${size.toFixed(1)} px: ${called(node)}`]);
    const cut = style.overflowX !== "visible" && style.overflowX !== "auto" && style.textOverflow !== "ellipsis" && node.scrollWidth > node.clientWidth + 2;
    if (cut && node.tagName !== "OPTION") found.push(["cut", called(node)]);
    if (style.textOverflow === "ellipsis" && node.scrollWidth > node.clientWidth + 2 && node.clientWidth < 40) found.push(["cut to nothing", called(node)]);
  }
  const at = (x, y, root = document) => {
    const node = root.elementFromPoint(x, y);
    return node?.shadowRoot ? at(x, y, node.shadowRoot) ?? node : node;
  };
  const stays = (node) => {
    for (let n = node; n; n = n.parentNode ?? n.host) if (n.nodeType === 1 && (n.dataset.testid === "stHeader" || ["fixed", "sticky"].includes(getComputedStyle(n).position))) return true;
    return false;
  };
  const around = (a, b) => { for (let n = a; n; n = n.parentNode ?? n.host) if (n === b) return true; return false; };
  for (const node of nodes) {
    if (!node.matches("button, a[href], select, input:not([type=file]), [role=slider]") || node.disabled) continue;
    const { left, right, top, bottom } = box(node);
    if (!seen(box(node)) || getComputedStyle(node).opacity === "0" || right - left < 5) continue;
    const [x, y] = [(left + right) / 2, (top + bottom) / 2];
    if (x < 0 || x > innerWidth || y < 0 || y > innerHeight) continue;
    const top_ = at(x, y);
    const label = node.closest("label");
    if (top_ && stays(top_) && !stays(node)) continue; // it can be scrolled out from under that
    if (top_ && !around(top_, node) && !around(node, top_) && !(label && around(top_, label))) found.push(["covered", `${called(node)} by ${called(top_)}`]);
  }
  return found;
}
