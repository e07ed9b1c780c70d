"""The studio as the server uses it: a real process with torch behind a real pipe."""

import base64
import io
import os
import signal
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import save_file

from sslviz.augment.view import ViewConfig
from sslviz.config import RunConfig
from sslviz.presets.views import VIEW_PRESETS
from sslviz.refusal import Refusal
from sslviz.runs.store import RunWriter, create_run
from sslviz.studio.encoders import untrained
from sslviz.ui.augmentations.ask import Studio

SIMILARITY = {"data": "shapes", "seed": 0, "step": 0}

UNREADABLE = "it is (empty|damaged|not an image|a (PNG|GIF) file that cannot be read)"


@pytest.fixture(scope="module")
def studio() -> Iterator[Studio]:
    opened = Studio()
    yield opened
    opened.close()


def pixels(png: str) -> np.ndarray:
    with Image.open(io.BytesIO(base64.b64decode(png))) as image:
        return np.array(image)


def file(image: Image.Image, kind: str = "PNG") -> str:
    buffer = io.BytesIO()
    image.save(buffer, kind)
    return base64.b64encode(buffer.getvalue()).decode()


def recipe(name: str) -> dict:
    preset = VIEW_PRESETS[name]
    return {"view1": asdict(preset.view1), "view2": asdict(preset.view2)}


def test_samples_are_the_training_images(studio: Studio) -> None:
    from sslviz.data.load import load_data

    train = load_data(RunConfig(train_images=1024)).train
    answer = studio.ask("samples", data="shapes", n=3)
    for image, name, png in zip(train.images, answer["names"], answer["images"], strict=False):
        assert np.array_equal(pixels(png), image.permute(1, 2, 0).numpy())
        assert name in train.class_names


def test_views_without_augmentation_are_the_image(studio: Studio) -> None:
    image = studio.ask("samples", data="shapes", n=1)["images"][0]
    answer = studio.ask("views", image=image, n=2, seed=3, **recipe("none"))
    for row in answer["views"]:
        for view in row:
            assert np.array_equal(pixels(view["image"]), pixels(image))
            assert view["draws"] == []


def test_views_repeat_with_their_seed_and_differ_between_views(studio: Studio) -> None:
    image = studio.ask("samples", data="shapes", n=1)["images"][0]
    question = {"image": image, "n": 4, **recipe("simclr_cifar")}
    first, again, other = (studio.ask("views", seed=seed, **question) for seed in (1, 1, 2))
    assert first == again != other
    assert first["views"][0] != first["views"][1]


def test_colour_gives_crops_away_and_distortion_hides_them(studio: Studio) -> None:
    image = studio.ask("samples", data="shapes", n=1)["images"][0]
    rates = {
        name: studio.ask("histograms", data="shapes", image=image, seed=0, **recipe(name))["rate"]
        for name in ("none", "crop_only", "shapes_default")
    }
    assert rates["none"] == 1.0
    assert rates["crop_only"] > 0.5 > 3 * rates["shapes_default"]


def test_strips_start_with_the_original(studio: Studio) -> None:
    image = studio.ask("samples", data="shapes", n=1)["images"][0]
    for strip in studio.ask("strips", image=image, n=3)["strips"]:
        assert np.array_equal(pixels(strip["images"][0]), pixels(image))
        assert len(strip["images"]) == len(strip["labels"])


def test_an_upload_becomes_its_central_square(studio: Studio) -> None:
    wide = Image.new("RGB", (300, 100), "red")
    wide.paste("blue", (100, 0, 200, 100))
    png = studio.ask("upload", file=file(wide))["image"]
    shown = pixels(png)
    assert shown.shape == (96, 96, 3)
    assert abs(shown.astype(int) - [0, 0, 255]).max() < 12


@pytest.mark.parametrize(
    "content", [b"", b"not an image", b"\x89PNG\r\n\x1a\n" + b"\0" * 50, b"GIF89a"]
)
def test_bad_uploads_are_refused_in_one_sentence(studio: Studio, content: bytes) -> None:
    with pytest.raises(Refusal, match=UNREADABLE):
        studio.ask("upload", file=base64.b64encode(content).decode())


def test_a_truncated_image_is_refused(studio: Studio) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (64, 64, 3), dtype=np.uint8)
    half = base64.b64decode(file(Image.fromarray(noise)))[:3000]
    with pytest.raises(Refusal, match=UNREADABLE):
        studio.ask("upload", file=base64.b64encode(half).decode())


def test_settings_are_checked(studio: Studio) -> None:
    image = studio.ask("samples", data="shapes", n=1)["images"][0]
    bad = {"view1": {"hue": 7}, "view2": asdict(ViewConfig())}
    with pytest.raises(Refusal, match="hue is 7; it must be a number from 0 to 0.5"):
        studio.ask("views", image=image, n=1, seed=0, **bad)


def test_an_unknown_question_does_not_end_the_studio(studio: Studio) -> None:
    pid = studio.pid
    with pytest.raises(Refusal, match="could not be drawn"):
        studio.ask("no such question")
    assert studio.ask("samples", data="shapes", n=1) and studio.pid == pid


def test_a_killed_studio_is_replaced(studio: Studio) -> None:
    studio.ask("samples", data="shapes", n=1)
    assert studio.pid
    old = studio.pid
    os.kill(old, signal.SIGKILL)
    assert studio.ask("samples", data="shapes", n=1)["images"]
    assert studio.pid != old


def test_a_run_is_seen_through_its_checkpoint(studio: Studio, tmp_path: Path) -> None:
    config = RunConfig(batch_size=64)
    folder = create_run(config, tmp_path)
    method = untrained(config)
    question = {**SIMILARITY, **recipe("crop_only"), "run": folder.name, "root": str(tmp_path)}
    assert set(studio.ask("similarity", **question)["encoders"]) == {"random"}

    constant = {f"method.{k}": torch.zeros_like(v) for k, v in method.state_dict().items()}
    constant["method.projector.3.bias"] = torch.ones_like(constant["method.projector.3.bias"])
    writer = RunWriter(folder)
    writer.checkpoint(lambda path: save_file(constant, path), {"step": 7})
    writer.release()
    rows = studio.ask("similarity", **question)["encoders"]
    assert rows["trained"]["step"] == 7
    assert rows["trained"]["positive"] == pytest.approx(1) == rows["trained"]["negative"]
    assert rows["random"]["negative"] < 0.9


def test_the_studio_ends_with_its_input() -> None:
    own = Studio()
    own.ask("samples", data="shapes", n=1)
    process = own._process
    assert process and process.stdin
    process.stdin.close()
    deadline = time.monotonic() + 20
    while process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.05)
    assert process.returncode == 0
