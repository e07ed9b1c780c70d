"""One word for the state of an embedding, and the reason for it."""

from collections.abc import Mapping

WARM_UP = 20
SETTLED = 40  # some healthy runs draw together for a moment before
PROBES_PER_RANK = 8  # N probes show at most rank N: a healthy 18 reads 5.5 of 16 and 11 of 48


def least_rank(width: int) -> float:
    """The effective rank of z below which few directions are left."""
    return max(2.0, min(0.08 * width, 6.0))


def verdict(
    row: Mapping[str, float], start: Mapping[str, float], width: int, probes: int
) -> tuple[str, str]:
    """(word, reason code) from a snapshot's metrics, those at step 0, width and number of z.

    complete: one point; dimensional: few directions left; contracting: far less variance, or
    directions far more alike, than at the start; healthy: none of these; unknown: too few probes
    to see directions that are there. Thresholds were calibrated on the presets and on their
    what-if switches (README).
    """
    if probes < PROBES_PER_RANK * least_rank(width):
        return "unknown", "too_few"
    if row["step"] < WARM_UP:
        return "starting", "too_early"
    if row["total_variance_z"] < 1e-6 * max(start["total_variance_z"], 1e-12):
        return "complete", "one_point"
    if row["feature_std_z"] < 0.2:
        return "complete", "std_low"
    if row["effective_rank_z"] < least_rank(width):
        return "dimensional", "rank_low"
    if row["total_variance_h"] < 0.02 * start["total_variance_h"]:
        return "contracting", "variance_fell"
    if row["step"] >= SETTLED and row["feature_std_z"] < 0.7 * start["feature_std_z"]:
        return "contracting", "std_fell"
    return "healthy", "ok"
