// A picture with its heading and the buttons that save it as SVG or PNG.

import { el } from "../../kit/dom.js";
import { adoptPlotlyStyle, plotly } from "../../kit/plotly.js";
import { helpOn } from "../../kit/tooltip.js";
import { saveSvg } from "./save.js";

/** A box `{node, holder, title, show, close}`; `picked(point)` is called for a point that is clicked. */
export function figureBox(frame, data, name, help, picked) {
  const s = data.strings;
  const title = el("h3", {});
  const mark = el("button", { class: "help", type: "button", "aria-label": s.about }, "?");
  helpOn(frame, mark, help);
  const buttons = ["svg", "png"].map((kind) => el("button", { type: "button", class: "save", onclick: () => save(kind) }, kind.toUpperCase()));
  const graph = el("div", { class: "graph" });
  const holder = el("div", { class: "holder", role: "img" }, graph);
  const node = el("div", { class: `figure ${name}` }, el("div", { class: "head" }, title, mark, el("span", { class: "note" }, ...buttons)), holder);
  const state = { lib: null, figure: null, look: null, svg: null, heard: false };
  plotly().then((lib) => {
    state.lib = lib;
    render();
  });

  function save(kind) {
    const file = `${data.file}-${name}`;
    if (state.svg) saveSvg(state.svg, kind, file, state.look.background);
    else if (state.lib && state.figure) {
      const { clientWidth: width, clientHeight: height } = holder;
      state.lib.downloadImage(graph, { format: kind, filename: file, width, height, scale: kind === "png" ? 2 : 1 });
    }
  }

  function render() {
    graph.hidden = !state.figure;
    const { clientWidth: width, clientHeight: height } = holder;
    if (!state.lib || !state.figure || !width) return;
    const layout = { ...base(state.look), ...state.figure.layout, width, height };
    const config = { displayModeBar: false, responsive: false, doubleClick: "reset" };
    state.lib.react(graph, state.figure.traces, layout, config).then(() => {
      if (state.heard) return;
      state.heard = true;
      adoptPlotlyStyle(graph);
      graph.on("plotly_click", (event) => picked(event.points[0]));
    });
  }

  return {
    node,
    holder,
    title: (words) => (title.textContent = words),
    show(figure, look, own = null) {
      Object.assign(state, { figure, look, svg: own || null });
      holder.setAttribute("aria-label", figure?.reading ?? title.textContent);
      render();
    },
    close: () => state.lib?.purge(graph),
  };
}

const base = (look) => ({
  font: { family: look.font, size: 13, color: look.text },
  paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
  margin: { l: 56, r: 12, t: 8, b: 42 }, showlegend: false, hovermode: "closest", dragmode: false,
  hoverlabel: { bgcolor: look.background, font: { color: look.text, family: look.font }, bordercolor: look.faint },
});

/** A plotly axis in the page's own colours. */
export const axis = (look, more) => ({
  gridcolor: look.faint, linecolor: look.faint, zerolinecolor: look.faint, automargin: true, fixedrange: true, ...more,
});
