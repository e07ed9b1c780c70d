// A method's task in pictures: paintings, turned images, puzzles. Arrays hold bytes, 3 x S x S.

import { el, svg } from "../../kit/dom.js";
import { fill } from "../../kit/words.js";

const GAP = 5;
const WORD = 62; // pixels for a verdict below a picture
const LABELS = 72; // pixels for the names of rows
const RIGHT_ICON = "M3 8.5l3.2 3.2L13 4.8";
const WRONG_ICON = "M4 4l8 8M12 4l-8 8";

/** Rows of what is seen, painted, wanted; a column an image, as many as there is room for. */
export function paintings(frame, s) {
  const node = el("div", { class: "rows" });
  const draw = (_, arrays) => {
    const { shape, data } = arrays.observe_pictures;
    const [images, rows, , side] = shape;
    const size = 3 * side * side;
    const picture = (i, row) => pixels([data.subarray((i * rows + row) * size, (i * rows + row + 1) * size)], side, 1);
    layRows(node, [s.seen, s.painted, s.wanted], images, picture);
    return "";
  };
  return { node, draw };
}

/** Shuffled tiles, the network's answer, the solution; whether the answer is right. */
export function puzzles(frame, s) {
  const node = el("div", { class: "rows" });
  const draw = (_, arrays) => {
    const { shape, data } = arrays.observe_tiles;
    const [images, , , side] = shape;
    const size = 3 * side * side;
    const nine = (array, i) => [...array.data.subarray(9 * i, 9 * i + 9)];
    const orders = (i) => [nine(arrays.observe_order, i), nine(arrays.observe_guess, i)];
    const isRight = (i) => orders(i)[0].join() === orders(i)[1].join();
    const puzzle = (i, row) => {
      const tiles = Array.from({ length: 9 }, (_, p) => data.subarray((9 * i + p) * size, (9 * i + p + 1) * size));
      const [order, guess] = orders(i);
      const goesTo = [[0, 1, 2, 3, 4, 5, 6, 7, 8], guess, order][row];
      const placed = [];
      tiles.forEach((tile, p) => (placed[goesTo[p]] = tile));
      return pixels(placed, side, 3);
    };
    const sure = (i) => Math.round(100 * arrays.observe_sure.data[i]);
    const verdict = (i) => mark(isRight(i), isRight(i) ? s.right : s.wrong, fill(s.sure, { n: sure(i) }));
    layRows(node, [s.shuffled, s.answer, s.solution], images, puzzle, verdict);
    return fill(s.score, { n: Array.from({ length: images }, (_, i) => isRight(i)).filter(Boolean).length, of: images });
  };
  return { node, draw };
}

/** Each turned image with the probabilities of the four turns, and whether the likeliest is true. */
export function rotations(frame, s) {
  const node = el("div", { class: "cards" });
  const draw = (_, arrays) => {
    const { shape, data } = arrays.observe_turned;
    const [images, , side] = shape;
    const size = 3 * side * side;
    let right = 0;
    const cards = Array.from({ length: images }, (_, i) => {
      const odds = [...arrays.observe_turn_odds.data.subarray(4 * i, 4 * i + 4)];
      const truth = arrays.observe_turns.data[i];
      const said = odds.indexOf(Math.max(...odds));
      right += said === truth;
      const bars = odds.map((odd, turn) => oddsBar(`${90 * turn}°`, odd, turn === truth, turn === said));
      const words = fill(said === truth ? s.right : s.wrong, { said: 90 * said, truth: 90 * truth });
      const picture = pixels([data.subarray(i * size, (i + 1) * size)], side, 1);
      return el("figure", {}, el("div", { class: "case" }, picture, el("div", {}, ...bars)), mark(said === truth, words));
    });
    const across = node.clientWidth >= 96 * 4 ? 4 : 3;
    const width = node.clientWidth / across;
    const tile = Math.floor(Math.min(node.clientHeight / 2 - 22, width - 66));
    node.style.setProperty("--across", across);
    node.style.setProperty("--tile", `${Math.max(24, tile)}px`);
    node.replaceChildren(...cards.slice(0, 2 * across));
    return fill(s.score, { n: right, of: images });
  };
  return { node, draw };
}

function oddsBar(angle, odd, isTrue, isSaid) {
  const bar = el("i", {});
  bar.style.width = `${100 * odd}%`;
  const kind = ["odds", isTrue && "true", isSaid && "said"].filter(Boolean).join(" ");
  return el("div", { class: kind, title: `${angle}: ${Math.round(100 * odd)}%` }, el("span", {}, angle), el("b", {}, bar));
}

/** Fills `node` with one row of pictures for each label, as many columns as fit beside each other. */
function layRows(node, labels, images, picture, verdict = null) {
  const room = node.clientHeight - (verdict ? 20 : 0) - GAP * (labels.length - 1);
  const tile = Math.max(24, Math.floor(Math.min(room / labels.length, 96)));
  const column = Math.max(tile, verdict ? WORD : 0);
  const columns = Math.max(1, Math.min(images, Math.floor((node.clientWidth - LABELS) / (column + GAP))));
  node.style.setProperty("--tile", `${tile}px`);
  node.style.gridTemplateColumns = `${LABELS}px repeat(${columns}, ${column}px)`;
  const each = (make) => Array.from({ length: columns }, (_, i) => make(i));
  const rows = labels.flatMap((label, row) => [el("span", {}, label), ...each((i) => picture(i, row))]);
  const last = verdict ? [el("span", {}), ...each(verdict)] : [];
  node.replaceChildren(...rows, ...last);
}

/** A canvas of `across` x `across` tiles, each 3 x side x side bytes, with a thin gap between them. */
function pixels(tiles, side, across) {
  const gap = across > 1 ? 1 : 0;
  const whole = across * side + (across - 1) * gap;
  const canvas = el("canvas", { class: "pixels", width: whole, height: whole });
  const context = canvas.getContext("2d");
  tiles.forEach((bytes, place) => {
    const image = new ImageData(side, side);
    const area = side * side;
    for (let i = 0; i < area; i++) image.data.set([bytes[i], bytes[i + area], bytes[i + 2 * area], 255], 4 * i);
    context.putImageData(image, (place % across) * (side + gap), Math.floor(place / across) * (side + gap));
  });
  return canvas;
}

/** Right or wrong, by icon, word and colour. */
function mark(isRight, words, more = "") {
  const icon = svg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" }, svg("path", { d: isRight ? RIGHT_ICON : WRONG_ICON }));
  return el("span", { class: `mark ${isRight ? "right" : "wrong"}`, title: more }, icon, words);
}
