// The embedding view: points that move as the encoder learns, and everything one can ask of them.

const TWEENS = { live: 320, play: PLAY_PACE, scrub: 110, switch: 520 };
const TRAIL = 24; // earlier snapshots a trail goes through
const NOTE = 24; // pixels below the points that belong to the note
const VIEWS = new WeakMap();

export default function (component) {
  const { data, parentElement } = component;
  let view = VIEWS.get(parentElement);
  const said = JSON.stringify(data);
  if (view && view.said !== said) {
    view.close();
    view = null;
  }
  if (!view) {
    view = new EmbeddingView(parentElement, data);
    view.said = said;
    VIEWS.set(parentElement, view);
  }
  view.restyle();
  return () => {
    VIEWS.get(parentElement)?.close();
    VIEWS.delete(parentElement);
  };
}

class EmbeddingView {
  constructor(place, data) {
    this.strings = data.strings;
    this.feed = sslvizFeed(data.run);
    this.camera = new Camera();
    this.layout = "flat";
    this.shows = { names: true, pictures: false, lasso: false };
    this.kept = null; // bins the legend leaves on; null for all
    this.selected = null; // indices inside the lasso
    this.pinned = []; // points whose trail stays
    this.pace = "live";
    this.dirty = { points: true, overlay: true };
    this.build(place, data.height);
    pointing(this);
    this.resizing = new ResizeObserver(() => this.resize());
    this.resizing.observe(this.stage);
    this.unsubscribe = this.feed.subscribe(() => this.follow());
    this.follow();
  }

  build(place, height) {
    this.points = el("canvas", { class: "points", "aria-hidden": "true" });
    this.canvas = el("canvas", { class: "overlay", role: "img", tabindex: 0 });
    this.note = el("div", { class: "note" });
    this.empty = el("div", { class: "empty" });
    this.parts = {
      toolbar: toolbar(this),
      legend: legend(this),
      selection: selection(this),
      scrubber: scrubber(this),
    };
    this.stage = el("div", { class: "stage" }, this.points, this.canvas, this.note, this.empty);
    this.stage.append(this.parts.legend.node, this.parts.selection.node);
    this.root = el("div", { class: "embedding" }, this.parts.toolbar.node, this.stage);
    this.root.append(this.parts.scrubber.node);
    this.root.style.height = typeof height === "number" ? `var(--panel-height, ${height}px)` : "100%";
    this.tip = tooltip(this.root);
    place.append(this.root);
  }

  close() {
    this.closed = true;
    this.parts.scrubber.stop();
    this.unsubscribe();
    this.resizing.disconnect();
    this.root.remove();
  }

  /** A name in the visitor's language: of a class, a factor, a factor's value. */
  say(name) {
    return this.strings.words[name] ?? name.replaceAll("_", " ");
  }

  // ---- what is shown ---------------------------------------------------------------------------
  /** Reacts to any change of the feed. */
  follow() {
    const { feed } = this;
    const asked = `${feed.shown} ${feed.settings.space} ${this.layout}`;
    if (feed.shown !== null && asked !== this.asked) this.load(asked);
    if (this.probe && this.colouredBy !== feed.settings.colour) this.recolour();
    this.syncParts();
    this.describe();
    this.redraw("overlay");
  }

  async load(asked) {
    const [step, space, layout] = asked.split(" ");
    const switched = this.asked && !this.asked.endsWith(` ${space} ${layout}`);
    this.asked = asked;
    try {
      const [snapshot, probe] = await Promise.all([this.feed.snapshot(+step), this.feed.probe()]);
      if (this.asked !== asked || this.closed) return;
      if (!this.probe) this.meet(probe);
      this.snapshot = snapshot;
      if (!this.layouts().includes(layout)) return this.setLayout("flat");
      this.moveTo(this.positionsOf(snapshot), switched ? "switch" : this.pace);
      this.pace = "live";
      this.syncParts();
      this.trace();
    } catch {
      if (this.asked === asked) this.asked = null;
    }
  }

  /** Takes in the probe images: once, before the first picture. */
  meet(probe) {
    this.probe = probe;
    const [x, y, depth] = [0, 1, 2].map(() => new Float32Array(probe.n));
    this.screen = { x, y, depth, row: new Uint8Array(probe.n) };
    const known = this.feed.settings.colour in probe.factors || probe.class_names.length > 0;
    if (!known) this.feed.set({ colour: Object.keys(probe.factors)[0] ?? "none" });
    this.recolour();
    this.feed.atlas("probe").then((atlas) => {
      this.atlas = atlas;
      this.parts.selection.sync();
      this.redraw("points");
    });
  }

  /** The layouts the snapshot has for this space: flat, solid (3-D), umap, sphere (of z only). */
  layouts() {
    const arrays = this.snapshot?.arrays ?? {};
    const umap = `layout_${this.feed.settings.space}_umap` in arrays ? ["umap"] : [];
    return ["flat", "solid", ...umap, ...("layout_z_sphere" in arrays ? ["sphere"] : [])];
  }

  positionsOf({ arrays }) {
    const { space } = this.feed.settings;
    if (this.layout === "sphere") return arrays.layout_z_sphere.data;
    const { data, shape } = arrays[`layout_${space}_${this.layout === "umap" ? "umap" : "pca"}`];
    if (shape[1] === 3) return data;
    return Float32Array.from({ length: 3 * shape[0] }, (_, i) =>
      i % 3 < shape[1] ? data[Math.floor(i / 3) * shape[1] + (i % 3)] : 0,
    );
  }

  get flat() {
    return this.layout === "flat" || this.layout === "umap";
  }

  setLayout(layout) {
    this.layout = layout;
    this.camera.reset();
    if (layout === "sphere" && this.feed.settings.space !== "z") this.feed.set({ space: "z" });
    else this.follow();
  }

  /** Neighbours of `index` in the space shown. */
  neighboursOf(index) {
    const { data, shape } = this.snapshot.arrays[`neighbours_${this.feed.settings.space}`];
    return data.subarray(index * shape[1], (index + 1) * shape[1]);
  }

  // ---- motion ----------------------------------------------------------------------------------
  /** Sends every point to its place in `target` (N x 3), from where it is now. */
  moveTo(target, pace) {
    const shape = this.flat ? "flat" : this.layout;
    const fit = fitting(target, shape, this.middle.width, this.middle.height);
    const first = !this.now;
    const from = { positions: first ? target : this.now.slice(), fit: first ? fit : this.camera.fit };
    const length = first || reducedMotion() ? 0 : TWEENS[pace];
    this.now = first ? Float32Array.from(target) : this.now;
    const to = { positions: target, fit };
    this.tween = { from, to, step: this.snapshot.step, start: performance.now(), length, pace };
    this.redraw("points");
  }

  /** Moves the points to where they should be at `time`. */
  advance(time) {
    const { from, to, step, start, length, pace } = this.tween;
    const t = length ? Math.min(1, Math.max(0, (time - start) / length)) : 1;
    const eased = pace === "play" ? t : t * t * (3 - 2 * t);
    const [a, b, now] = [from.positions, to.positions, this.now];
    for (let i = 0; i < now.length; i++) now[i] = a[i] + (b[i] - a[i]) * eased;
    this.camera.fit = from.fit + (to.fit - from.fit) * eased;
    if (t === 1) this.tween = null;
    Object.assign(this.canvas.dataset, { step, moving: t < 1 });
  }

  redraw(layer) {
    if (layer === "points") this.dirty.points = true;
    this.dirty.overlay = true;
    this.frame ??= requestAnimationFrame((time) => this.draw(time));
  }

  draw(time) {
    this.frame = null;
    if (this.closed || !this.now || !this.middle) return;
    if (this.tween) this.advance(time);
    if (this.dirty.points) {
      this.camera.project(this.now, this.flat, this.screen);
      this.paintPoints();
    }
    this.paintOverlay();
    this.dirty = { points: false, overlay: false };
    if (this.tween) this.redraw("points");
  }

  paintPoints() {
    const { ratio, middle, screen, probe, colours, camera } = this;
    const context = this.points.getContext("2d", { alpha: false });
    const { width, height } = this.points;
    this.stamps ??= new Stamps(colours, this.radius, ratio, this.look, width, height);
    const order = this.flat ? null : depthOrder(screen);
    this.stamps.draw(context, screen, colours.bin, this.on, order, middle);
    const close = camera.zoom > 4 && this.flat;
    if (!this.atlas || !(this.shows.pictures || close)) return;
    const side = Math.min(64, 26 * Math.sqrt(Math.max(1, camera.zoom)));
    drawPictures(context, this.atlas, probe, screen, colours, this.on, side, ratio, middle);
  }

  paintOverlay() {
    const context = this.canvas.getContext("2d");
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    if (this.layout === "sphere") drawGlobe(context, this);
    if (this.shows.names) drawNames(context, this);
    const hovered = this.hovered();
    for (const index of this.traced()) {
      const path = this.trails?.get(index);
      if (path) drawTrail(context, this, path, this.look.primary);
    }
    if (hovered !== null) drawNeighbours(context, this, hovered, this.neighboursOf(hovered));
    if (this.lasso) drawLasso(context, this.lasso, this.look);
  }

  /** The whole picture again: no zoom, no pan. */
  home() {
    this.camera.reset();
    this.redraw("points");
  }

  /** Shows the help text below the button it belongs to. */
  explain(button) {
    const words = this.strings[`explain_${this.layout}`];
    const [title, ...lines] = [this.strings.explain, words, this.strings.explain_keys];
    const nodes = lines.map((line) => el("div", { class: "near" }, line));
    this.tip.show(button.offsetLeft, button.offsetTop + 30, el("div", {}, title), ...nodes);
  }

  // ---- what is pointed at ----------------------------------------------------------------------
  /** Index of the probe image any view points at, or null. Views 1 and 2 are of the first images. */
  hovered() {
    const { hover } = this.feed;
    if (!hover || !this.probe) return null;
    const index = hover.kind === "view" ? hover.index % (this.probe.views_n / 2) : hover.index;
    return index < this.probe.n ? index : null;
  }

  traced() {
    const hovered = this.hovered();
    const some = this.selected && this.selected.length <= 12 ? this.selected : [];
    return [...new Set([...this.pinned, ...some, ...(hovered === null ? [] : [hovered])])];
  }

  /** Fetches the ways of the traced points through earlier snapshots, then draws them. */
  async trace() {
    const { feed } = this;
    const indices = this.traced();
    this.trails = null;
    if (!indices.length || !this.snapshot) return;
    const key = `${this.asked} ${indices}`;
    this.tracing = key;
    const earlier = feed.snapshots.filter((step) => step <= this.snapshot.step).slice(-TRAIL);
    const packets = await Promise.all(earlier.map((step) => feed.snapshot(step).catch(() => null)));
    if (this.tracing !== key || this.closed) return;
    const places = packets.filter(Boolean).map((packet) => this.positionsOf(packet));
    const way = (i) => places.map((p) => [...p.subarray(3 * i, 3 * i + 3)]);
    this.trails = new Map(indices.map((i) => [i, way(i)]));
    this.redraw("overlay");
  }

  pin(index) {
    const others = this.pinned.filter((i) => i !== index);
    this.pinned = others.length < this.pinned.length ? others : [...others, index].slice(-5);
    this.trace();
  }

  select(indices) {
    this.selected = indices?.length ? indices : null;
    this.choose();
    this.trace();
  }

  /** Legend: a plain click isolates a class (again: all), with shift or ctrl it toggles one. */
  filter(bin, toggle) {
    const all = this.colours.names.map((_, i) => i);
    const alone = this.kept?.size === 1 && this.kept.has(bin);
    if (!toggle) this.kept = alone ? null : new Set([bin]);
    else {
      const kept = new Set(this.kept ?? all);
      if (!kept.delete(bin)) kept.add(bin);
      this.kept = kept.size === all.length ? null : kept;
    }
    this.choose();
  }

  /** Recomputes which points are on, from legend and lasso. */
  choose() {
    const { kept, selected, colours, probe } = this;
    const inLasso = selected && new Set(selected);
    const all = !kept && !inLasso;
    const keeps = (i) => (!kept || kept.has(colours.bin[i])) && (!inLasso || inLasso.has(i));
    this.on = all ? null : Uint8Array.from({ length: probe.n }, (_, i) => +keeps(i));
    this.canvas.dataset.on = all ? probe.n : this.on.reduce((a, b) => a + b, 0);
    this.syncParts();
    this.redraw("points");
  }

  toggle(name) {
    this.shows[name] = !this.shows[name];
    this.syncParts();
    this.redraw("points");
  }

  // ---- look and size ---------------------------------------------------------------------------
  restyle() {
    this.look = theme(this.root);
    this.resize();
    if (this.probe) this.recolour();
  }

  recolour() {
    if (this.colouredBy !== this.feed.settings.colour) this.kept = null;
    this.colouredBy = this.feed.settings.colour;
    this.look ??= theme(this.root);
    this.colours = colouring(this.probe, this.colouredBy, this.look.dark);
    this.stamps = null;
    this.parts.legend.rebuild();
    this.choose();
    this.resize();
  }

  resize() {
    const { clientWidth: width, clientHeight: height } = this.stage;
    if (!width || !height) return;
    this.ratio = Math.min(window.devicePixelRatio || 1, 2);
    for (const canvas of [this.points, this.canvas]) {
      const [w, h] = [Math.round(width * this.ratio), Math.round(height * this.ratio)];
      if (canvas.width !== w || canvas.height !== h) Object.assign(canvas, { width: w, height: h });
    }
    const beside = this.parts.legend.node.offsetWidth + 12;
    const free = { width: width - beside, height: height - NOTE };
    this.middle = { ...free, x: free.width / 2, y: free.height / 2 };
    this.root.classList.toggle("narrow", width < 860);
    const share = Math.sqrt((free.width * height) / (this.probe?.n ?? 1000));
    this.radius = Math.min(7, Math.max(3, 0.27 * share));
    this.stamps = null;
    if (!this.now) return;
    const shape = this.flat ? "flat" : this.layout;
    this.camera.fit = fitting(this.now, shape, free.width, free.height);
    if (this.tween) this.tween.to.fit = this.tween.from.fit = this.camera.fit;
    this.redraw("points");
  }

  syncParts() {
    const { parts } = this;
    parts.toolbar.sync();
    parts.scrubber.sync();
    if (!this.colours) return;
    parts.legend.sync();
    if (this.stripOf !== this.selected || !this.selected) parts.selection.sync();
    this.stripOf = this.selected;
  }

  /** Words: the note under the points, the text for those who cannot see them, the empty state. */
  describe() {
    const { strings: s, feed } = this;
    this.note.textContent = s[`note_${this.layout}`];
    this.empty.hidden = feed.shown !== null;
    const over = feed.status && !LIVE_STATES.includes(feed.status.state);
    this.empty.textContent = feed.offline ? s.offline : over ? s.nothing : s.waiting;
    if (!this.snapshot || !this.probe) return this.canvas.setAttribute("aria-label", s.waiting);
    const { space } = feed.settings;
    const values = { n: formatNumber(this.probe.n), space: s[space], step: formatNumber(feed.shown) };
    const reading = this.probe.class_names.length ? s.reading : s.reading_unlabelled;
    this.canvas.setAttribute("aria-label", fill(reading, { ...values, share: this.agreement() }));
  }

  /** How many of all nearest neighbours share the class, in percent. */
  agreement() {
    const { labels } = this.probe;
    const { data, shape } = this.snapshot.arrays[`neighbours_${this.feed.settings.space}`];
    let same = 0;
    for (let i = 0; i < data.length; i++) same += labels[data[i]] === labels[Math.floor(i / shape[1])];
    return Math.round((100 * same) / data.length);
  }
}
