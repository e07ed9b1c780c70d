// The live runs of a talk: each is started when its slide comes, with the recipe of the recorded run
// that the slide names, and is shown as soon as it has what a slide shows. Only the app has them.

import { runFeed } from "../feed/feed.js";
import { deviceOf, fill, formatNumber } from "../kit/words.js";

export class LiveRuns {
  /** `address`: where the app starts a run, null in a file; `changed()` is called after any news. */
  constructor(address, changed) {
    this.address = address;
    this.changed = changed;
    this.press = [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => byte.toString(16)).join("");
    this.started = new Map(); // the recorded run's place -> {feed, error}
  }

  /** Starts the run of slide `number` ({run, live}), once. */
  async start(number, slide) {
    if (!this.address || !slide.live || this.started.has(slide.run)) return;
    const own = { feed: null };
    this.started.set(slide.run, own);
    try {
      const body = JSON.stringify({ slide: number, press: this.press, lang: document.documentElement.lang });
      const answer = await fetch(this.address, { method: "POST", headers: { "Content-Type": "application/json" }, body });
      const said = await answer.json();
      if (!answer.ok) throw new Error(said.error);
      own.feed = runFeed(said.run);
      own.feed.subscribe(this.changed);
    } catch (error) {
      this.started.delete(slide.run); // coming back to the slide tries again
      this.refused = { run: slide.run, reason: error.message };
    }
    this.changed();
  }

  /** The feed of the live run, once it has reached what `slide` shows; else null. */
  of(slide) {
    const feed = this.started.get(slide.run)?.feed;
    if (!feed?.steps.length) return null;
    return slide.step === null || feed.steps.at(-1) >= slide.step ? feed : null;
  }

  /** What the foot of `slide` says of its live run: "" where there is none to speak of. */
  said(slide, s) {
    const feed = this.started.get(slide.run)?.feed;
    if (this.of(slide)) {
      const { step = 0 } = feed.status ?? {};
      const [now, steps] = [step, feed.config?.steps ?? 0].map((n) => formatNumber(n));
      return fill(s.live_now, { device: deviceOf(feed.status ?? {}), step: now, steps, seed: feed.config?.seed ?? "?" });
    }
    if (this.refused?.run === slide.run) return fill(s.live_refused, this.refused);
    if (feed?.steps.length) return fill(s.live_waits, { now: formatNumber(feed.steps.at(-1)), step: formatNumber(slide.step) });
    if (!slide.live) return "";
    return this.address ? s.live_starts : s.live_elsewhere;
  }
}
