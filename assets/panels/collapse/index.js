// Is the embedding collapsing? A verdict in words, the numbers behind it, the singular spectra.

const VERDICT_ICONS = {
  healthy: "M3 8.5l3.2 3.2L13 4.8",
  contracting: "M2 8h4M4.5 5.5L7 8l-2.5 2.5M14 8h-4M11.5 5.5L9 8l2.5 2.5",
  dimensional: "M2 8h12M4.5 5l-2.5 3 2.5 3M11.5 5L14 8l-2.5 3",
  complete: "M8 6.2a1.8 1.8 0 1 0 .01 0zM2.5 2.5l3 3M13.5 2.5l-3 3M2.5 13.5l3-3M13.5 13.5l-3-3",
  starting: "M4 2.5h8M4 13.5h8M5 2.5c0 4 6 7 6 11M11 2.5c0 4-6 7-6 11",
};

// How full a bar is (0..1) for a value, given its value at step 0 and the width of the space.
// Those without `spaces` are measured on pairs of views in z.
const GAUGES = [
  { name: "feature_std", spaces: ["h", "z"], part: (v) => v, words: (v) => decimals(v) },
  { name: "effective_rank", spaces: ["h", "z"], part: (v, _, width) => v / width, words: (v) => decimals(v, 1) },
  { name: "total_variance", spaces: ["h", "z"], part: (v, start) => (Math.log10(v / start) + 4) / 6, words: (v, start) => times(v / start) },
  { name: "alignment", spaces: [], part: (v) => v / 2, words: (v) => decimals(v) },
  { name: "uniformity", spaces: [], part: (v) => -v / 4, words: (v) => decimals(v) },
];

export default function (component) {
  return mountPanel(component, "collapse", buildCollapse);
}

function buildCollapse(frame, data, feed) {
  const s = data.strings;
  const note = heading(frame, s);
  const verdict = verdictBlock();
  const gauges = gaugeTable(frame, s);
  const plot = svg("svg", { role: "img", "aria-label": s.spectrum_help });
  const caption = el("button", { type: "button", class: "term" });
  helpOn(frame, caption, s.spectrum_help);
  const foot = el("div", { class: "spectrum" }, caption, plot);
  frame.append(el("div", { class: "top" }, verdict.node, foot), gauges.node);
  const state = { asked: null, spectra: null, start: null };

  function draw() {
    const { row, start } = snapshotRows(feed);
    verdict.say(s, row);
    note.textContent = row ? fill(s.step, { step: formatNumber(row.step) }) : "";
    if (row) gauges.set(row, start, state.spectra);
    if (state.spectra) drawSpectra(plot, state.spectra, state.start);
    caption.textContent = fill(s.spectrum, { last: state.spectra ? longestOf(state.spectra) : "d" });
    if (feed.shown !== null && feed.shown !== state.asked) ask(feed.shown);
  }

  async function ask(step) {
    state.asked = step;
    const wanted = [feed.snapshot(step), feed.snapshots[0] === 0 ? feed.snapshot(0) : null];
    const [now, start] = await Promise.all(wanted).catch(() => []);
    if (state.asked !== step) return;
    if (!now?.arrays.spectrum_z) {
      state.asked = null;
      return;
    }
    const spectra = ({ arrays }) => ({ h: arrays.spectrum_h.data, z: arrays.spectrum_z.data });
    state.spectra = spectra(now);
    state.start = start && spectra(start);
    draw();
  }

  return { draw };
}

function verdictBlock() {
  const path = svg("path", { d: VERDICT_ICONS.starting });
  const word = el("strong", {});
  const why = el("p", {});
  const icon = svg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" }, path);
  const node = el("div", { class: "verdict", role: "status" }, icon, word, why);
  return {
    node,
    say(s, row) {
      const kind = row?.verdict ?? "starting";
      if (node.dataset.kind === kind + row?.verdict_reason) return;
      node.dataset.kind = kind + row?.verdict_reason;
      node.className = `verdict ${kind}`;
      path.setAttribute("d", VERDICT_ICONS[kind] ?? VERDICT_ICONS.starting);
      word.textContent = s.verdicts[kind] ?? kind;
      why.textContent = s.reasons[row?.verdict_reason ?? "too_early"] ?? "";
    },
  };
}

/** ×1.0 for the value at step 0; very small and very large factors as powers of ten. */
function times(factor) {
  if (!Number.isFinite(factor)) return "–";
  if (factor >= 0.095 && factor < 1000) return `×${factor >= 10 ? Math.round(factor) : factor.toFixed(1)}`;
  const power = Math.floor(Math.log10(factor));
  return factor > 0 ? `×10${superscript(power)}` : "×0";
}

/** One line a gauge: its name with help, and a bar with number and random-initialisation tick for
 *  h and for z. */
function gaugeTable(frame, s) {
  const heads = ["h", "z"].map((space) => {
    const head = el("button", { type: "button", class: `term ${space}` }, s[`space_${space}`]);
    helpOn(frame, head, s[`space_${space}_help`]);
    return head;
  });
  const node = el("div", { class: "gauges" }, el("span", { class: "tick-key" }, s.random), ...heads);
  const pairs = el("div", { class: "pairs" });
  const cells = [];
  for (const gauge of GAUGES) {
    const term = el("button", { type: "button", class: "term" }, s.gauges[gauge.name]);
    helpOn(frame, term, s.gauge_helps[gauge.name]);
    const own = (gauge.spaces.length ? gauge.spaces : ["z"]).map((space) => gaugeCell(gauge, space));
    cells.push(...own);
    const bars = own.map((cell) => cell.node);
    if (gauge.spaces.length) node.append(term, ...bars);
    else pairs.append(term, ...bars);
  }
  node.append(pairs);
  return { node, set: (row, start, spectra) => cells.forEach((cell) => setGauge(cell, row, start, spectra)) };
}

function gaugeCell(gauge, space) {
  const [bar, tick, number] = [el("i", {}), el("u", { hidden: "" }), el("span", {})];
  const node = el("div", { class: `gauge ${space}` }, el("div", {}, bar, tick), number);
  return { gauge, space, bar, tick, number, node };
}

function setGauge({ gauge, space, bar, tick, number }, row, start, spectra) {
  const key = gauge.spaces.length ? `${gauge.name}_${space}` : gauge.name;
  const width = spectra?.[space].length ?? 64;
  const part = (value) => gauge.part(value, start?.[key], width) || 0;
  const percent = (value) => `${100 * Math.min(1, Math.max(0, part(value)))}%`;
  const value = row[key];
  bar.style.width = percent(value);
  tick.style.left = start ? percent(start[key]) : "";
  tick.hidden = !start;
  const of = gauge.name === "effective_rank" && spectra ? `/${width}` : "";
  number.textContent = gauge.words(value, start?.[key]) + of;
}
