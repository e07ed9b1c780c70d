// Curves over training: one Plotly figure, changed in place, so that zoom and node are kept.

const ROOM = { l: 40, r: 8, t: 8, b: 24 };
const SHORTEST_AXIS = 5; // steps: fewer would put the same whole number on several ticks

export default function (component) {
  const { beside, ...data } = component.data;
  const feed = sslvizFeed(data.run);
  if (beside && JSON.stringify(beside) !== JSON.stringify(feed.settings.beside)) feed.set({ beside });
  const offer = () => component.setTriggerValue("baseline", true);
  const build = (frame, _, own) => buildPlot(frame, data, own, offer);
  return mountPanel({ data, parentElement: component.parentElement }, "plot", build);
}

/** Promise of Plotly, loaded once a page from the app itself. */
function plotly() {
  window.__sslvizPlotly ??= sslvizFetch("plotly.min.js").then(async (answer) => {
    await answer.blob(); // now cached: the script below needs no second download
    const script = el("script", { src: answer.url });
    await new Promise((loaded, failed) => {
      script.onload = loaded;
      script.onerror = failed;
      document.head.append(script);
    });
    return window.Plotly;
  });
  return window.__sslvizPlotly;
}

function buildPlot(frame, data, feed, offer) {
  const s = data.strings;
  const note = heading(frame, s);
  const holder = el("div", { class: "holder", role: "img", "aria-label": s.title });
  const graph = el("div", { class: "graph" });
  const marker = el("div", { class: "marker" });
  const waiting = el("div", { class: "waiting" }, s.waiting);
  holder.append(graph, marker, waiting);
  const row = companionRow(frame, s, offer);
  frame.append(row.node, holder);
  const others = companions(feed, () => draw());
  const state = { said: "", lib: null, ready: false, classes: null };
  plotly().then((lib) => {
    state.lib = lib;
    draw();
  });
  const askProbe = probeFacts(feed, (probe) => {
    state.classes = probe.class_names?.length || null;
    draw();
  });

  function draw() {
    askProbe();
    const beside = data.which === "loss" ? [] : others.now();
    const words = FIGURES[data.which].now(s, feed, beside);
    note.replaceChildren(...words.map(({ name, text }) => el("span", { class: `value ${name}` }, text)));
    holder.setAttribute("aria-label", `${s.title}. ${words.map(({ text }) => text).join(", ")}`);
    place();
    if (data.which === "knn") {
      const offered = Boolean(feed.settings.beside?.offer) && feed.rows.some((known) => Number.isFinite(known.knn_h));
      row.draw(beside, lastStep(feed), look(frame), offered);
    }
    const { clientWidth: width, clientHeight: height } = holder;
    const lines = beside.map((other) => [other.run, other.rows.length]);
    const said = [feed.rows.at(-1)?.step, feed.rows.length, feed.events.length, state.classes, width, height, frame.dataset.theme, lines].join();
    if (!state.lib || said === state.said || !width) return;
    state.said = said;
    const figure = FIGURES[data.which].figure(s, feed, look(frame), { classes: state.classes, others: beside });
    waiting.textContent = feed.rows.length ? s.empty : s.waiting;
    waiting.hidden = figure.traces.length > 0;
    graph.style.visibility = waiting.hidden ? "visible" : "hidden";
    if (figure.traces.length) show(figure, width, height);
  }

  function show(figure, width, height) {
    const colours = look(frame);
    const layout = { ...baseLayout(colours, data.run), width, height };
    layout.yaxis.range = figure.range;
    layout.yaxis.tickformat = figure.format;
    layout.xaxis.autorangeoptions = { clipmin: 0, include: SHORTEST_AXIS, clipmax: lastStep(feed) };
    layout.shapes = [...(figure.shapes ?? []), ...eventShapes(feed, colours)];
    layout.annotations = [...endLabels(figure, height, colours), ...(data.which === "loss" ? eventLabels(s, feed, colours) : [])];
    if (figure.ends?.length) layout.margin = { ...ROOM, r: figure.room };
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

  /** Puts the line of the shown step where that step is now. */
  function place() {
    const axis = graph._fullLayout?.xaxis;
    const inside = axis && feed.shown !== null && feed.shown >= axis.range[0] && feed.shown <= axis.range[1];
    marker.hidden = !inside;
    if (!inside) return;
    marker.style.transform = `translateX(${axis._offset + axis.l2p(feed.shown)}px)`;
    marker.style.height = `${graph._fullLayout._size.h}px`;
    marker.style.top = `${graph._fullLayout._size.t}px`;
    marker.classList.toggle("sought", !feed.live);
  }

  return {
    draw,
    close() {
      others.close();
      state.lib?.purge(graph);
    },
  };
}

/** Where the axis of steps ends. */
const lastStep = (feed) => Math.max(SHORTEST_AXIS, feed.rows.at(-1)?.step ?? 0);

/** Plotly writes its rules into the document's head, where a shadow root does not see them. */
function adoptPlotlyStyle(graph) {
  const root = graph.getRootNode();
  if (root === document || root.querySelector("style[data-plotly]")) return;
  const sheets = [...document.styleSheets].filter((sheet) => sheet.ownerNode?.id?.startsWith("plotly.js-style"));
  const rules = sheets.flatMap((sheet) => [...sheet.cssRules].map((rule) => rule.cssText));
  root.append(el("style", { "data-plotly": "" }, rules.join("\n")));
}

/** The colours of the theme as the figures need them. */
function look(frame) {
  const style = getComputedStyle(frame);
  const read = (name) => style.getPropertyValue(name).trim();
  return { ...theme(frame), h: read("--h"), z: read("--z"), orange: read("--orange"), blue: read("--blue") };
}

function baseLayout(colours, run) {
  const axis = {
    color: colours.muted, gridcolor: colours.faint, zeroline: false, linecolor: colours.faint, automargin: false,
    tickfont: { size: 12, color: colours.muted }, ticklen: 3, fixedrange: false,
  };
  return {
    uirevision: run, autosize: false, margin: ROOM, dragmode: "zoom", hovermode: "closest", showlegend: false,
    font: { family: colours.font, size: 12, color: colours.text },
    paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
    hoverlabel: { bgcolor: colours.background, bordercolor: colours.muted, font: { family: colours.font, size: 13, color: colours.text }, align: "left" },
    xaxis: { ...axis, rangemode: "tozero", showgrid: false, nticks: 6, tickformat: ",d" },
    yaxis: { ...axis, nticks: 4, fixedrange: true, ticklabeloverflow: "allow" },
  };
}
