// One feed a run: every view of a run reads the same rows, pictures and shared settings, so that one
// slider moves all of them and each thing is fetched once. Where it all comes from, its source knows.

import { Looks } from "./looks.js";
import { thinned } from "./rows.js";
import { serverSource } from "./server.js";

const FIRST_POLLS = [80, 200]; // until there is a picture, and a second one: everybody waits for them
const LIVE_POLL = 400;
const RESTING_POLL = 5000;
const HIDDEN_POLL = 10_000;
const LONGEST_BACKOFF = 4000;
const FEEDS = new Map(); // run -> its feed

/** The feed of `run` from the server, shared by all panels of the page. */
export function runFeed(run) {
  if (!FEEDS.size) document.addEventListener("visibilitychange", catchUp);
  if (!FEEDS.has(run)) FEEDS.set(run, new RunFeed(serverSource(run)));
  return FEEDS.get(run);
}

/** A page that comes back into view shows at once what it has missed. */
function catchUp() {
  if (!document.hidden) for (const feed of FEEDS.values()) feed.wake();
}

/** A run from its `source` ({news, snapshot, glance, probe, picture, another, still}) and what is shown
 *  of it. */
export class RunFeed {
  constructor(source) {
    this.source = source;
    this.status = null;
    this.config = null;
    this.rows = [];
    this.snapshots = [];
    this.glances = [];
    this.steps = []; // of snapshots and glances, ascending: what can be shown
    this.events = [];
    this.shown = null; // the step all views show
    this.live = true; // follow the newest picture
    this.watching = true; // somebody looks at its pictures
    this.heard = 0; // when the newest status came, as performance.now() counts
    this.offline = false;
    this.error = null;
    this.hover = null; // {kind: "probe" | "view", index}
    this.settings = { space: "h", colour: "class" };
    this._listeners = new Set();
    this._looks = new Looks(source);
    this._once = {};
    this._others = new Map();
    this._failures = 0;
    this._timer = null;
    this._polling = false;
  }

  /** Calls `listener(feed)` after every change; returns the function that ends it. */
  subscribe(listener) {
    this._listeners.add(listener);
    if (!this._timer && !this._polling) this._poll();
    return () => {
      this._listeners.delete(listener);
      if (this._listeners.size) return;
      clearTimeout(this._timer);
      this._timer = null;
    };
  }

  /** Shows `step` in all views (the nearest earlier picture there is); null follows live. */
  seek(step) {
    this.live = step === null;
    const target = this.live ? this.steps.at(-1) : this._nearest(step);
    if (target !== undefined) this.shown = target;
    this._changed();
  }

  setHover(target) {
    if (this.hover?.kind === target?.kind && this.hover?.index === target?.index) return;
    this.hover = target;
    this._changed();
  }

  /** A feed of another run that follows no pictures, only its rows; null where there is none. */
  another(run) {
    if (!this._others.has(run)) {
      const source = this.source.another(run);
      this._others.set(run, source && Object.assign(new RunFeed(source), { live: false, watching: false }));
    }
    return this._others.get(run);
  }

  /** Changes settings that all views share, e.g. set({space: "z"}). */
  set(settings) {
    this.settings = { ...this.settings, ...settings };
    this._changed();
  }

  /** Promise of the picture of `step`, as looks.js puts it together. */
  look(step) {
    return this._looks.at(step, this.snapshots, this.glances);
  }

  /** Promise of what is known of the probe images: labels, class names, factors, tiles. */
  probe() {
    return this._keep("probe facts", async () => this.source.probe());
  }

  /** Promise of the sprite atlas ("probe" or "views") as a decoded image. */
  atlas(kind) {
    return this._keep(kind, async () => createImageBitmap(await this.source.picture(kind)));
  }

  _keep(name, load) {
    this._once[name] ??= load().catch((error) => {
      delete this._once[name];
      throw error;
    });
    return this._once[name];
  }

  /** Asks for news at once, unless it is being asked. */
  wake() {
    if (this._timer === null || this._polling) return;
    clearTimeout(this._timer);
    this._poll();
  }

  _nearest(step) {
    return this.steps.findLast((known) => known <= step) ?? this.steps[0];
  }

  _changed() {
    for (const listener of [...this._listeners]) listener(this);
  }

  async _poll() {
    this._polling = true;
    try {
      const after = this.rows.length ? this.rows.at(-1).step - 1 : -1; // a look may still add to that row
      const news = await this.source.news(after, this.watching && !document.hidden);
      const returned = this._failures > 0;
      this._failures = 0;
      this.offline = false;
      this.error = null;
      await this._take(news, after, returned);
    } catch (error) {
      this._failures += 1;
      this.offline = !error.answered;
      this.error = error.message;
      this._changed();
    }
    this._polling = false;
    if (!this._listeners.size || this.source.still) return;
    const soon = this.status?.queue_position ? undefined : FIRST_POLLS[this.steps.length];
    const pace = this.status?.live ? (soon ?? LIVE_POLL) : RESTING_POLL;
    const wait = this._failures ? Math.min(LIVE_POLL * 2 ** this._failures, LONGEST_BACKOFF) : pace;
    this._timer = setTimeout(() => this._poll(), document.hidden ? HIDDEN_POLL : wait);
  }

  async _take(news, after, returned) {
    const before = JSON.stringify([this.status, this.steps.at(-1), this.events.length]);
    if (JSON.stringify(news.rows[0]) === JSON.stringify(this.rows.at(-1))) news.rows.shift();
    else if (news.rows[0]?.step === this.rows.at(-1)?.step) this.rows.pop();
    const glances = news.glances ?? [];
    const steps = [...new Set([...news.snapshots, ...glances])].sort((a, b) => a - b);
    const rewound = steps.at(-1) < this.steps.at(-1) || news.status?.attempt !== this.status?.attempt;
    if (rewound) this._looks.clear();
    if (news.status?.updated_at !== this.status?.updated_at) this.heard = performance.now();
    this.status = news.status;
    this.config = news.config;
    Object.assign(this, { snapshots: news.snapshots, glances, steps });
    this.events = news.events;
    this.rows = rewound && after >= 0 ? [] : thinned([...this.rows, ...news.rows]);
    const newest = this.steps.at(-1);
    if (this.live && newest !== undefined && newest !== this.shown) {
      if (this.shown === null) this.probe().catch(() => null); // asked for beside the first picture
      await this.look(newest).catch(() => null);
      if (this.live) this.shown = newest;
    }
    const now = JSON.stringify([this.status, newest, this.events.length]);
    if (news.rows.length || rewound || returned || before !== now) this._changed();
  }
}
