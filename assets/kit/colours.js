// Colours, marker shapes, theme, numbers, tooltip: what every view draws with.
// Every component is common.js + feed.js + its own files, joined into one module.

// ---- colours: arrays [r, g, b] of 0..255 unless they are CSS strings --------------------------
const OKABE_ITO = [
  "#0072b2", "#e69f00", "#009e73", "#d55e00", "#cc79a7", "#56b4e9", "#f0e442", "#5b5b5b",
];
const PETROFF = [
  "#3f90da", "#ffa90e", "#bd1f01", "#94a4a2", "#832db6", "#a96b59", "#e76300", "#b9ac70",
  "#717581", "#92dadd",
];
const VIRIDIS = [
  "#440154", "#482878", "#3e4989", "#31688e", "#26828e", "#1f9e89", "#35b779", "#6ece58",
  "#b5de2b", "#fde725",
];
const CIVIDIS = [
  "#00224e", "#123570", "#3b496c", "#575d6d", "#707173", "#8a8678", "#a59c74", "#c3b369",
  "#e1cc55", "#fee838",
];
const DIVERGING = ["#08519c", "#4a90c9", "#a9cde5", "#f4f2ef", "#f6c58c", "#e08a2e", "#a04a00"];

/** [r, g, b] of a "#rrggbb" string. */
function hexToRgb(hex) {
  return [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
}

/** CSS colour of [r, g, b] with opacity `alpha`. */
function css(rgb, alpha = 1) {
  return `rgba(${rgb.map(Math.round).join(",")},${alpha})`;
}

/** The colour at `t` in 0..1 on a ramp of "#rrggbb" stops. */
function ramp(stops, t) {
  const at = Math.min(Math.max(t, 0), 1) * (stops.length - 1);
  const low = Math.min(Math.floor(at), stops.length - 2);
  const [a, b] = [hexToRgb(stops[low]), hexToRgb(stops[low + 1])];
  return a.map((value, i) => value + (b[i] - value) * (at - low));
}

const cividis = (t) => ramp(CIVIDIS, t);
const viridis = (t) => ramp(VIRIDIS, t);
/** Blue (-1) over near white (0) to orange (+1): cosines, differences. */
const diverging = (value) => ramp(DIVERGING, (value + 1) / 2);

/** The true hue `t` in 0..1 (red, yellow, green, cyan, blue, magenta, red), as HSV. */
function hueWheel(t, saturation = 0.85, value = 0.92) {
  const part = (n) => {
    const k = (n + t * 6) % 6;
    return 255 * value * (1 - saturation * Math.max(0, Math.min(k, 4 - k, 1)));
  };
  return [part(5), part(3), part(1)];
}

/** A cyclic ramp of even lightness for angles and other circular factors that are not hues. */
function cyclic(t) {
  const angle = t * 2 * Math.PI;
  const [L, a, b] = [0.68, 0.13 * Math.cos(angle), 0.13 * Math.sin(angle)];
  const l = (L + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (L - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (L - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const linear = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
  return linear.map((v) => {
    const clipped = Math.min(Math.max(v, 0), 1);
    return 255 * (clipped <= 0.0031308 ? 12.92 * clipped : 1.055 * clipped ** (1 / 2.4) - 0.055);
  });
}

/** Colour [r, g, b] of each of `n` classes: Okabe-Ito up to 8, Petroff's ten beyond, repeated. */
function classColours(n, dark = false) {
  const palette = n <= OKABE_ITO.length ? OKABE_ITO : PETROFF;
  return Array.from({ length: n }, (_, i) => {
    const hex = palette[i % palette.length];
    return hexToRgb(dark && hex === "#5b5b5b" ? "#c9ccd3" : hex);
  });
}

// ---- markers ----------------------------------------------------------------------------------
const MARKERS = [
  "circle", "square", "triangle", "diamond", "cross", "plus", "down", "star", "hexagon", "bar",
];

const OWN_MARKER = {
  disc: "circle", square: "square", triangle: "triangle", star: "star", cross: "plus",
  ring: "ring", heart: "heart", moon: "moon",
};

/** The marker of class `i`: the shape itself for classes that are shapes, else one of ten. */
const classMarker = (i, name = "") => OWN_MARKER[name] ?? MARKERS[i % MARKERS.length];

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
function markerPath(context, shape, x, y, r) {
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

// ---- theme ------------------------------------------------------------------------------------
/** Streamlit's theme as seen from `el` (an element or a shadow root), as CSS strings.
 *  Also `muted` (secondary text), `faint` (hairlines) and `dark`. */
function theme(el) {
  const style = getComputedStyle(el.host ?? el);
  const read = (name, fallback) => {
    const value = style.getPropertyValue(`--st-${name}`).trim();
    return value && value !== "unset" ? value : fallback;
  };
  const background = rgbOf(read("background-color", "#ffffff"));
  const text = rgbOf(read("text-color", "#1f2430"));
  const luminance = (0.299 * background[0] + 0.587 * background[1] + 0.114 * background[2]) / 255;
  const mixed = (t) => css(background.map((b, i) => b + (text[i] - b) * t));
  return {
    text: css(text),
    background: css(background),
    secondary: read("secondary-background-color", mixed(0.06)),
    primary: read("primary-color", "#0072b2"),
    border: read("border-color", mixed(0.16)),
    font: read("font", "'Source Sans', 'Source Sans 3', 'Noto Sans CJK KR', sans-serif"),
    muted: mixed(0.68),
    faint: mixed(0.14),
    dark: luminance < 0.5,
  };
}

/** [r, g, b] of any CSS colour string. */
function rgbOf(colour) {
  const context = document.createElement("canvas").getContext("2d");
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  return [...context.getImageData(0, 0, 1, 1).data.slice(0, 3)];
}

const reducedMotion = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

// ---- words and numbers --------------------------------------------------------------------------
/** `value` with `digits` significant digits; large steps as 12,345; a dash for nothing. */
function formatNumber(value, digits = 3) {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  if (Number.isInteger(value)) return value.toLocaleString("en");
  const size = Math.abs(value);
  if (size >= 1e5 || size < 1e-3) return value.toExponential(digits - 1);
  return String(Number(value.toPrecision(digits)));
}

/** `template` with every {name} replaced: fill("step {step}", {step: 3}). */
function fill(template, values) {
  return template.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** A new element: el("button", {class: "x", title: "y", onclick: fn}, "text", child, ...). */
function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node[name] = value;
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

// ---- pictures and tooltip -----------------------------------------------------------------------
/** A canvas of `size` CSS pixels showing tile `index` of an atlas (`tile` px, `columns` a row). */
function tileCanvas(atlas, { tile, columns }, index, size) {
  const node = el("canvas", { width: 2 * size, height: 2 * size });
  node.style.cssText = `width:${size}px;height:${size}px;border-radius:4px;display:block`;
  drawTile(node.getContext("2d"), atlas, { tile, columns }, index, 0, 0, 2 * size);
  return node;
}

/** Draws tile `index` of an atlas with its corner at (x, y) and side `size`. */
function drawTile(context, atlas, { tile, columns }, index, x, y, size) {
  if (!atlas || index < 0) return;
  const [column, row] = [index % columns, Math.floor(index / columns)];
  context.imageSmoothingEnabled = size < tile;
  context.drawImage(atlas, column * tile, row * tile, tile, tile, x, y, size, size);
}

/** A tooltip inside `root` (positioned): show(x, y, ...children) near a point, hide(). */
function tooltip(root) {
  const node = el("div", { class: "sslviz-tooltip", role: "tooltip" });
  node.style.cssText =
    "position:absolute;z-index:20;pointer-events:none;display:none;max-width:320px;padding:10px 12px;" +
    "border-radius:8px;font-size:14px;line-height:1.35;color:var(--st-text-color);" +
    "background:var(--st-background-color);border:1px solid var(--st-border-color);" +
    "box-shadow:0 4px 18px rgba(0,0,0,.18)";
  root.append(node);
  return {
    node,
    show(x, y, ...children) {
      if (children.length) node.replaceChildren(...children);
      node.style.display = "block";
      const { clientWidth: width, clientHeight: height } = root;
      const [w, h] = [node.offsetWidth, node.offsetHeight];
      const left = x + 18 + w > width ? x - 18 - w : x + 18;
      node.style.left = `${Math.max(4, Math.min(left, width - w - 4))}px`;
      node.style.top = `${Math.max(4, Math.min(y - h / 2, height - h - 4))}px`;
    },
    hide() {
      node.style.display = "none";
    },
  };
}
