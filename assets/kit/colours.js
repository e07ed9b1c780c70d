// Colours as numbers: [r, g, b] of 0..255, or CSS strings where it says so. Which colours there are
// stands in sslviz/ui/theme.py and comes with every panel's data.

/** [r, g, b] of a "#rrggbb" string. */
export function hexToRgb(hex) {
  return [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
}

/** CSS colour of [r, g, b] with opacity `alpha`. */
export function css(rgb, alpha = 1) {
  return `rgba(${rgb.map(Math.round).join(",")},${alpha})`;
}

/** The colour at `t` in 0..1 on a ramp of "#rrggbb" stops. */
export function ramp(stops, t) {
  const at = Math.min(Math.max(t, 0), 1) * (stops.length - 1);
  const low = Math.min(Math.floor(at), stops.length - 2);
  const [a, b] = [hexToRgb(stops[low]), hexToRgb(stops[low + 1])];
  return a.map((value, i) => value + (b[i] - value) * (at - low));
}

/** The true hue `t` in 0..1 (red, yellow, green, cyan, blue, magenta, red), as HSV. */
export function hueWheel(t, saturation = 0.85, value = 0.92) {
  const part = (n) => {
    const k = (n + t * 6) % 6;
    return 255 * value * (1 - saturation * Math.max(0, Math.min(k, 4 - k, 1)));
  };
  return [part(5), part(3), part(1)];
}

/** A cyclic ramp of even lightness for angles and other circular factors that are not hues. */
export function cyclic(t) {
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

/** Colour [r, g, b] of each of `n` classes: a palette's `classes`, or its `many` where those are
 *  too few, repeated. */
export function classColours({ classes, many }, n) {
  const colours = n <= classes.length ? classes : many;
  return Array.from({ length: n }, (_, i) => hexToRgb(colours[i % colours.length]));
}
