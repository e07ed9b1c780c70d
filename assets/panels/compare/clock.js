// The one bar of a comparison: what the clock counts, the scrubber, and what all maps show. Toolbar and
// scrubber are those of a single map; here they speak to the clock, which speaks to all of them.

import { UNITS } from "../../feed/joint.js";
import { el } from "../../kit/dom.js";
import { tooltip } from "../../kit/tooltip.js";
import { toolbar } from "../embedding/controls.js";
import { askedBy } from "../embedding/link.js";
import { scrubber } from "../embedding/scrubber.js";

// the bars of a map without the map, and its legend in one line
const BARE = `
.embedding.bare { container-type: inline-size; flex-direction: row; flex-wrap: wrap; }
.bare .scrubber { flex: 1 1 420px; order: 1; }
.bare .legend { position: static; flex: 1 1 100%; order: 2; flex-flow: row wrap; font-size: calc(13.5px * var(--type, 1)); }
.bare .legend button { min-height: 24px; }
.bare .legend :is(.ramp, .wheel) canvas { height: 26px; }
.bare .legend .wheel canvas { width: 26px; }
`;
const FEW = 2; // as many maps have room for a legend of their own

/** {node, draw, close}; `counted(unit)` is told what the visitor chose. */
export function clockBar(frame, data, joint, columns, counted) {
  const { strings: s } = data;
  const embedding = data.panels.embedding;
  const host = el("div", { class: "bar-of-all" });
  const root = host.attachShadow({ mode: "open" });
  const inside = el("section", { class: "panel embedding bare narrow" });
  root.append(el("style", {}, data.styles.kit + data.styles.embedding + BARE), inside);
  const face = { feed: joint, root: inside, data: embedding, tip: tooltip(inside), strings: { ...embedding.strings, step: s.clock.step } };
  const shown = () => columns.map(({ map }) => map.view).find((view) => view.snapshot) ?? columns[0].map.view;
  const names = ["probe", "layout", "shows", "choice", "snapshot"];
  Object.defineProperties(face, Object.fromEntries(names.map((name) => [name, { get: () => shown()[name] }])));
  Object.assign(face, { say: (name) => shown().say(name), layouts: () => shown().layouts(), setLayout: (layout) => shown().setLayout(layout) });
  const unit = el("select", { class: "unit", "aria-label": s.clock_label, title: s.clock_help }, ...UNITS.map((name) => el("option", { value: name }, s.units[name])));
  unit.onchange = () => {
    counted(unit.value);
    joint.count(unit.value);
  };
  const tools = toolbar(face);
  const time = scrubber(face);
  time.node.prepend(unit);
  inside.append(time.node, tools.node);
  if (columns.length > FEW) inside.append(columns[0].map.view.parts.legend.node);
  ask(joint);

  return {
    node: host,
    draw() {
      face.strings.step = s.clock[joint.unit];
      face.strings.behind = s.behind[joint.unit];
      unit.value = joint.unit;
      tools.sync();
      time.sync();
    },
    close: () => time.stop(),
  };
}

/** What the page's address asks for: a clock, a time, a space, a layout, a colour, chosen images. */
function ask(joint) {
  const { clock, step, ...settings } = askedBy(location.search);
  if (UNITS.includes(clock)) joint.count(clock);
  if (Object.keys(settings).length) joint.set(settings);
  if (step === undefined) return;
  const leave = joint.subscribe(() => {
    if (!joint.snapshots.length) return;
    leave();
    joint.seek(step);
  });
}
