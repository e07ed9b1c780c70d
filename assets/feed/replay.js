// A run as a bundle tells it, without a server: one of the two sources of a feed (server.js is the
// other). sslviz/feed/bundle.py says how a bundle is built and refuses the same in the same words.

import { readPacket } from "./packets.js";

const MAGIC = "sslviz replay";
const FORMAT = 1;
const START = 24; // bytes before the header
const TABLES = ["config", "status", "probe", "pictures"];
const LISTS = ["rows", "events", "snapshots"];

/** {config, status, rows, events, probe, snapshots: Map(step -> ArrayBuffer), pictures: {kind:
 *  ArrayBuffer}} of a bundle (ArrayBuffer). Throws an Error with one sentence for anything else. */
export function readBundle(buffer) {
  const bytes = new Uint8Array(buffer);
  const magic = String.fromCharCode(...bytes.subarray(0, MAGIC.length));
  if (bytes.length < START || magic !== MAGIC) throw refusal("This is not a replay of sslviz.");
  const view = new DataView(buffer);
  const [format, length, size] = [view.getUint16(14, true), view.getUint32(16, true), view.getUint32(20, true)];
  if (format !== FORMAT) {
    throw refusal("This replay has format {format}; this version reads format {known}.", { format, known: FORMAT });
  }
  if (bytes.length < size) {
    throw refusal("This replay is cut off: {here} of its {size} bytes are here.", { here: bytes.length, size });
  }
  return { ...parts(buffer, headerOf(bytes.subarray(START, START + length)), START + length) };
}

function headerOf(bytes) {
  let header = null;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw damaged();
  }
  const table = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
  if (!table(header)) throw damaged();
  if (!TABLES.every((name) => table(header[name]))) throw damaged();
  if (!LISTS.every((name) => Array.isArray(header[name]) && header[name].every(table))) throw damaged();
  if (![...header.rows, ...header.events].every(({ step }) => Number.isInteger(step))) throw damaged();
  return header;
}

function parts(buffer, header, start) {
  const cut = ({ offset, length }) => {
    const whole = [offset, length].every((value) => Number.isInteger(value) && value >= 0);
    if (!whole || start + offset + length > buffer.byteLength) throw damaged();
    return buffer.slice(start + offset, start + offset + length);
  };
  const snapshots = new Map();
  for (const place of header.snapshots) {
    const packet = cut(place);
    if (!Number.isInteger(place.step) || place.step <= ([...snapshots.keys()].at(-1) ?? -1)) throw damaged();
    snapshots.set(place.step, packet);
  }
  const pictures = {};
  for (const kind of ["probe", "views"]) {
    if (kind in header.pictures) pictures[kind] = cut(header.pictures[kind] ?? {});
  }
  const { config, status, rows, events, probe } = header;
  return { config, status, rows, events, probe, snapshots, pictures };
}

const damaged = () => refusal("The head of this replay is damaged.");

/** An Error with a sentence: its template and facts stay with it, to be put into other languages. */
function refusal(template, facts = {}) {
  const sentence = template.replace(/\{(\w+)\}/g, (_, name) => facts[name]);
  return Object.assign(new Error(sentence), { template, facts, answered: true });
}

/** The source of the run in a bundle. It is over: its news never change; it holds no glances. */
export function replaySource(buffer) {
  const { config, status, rows, events, probe, snapshots, pictures } = readBundle(buffer);
  const there = (value) => value ?? Promise.reject(refusal("This replay does not hold that."));
  return {
    still: true,
    async news(after) {
      return { config, status, events, rows: rows.filter((row) => row.step > after), snapshots: [...snapshots.keys()], glances: [] };
    },
    snapshot: async (step) => readPacket(await there(snapshots.get(step))),
    probe: async () => probe,
    picture: async (kind) => new Blob([await there(pictures[kind])], { type: "image/webp" }),
    another: () => null,
  };
}
