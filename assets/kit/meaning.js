// What neighbours say of an embedding that has not collapsed: against guessing and against the network
// before its first step. sslviz/ui/panels/meaning.py holds the sentences.

import { fill } from "./words.js";

export const K = 20; // neighbours, where a row does not say how many
const SHARED = 0.5; // R² from which on neighbours share a factor
const SURE = 2; // standard errors

/** One standard error of a share `p` of `n` images; never 0, for n images are never certain. */
export const standardError = (p, n) => Math.sqrt(Math.max(p * (1 - p), 1 / n) / n);

/** How often guessing the most frequent class is right, and how many images have a label. */
export function guessing(labels) {
  const counts = new Map();
  for (const label of labels ?? []) if (label >= 0) counts.set(label, (counts.get(label) ?? 0) + 1);
  const n = [...counts.values()].reduce((a, b) => a + b, 0);
  return { n, classes: counts.size, chance: n ? Math.max(...counts.values()) / n : null };
}

/** "none" without labels; "chance", "worse", "untrained" where h is no better than guessing, worse than
 *  the random start or no better than it; else "better". */
export function standing(row, start, { n, chance, classes }) {
  const knn = row?.knn_h;
  if (!Number.isFinite(knn) || classes < 2) return "none";
  if (knn - chance < SURE * standardError(chance, n)) return "chance";
  if (!Number.isFinite(start?.knn_h) || start === row) return "better";
  const sure = SURE * standardError(start.knn_h, n);
  if (knn < start.knn_h - sure) return "worse";
  return knn < start.knn_h + sure ? "untrained" : "better";
}

/** Whether the class is read from z better than from h, beyond what chance explains. */
export function zBeatsH(row, { n }) {
  if (!Number.isFinite(row?.knn_z) || !n) return false;
  return row.knn_z - row.knn_h > SURE * standardError(row.knn_h, n);
}

/** The name of the factor that neighbours in h share most; null where they share none. */
export function sharedFactor(row) {
  const scores = Object.entries(row ?? {}).filter(([key]) => key.startsWith("probe_") && key.endsWith("_h"));
  const [key, score] = scores.reduce((best, now) => (now[1] > best[1] ? now : best), ["", 0]);
  return score >= SHARED ? key.slice(6, -2) : null;
}

/** {kind, text}: one or two sentences in the words of `s`. */
export function meaningOf(s, row, start, facts) {
  const kind = standing(row, start, facts);
  const percent = (value) => Math.round(100 * value);
  const values = {
    knn: percent(row?.knn_h), error: percent(standardError(row?.knn_h ?? 0, facts.n || 1)),
    chance: percent(facts.chance), untrained: percent(start?.knn_h),
  };
  const known = Number.isFinite(start?.knn_h) ? s[kind] : s[`${kind}_alone`] ?? s[kind];
  const factor = kind === "better" || kind === "none" ? null : sharedFactor(row);
  const shared = factor ? ` ${fill(s.shares, { factor: s.factors[factor] ?? factor.replaceAll("_", " ") })}` : "";
  return { kind, text: fill(known, values) + shared };
}
