// How points travel from one snapshot to the next.

import { reducedMotion } from "../../kit/theme.js";

export const PLAY_PACE = 480; // milliseconds a snapshot
const TWEENS = { live: 320, play: PLAY_PACE, scrub: 110, switch: 520 }; // milliseconds

/** Positions (N x 3) and scale (pixels per unit) on their way from here to there. */
export class Motion {
  constructor() {
    this.positions = null; // where the points are now
    this.fit = 100;
    this.journey = null;
  }

  /** Sets off for `positions` and `fit` of snapshot `step`; at once at first or without motion.
   *  `speed`: how many times faster than PLAY_PACE a run is played. */
  send(positions, fit, step, pace, speed = 1) {
    const first = !this.positions;
    const from = { positions: first ? positions : this.positions.slice(), fit: first ? fit : this.fit };
    if (first) this.positions = Float32Array.from(positions);
    const length = first || reducedMotion() ? 0 : TWEENS[pace] / (pace === "play" ? speed : 1);
    const start = performance.now();
    this.journey = { from, to: { positions, fit }, step, start, length, even: pace === "play" };
  }

  /** Goes on to `time`; returns {step, moving} of the journey, which ends when it is there. */
  advance(time) {
    const { from, to, step, start, length, even } = this.journey;
    const t = length ? Math.min(1, Math.max(0, (time - start) / length)) : 1;
    const share = even ? t : t * t * (3 - 2 * t);
    const [a, b, now] = [from.positions, to.positions, this.positions];
    for (let i = 0; i < now.length; i++) now[i] = a[i] + (b[i] - a[i]) * share;
    this.fit = from.fit + (to.fit - from.fit) * share;
    if (t === 1) this.journey = null;
    return { step, moving: t < 1 };
  }

  /** Another scale at once: the window has another size. `measure(positions)` gives the scale. */
  rescale(measure) {
    if (!this.positions) return;
    this.fit = measure(this.positions);
    if (!this.journey) return;
    this.journey.from.fit = this.fit;
    this.journey.to.fit = measure(this.journey.to.positions);
  }
}
