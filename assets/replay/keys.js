// The keys of a replay, wherever the focus is: time, language, theme, and one panel alone.

const TIME = [" ", "ArrowLeft", "ArrowRight", "Home", "End"];
const AHEAD = { PageDown: "ArrowRight", PageUp: "ArrowLeft" }; // what clickers send

/** Listens; `acts` has speak, turn, recipe, and `picture()`, the panel that time's keys go to. */
export function keys(acts) {
  addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || document.querySelector("dialog[open]")) return;
    const target = event.composedPath()[0];
    if (["INPUT", "SELECT", "TEXTAREA"].includes(target.tagName)) return;
    const done = target.tagName === "BUTTON" && event.key === " " ? false : pressed(event.key, acts, target);
    if (done) event.preventDefault();
  });
}

function pressed(key, acts, target) {
  const time = AHEAD[key] ?? key;
  const canvas = acts.picture()?.host.shadowRoot.querySelector("canvas.overlay");
  if (TIME.includes(time) && target !== canvas) {
    canvas?.dispatchEvent(new KeyboardEvent("keydown", { key: time, bubbles: true }));
    return true;
  }
  if (/^[1-9]$/.test(key)) return alone(Number(key));
  const act = { l: acts.speak, t: acts.turn, r: acts.recipe, f: whole, b: blank, 0: () => alone(0), Escape: () => alone(0) }[key.length === 1 ? key.toLowerCase() : key];
  act?.();
  return Boolean(act);
}

/** Shows the panel at place `n` alone, or all of them where it already is, or for 0. */
function alone(n) {
  const hosts = [...document.querySelectorAll("main .host:not(.status)")];
  const chosen = hosts[n - 1];
  const again = chosen?.classList.contains("alone");
  for (const host of hosts) host.classList.toggle("alone", host === chosen && !again);
  document.body.classList.toggle("only", Boolean(chosen) && !again);
  return Boolean(chosen);
}

function whole() {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen?.();
}

function blank() {
  document.body.classList.toggle("blank");
}
