// Curves over training: one Plotly figure, changed in place, so that zoom and node are kept.

import { el } from "../../kit/dom.js";
import { differing, unhurried } from "../../kit/pace.js";
import { heading, openPanel, probeFacts } from "../../kit/panel.js";
import { adoptPlotlyStyle, plotly } from "../../kit/plotly.js";
import { tableButton } from "../../kit/table.js";
import { palette, theme } from "../../kit/theme.js";
import { timeline } from "../../kit/timeline.js";
import { guessing } from "../../kit/meaning.js";
import { knnNote } from "./accuracy.js";
import { companionRow, companions } from "./beside.js";
import { FIGURES, lastStep, SHORTEST_AXIS } from "./figures.js";
import { endLabels, eventLabels, eventShapes, ROOM } from "./labels.js";
import { levelsOf, tableOf } from "./table.js";

const REST = 900; // milliseconds between two drawings of a curve that grows: each costs tens of them

/** `data.now.beside` names the runs drawn beside this one; `calls.trigger("baseline")` asks for one. */
export default function (element, feed, data, calls) {
  const offer = () => calls.trigger("baseline", true);
  return openPanel(element, "curves", feed, data, (frame) => buildCurves(frame, data, feed, offer));
}

/** Whether a run has only its first look: there is no line yet, and other panels draw theirs first. */
const begins = ({ rows, status }) => Boolean(status?.live) && rows.length === 1;

function buildCurves(frame, data, feed, offer) {
  const s = data.strings;
  const note = heading(frame, s);
  const accuracy = data.which === "knn" ? knnNote(frame, s) : null;
  const holder = el("div", { class: "holder", role: "group", "aria-label": s.title });
  const graph = el("div", { class: "graph" });
  const marker = el("div", { class: "marker" });
  const waiting = el("div", { class: "waiting" }, s.loading);
  const happened = timeline(frame, feed, data);
  holder.append(graph, marker, happened.node, waiting);
  const row = companionRow(frame, s, offer);
  frame.append(row.node, holder);
  const others = companions(feed, () => draw());
  const state = { said: "", lib: null, ready: false, labels: guessing([]), figure: { traces: [] } };
  const otherWords = differing();
  const drawing = unhurried(drawFigure, REST); // what moves goes first
  const sentence = () => `${s.title}. ${[...state.words, ...levelsOf(s, state.figure)].join(", ")}`;
  tableButton(frame, s, () => tableOf(s, state.figure, sentence()));
  const loaded = (lib) => {
    state.lib = lib;
    draw();
  };
  plotly().then(loaded, () => plotly().then(loaded));
  const askProbe = probeFacts(feed, (probe) => {
    state.labels = guessing(probe.labels);
    draw();
  });

  function draw() {
    askProbe();
    const beside = ["loss", "overlay"].includes(data.which) ? [] : others.now();
    const words = FIGURES[data.which].now(s, feed, beside, data);
    state.words = words.map(({ text }) => text);
    if (otherWords(state.words.join())) note.replaceChildren(...words.map(({ name, text }) => el("span", { class: `value ${name}` }, text)));
    holder.setAttribute("aria-label", sentence());
    place();
    if (data.which === "knn") {
      const offered = Boolean(feed.settings.beside?.offer) && feed.rows.some((known) => Number.isFinite(known.knn_h));
      accuracy.draw(feed, state.labels);
      row.draw(beside, lastStep(feed), look(frame, data), offered);
    }
    const { clientWidth: width, clientHeight: height } = holder;
    const lines = beside.map((other) => [other.run, other.rows.length]);
    const said = [grown(), feed.events.length, state.labels.n, width, height, frame.dataset.theme, theme(frame).type, lines, FIGURES[data.which].mark?.(feed)].join();
    if (begins(feed)) return void (waiting.textContent = s.waiting);
    if (!state.lib || said === state.said || !width) return;
    Object.assign(state, { said, beside });
    drawing.ask();
  }

  /** How far the rows go that the figure is made of. */
  function grown() {
    const last = FIGURES[data.which].whole ? feed.rows.findLast((row) => row.snapshot) : feed.rows.at(-1);
    return [last?.step, feed.rows[0]?.step, feed.status?.attempt];
  }

  function drawFigure() {
    const { beside } = state;
    const { clientWidth: width, clientHeight: height } = holder;
    if (!width) return;
    const figure = FIGURES[data.which].figure(s, feed, look(frame, data), { chance: state.labels.chance, others: beside, data });
    state.figure = figure;
    waiting.textContent = feed.rows.length ? s.empty : feed.status ? s.waiting : s.loading;
    waiting.hidden = figure.traces.length > 0;
    graph.style.visibility = waiting.hidden ? "visible" : "hidden";
    if (figure.traces.length) show(figure, width, height);
  }

  function show(figure, width, height) {
    const colours = look(frame, data);
    const layout = { ...baseLayout(colours, data.run ?? feed.unit), ...figure.axes, width, height };
    Object.assign(layout.yaxis, { range: figure.range, tickformat: figure.format, domain: figure.domain ?? [0, 1] });
    layout.xaxis.autorangeoptions = { clipmin: 0, include: SHORTEST_AXIS, clipmax: lastStep(feed) };
    layout.shapes = [...(figure.shapes ?? []), ...eventShapes(feed, colours)];
    layout.annotations = [...endLabels(figure, height, colours), ...(data.which === "loss" ? eventLabels(data.marks, feed, colours) : [])];
    const { type } = colours;
    layout.margin = { l: ROOM.l * type, r: (figure.ends?.length ? figure.room : ROOM.r) * type, t: ROOM.t, b: ROOM.b * type };
    const config = { displayModeBar: false, responsive: false, doubleClick: "reset", showAxisDragHandles: false };
    state.lib.react(graph, figure.traces, layout, config).then(place);
    if (!state.ready) listen();
    state.ready = true;
  }

  function listen() {
    adoptPlotlyStyle(graph);
    let before = null;
    graph.on("plotly_click", (event) => {
      before = feed.live ? null : feed.shown;
      feed.seek(Math.round(event.points[0].x));
    });
    graph.on("plotly_doubleclick", () => feed.seek(before));
    graph.on("plotly_relayout", place);
  }

  /** Puts the line of the shown step, and what happened, where their steps are now. */
  function place() {
    const axis = graph._fullLayout?.xaxis;
    const at = (step) => {
      const inside = axis && step !== null && step >= axis.range[0] && step <= axis.range[1];
      return inside ? axis._offset + axis.l2p(step) : null;
    };
    happened.draw(waiting.hidden ? at : () => null);
    const shown = at(feed.shown);
    marker.hidden = shown === null;
    if (marker.hidden) return;
    holder.style.setProperty("--axis", `${graph._fullLayout._size.h}px`);
    holder.style.setProperty("--above", `${graph._fullLayout._size.t}px`);
    marker.style.transform = `translateX(${shown}px)`;
    marker.classList.toggle("sought", !feed.live);
  }

  return {
    draw,
    take({ beside }) {
      if (beside && JSON.stringify(beside) !== JSON.stringify(feed.settings.beside)) feed.set({ beside });
    },
    close() {
      drawing.leave();
      others.close();
      state.lib?.purge(graph);
    },
  };
}

/** The colours of the theme as the figures need them. */
function look(frame, data) {
  const known = palette(frame, data);
  return { ...theme(frame), ...known.inks, lines: { ...known, classes: known.lines } };
}

function baseLayout(colours, run) {
  const axis = {
    color: colours.muted, gridcolor: colours.faint, zeroline: false, linecolor: colours.faint, automargin: false,
    tickfont: { size: 12 * colours.type, color: colours.muted }, ticklen: 3, fixedrange: false,
  };
  return {
    uirevision: run, autosize: false, margin: ROOM, dragmode: "zoom", hovermode: "closest", showlegend: false,
    font: { family: colours.font, size: 12 * colours.type, color: colours.text },
    paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
    hoverlabel: { bgcolor: colours.background, bordercolor: colours.muted, font: { family: colours.font, size: 13, color: colours.text }, align: "left" },
    xaxis: { ...axis, rangemode: "tozero", showgrid: false, nticks: 6, tickformat: ",d", anchor: "free", position: 0 },
    yaxis: { ...axis, nticks: 4, fixedrange: true, ticklabeloverflow: "allow" },
  };
}
