"""What the studio can be asked. Every question is a function of plain JSON values."""

import base64
import json
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from sslviz.augment import inspect
from sslviz.augment.pipeline import Pipeline
from sslviz.augment.view import ViewConfig
from sslviz.config import RunConfig
from sslviz.data.cache import cache_folder
from sslviz.data.catalogue import DATASETS, DRAWN
from sslviz.data.images import ImageSet
from sslviz.data.load import load_data
from sslviz.refusal import Refusal, say
from sslviz.studio.encoders import compared
from sslviz.studio.images import opened, png, tensor

BATCH = 128
BINS = 8
LOADED = 1024

Answer = dict[str, Any]


def data_sets() -> Answer:
    """The built-in data that needs no download, or has been downloaded before."""
    here = [k for k in DATASETS if k in DRAWN or (cache_folder() / f"{k}.npz").exists()]
    return {"names": here}


def samples(data: str, n: int) -> Answer:
    """`n` training images with their class names."""
    found = _images(data)
    names = [found.class_names[k] if k >= 0 else "" for k in found.labels[:n].tolist()]
    return {"images": [png(image / 255) for image in found.images[:n]], "names": names}


def upload(file: str) -> Answer:
    """A visitor's image file (base64), cut to its central square."""
    return {"image": png(opened(base64.b64decode(file)) / 255)}


def views(image: str, view1: Answer, view2: Answer, n: int, seed: int) -> Answer:
    """`n` random views of one image by each recipe, with what each of them drew."""
    original = tensor(image)
    drawn = []
    for which, view in enumerate((_view(view1), _view(view2))):
        made, facts = inspect.random_views(original, view, n, 2 * seed + which)
        drawn.append([{"image": png(v), "draws": d} for v, d in zip(made, facts, strict=True)])
    return {"views": drawn}


def strips(image: str, n: int) -> Answer:
    """Each op alone on one image: the original, then rising strength."""
    original = tensor(image)
    rows = []
    for op in inspect.STRIPS:
        made, labels = inspect.strip(original, op, n)
        rows.append({"op": op, "images": [png(v) for v in made], "labels": labels})
    return {"strips": rows}


def histograms(data: str, image: str, view1: Answer, view2: Answer, seed: int) -> Answer:
    """The colour shortcut: two views of one image, views of two others, and how often colour wins.

    `rate`: how often the nearest of BATCH colour histograms is that of the same image's other view.
    `distance`: L1 to the histogram of view 1, from 0 to 2 a channel.
    """
    x1, x2 = _pair_of_views(data, view1, view2, seed)
    chosen = tensor(image)
    pair = [
        inspect.random_views(chosen, _view(view), 1, 2 * seed + which)[0]
        for which, view in enumerate((view1, view2))
    ]
    shown = torch.cat(
        [inspect.histogram_features(v, BINS) for v in (*pair, *_others(data, chosen, x2))]
    )
    pictures = [png(v[0]) for v in (*pair, *_others(data, chosen, x2))]
    rows = [
        {
            "image": picture,
            "bins": bins.view(3, BINS).tolist(),
            "distance": float((bins - shown[0]).abs().sum() / 3),
        }
        for picture, bins in zip(pictures, shown, strict=True)
    ]
    return {"rate": inspect.histogram_matching(x1, x2, BINS), "n": len(x1), "rows": rows}


def _others(data: str, chosen: Tensor, views: Tensor) -> list[Tensor]:
    """Views (1 x 3 x H x W each) of the first two images that are not the chosen one."""
    images = _images(data).images
    places = [i for i in range(3) if not torch.equal(images[i], chosen)]
    return [views[i : i + 1] for i in places[:2]]


def similarity(
    data: str, view1: Answer, view2: Answer, seed: int, run: str | None, root: str, step: int
) -> Answer:
    """Cosines of positives and negatives, for an untrained encoder and for a run's.

    `step` only tells questions about a newer checkpoint from those about an older one.
    """
    x1, x2 = _pair_of_views(data, view1, view2, seed)
    return {"encoders": compared(x1, x2, run, Path(root)), "n": len(x1)}


def _pair_of_views(data: str, view1: Answer, view2: Answer, seed: int) -> tuple[Tensor, Tensor]:
    augment = Pipeline(_view(view1), _view(view2), seed).at(0)
    batch = _images(data).images[:BATCH]
    return augment.view(batch, 1), augment.view(batch, 2)


def _view(values: Answer) -> ViewConfig:
    config = RunConfig().with_settings({f"view1.{name}": v for name, v in values.items()})
    return config.view1


@lru_cache(maxsize=4)
def _images(data: str) -> ImageSet:
    settings = {"data": data, "train_images": LOADED, "image_size": DATASETS[data].image_size}
    return load_data(RunConfig().with_settings(settings)).train


QUESTIONS: dict[str, Callable[..., Answer]] = {
    f.__name__: f for f in (data_sets, samples, upload, views, strips, histograms, similarity)
}


def answer(line: str) -> Answer:
    """The answer to one question; a sentence under "error" where there is none."""
    try:
        question = json.loads(line)
        return QUESTIONS[question.pop("ask")](**question)
    except Refusal as error:
        return {"error": error.sentence.to_json()}
    except Exception as error:
        sentence = say(
            "The image could not be drawn ({kind}: {error}).",
            kind=type(error).__name__,
            error=str(error),
        )
        return {"error": sentence.to_json()}
