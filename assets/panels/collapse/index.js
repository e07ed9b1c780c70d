// Is the embedding collapsing? A verdict in words, the numbers behind it, the singular spectra.

import { snapshotRows } from "../../feed/rows.js";
import { el, svg, write } from "../../kit/dom.js";
import { differing } from "../../kit/pace.js";
import { heading, openPanel, probeFacts } from "../../kit/panel.js";
import { theme } from "../../kit/theme.js";
import { helpOn } from "../../kit/tooltip.js";
import { fill, formatNumber } from "../../kit/words.js";
import { gaugeTable } from "./gauges.js";
import { guessing, meaningOf } from "../../kit/meaning.js";
import { drawSpectra, longestOf } from "./spectrum.js";

export default (element, feed, data) => openPanel(element, "collapse", feed, data, buildCollapse);

function buildCollapse(frame, data, feed) {
  const s = data.strings;
  const note = heading(frame, s);
  const verdict = verdictBlock(frame, data);
  const gauges = gaugeTable(frame, s, data.gauges);
  const plot = svg("svg", { role: "img", "aria-label": s.spectrum_help });
  const caption = el("button", { type: "button", class: "term" });
  helpOn(frame, caption, s.spectrum_help);
  const foot = el("div", { class: "spectrum" }, caption, plot);
  frame.append(el("div", { class: "top" }, verdict.node, foot), gauges.node);
  const state = { asked: null, spectra: null, start: null, labels: guessing([]) };
  const [otherRow, otherSpectra] = [differing(), differing()];
  const askProbe = probeFacts(feed, (probe) => {
    state.labels = guessing(probe.labels);
    draw();
  });

  function draw() {
    const { row, start, whole } = snapshotRows(feed);
    askProbe();
    verdict.say(feed, row, start, state.labels);
    write(note, row ? fill(s.step, { step: formatNumber(row.step) }) : "");
    if (row && otherRow(row.step, whole.step, start?.step, state.spectra, feed.status?.attempt)) gauges.set(row, start, state.spectra);
    const size = [plot.clientWidth, plot.clientHeight, theme(plot).type];
    if (state.spectra && otherSpectra(state.spectra, state.start, ...size)) drawSpectra(plot, state.spectra, state.start, ...size);
    write(caption, fill(s.spectrum, { last: state.spectra ? longestOf(state.spectra) : "d" }));
    if (feed.shown !== null && feed.shown !== state.asked) ask(feed.shown);
  }

  async function ask(step) {
    state.asked = step;
    const wanted = [feed.look(step), feed.snapshots[0] === 0 ? feed.look(0) : null];
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

/** The verdict in one word and its reason; where nothing has collapsed, what neighbours say. */
function verdictBlock(frame, { verdicts, meanings, strings: s }) {
  const path = svg("path", { d: verdicts.starting.icon });
  const word = el("strong", {});
  const why = el("p", {});
  const icon = svg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" }, path);
  const node = el("div", { class: "verdict", role: "status", tabindex: 0 }, icon, word, why);
  let reason = "";
  helpOn(frame, node, () => [reason, meanings.help].filter(Boolean).join("\n"));
  return {
    node,
    say(feed, row, start, labels) {
      const kind = row?.verdict ?? (feed.status ? "starting" : "loading");
      const { word: said, icon: shape, ink } = verdicts[kind] ?? { ...verdicts.starting, word: kind };
      reason = kind === "loading" ? "" : s.reasons[row?.verdict_reason ?? "too_early"] ?? "";
      const meaning = kind === "healthy" && labels.n ? meaningOf(meanings, row, start, labels) : { kind: "none", text: reason };
      const now = [kind, reason, meaning.text].join();
      if (node.dataset.now === now) return;
      Object.assign(node.dataset, { now, meaning: meaning.kind });
      node.style.setProperty("--tone", `var(--${ink})`);
      path.setAttribute("d", shape);
      word.textContent = said;
      why.textContent = meaning.text;
    },
  };
}
