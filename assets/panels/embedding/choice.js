// What is pointed at and what is left on: hover, trails, legend filter, lasso.

const TRAIL = 23; // earlier snapshots a trail goes through

export class Choice {
  constructor(view) {
    this.view = view;
    this.on = null; // which points are on, N of 0/1; null for all
    this.selected = null; // indices inside the lasso
    this.known = [null, null]; // what the feed said last: chosen images, bins of the legend
    this.pinned = []; // points whose trail stays
    this.trails = new Map(); // index -> [[x, y, z], ...], oldest first
  }

  /** Index of the probe image any view points at, or null. Views 1 and 2 are of the first images. */
  get hovered() {
    const { feed, probe } = this.view;
    if (!feed.hover || !probe) return null;
    const { kind, index } = feed.hover;
    const image = kind === "view" ? index % (probe.views_n / 2) : index;
    return image < probe.n ? image : null;
  }

  /** Points with a trail: pinned, hovered, and the selected ones where they are few. */
  get traced() {
    const some = this.selected && this.selected.length <= 12 ? this.selected : [];
    const hovered = this.hovered === null ? [] : [this.hovered];
    return [...new Set([...this.pinned, ...some, ...hovered])];
  }

  /** Fetches the ways of the traced points through earlier snapshots, then draws them. */
  async trace() {
    const { view, traced } = this;
    const { feed, snapshot } = view;
    this.trails = new Map();
    if (!traced.length || !snapshot) return;
    const key = (this.tracing = `${view.asked} ${traced}`);
    const earlier = feed.snapshots.filter((step) => step < snapshot.step).slice(-TRAIL);
    const packets = await Promise.all(earlier.map((step) => feed.look(step).catch(() => null)));
    if (this.tracing !== key || view.closed) return;
    const places = [...packets.filter(Boolean), snapshot].map((packet) => view.positionsOf(packet));
    const way = (i) => places.map((positions) => [...positions.subarray(3 * i, 3 * i + 3)]);
    this.trails = new Map(traced.map((i) => [i, way(i)]));
    view.redraw("overlay");
  }

  /** Keeps the trail of a point, or lets it go; the last five stay. */
  pin(index) {
    const others = this.pinned.filter((i) => i !== index);
    this.pinned = others.length < this.pinned.length ? others : [...others, index].slice(-5);
    this.trace();
  }

  /** The points inside a lasso; null or none for all points. Every view of these images learns of it. */
  select(indices) {
    this.view.feed.set({ chosen: indices?.length ? indices : null });
  }

  /** Takes on what the feed's views have selected and left on. */
  follow() {
    const { feed, probe } = this.view;
    const { chosen = null, kept = null } = feed.settings;
    if (!probe || (chosen === this.known[0] && kept === this.known[1])) return;
    this.known = [chosen, kept];
    const inside = chosen?.filter((index) => index < probe.n) ?? [];
    this.selected = inside.length ? inside : null;
    this.apply();
    this.trace();
  }

  /** The bins that the legend leaves on; null for all. */
  get kept() {
    const { kept } = this.view.feed.settings;
    return kept ? new Set(kept) : null;
  }

  /** Legend: a plain click isolates a class (again: all), with shift or ctrl it toggles one. */
  filter(bin, toggle) {
    const all = this.view.colours.names.map((_, i) => i);
    const before = this.kept;
    let kept = before?.size === 1 && before.has(bin) && !toggle ? all : [bin];
    if (toggle) kept = all.filter((other) => (before ?? new Set(all)).has(other) !== (other === bin));
    this.view.feed.set({ kept: kept.length === all.length ? null : kept });
  }

  /** Recomputes which points are on, from legend and lasso. */
  apply() {
    const { view, kept } = this;
    const { colours, probe } = view;
    const inside = this.selected && new Set(this.selected);
    const keeps = (i) => (!kept || kept.has(colours.bin[i])) && (!inside || inside.has(i));
    this.on = kept || inside ? Uint8Array.from({ length: probe.n }, (_, i) => +keeps(i)) : null;
    view.canvas.dataset.on = this.on ? this.on.reduce((a, b) => a + b, 0) : probe.n;
    view.parts.legend.sync();
    view.parts.selection.sync();
    view.redraw("points");
  }
}
