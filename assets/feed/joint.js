// Several runs under one clock. What is shown, in which space, layout and colours, and what is pointed
// at or chosen is the same in all of them; the clock itself has the face of a feed whose steps are
// times, so that a scrubber and curves take it as they take a run.

export const UNITS = ["step", "images", "seconds"];
const OF_ALL = ["space", "layout", "shows", "speed"]; // settings that all runs share
const OF_IMAGES = ["colour", "chosen", "kept"]; // those that only runs with the same images can share

/** The clock of `feeds`. `moves(feed)`: whether a run trains now; those that do, and of them the one
 *  that is behind, decide how far a live clock is. */
export class JointFeed {
  constructor(feeds, moves = () => false) {
    Object.assign(this, { feeds, moves, unit: UNITS[0], live: true, shown: null, hover: null });
    this.groups = feeds.map((_, i) => i); // the same number: the same images
    this._listeners = new Set();
    this._goal = ""; // what a live clock goes to
    this._turn = this._arrived = 0;
    this._busy = false;
    this._seen = feeds.map(({ shown, hover, settings }) => ({ shown, hover, settings }));
    for (const feed of feeds) feed.live = false; // the clock follows live, for all of them
    this._leaves = feeds.map((feed, i) => feed.subscribe(() => this._heard(i)));
    this._show(this._newest());
  }

  /** Ends the clock; each run follows its own newest picture again. */
  close() {
    for (const leave of this._leaves) leave();
    for (const feed of this.feeds) Object.assign(feed, { hover: null, settings: { ...feed.settings, chosen: null, kept: null } }).seek(null);
  }

  subscribe(listener) {
    this._listeners.add(listener);
    return () => this._listeners.delete(listener);
  }

  // ---- time ------------------------------------------------------------------------------------
  /** What the clock says when `feed` is at `step`. */
  timeOf(feed, step) {
    if (this.unit === "images") return step * (feed.status?.batch_size || feed.config?.batch_size || 1);
    return this.unit === "seconds" ? secondsAt(feed.rows, step) : step;
  }

  /** The step of the picture that `feed` shows at `time`: its newest by then; null before its first. */
  stepAt(feed, time) {
    return feed.steps.findLast((step) => this.timeOf(feed, step) <= time) ?? feed.steps[0] ?? null;
  }

  /** Counts by "step", "images" or "seconds" from now on. */
  count(unit) {
    const first = this.feeds.find((feed) => feed.shown !== null);
    this.unit = unit;
    if (!this.live && first) this._show(this.timeOf(first, first.shown));
    else this._show(this._newest());
    this._changed();
  }

  /** Shows what each run was at `time`; null follows live. */
  seek(time) {
    this.live = time === null;
    this._show(this.live ? this._newest() : time);
    this._changed();
  }

  /** The newest time: of the run that is behind, among those that move; else of the longest. */
  _newest() {
    const begun = this.feeds.filter((feed) => feed.steps.length);
    const moving = begun.filter(this.moves);
    const times = (moving.length ? moving : begun).map((feed) => this.timeOf(feed, feed.steps.at(-1)));
    if (!times.length) return null;
    return moving.length ? Math.min(...times) : Math.max(...times);
  }

  /** Goes to the newest time once all pictures of it are here, so that all runs move at once. */
  async _advance() {
    const time = this._newest();
    const goal = [time, ...this.feeds.map((feed) => this.stepAt(feed, time))].join();
    if (time === null || goal === this._goal) return;
    this._goal = goal;
    const turn = ++this._turn;
    await this.look(time);
    if (!this.live || turn < this._arrived) return; // a later picture was here sooner
    this._arrived = turn;
    this._show(time);
    this._changed();
  }

  _show(time) {
    if (time === null) return;
    this.shown = time;
    const before = this._busy;
    this._busy = true;
    this.feeds.forEach((feed, i) => {
      const step = this.stepAt(feed, time);
      if (step !== null && step !== feed.shown) feed.seek(step);
      feed.live = false;
      this._seen[i].shown = feed.shown;
    });
    this._busy = before;
  }

  // ---- what all share --------------------------------------------------------------------------
  /** Runs of one number show the same images: point i of one is point i of the others. */
  link(groups) {
    if (String(groups) === String(this.groups)) return;
    this.groups = groups;
    this.feeds.forEach((feed, i) => {
      const first = groups.indexOf(groups[i]);
      if (first !== i) feed.set(picked(this.feeds[first].settings, OF_IMAGES));
    });
  }

  get settings() {
    return this.feeds[0].settings;
  }

  /** Changes settings of all runs. */
  set(settings) {
    for (const feed of this.feeds) feed.set(settings);
  }

  _heard(i) {
    if (this._busy) return;
    this._busy = true;
    const [feed, seen] = [this.feeds[i], this._seen[i]];
    if (feed.live) Object.assign(this, { live: true, _goal: "" });
    else if (feed.shown !== seen.shown && feed.shown !== null) {
      this.live = false;
      this._show(this.timeOf(feed, feed.shown));
    } else if (!this.live && feed.shown === null) this._show(this.shown); // its first picture has come
    feed.live = false;
    this._share(i, seen);
    this._busy = false;
    if (this.live) this._advance();
    this._changed();
  }

  /** Gives the others what run `i` has changed. */
  _share(i, seen) {
    const feed = this.feeds[i];
    const changed = (names) => names.filter((name) => feed.settings[name] !== seen.settings[name]);
    const [all, images] = [changed(OF_ALL), changed(OF_IMAGES)];
    this.feeds.forEach((other, k) => {
      const linked = this.groups[k] === this.groups[i];
      if (other === feed) return;
      if (linked && feed.hover !== seen.hover) other.setHover(feed.hover);
      const news = picked(feed.settings, [...all, ...(linked ? images : [])]);
      if (Object.entries(news).some(([name, value]) => other.settings[name] !== value)) other.set(news);
    });
    this.feeds.forEach(({ shown, hover, settings }, k) => (this._seen[k] = { shown, hover, settings }));
  }

  _changed() {
    for (const listener of [...this._listeners]) listener(this);
  }

  // ---- the face of a feed ----------------------------------------------------------------------
  /** All times at which any run has a picture, ascending. */
  get steps() {
    return this._times((feed) => feed.steps);
  }

  get snapshots() {
    return this._times((feed) => feed.snapshots);
  }

  get glances() {
    return [];
  }

  _times(of) {
    const times = this.feeds.flatMap((feed) => of(feed).map((step) => this.timeOf(feed, step)));
    return [...new Set(times)].sort((a, b) => a - b);
  }

  /** `live`: any run still goes on; `step`: how far training is, by this clock; `steps`: its end. */
  get status() {
    const known = this.feeds.filter((feed) => feed.status);
    if (!known.length) return null;
    const moving = known.filter(this.moves);
    const now = (moving.length ? moving : known).map((feed) => this.timeOf(feed, feed.status.step));
    const ends = known.map((feed) => this.timeOf(feed, this.unit === "seconds" ? feed.status.step : feed.status.steps));
    const live = moving.length > 0;
    return { live, step: live ? Math.min(...now) : Math.max(...now), steps: Math.max(...ends) };
  }

  get config() {
    return null;
  }

  get events() {
    return [];
  }

  get offline() {
    return this.feeds.every((feed) => feed.offline);
  }

  /** One row, at the end of time. */
  get rows() {
    const ends = this.feeds.filter((feed) => feed.rows.length).map((feed) => this.timeOf(feed, feed.rows.at(-1).step));
    return ends.length ? [{ step: Math.max(...ends) }] : [];
  }

  /** What the first run that has begun knows of its probe images. */
  probe() {
    return (this.feeds.find((feed) => feed.snapshots.length) ?? this.feeds[0]).probe();
  }

  look(time) {
    const wanted = this.feeds.filter((feed) => feed.steps.length);
    return Promise.all(wanted.map((feed) => feed.look(this.stepAt(feed, time)).catch(() => null)));
  }
}

/** Seconds of training at `step`: of the newest row by then that says so, 0 before any. */
export function secondsAt(rows, step) {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle].step <= step) low = middle + 1;
    else high = middle;
  }
  for (let at = low - 1; at >= 0; at--) if (Number.isFinite(rows[at].seconds)) return rows[at].seconds;
  return 0;
}

const picked = (settings, names) => Object.fromEntries(names.map((name) => [name, settings[name]]));

/** For each of `probes` (null where not known yet) the place of the first with the same images. */
export function sameImages(probes) {
  const marks = probes.map((probe, i) => (probe ? probe.mark ?? JSON.stringify([probe.labels, probe.factors]) : i));
  return marks.map((mark) => marks.indexOf(mark));
}
