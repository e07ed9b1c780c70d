// The buttons around the picture: toolbar, legend, scrubber, the strip of selected images.

const PLAY_PACE = 480; // milliseconds a snapshot
const ICONS = {
  play: "M3 1.5v13l11-6.5z",
  pause: "M3 1.5h3.6v13H3zM9.4 1.5H13v13H9.4z",
};

function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/** Space, layout, colour, names, pictures, help. `sync()` shows the view's settings. */
function toolbar(view) {
  const { strings: s, feed } = view;
  const spaces = ["h", "z"].map((space) =>
    el(
      "button",
      { class: "segment", type: "button", title: s[`${space}_help`], onclick: () => feed.set({ space }) },
      el("i", {}, space),
      el("span", { class: "wide" }, ` ${s[space]}`),
    ),
  );
  const layout = el("select", { "aria-label": s.layout, title: s.layout });
  layout.onchange = () => view.setLayout(layout.value);
  const colour = el("select", { "aria-label": s.colour });
  colour.onchange = () => feed.set({ colour: colour.value });
  const toggle = (name) => {
    const flip = () => {
      view.shows[name] = !view.shows[name];
      view.sync();
      view.redraw("points");
    };
    const title = s[`${name}_help`];
    return el("button", { class: "chip", type: "button", title, onclick: flip }, s[name]);
  };
  const chips = { names: toggle("names"), pictures: toggle("pictures"), lasso: toggle("lasso") };
  const help = el("button", { class: "round", type: "button", "aria-label": s.help }, "?");
  const open = () => explain(view, help);
  Object.assign(help, { onmouseenter: open, onfocus: open });
  Object.assign(help, { onmouseleave: () => view.tip.hide(), onblur: () => view.tip.hide() });
  const node = el(
    "div",
    { class: "bar" },
    el("div", { class: "segments", role: "group", "aria-label": s.space }, ...spaces),
    layout,
    el("label", {}, el("span", { class: "wide" }, s.colour), colour),
    ...Object.values(chips),
    help,
  );
  return {
    node,
    sync() {
      spaces.forEach((b, i) => b.setAttribute("aria-pressed", feed.settings.space === "hz"[i]));
      for (const [name, chip] of Object.entries(chips)) {
        chip.setAttribute("aria-pressed", view.shows[name]);
      }
      const shapes = view.layouts();
      fillSelect(layout, shapes.map((shape) => [shape, s[`layout_${shape}`]]), view.layout);
      const choices = view.probe ? Object.keys(view.probe.factors) : [];
      if (view.probe?.class_names.length) choices.unshift("class");
      const named = choices.map((name) => [name, name === "class" ? s.class : view.say(name)]);
      fillSelect(colour, named, feed.settings.colour);
    },
  };
}

/** Gives a select these [value, text] options, only when they have changed. */
function fillSelect(select, options, chosen) {
  const known = JSON.stringify(options);
  if (select.dataset.known !== known) {
    select.dataset.known = known;
    select.replaceChildren(...options.map(([value, text]) => el("option", { value }, text)));
  }
  if (select.value !== chosen) select.value = chosen;
}

/** The classes as buttons that isolate or toggle, or the scale of a continuous colouring. */
function legend(view) {
  const node = el("div", { class: "legend" });
  const { strings: s } = view;
  function buttons() {
    const { colours } = view;
    return colours.names.map((name, bin) => {
      const swatch = el("canvas", { width: 36, height: 36 });
      const context = swatch.getContext("2d");
      markerPath(context, colours.markers[bin], 18, 18, 12);
      context.fillStyle = css(colours.colours[bin]);
      context.fill();
      const click = (event) => view.choice.filter(bin, event.shiftKey || event.ctrlKey || event.metaKey);
      return el(
        "button",
        { type: "button", title: s.legend_help, onclick: click, "data-bin": bin },
        swatch,
        el("span", {}, view.say(name)),
      );
    });
  }
  return {
    node,
    rebuild() {
      const { colours } = view;
      const few = colours.kind === "class" && colours.names.length <= 40;
      node.dataset.kind = colours.kind;
      if (few) node.replaceChildren(...buttons());
      else if (colours.names.length) node.replaceChildren();
      else node.replaceChildren(...scale(colours, view));
    },
    sync() {
      for (const button of node.querySelectorAll("button")) {
        const { kept } = view.choice;
        button.setAttribute("aria-pressed", kept === null || kept.has(+button.dataset.bin));
      }
    },
  };
}

/** A colour bar, or a colour wheel for a circular factor, under its name. */
function scale(colours, view) {
  const wheel = colours.kind !== "scale";
  const bar = el("canvas", { width: wheel ? 144 : 36, height: wheel ? 144 : 260 });
  const context = bar.getContext("2d");
  const n = colours.colours.length;
  colours.colours.forEach((colour, i) => {
    context.fillStyle = context.strokeStyle = css(colour);
    if (!wheel) context.fillRect(0, 260 * (1 - (i + 1) / n), 36, 260 / n + 1);
    else {
      context.lineWidth = 30;
      context.beginPath();
      context.arc(72, 72, 55, (2 * Math.PI * i) / n, (2 * Math.PI * (i + 1)) / n + 0.03);
      context.stroke();
    }
  });
  const ends = wheel ? [] : [el("div", { class: "ends" }, el("span", {}, "1"), el("span", {}, "0"))];
  const body = el("div", { class: wheel ? "wheel" : "ramp" }, bar, ...ends);
  return [el("b", {}, view.say(colours.title)), body];
}

/** Play, slider over the snapshots, step, live. */
function scrubber(view) {
  const { strings: s, feed } = view;
  let timer = null;
  const play = el("button", { class: "round solid", type: "button", onclick: () => toggle() });
  const slider = el("input", { type: "range", min: 0, max: 0, step: 1, "aria-label": s.slider });
  const label = el("span", { class: "step" });
  const live = el("button", { class: "chip live", type: "button", title: s.live_help }, s.live);
  const node = el("div", { class: "bar scrubber" }, play, slider, label, live);
  slider.oninput = () => {
    const step = feed.snapshots[+slider.value];
    stop();
    view.pace = "scrub";
    feed.seek(step);
  };
  slider.onpointerdown = () => fetchAhead(feed);
  live.onclick = () => {
    stop();
    feed.seek(null);
  };
  function stop() {
    clearInterval(timer);
    timer = null;
    sync();
  }
  function toggle() {
    if (timer) return stop();
    if (!feed.snapshots.length) return;
    fetchAhead(feed);
    if (place() >= feed.snapshots.length - 1) feed.seek(feed.snapshots[0]);
    timer = setInterval(() => move(1, "play"), PLAY_PACE);
    sync();
  }
  function place() {
    return feed.snapshots.indexOf(feed.shown);
  }
  /** Goes `by` snapshots on; at the end of a run that is live, goes on live. */
  function move(by, pace = "scrub") {
    const last = feed.snapshots.length - 1;
    const next = Math.min(last, Math.max(0, place() + by));
    view.pace = pace;
    const over = pace === "play" && next === last;
    feed.seek(over && LIVE_STATES.includes(feed.status?.state) ? null : feed.snapshots[next]);
    if (over) stop();
  }
  function sync() {
    const [at, n] = [place(), feed.snapshots.length];
    play.replaceChildren(icon(timer ? "pause" : "play"));
    play.setAttribute("aria-label", timer ? s.pause : s.play);
    play.disabled = slider.disabled = n < 2;
    slider.max = Math.max(n - 1, 0);
    slider.value = Math.max(at, 0);
    slider.style.setProperty("--at", `${n > 1 ? (100 * Math.max(at, 0)) / (n - 1) : 0}%`);
    const steps = formatNumber(feed.config?.steps ?? feed.status?.steps);
    const text = fill(s.step, { step: formatNumber(feed.shown), steps });
    label.textContent = feed.shown === null ? "" : text;
    slider.setAttribute("aria-valuetext", label.textContent);
    live.setAttribute("aria-pressed", feed.live);
    live.hidden = !LIVE_STATES.includes(feed.status?.state);
    live.textContent = feed.offline ? s.offline : s.live;
  }
  return { node, sync, stop, toggle, move };
}

/** Starts fetching the snapshots, so that scrubbing does not wait for the server. */
function fetchAhead(feed) {
  const every = Math.ceil(feed.snapshots.length / 200);
  feed.snapshots.filter((_, i) => i % every === 0).forEach((step) => feed.snapshot(step));
}

/** The images inside the lasso, with how many there are of each class. */
function selection(view) {
  const node = el("div", { class: "strip", hidden: "" });
  const { strings: s } = view;
  return {
    node,
    sync() {
      const chosen = view.choice.selected;
      node.hidden = !chosen;
      if (!chosen) return;
      const { colours, probe } = view;
      const counts = new Map();
      for (const i of chosen) counts.set(colours.bin[i], (counts.get(colours.bin[i]) ?? 0) + 1);
      const parts = [...counts].sort((a, b) => b[1] - a[1]).map(([bin, n]) => {
        const dot = el("i", { style: `background:${css(colours.colours[bin])}` });
        return el("span", { class: "count" }, dot, `${n} ${view.say(colours.names[bin])}`);
      });
      const close = el("button", { class: "round", type: "button", "aria-label": s.close }, "×");
      close.onclick = () => view.choice.select(null);
      const head = el("div", { class: "counts" }, el("b", {}, fill(s.selected, { n: formatNumber(chosen.length) })));
      if (colours.kind === "class") head.append(...parts.slice(0, 8));
      const tiles = el("div", { class: "tiles" });
      for (const i of chosen.slice(0, 120)) {
        const tile = tileCanvas(view.atlas, probe, i, 34);
        tile.style.outline = `2px solid ${css(colours.colours[colours.bin[i]])}`;
        tile.onpointerenter = () => view.feed.setHover({ kind: "probe", index: i });
        tile.onpointerleave = () => view.feed.setHover(null);
        tiles.append(tile);
      }
      node.replaceChildren(head, close, tiles);
    },
  };
}
