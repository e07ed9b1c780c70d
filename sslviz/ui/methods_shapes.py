"""What the tensors of a method measure, box by box: letters, and the numbers of a run."""

from dataclasses import dataclass

from sslviz.config import RunConfig
from sslviz.data.catalogue import DATASETS
from sslviz.ui.text import _

WIDTHS = {"tiny": 128, "resnet9": 256, "resnet18": 512}
COPIES = {"views": 2, "noisy": 2, "hole": 2, "masked": 2, "turned": 4, "tiles": 9}
OUTPUT = {"g": "z", "q": "p", "NN": "NN(z)", "white": "w"}


@dataclass(frozen=True)
class Sizes:
    """Numbers behind the letters: images N, side, width of h, D, K (or P, n), classes."""

    n: int
    side: int
    width: int
    d: int
    k: int
    classes: int


def sizes(config: RunConfig) -> Sizes:
    """What the tensors of a run with this config measure."""
    known = vars(config.method_config())
    width = WIDTHS[config.backbone]
    data = DATASETS.get(config.data)
    images = config.train_images or (data.n_train if data else 0)
    k = known.get("queue") or known.get("prototypes") or known.get("permutations") or 0
    if config.method in ("exemplar", "npid", "pirl"):
        k = images
    d = known["embedding"] if known["projector_depth"] else width
    return Sizes(
        config.batch_size, config.image_size, width, d, k, len(data.class_names) if data else 0
    )


def after(
    box: str, copies: int, s: Sizes, name: str, symbol: str, letters: str, shape: str
) -> tuple[str, str, str]:
    """Symbol, letters and shape of what leaves a box."""
    many, times = s.n * copies, "" if copies == 1 else str(copies)
    plain, prime = box.rstrip("'"), "′" if box.endswith("'") else ""
    if plain == "f":
        return f"h{prime}", f"{times}N×width", f"{many}×{s.width}"
    if plain == "join":
        return "z", "N×D", f"{s.n}×{s.d}"
    if plain in ("g", "q", "NN", "white"):
        return OUTPUT[plain] + prime, f"{times}N×D", f"{many}×{s.d}"
    if plain == "d":
        return "x̂", f"{times}N×C×32×32", f"{many}×3×32×32"
    if plain == "W":
        rows, lead = (s.n, "") if name == "jigsaw" else (many, times)
        count = {"rotnet": 4, "supervised": s.classes}.get(name, s.k) or "…"
        letter = {"rotnet": "4", "supervised": _("classes"), "jigsaw": "P", "exemplar": "n"}[name]
        return "ℓ", f"{lead}N×{letter}", f"{rows}×{count}"
    if plain == "c":
        return f"s{prime}", f"{times}N×K", f"{many}×{s.k}"
    return {"code": "q", "centre": "t − c"}.get(plain, symbol), letters, shape
