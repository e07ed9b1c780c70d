// The pictures of a run by step: snapshots as they are, glances laid over the snapshot before them.
// A glance holds new places for some of the points; the others stay where they were last seen.

const LAID = 32; // glances over each other, or twice as many as show every point once
const OWN = ["similarity", "histogram_positive", "histogram_negative"]; // a glance has these whole
const KEPT = 480; // packets, of the steps asked for last
const MOST_BYTES = 96e6; // of their numbers

export class Looks {
  constructor(source) {
    this.source = source;
    this.kept = new Map();
  }

  /** Promise of {step, whole, oldest, arrays}: the picture of `step`, the snapshot `whole` below it,
   *  and the step `oldest` of the point that was looked at longest ago. */
  at(step, snapshots, glances) {
    const whole = snapshots.findLast((known) => known <= step);
    const over = glances.filter((known) => known > whole && known <= step);
    if (!over.length) return this.snapshot(step);
    return this._keep(`picture ${whole} ${over.at(-1)} ${over.length}`, () => this._laid(whole, over));
  }

  snapshot(step) {
    return this._keep(`snapshot ${step}`, async () => {
      const { arrays } = await this.source.snapshot(step);
      return { step, whole: step, oldest: step, arrays };
    });
  }

  /** Forgets everything: a run that goes on from an earlier step writes its steps anew. */
  clear() {
    this.kept.clear();
  }

  async _laid(whole, over) {
    const glance = (step) => this._keep(`glance ${step}`, () => this.source.glance(step)).catch(() => null);
    const every = (await glance(over.at(-1)))?.arrays.part?.data[1] ?? 0; // of so many points it holds one
    const known = over.slice(-Math.max(LAID, 2 * every)).map(glance);
    const [base, ...seen] = await Promise.all([this.snapshot(whole), ...known]);
    return laid(base, seen.filter(Boolean));
  }

  _keep(name, load) {
    const known = this.kept.get(name);
    const entry = known ?? { packet: load(), bytes: 0 };
    if (!known) entry.packet.then((packet) => (entry.bytes = bytesOf(packet)), () => this.kept.delete(name));
    this.kept.delete(name);
    this.kept.set(name, entry);
    this._fit();
    return entry.packet;
  }

  /** Lets go what was asked for longest ago where all together is too much. */
  _fit() {
    let bytes = [...this.kept.values()].reduce((sum, entry) => sum + entry.bytes, 0);
    for (const [name, entry] of this.kept) {
      if (this.kept.size <= KEPT && bytes <= MOST_BYTES) return;
      bytes -= entry.bytes;
      this.kept.delete(name);
    }
  }
}

const bytesOf = ({ arrays }) => Object.values(arrays).reduce((sum, array) => sum + (array?.data.byteLength ?? 0), 0);

/** The picture of the newest of `glances` ({step, arrays}, ascending) over the snapshot `base`. A
 *  glance that does not fit the snapshot is passed over. */
export function laid(base, glances) {
  const layouts = Object.keys(base.arrays).filter((name) => name.startsWith("layout_"));
  const fitting = glances.filter((glance) => fits(glance, base, layouts));
  if (!fitting.length) return base;
  const arrays = { ...base.arrays };
  const newest = fitting.at(-1);
  for (const name of OWN) arrays[name] = newest.arrays[name] ?? arrays[name];
  for (const name of layouts) arrays[name] = { ...arrays[name], data: arrays[name].data.slice() };
  const n = base.arrays[layouts[0]]?.shape[0] ?? 0;
  const seen = new Int32Array(n).fill(base.step);
  for (const { step, arrays: own } of fitting) {
    const [first, every] = own.part.data;
    for (let i = first; i < n; i += every) seen[i] = step;
    for (const name of layouts.filter((layout) => layout in own)) put(arrays[name], own[name], first, every);
  }
  return { step: newest.step, whole: base.step, oldest: seen.reduce((a, b) => Math.min(a, b), newest.step), arrays };
}

/** Whether a glance says which points it holds, as many as these are, in the snapshot's layouts. */
function fits({ arrays }, base, layouts) {
  const [first, every] = arrays.part?.data ?? [];
  if (!(first >= 0 && every > first)) return false;
  return layouts.every((name) => {
    const [own, [n, width]] = [arrays[name], base.arrays[name].shape];
    return !own || (own.shape[1] === width && own.shape[0] === Math.ceil((n - first) / every));
  });
}

/** Puts the rows of `own` into every `every`-th row of `whole` from `first` on. */
function put(whole, own, first, every) {
  const width = own.shape[1];
  for (let row = 0; row < own.shape[0]; row++) {
    whole.data.set(own.data.subarray(row * width, (row + 1) * width), (first + row * every) * width);
  }
}
