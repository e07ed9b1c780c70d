// Presenter mode of a page whose picture is a page of its own in a frame: that page has the keys; this
// one makes the frame as large as the window, and hands on what it hears itself.

import { listen, whole } from "../../kit/desk.js";
import { address, asked, end, present, presented } from "./page.js";

const KEYS = ["Escape", "ArrowLeft", "ArrowRight", "PageUp", "PageDown", "Home", "End", " ", "?", ..."bdfklnrt0123456789"];

/** Listens until `close`. */
export function framed() {
  const frame = () => document.querySelector('iframe[data-testid="stIFrame"]');
  const send = (message) => frame()?.contentWindow.postMessage(message, "*");
  const on = () => Boolean(presented());
  const show = (wanted) => {
    if (wanted === on()) return;
    if (wanted) present("frame");
    else end();
    address(wanted);
    whole(wanted);
    frame()?.focus();
  };
  const both = (wanted) => {
    show(wanted);
    send({ present: wanted });
  };
  const heard = ({ source, data }) => {
    if (source !== frame()?.contentWindow) return;
    if (typeof data?.present === "boolean") show(data.present);
    if (data?.ready && (asked() || on())) both(true);
  };
  const left = () => on() && !document.fullscreenElement && both(false);
  const handed = Object.fromEntries(KEYS.map((key) => [key, () => send({ key })]));
  const ends = [listen({ ...handed, f: () => both(false), Escape: () => both(false) }, on), listen({ f: () => both(true) }, () => !on() && Boolean(frame()))];
  addEventListener("message", heard);
  document.addEventListener("fullscreenchange", left);
  return {
    close() {
      end();
      for (const stop of ends) stop();
      removeEventListener("message", heard);
      document.removeEventListener("fullscreenchange", left);
    },
  };
}
