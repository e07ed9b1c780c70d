// When to draw: only what differs, and heavy things when nobody waits for something else.

/** A function that says whether what it is given differs from what it was given last. */
export function differing() {
  let known = null;
  return (...now) => {
    const differs = now.some((value, i) => value !== known?.[i]);
    known = now;
    return differs;
  };
}

/** {ask, leave}: `ask` has `work` done when the browser has time for it, at the latest after a second,
 *  and `rest` milliseconds after it was done last; asked several times until then, once. */
export function unhurried(work, rest) {
  let done = -Infinity;
  let timer = null;
  let idle = null;
  const now = () => {
    [timer, idle, done] = [null, null, performance.now()];
    work();
  };
  const wait = () => (idle = requestIdleCallback(now, { timeout: 1000 }));
  return {
    ask: () => (timer ??= setTimeout(wait, Math.max(0, done + rest - performance.now()))),
    leave() {
      clearTimeout(timer);
      if (idle !== null) cancelIdleCallback(idle);
    },
  };
}
