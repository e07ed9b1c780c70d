// Several runs side by side under one clock: their maps, and below them whatever one asks for.

import { asking } from "../../feed/affairs.js";
import { runFeed } from "../../feed/feed.js";
import { JointFeed, sameImages } from "../../feed/joint.js";
import { el, radioKeys } from "../../kit/dom.js";
import { openPanel } from "../../kit/panel.js";
import { fill } from "../../kit/words.js";
import { clockBar } from "./clock.js";
import { column } from "./column.js";
import { opened } from "./stage.js";
import { table } from "./table.js";

const kept = { under: "curves", unit: "step" }; // what the visitor chose, while other runs come and go

/** Shows `data.runs`; what differs between them stands in `data.now` and may change, as does `drawn`,
 *  the affairs that all this was said for; `calls.trigger("affairs")` where they are others now. */
export default function (element, _feed, data, calls) {
  const moves = (feed) => data.panels.status.states[feed.status?.state]?.moving ?? false;
  const joint = new JointFeed(data.runs.map(({ run }) => runFeed(run)), moves);
  joint.set({ pairs: "similarity" }); // a method's own task has no place here
  joint.count(kept.unit);
  const outdated = asking(joint.feeds, (now) => calls.trigger("affairs", now));
  const panel = openPanel(element, "compare", joint, data, (frame) => build(frame, data, joint, outdated));
  return {
    ...panel,
    close() {
      panel.close();
      joint.close();
    },
  };
}

function build(frame, data, joint, outdated) {
  const { runs, strings: s } = data;
  let drawn = "";
  const open = (place, name, feed, own, more = "") => opened(place, name, feed, { ...own, colours: data.colours }, { ...data.styles, kit: data.styles.kit + more });
  const stage = el("div", { class: "stage-of-runs" });
  stage.style.setProperty("--runs", runs.length);
  stage.dataset.runs = runs.length;
  const columns = runs.map((run, i) => column(stage, run, joint.feeds[i], data, open));
  const bar = clockBar(frame, data, joint, columns, (unit) => (kept.unit = unit));
  const rows = table(data, joint);
  const under = below(data, joint, open, rows);
  frame.append(bar.node, stage, under.tabs, under.node);
  const linked = linking(joint, columns, runs, s);

  return {
    draw() {
      linked();
      bar.draw();
      for (const one of columns) one.draw();
      under.draw();
      outdated(drawn);
    },
    take(now) {
      drawn = now.drawn ?? "";
      rows.take(now);
    },
    close() {
      for (const part of [...columns, bar, under]) part.close();
    },
  };
}

/** A function for `draw`: finds out, as runs begin, which of them show the same images. */
function linking(joint, columns, runs, s) {
  const probes = runs.map(() => null);
  const asked = runs.map(() => false);
  const link = () => {
    const groups = sameImages(probes);
    joint.link(groups);
    const first = probes.findIndex(Boolean);
    columns.forEach((one, i) => one.say(probes[i] && groups[i] !== groups[first] ? fill(s.unlinked, { run: runs[first].letter }) : ""));
  };
  return () =>
    joint.feeds.forEach((feed, i) => {
      if (asked[i] || !feed.snapshots.length) return;
      asked[i] = true;
      feed.probe().then(
        (probe) => {
          probes[i] = probe;
          link();
        },
        () => (asked[i] = false),
      );
    });
}

/** The data of the plot of one number of all runs. */
function overlay({ panels, overlays, runs }, name) {
  const { metric } = overlays[name];
  return { ...panels.overlay, strings: { ...panels.overlay.strings, title: metric.label }, metric, runs };
}

/** What stands below the maps: one of the views of `data.under`, and the tabs that choose it. */
function below(data, joint, open, rows) {
  const { runs, panels, under: views, strings: s } = data;
  const node = el("div", { class: "under", role: "tabpanel" });
  let panelsOpen = [];
  const choose = (name) => {
    for (const panel of panelsOpen) panel.close();
    kept.under = name;
    node.replaceChildren();
    node.dataset.view = name;
    node.style.setProperty("--runs", runs.length);
    const { each, joined, facts } = views[name];
    const cells = each.length ? runs.map((run, i) => ({ run, i, place: el("div", { class: `cell of-${name}` }) })) : [];
    node.append(...cells.map(({ run, place }) => (place.append(el("b", { class: "letter" }, run.letter)), place)));
    const own = cells.flatMap(({ run, i, place }) => each.map((panel) => open(place, panel, joint.feeds[i], { ...panels[panel], run: run.run })));
    const shared = joined.map((metric) => open(node, `overlay ${metric}`, joint, overlay(data, metric)));
    panelsOpen = [...own, ...shared];
    if (facts) node.append(rows.node);
    for (const button of buttons) button.setAttribute("aria-checked", String(button.dataset.view === name));
  };
  const buttons = radioKeys(Object.keys(views).map((name) => el("button", { type: "button", role: "radio", "data-view": name, onclick: () => choose(name) }, s.under[name])));
  const tabs = el("div", { class: "tabs", role: "radiogroup", "aria-label": s.under_label }, ...buttons);
  choose(kept.under in views ? kept.under : Object.keys(views)[0]);
  return {
    tabs,
    node,
    draw: () => views[kept.under].facts && rows.draw(),
    close() {
      for (const panel of panelsOpen) panel.close();
    },
  };
}
