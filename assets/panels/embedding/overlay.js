// What lies over the points: class names, the hovered image with its neighbours, trails, lasso.

import { css } from "../../kit/colours.js";
import { markerPath } from "../../kit/markers.js";
import { DEPTHS } from "./stamps.js";

/** Class names at the middle of their points; a name appears as its class comes apart from others. */
export function drawNames(context, view) {
  const { colours, screen, middle, look } = view;
  if (colours.kind !== "class" || colours.names.length > 30) return;
  const groups = centroids(colours, screen, view.choice.on);
  const labels = [];
  context.font = `600 ${16 * look.type}px ${look.font}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  for (const group of groups) {
    const others = groups.filter((other) => other !== group);
    const gap = Math.min(...others.map((o) => Math.hypot(o.x - group.x, o.y - group.y)), 1e4);
    const apart = Math.min(1, Math.max(0, (gap / (group.spread + 1) - 0.45) / 0.4));
    const alpha = apart * (view.flat ? 1 : 1 - 0.75 * group.back);
    if (alpha <= 0.05) continue;
    const text = view.say(colours.names[group.bin]);
    const half = context.measureText(text).width / 2 + 4;
    labels.push({ text, half, alpha, x: middle.x + group.x, y: middle.y + group.y });
  }
  keepApart(labels, 22);
  context.lineJoin = "round";
  context.lineWidth = 5;
  for (const { text, x, y, alpha } of labels) {
    context.globalAlpha = alpha;
    context.strokeStyle = look.background;
    context.strokeText(text, x, y);
    context.fillStyle = look.text;
    context.fillText(text, x, y);
  }
  context.globalAlpha = 1;
}

/** Middle and spread (root mean square distance, pixels) of each group of points that is on. */
function centroids(colours, screen, on) {
  const groups = colours.names.map((_, bin) => ({ bin, n: 0, x: 0, y: 0, spread: 0, back: 0 }));
  const each = (visit) => {
    for (let i = 0; i < colours.bin.length; i++) if (!on || on[i]) visit(groups[colours.bin[i]], i);
  };
  each((group, i) => {
    group.n += 1;
    group.x += screen.x[i];
    group.y += screen.y[i];
    group.back += screen.row[i] / (DEPTHS - 1);
  });
  for (const group of groups) for (const mean of ["x", "y", "back"]) group[mean] /= group.n;
  each((group, i) => {
    group.spread += (screen.x[i] - group.x) ** 2 + (screen.y[i] - group.y) ** 2;
  });
  for (const group of groups) group.spread = Math.sqrt(group.spread / group.n);
  const total = groups.reduce((sum, group) => sum + group.n, 0);
  return groups.filter((group) => group.n > 0.02 * total / Math.sqrt(groups.length));
}

/** Moves labels up and down until none covers another. */
export function keepApart(labels, height) {
  for (let round = 0; round < 20; round++) {
    for (const a of labels) {
      for (const b of labels) {
        if (a === b || Math.abs(a.x - b.x) > a.half + b.half) continue;
        const overlap = height - Math.abs(a.y - b.y);
        if (overlap <= 0) continue;
        const push = (a.y < b.y || (a.y === b.y && a.text < b.text) ? -1 : 1) * (overlap / 2);
        a.y += push;
        b.y -= push;
      }
    }
  }
}

/** Lines from point `index` to its nearest neighbours, a ring around each and around itself. */
export function drawNeighbours(context, view, index, neighbours) {
  const { screen, middle, look, radius, colours } = view;
  const at = (i) => [middle.x + screen.x[i], middle.y + screen.y[i]];
  const [x, y] = at(index);
  context.strokeStyle = look.text;
  context.lineWidth = 1.5;
  for (const other of neighbours) {
    context.globalAlpha = 0.55;
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(...at(other));
    context.stroke();
  }
  context.globalAlpha = 1;
  for (const other of neighbours) {
    markerPath(context, colours.markers[colours.bin[other]], ...at(other), radius + 2);
    context.fillStyle = css(colours.colours[colours.bin[other]]);
    context.fill();
    context.stroke();
  }
  markerPath(context, colours.markers[colours.bin[index]], x, y, radius + 3);
  context.fillStyle = css(colours.colours[colours.bin[index]]);
  context.fill();
  context.stroke();
  context.lineWidth = 3;
  context.strokeStyle = look.primary;
  markerPath(context, "circle", x, y, radius + 9);
  context.stroke();
}

/** The way of one point through earlier snapshots: `path` is a list of [x, y, z] positions. */
export function drawTrail(context, view, path, colour) {
  const { middle, camera, flat } = view;
  const out = {
    x: new Float32Array(path.length),
    y: new Float32Array(path.length),
    depth: new Float32Array(path.length),
  };
  camera.project(Float32Array.from(path.flat()), flat, out);
  context.strokeStyle = context.fillStyle = colour;
  context.lineWidth = 2.5;
  context.lineCap = "round";
  for (let i = 0; i < path.length; i++) {
    const [x, y] = [middle.x + out.x[i], middle.y + out.y[i]];
    context.globalAlpha = 0.15 + 0.75 * (i / path.length);
    context.beginPath();
    context.arc(x, y, 2, 0, 2 * Math.PI);
    context.fill();
    if (!i) continue;
    context.beginPath();
    context.moveTo(middle.x + out.x[i - 1], middle.y + out.y[i - 1]);
    context.lineTo(x, y);
    context.stroke();
  }
  context.globalAlpha = 1;
}

/** The unit sphere's outline and a few circles of latitude and longitude. */
export function drawGlobe(context, view) {
  const { camera, middle, look } = view;
  const [x, y, radius] = [middle.x + camera.x, middle.y + camera.y, camera.fit * camera.zoom];
  context.strokeStyle = look.muted;
  context.globalAlpha = 0.5;
  context.lineWidth = 1.2;
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.stroke();
  context.globalAlpha = 0.18;
  for (const turn of [0, 1, 2, 3, 4, 5]) {
    const ring = Float32Array.from({ length: 49 * 3 }, (_, k) => {
      const angle = (2 * Math.PI * Math.floor(k / 3)) / 48;
      const [c, s] = [Math.cos(angle), Math.sin(angle)];
      if (turn > 2) {
        const height = [0, 0.5, -0.5][turn - 3];
        const wide = Math.sqrt(1 - height * height);
        return [wide * c, height, wide * s][k % 3];
      }
      const around = (turn * Math.PI) / 3;
      return [c * Math.cos(around), s, c * Math.sin(around)][k % 3];
    });
    const out = { x: new Float32Array(49), y: new Float32Array(49), depth: new Float32Array(49) };
    camera.project(ring, false, out);
    context.beginPath();
    out.x.forEach((px, i) => context.lineTo(middle.x + px, middle.y + out.y[i]));
    context.stroke();
  }
  context.globalAlpha = 1;
}

/** The lasso while it is drawn: `path` is a list of [x, y] in CSS pixels. */
export function drawLasso(context, path, look) {
  context.beginPath();
  path.forEach(([x, y]) => context.lineTo(x, y));
  context.closePath();
  context.fillStyle = look.primary;
  context.globalAlpha = 0.1;
  context.fill();
  context.globalAlpha = 1;
  context.strokeStyle = look.primary;
  context.lineWidth = 2;
  context.setLineDash([6, 5]);
  context.stroke();
  context.setLineDash([]);
}

/** Is (x, y) inside the polygon `path`? Even-odd rule. */
export function inside(path, x, y) {
  let odd = false;
  for (let i = 0, j = path.length - 1; i < path.length; j = i++) {
    const [[xi, yi], [xj, yj]] = [path[i], path[j]];
    if (yi > y !== yj > y && x < xi + ((xj - xi) * (y - yi)) / (yj - yi)) odd = !odd;
  }
  return odd;
}
