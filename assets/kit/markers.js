// The shapes that tell classes apart beside their colours.

const MARKERS = [
  "circle", "square", "triangle", "diamond", "cross", "plus", "down", "star", "hexagon", "bar",
];

const OWN_MARKER = {
  disc: "circle", square: "square", triangle: "triangle", star: "star", cross: "plus",
  ring: "ring", heart: "heart", moon: "moon",
};

/** The marker of class `i`: the shape itself for classes that are shapes, else one of ten. */
export const classMarker = (i, name = "") => OWN_MARKER[name] ?? MARKERS[i % MARKERS.length];

const corners = (n, turn, radius = () => 1) =>
  Array.from({ length: n }, (_, i) => {
    const angle = turn + (i * 2 * Math.PI) / n;
    return [radius(i) * Math.cos(angle), radius(i) * Math.sin(angle)];
  });
const UP = -Math.PI / 2;
const PLUS = [
  [-0.36, -1], [0.36, -1], [0.36, -0.36], [1, -0.36], [1, 0.36], [0.36, 0.36], [0.36, 1],
  [-0.36, 1], [-0.36, 0.36], [-1, 0.36], [-1, -0.36], [-0.36, -0.36],
];
const OUTLINES = {
  square: [[-0.84, -0.84], [0.84, -0.84], [0.84, 0.84], [-0.84, 0.84]],
  triangle: corners(3, UP).map(([x, y]) => [1.15 * x, 1.15 * y + 0.18]),
  down: corners(3, -UP).map(([x, y]) => [1.15 * x, 1.15 * y - 0.18]),
  diamond: corners(4, UP, () => 1.12),
  plus: PLUS,
  cross: PLUS.map(([x, y]) => [0.72 * (x - y), 0.72 * (x + y)]),
  star: corners(10, UP, (i) => (i % 2 ? 0.5 : 1.2)),
  hexagon: corners(6, UP, () => 1.05),
  bar: [[-0.45, -1.05], [0.45, -1.05], [0.45, 1.05], [-0.45, 1.05]],
};

const CURVES = {
  circle: (c, x, y, r) => c.arc(x, y, 0.98 * r, 0, 2 * Math.PI),
  ring(c, x, y, r) {
    c.arc(x, y, 1.05 * r, 0, 2 * Math.PI);
    c.moveTo(x + 0.5 * r, y);
    c.arc(x, y, 0.5 * r, 2 * Math.PI, 0, true);
  },
  moon(c, x, y, r) {
    c.arc(x, y, 1.08 * r, -0.95, 0.95, true);
    c.arc(x + 0.62 * r, y, 0.86 * r, Math.PI / 2, -Math.PI / 2);
    c.closePath();
  },
  heart(c, x, y, r) {
    c.moveTo(x, y + 1.05 * r);
    c.bezierCurveTo(x - 1.9 * r, y - 0.3 * r, x - 0.8 * r, y - 1.5 * r, x, y - 0.45 * r);
    c.bezierCurveTo(x + 0.8 * r, y - 1.5 * r, x + 1.9 * r, y - 0.3 * r, x, y + 1.05 * r);
  },
};

/** Begins a path of marker `shape` around (x, y) with radius `r`; fill or stroke it afterwards. */
export function markerPath(context, shape, x, y, r) {
  context.beginPath();
  if (CURVES[shape]) {
    CURVES[shape](context, x, y, r);
    return;
  }
  OUTLINES[shape].forEach(([dx, dy], i) =>
    i ? context.lineTo(x + r * dx, y + r * dy) : context.moveTo(x + r * dx, y + r * dy),
  );
  context.closePath();
}
