// What all panels share: frame, heading, help, and the wiring to feed, size and theme.

/** An SVG element: svg("path", {d: ...}, child, ...). */
function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

/** A tip in the browser's top layer, so that no panel clips it: at(rect, ...children), hide(). */
function floatingTip(frame) {
  let tip = null;
  const hide = () => {
    tip?.remove();
    tip = null;
  };
  const at = (rect, ...children) => {
    if (!tip) {
      tip = el("div", { class: "tip", role: "tooltip", popover: "manual" });
      frame.append(tip);
      tip.showPopover();
    }
    tip.replaceChildren(...children);
    const own = tip.getBoundingClientRect();
    const below = rect.bottom + 8 + own.height < innerHeight;
    tip.style.top = `${below ? rect.bottom + 8 : Math.max(4, rect.top - own.height - 8)}px`;
    tip.style.left = `${Math.max(4, Math.min(rect.left, innerWidth - own.width - 8))}px`;
  };
  return { at, hide };
}

/** Shows help beside `target` while the pointer or the keyboard is on it; Escape closes it.
 *  `text` is a string or a function that gives one. */
function helpOn(frame, target, text) {
  const tip = floatingTip(frame);
  const say = () => (typeof text === "function" ? text() : text);
  const show = () => {
    target.setAttribute("aria-description", say());
    tip.at(target.getBoundingClientRect(), say());
  };
  target.setAttribute("aria-description", say());
  target.addEventListener("pointerenter", show);
  target.addEventListener("focus", show);
  target.addEventListener("pointerleave", tip.hide);
  target.addEventListener("blur", tip.hide);
  target.addEventListener("keydown", (event) => event.key === "Escape" && tip.hide());
}

/** The heading of a panel: title, "?" with help, and a note at the right (step or value). */
function heading(frame, strings) {
  const mark = el("button", { class: "help", type: "button", "aria-label": strings.about }, "?");
  helpOn(frame, mark, strings.help);
  const note = el("span", { class: "note" });
  const small = strings.subtitle ? el("span", { class: "small" }, strings.subtitle) : null;
  frame.append(el("div", { class: "head" }, el("h3", {}, strings.title), mark, small, note));
  return note;
}

const PANELS = new WeakMap(); // parent element -> open panel

/**
 * Mounts a panel. `build(frame, data, feed)` fills the frame and returns {draw, close?}; `draw` runs
 * after every change of feed, size or theme, at most once per displayed frame. Streamlit calls a
 * component again on reruns: the same data keeps the panel as it is, other data builds it anew.
 */
function mountPanel({ data, parentElement }, name, build) {
  const said = JSON.stringify(data);
  let panel = PANELS.get(parentElement);
  if (panel?.said !== said) {
    panel?.close();
    panel = openPanel(parentElement, name, data, build);
    panel.said = said;
    PANELS.set(parentElement, panel);
  }
  clearTimeout(panel.leaving);
  return () => {
    panel.leaving = setTimeout(() => {
      panel.close();
      if (PANELS.get(parentElement) === panel) PANELS.delete(parentElement);
    }, 300);
  };
}

function openPanel(parent, name, data, build) {
  const size = data.height ? `height:var(--panel-height, ${data.height}px)` : "";
  const frame = el("section", { class: `panel ${name}`, style: size });
  parent.append(frame);
  const feed = sslvizFeed(data.run);
  let look = "";
  let pending = 0;
  const paint = () => {
    const { text, background, dark } = theme(frame);
    frame.dataset.theme = dark ? "dark" : "light";
    const now = text + background;
    const changed = now !== look;
    look = now;
    return changed;
  };
  const ask = () => {
    pending ||= requestAnimationFrame(() => {
      pending = 0;
      built.draw();
    });
  };
  paint();
  const built = build(frame, data, feed);
  const sized = new ResizeObserver(ask);
  sized.observe(frame);
  const themed = setInterval(() => paint() && ask(), 1000);
  const leave = feed.subscribe(ask);
  ask();
  const close = () => {
    cancelAnimationFrame(pending);
    clearInterval(themed);
    sized.disconnect();
    leave();
    built.close?.();
    frame.remove();
  };
  return { close };
}

/** Whether the method's own task has the place of this panel now; it hides the panel then. */
function givesWay(frame, feed) {
  const away = feed.settings.pairs === "task";
  frame.style.visibility = away ? "hidden" : "";
  return away;
}

/** A function for `draw`: gives the probe's facts to `use` once the run has them. */
function probeFacts(feed, use) {
  let asked = false;
  return () => {
    if (asked || !feed.snapshots.length) return;
    asked = true;
    feed.probe().then(use, () => (asked = false));
  };
}

/** The newest snapshot row at or before the shown step, and step 0's (random initialisation). */
function snapshotRows(feed) {
  const rows = feed.rows.filter((row) => row.snapshot);
  const row = rows.findLast((known) => known.step <= (feed.shown ?? Infinity)) ?? null;
  return { row, start: rows[0]?.step === 0 ? rows[0] : null };
}

/** `value` with `digits` decimals and a true minus sign; a dash where there is none. */
function decimals(value, digits = 2) {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  const text = value.toFixed(digits);
  return Number(text) === 0 ? text.replace("-", "") : text.replace("-", "−");
}
