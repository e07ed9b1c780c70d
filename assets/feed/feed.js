// One feed a run and page: every view of a run reads the same rows, snapshots and shared settings,
// so that one slider moves all of them and each thing is fetched once.

const LIVE_STATES = ["queued", "starting", "training", "paused", "silent"];
const LIVE_POLL = 400;
const RESTING_POLL = 3000;
const LONGEST_BACKOFF = 4000;
const CACHED_SNAPSHOTS = 240;
const KEPT_ROWS = 4000;

/** The feed of `run`, shared by all components of the page through `window`. */
function sslvizFeed(run) {
  const feeds = (window.__sslvizFeeds ??= new Map());
  if (!feeds.has(run)) feeds.set(run, new RunFeed(run));
  return feeds.get(run);
}

/** Fetches `path` below `<server>/sslviz/`, whatever prefix the server is mounted under:
 *  Streamlit answers unknown paths with its index page, so a wrong prefix shows as text/html. */
async function sslvizFetch(path) {
  const here = new URL(document.baseURI);
  const parts = here.pathname.split("/").slice(1, -1);
  const guesses = parts.map((_, i) => `/${parts.slice(0, parts.length - i).join("/")}/`);
  const last = `/${here.pathname.split("/").filter(Boolean).join("/")}/`;
  const prefixes = window.__sslvizPrefix ? [window.__sslvizPrefix] : [...guesses, "/", last];
  for (const prefix of prefixes) {
    const answer = await fetch(new URL(`${prefix}sslviz/${path}`, here.origin));
    if ((answer.headers.get("content-type") ?? "").startsWith("text/html")) continue;
    window.__sslvizPrefix = prefix;
    if (answer.ok) return answer;
    const refusal = await answer.json().catch(() => ({}));
    throw Object.assign(new Error(refusal.error ?? `HTTP ${answer.status}`), { answered: true });
  }
  throw new Error("The server does not answer under /sslviz.");
}

/** What the server's sentences are to be written in: every page keeps its language in its URL. */
function pageLanguage() {
  return new URLSearchParams(location.search).get("lang") ?? "";
}

/** {step, arrays: {name: {shape, data}}} of a snapshot packet (ArrayBuffer). */
function readPacket(buffer) {
  const length = new DataView(buffer).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  const types = { float32: Float32Array, int32: Int32Array, int16: Int16Array, uint8: Uint8Array };
  const body = buffer.slice(4 + length);
  const arrays = {};
  for (const [name, { dtype, shape, offset }] of Object.entries(header.arrays)) {
    const count = shape.reduce((a, b) => a * b, 1);
    arrays[name] = { shape, data: new types[dtype](body, offset, count) };
  }
  return { step: header.step, arrays };
}

class RunFeed {
  constructor(run) {
    this.run = run;
    this.status = null;
    this.config = null;
    this.rows = [];
    this.snapshots = [];
    this.events = [];
    this.shown = null; // the step all views show
    this.live = true; // follow the newest snapshot
    this.offline = false;
    this.error = null;
    this.hover = null; // {kind: "probe" | "view", index}
    this.settings = { space: "h", colour: "class" };
    this._listeners = new Set();
    this._cache = new Map();
    this._once = {};
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

  /** Shows `step` in all views (the nearest earlier snapshot there is); null follows live. */
  seek(step) {
    this.live = step === null;
    const target = this.live ? this.snapshots.at(-1) : this._nearest(step);
    if (target !== undefined) this.shown = target;
    this._changed();
  }

  setHover(target) {
    if (this.hover?.kind === target?.kind && this.hover?.index === target?.index) return;
    this.hover = target;
    this._changed();
  }

  /** Changes settings that all views share, e.g. set({space: "z"}). */
  set(settings) {
    this.settings = { ...this.settings, ...settings };
    this._changed();
  }

  /** Promise of {step, arrays}; kept for the last 240 steps asked for. */
  snapshot(step) {
    const known = this._cache.get(step);
    this._cache.delete(step);
    const packet = known ?? this._get(`runs/${this.run}/snapshots/${step}`).then(readSnapshot);
    if (!known) packet.catch(() => this._cache.delete(step));
    this._cache.set(step, packet);
    if (this._cache.size > CACHED_SNAPSHOTS) this._cache.delete(this._cache.keys().next().value);
    return packet;
  }

  /** Promise of what is known of the probe images: labels, class names, factors, tiles. */
  probe() {
    return this._keep("probe", async () => (await this._get(`runs/${this.run}/probe`)).json());
  }

  /** Promise of the sprite atlas ("probe" or "views") as a decoded image. */
  atlas(kind) {
    return this._keep(kind + ".webp", async () => {
      const answer = await this._get(`runs/${this.run}/${kind}.webp`);
      return createImageBitmap(await answer.blob());
    });
  }

  _keep(name, load) {
    this._once[name] ??= load().catch((error) => {
      delete this._once[name];
      throw error;
    });
    return this._once[name];
  }

  _get(path) {
    return sslvizFetch(path);
  }

  _nearest(step) {
    return this.snapshots.findLast((known) => known <= step) ?? this.snapshots[0];
  }

  _changed() {
    for (const listener of [...this._listeners]) listener(this);
  }

  async _poll() {
    this._polling = true;
    try {
      const after = this.rows.at(-1)?.step ?? -1;
      const asked = `after=${after}&lang=${pageLanguage()}`;
      const news = await (await this._get(`runs/${this.run}/feed?${asked}`)).json();
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
    if (!this._listeners.size) return;
    const pace = LIVE_STATES.includes(this.status?.state) ? LIVE_POLL : RESTING_POLL;
    const wait = this._failures ? Math.min(LIVE_POLL * 2 ** this._failures, LONGEST_BACKOFF) : pace;
    this._timer = setTimeout(() => this._poll(), document.hidden ? Math.max(wait, RESTING_POLL) : wait);
  }

  async _take(news, after, returned) {
    const before = JSON.stringify([this.status, this.snapshots.at(-1), this.events.length]);
    const rewound =
      news.snapshots.at(-1) < this.snapshots.at(-1) || news.status?.attempt !== this.status?.attempt;
    if (rewound) this._cache.clear();
    this.status = news.status;
    this.config = news.config;
    this.snapshots = news.snapshots;
    this.events = news.events;
    this.rows = rewound && after >= 0 ? [] : thinned([...this.rows, ...news.rows]);
    const newest = this.snapshots.at(-1);
    if (this.live && newest !== undefined && newest !== this.shown) {
      await this.snapshot(newest).catch(() => null);
      if (this.live) this.shown = newest;
    }
    const now = JSON.stringify([this.status, newest, this.events.length]);
    if (news.rows.length || rewound || returned || before !== now) this._changed();
  }
}

async function readSnapshot(answer) {
  return readPacket(await answer.arrayBuffer());
}

/** Every second plain row dropped, snapshot rows kept, when there are too many to draw. */
function thinned(rows) {
  if (rows.length <= KEPT_ROWS) return rows;
  return rows.filter((row, i) => row.snapshot || i % 2 === 0 || i === rows.length - 1);
}
