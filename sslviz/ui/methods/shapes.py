"""What the tensors of a method measure, box by box: letters, and the numbers of a run."""

from dataclasses import dataclass

from sslviz.backbone_names import BACKBONES
from sslviz.config import RunConfig
from sslviz.data.catalogue import DATASETS
from sslviz.methods.about import about
from sslviz.ui.text import _

COPIES = {"views": 2, "noisy": 2, "hole": 2, "patches": 2, "turned": 4, "tiles": 9}
OUTPUT = {"g": "z", "q": "p", "NN": "NN(z)", "white": "w"}


@dataclass(frozen=True)
class Sizes:
    """Numbers behind the letters: images N, side, width of h, D, K (or P, n), classes.

    `visible`: the patches V that a masked image keeps; 0 for images that are read whole.
    """

    n: int
    side: int
    width: int
    d: int
    k: int
    classes: int
    visible: int = 0


def sizes(config: RunConfig) -> Sizes:
    """What the tensors of a run with this config measure."""
    known = vars(config.method_config())
    width = BACKBONES[config.backbone]
    data = DATASETS.get(config.data)
    images = config.train_images or (data.n_train if data else 0)
    k = known.get("queue") or known.get("prototypes") or known.get("permutations") or 0
    if about(config.method).parts.against in ("bank", "number"):  # one entry for each image
        k = images
    d = known["embedding"] if known["projector_depth"] else width
    total = (config.image_size // 4) ** 2
    visible = max(1, round((1 - known["mask"]) * total)) if "mask" in known else 0
    classes = len(data.class_names) if data else 0
    return Sizes(config.batch_size, config.image_size, width, d, k, classes, visible)


def entering(box: str, s: Sizes) -> tuple[str, str]:
    """Letters and shape of what leaves the first box of a branch: images, tiles or patches."""
    copies = COPIES.get(box, 1)
    many, times = s.n * copies, "N" if copies == 1 else f"{copies}N"
    if box == "tiles":
        return f"{times}×C×½H×½W", f"{many}×3×{s.side // 2}×{s.side // 2}"
    if box == "patches":
        return f"{times}×V×P", f"{many}×{s.visible}×48"
    return f"{times}×C×H×W", f"{many}×3×{s.side}×{s.side}"


def after(
    box: str, first: str, s: Sizes, asked: str, symbol: str, letters: str, shape: str
) -> tuple[str, str, str]:
    """Symbol, letters and shape of what leaves a box of the branch that begins with `first`.

    `asked`: what a classifier W is to say, as `Parts.against` names it.
    """
    copies = COPIES.get(first, 1)
    plain, prime = box.rstrip("'"), "′" if box.endswith("'") else ""
    many, times = str(s.n * copies), "N" if copies == 1 else f"{copies}N"
    if plain == "d" and s.visible:
        return "x̂", f"{times}×T×P", f"{many}×{(s.side // 4) ** 2}×48"
    if s.visible:
        many, times = f"{many}×{s.visible}", f"{times}×V"
    if plain == "f":
        return f"h{prime}", f"{times}×width", f"{many}×{s.width}"
    if plain in ("join", "head"):
        return "z", "N×D", f"{s.n}×{s.d}"
    if plain in ("g", "q", "NN", "white"):
        return OUTPUT[plain] + prime, f"{times}×D", f"{many}×{s.d}"
    if plain == "d":
        return "x̂", f"{times}×C×32×32", f"{many}×3×32×32"
    if plain == "W":
        rows, lead = (s.n, "N") if first == "tiles" else (many, times)  # it joins all nine
        letter, count = _answers(asked, s)
        return "ℓ", f"{lead}×{letter}", f"{rows}×{count or '…'}"
    if plain == "c":
        return f"s{prime}", f"{times}×K", f"{many}×{s.k}"
    return {"code": "q", "centre": "t − c"}.get(plain, symbol), letters, shape


def _answers(asked: str, s: Sizes) -> tuple[str, int]:
    """Letter and number of the answers among which a classifier chooses."""
    known = {"label": (_("classes"), s.classes), "turn": ("4", 4), "order": ("P", s.k)}
    return known.get(asked, ("n", s.k))
