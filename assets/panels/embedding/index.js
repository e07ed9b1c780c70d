// The embedding view: points that move as the encoder learns, and everything one can ask of them.

import { el } from "../../kit/dom.js";
import { openPanel } from "../../kit/panel.js";
import { palette, theme } from "../../kit/theme.js";
import { tooltip } from "../../kit/tooltip.js";
import { Choice } from "./choice.js";
import { toolbar } from "./controls.js";
import { finder, SIDE } from "./finder.js";
import { legend, selection } from "./legend.js";
import { askedBy } from "./link.js";
import { Motion } from "./motion.js";
import { drawGlobe, drawLasso, drawNames, drawNeighbours, drawTrail } from "./overlay.js";
import { pointing, showCard } from "./pointer.js";
import { Camera, colouring, depthOrder, drawPictures, fitting } from "./points.js";
import { scrubber, speedOf } from "./scrubber.js";
import { Stamps } from "./stamps.js";
import { tell } from "./words.js";

const SHOWS = { names: true, pictures: false, lasso: false };
const NOTE = 40; // pixels below the points that belong to the note
const TELL = 1000; // milliseconds after which what the note says of the next picture is old

export default (element, feed, data) =>
  openPanel(element, "embedding", feed, data, (frame) => new EmbeddingView(frame, feed, data));

class EmbeddingView {
  constructor(root, feed, data) {
    Object.assign(this, { root, feed, data, strings: data.strings });
    this.camera = new Camera();
    this.motion = new Motion();
    this.choice = new Choice(this);
    this.side = SIDE; // pixels of an image on the map
    this.card = null; // the image whose card is open
    this.pace = "live";
    this.wanted = data.joined ? null : askedBy(location.search); // what the address asks for, until it is shown
    this.middle = { x: 0, y: 0, width: 1, height: 1 }; // of the part of the stage that is free
    Object.assign(this, { ratio: 1, radius: 3 });
    this.build();
    pointing(this);
    this.follow = this.follow.bind(this);
    this.follow();
    this.telling = setInterval(() => feed.status?.live && tell(this), TELL);
  }

  build() {
    this.root.classList.toggle("joined", Boolean(this.data.joined)); // one bar and one clock for several maps
    this.tip = tooltip(this.root);
    this.points = el("canvas", { class: "points", "aria-hidden": "true" });
    this.canvas = el("canvas", { class: "overlay", role: "application", tabindex: 0 });
    this.note = el("div", { class: "note" });
    this.said = el("div", { class: "said", role: "status" });
    this.empty = el("div", { class: "empty" });
    this.parts = {
      toolbar: toolbar(this),
      finder: finder(this),
      legend: legend(this),
      selection: selection(this),
      scrubber: scrubber(this),
    };
    this.stage = el("div", { class: "stage" }, this.points, this.canvas, this.note, this.empty, this.said);
    this.stage.append(this.parts.legend.node, this.parts.selection.node);
    this.root.append(this.parts.toolbar.node, this.parts.finder.node, this.stage, this.parts.scrubber.node);
  }

  close() {
    this.closed = true;
    clearInterval(this.telling);
    this.parts.scrubber.stop();
  }

  /** A name in the visitor's language: of a class, a factor, a factor's value. */
  say(name) {
    return this.strings.words[name] ?? name.replaceAll("_", " ");
  }

  /** The layout that is wanted, or the flat one where the picture does not have it. */
  get layout() {
    const { layout = "flat" } = this.feed.settings;
    return this.snapshot && !this.layouts().includes(layout) ? "flat" : layout;
  }

  get shows() {
    return { ...SHOWS, ...this.feed.settings.shows };
  }

  // ---- what is shown ---------------------------------------------------------------------------
  /** Reacts to any change of the feed. */
  follow() {
    const { feed } = this;
    if (this.wanted && feed.snapshots.length) this.show(this.wanted);
    if (feed.settings.layout === "sphere" && feed.settings.space !== "z") return feed.set({ layout: "flat" });
    const asked = `${feed.shown} ${feed.settings.space} ${this.layout}`;
    if (feed.shown !== null && asked !== this.asked) this.load(asked);
    if (this.probe && this.colouredBy !== feed.settings.colour) this.recolour();
    this.choice.follow();
    this.sync();
    this.redraw(this.shownAs === feed.settings.shows ? "overlay" : "points");
    this.shownAs = feed.settings.shows;
  }

  /** Shows what an address asks for, once there is something to show. */
  show({ step, space, layout, colour, chosen }) {
    this.wanted = null;
    this.feed.set({ ...(space && { space }), ...(layout && { layout }), ...(colour && { colour }), ...(chosen && { chosen }) });
    if (step !== undefined) this.feed.seek(step);
  }

  async load(asked) {
    const [step, space, layout] = asked.split(" ");
    const switched = this.asked && !this.asked.endsWith(` ${space} ${layout}`);
    if (this.asked && !this.asked.endsWith(` ${layout}`)) this.camera.reset();
    this.asked = asked;
    const packets = [this.feed.look(+step), this.feed.probe()];
    const [snapshot, probe] = await Promise.all(packets).catch(() => []);
    if (this.asked !== asked || this.closed) return;
    if (!probe) return (this.asked = null); // the next change of the feed asks again
    if (!this.probe) this.meet(probe);
    this.snapshot = snapshot;
    if (this.layout !== layout) return this.follow(); // this picture has another choice of layouts
    const positions = this.positionsOf(snapshot);
    this.motion.send(positions, this.fitting(positions), snapshot.step, switched ? "switch" : this.pace, speedOf(this.feed));
    this.pace = "live";
    this.redraw("points");
    this.sync();
    if (this.card !== null) showCard(this, this.card);
    this.choice.trace();
  }

  /** Takes in the probe images: once, before the first picture. */
  meet(probe) {
    this.probe = probe;
    const [x, y, depth] = [0, 1, 2].map(() => new Float32Array(probe.n));
    this.screen = { x, y, depth, row: new Uint8Array(probe.n) };
    const known = this.feed.settings.colour in probe.factors || probe.class_names.length > 0;
    if (!known) this.feed.set({ colour: Object.keys(probe.factors)[0] ?? "none" });
    this.recolour();
    this.choice.follow();
    this.feed.atlas("probe").then((atlas) => {
      this.atlas = atlas;
      this.parts.selection.sync();
      if (this.card !== null) showCard(this, this.card);
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
    this.feed.set({ layout, ...(layout === "sphere" && { space: "z" }) });
  }

  /** Neighbours of `index` in the space shown. */
  neighboursOf(index) {
    const { data, shape } = this.snapshot.arrays[`neighbours_${this.feed.settings.space}`];
    return data.subarray(index * shape[1], (index + 1) * shape[1]);
  }

  /** Pixels per unit at which `positions` fill the free part of the stage. */
  fitting(positions) {
    const { width, height } = this.middle;
    return fitting(positions, this.flat ? "flat" : this.layout, width, height, this.radius);
  }

  // ---- drawing ---------------------------------------------------------------------------------
  /** Draws at the next frame: "points" and what lies over them, or only the "overlay". */
  redraw(layer) {
    this.stale ||= layer === "points";
    this.frame ??= requestAnimationFrame((time) => this.paint(time));
  }

  paint(time) {
    this.frame = null;
    if (this.closed || !this.motion.positions) return;
    if (this.motion.journey) Object.assign(this.canvas.dataset, this.motion.advance(time));
    if (this.stale) {
      this.camera.fit = this.motion.fit;
      this.camera.project(this.motion.positions, this.flat, this.screen);
      this.paintPoints();
    }
    this.paintOverlay();
    this.stale = false;
    if (this.motion.journey) this.redraw("points");
  }

  paintPoints() {
    const { ratio, middle, screen, probe, colours, camera } = this;
    const context = this.points.getContext("2d", { alpha: false });
    const { width, height } = this.points;
    this.stamps ??= new Stamps(colours, this.radius, ratio, this.look, width, height);
    const order = this.flat ? null : depthOrder(screen);
    this.stamps.draw(context, screen, colours.bin, this.choice.on, order, middle);
    const close = camera.zoom > 4 && this.flat;
    if (!this.atlas || !(this.shows.pictures || close)) return;
    const side = Math.min(Math.max(64, this.side), this.side * Math.sqrt(Math.max(1, camera.zoom)));
    drawPictures(context, this.atlas, probe, screen, colours, this.choice.on, side, ratio, middle);
  }

  paintOverlay() {
    const context = this.canvas.getContext("2d");
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    if (this.layout === "sphere") drawGlobe(context, this);
    if (this.shows.names) drawNames(context, this);
    const { hovered, trails } = this.choice;
    for (const path of trails.values()) drawTrail(context, this, path, this.look.primary);
    if (hovered !== null) drawNeighbours(context, this, hovered, this.neighboursOf(hovered));
    if (this.lasso) drawLasso(context, this.lasso, this.look);
  }

  // ---- look and size ---------------------------------------------------------------------------
  /** Takes on another size or theme. */
  draw() {
    this.look = { ...theme(this.root), ...palette(this.root, this.data) };
    if (this.probe) this.recolour();
    else this.resize();
    this.sync();
  }

  recolour() {
    this.colouredBy = this.feed.settings.colour;
    this.look ??= { ...theme(this.root), ...palette(this.root, this.data) };
    this.colours = colouring(this.probe, this.colouredBy, this.look);
    this.stamps = null;
    this.parts.legend.rebuild();
    this.choice.apply();
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
    const { node } = this.parts.legend;
    const beside = node.parentElement === this.stage ? node.offsetWidth + 12 : 0;
    const free = { width: width - beside, height: height - NOTE * this.look.type };
    this.middle = { ...free, x: free.width / 2, y: free.height / 2 };
    this.root.classList.toggle("narrow", width < 860);
    const share = Math.sqrt((free.width * height) / (this.probe?.n ?? 1000));
    this.radius = Math.min(7, Math.max(3, 0.27 * share));
    this.stamps = null;
    this.motion.rescale((positions) => this.fitting(positions));
    this.redraw("points");
  }

  /** Everything around the picture shows what is so. */
  sync() {
    this.parts.toolbar.sync();
    this.parts.finder.sync();
    this.parts.scrubber.sync();
    if (this.colours) this.parts.legend.sync();
    tell(this);
  }
}
