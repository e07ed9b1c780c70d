// The keys of a replay: time, language, theme, one panel alone; and presenter mode, in which the page
// is nothing but one panel in large type. In a page of the app that page does the same around it.

import { blank, clear, laser, listen, switchNames, toMap, whole } from "../kit/desk.js";

const TIME = [" ", "ArrowLeft", "ArrowRight", "Home", "End"];
const AHEAD = { PageDown: "ArrowRight", PageUp: "ArrowLeft" }; // what clickers send
const ORDER = ["embedding", "matrix", "histogram", "collapse", "knn", "loss", "probes", "task"]; // keys 1 to 8
const ASKED = "present"; // in the address, and in what goes to the page around

/** Listens; `given` has speak, turn, recipe, keys, notes, and `map()`, the host that time's keys go to,
 *  and `shows(name)`, called with the panel that is alone. Returns the acts by key. */
export function keys(given) {
  const { shows } = given;
  const time = (key) => () => toMap(given.map(), key);
  const acts = {
    b: blank,
    d: laser,
    f: () => present(!presents(), shows),
    k: given.speak,
    l: () => switchNames(given.map()),
    n: given.notes,
    r: given.recipe,
    t: given.turn,
    "?": given.keys,
    0: () => alone(0, shows),
    Escape: () => (presents() ? present(false, shows) : alone(0, shows)),
  };
  for (const key of TIME) acts[key] = time(key);
  for (const [key, same] of Object.entries(AHEAD)) acts[key] = time(same);
  for (let n = 1; n < 10; n++) acts[n] = () => alone(n, shows);
  listen(acts, (event) => !document.querySelector("dialog[open]") && !ofMap(event));
  document.addEventListener("fullscreenchange", () => presents() && !document.fullscreenElement && present(false, shows));
  addEventListener("message", ({ source, data }) => {
    if (source !== parent || source === window) return;
    if (ASKED in Object(data)) present(data[ASKED], shows, false);
    else acts[data?.key]?.();
  });
  if (new URLSearchParams(location.search).get(ASKED) === "1") present(true, shows);
  if (parent !== window) parent.postMessage({ ready: true }, "*");
  return acts;
}

/** The map itself knows what time's keys mean. */
const ofMap = (event) => TIME.includes(event.key) && event.composedPath()[0].matches("canvas.overlay");

const presents = () => document.body.classList.contains("presenting");

/** `heard`: by this page's own keys, so that the page around it is told. */
function present(wanted, shows, heard = true) {
  if (wanted === presents()) return;
  document.body.classList.toggle("presenting", wanted);
  if (heard && parent !== window) parent.postMessage({ [ASKED]: wanted }, "*");
  if (heard && parent === window) whole(wanted);
  if (!wanted) clear();
  alone(wanted ? 1 : 0, shows);
}

/** Shows the panel at place `n` alone, or all of them where it already is, or for 0: while the page
 *  presents always one. */
function alone(n, shows) {
  const all = [...document.querySelectorAll("main .host:not(.status)")];
  const place = ({ dataset }) => ORDER.indexOf(dataset.panel);
  const hosts = document.querySelector("main.one") ? all.sort((a, b) => place(a) - place(b)) : all;
  const chosen = hosts[n - 1] ?? (presents() ? hosts[0] : undefined);
  const again = chosen?.classList.contains("alone") && !presents();
  for (const host of hosts) host.classList.toggle("alone", host === chosen && !again);
  document.body.classList.toggle("only", Boolean(chosen) && !again);
  if (chosen && !again) shows(chosen.dataset.panel);
}
