"""Evaluations of a real, tiny run: each protocol, the background process, the command line."""

import json
import os
import time
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from sslviz.__main__ import main
from sslviz.config import RunConfig
from sslviz.evaluate.protocols import PROTOCOLS, EvaluationConfig
from sslviz.evaluate.records import (
    create_evaluation,
    evaluation_path,
    list_evaluations,
    read_evaluation,
    start_evaluation,
    stop_evaluation,
    wrong_tiles,
)
from sslviz.evaluate.trunk import trunk_of
from sslviz.evaluate.worker import evaluate
from sslviz.refusal import Refusal
from sslviz.runs.files import write_json
from sslviz.runs.lease import lease_of
from sslviz.runs.store import create_run, newest_checkpoint
from sslviz.training.network import trained, untrained
from sslviz.training.session import open_session
from sslviz.training.worker import run as train
from sslviz.ui.text import told

SETTINGS = {"steps": 2, "batch_size": 16, "train_images": 96, "image_size": 16, "device": "cpu"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SimCLR run of two steps on 96 shapes."""
    folder = create_run(RunConfig().with_settings(SETTINGS), tmp_path_factory.mktemp("runs"))
    assert train(folder) == 0
    return folder


def done(folder: Path, **settings: object) -> dict:
    config = EvaluationConfig.from_json({"steps": 2, "batch_size": 8, "seeds": [0, 1], **settings})
    evaluation = create_evaluation(folder, config)
    assert evaluate(folder, evaluation) == 0
    return read_evaluation(folder, evaluation)


@pytest.mark.parametrize("protocol", [name for name in PROTOCOLS if name != "transfer"])
def test_every_protocol_leaves_a_whole_record(folder: Path, protocol: str):
    own = {p: p.read_bytes() for p in folder.iterdir() if p.is_file()}
    labels = (1.0,) if PROTOCOLS[protocol].fractions == (1.0,) else (0.2, 1.0)
    record = done(folder, protocol=protocol, labels=labels)
    assert record["state"] == "finished" and record["progress"] == 1.0
    assert [row["labels"] for row in record["results"]] == list(labels)
    for row in record["results"]:
        assert all(0 <= a <= 1 for a in row["accuracies"])
        assert row["mean"] == pytest.approx(sum(row["accuracies"]) / len(row["accuracies"]))
    matrix, wrong = torch.tensor(record["confusion"]), record["wrong"]
    assert matrix.shape == (8, 8) and matrix.sum() == record["n_test"]
    first = record["results"][-1]["accuracies"][0]
    assert first == pytest.approx(float(matrix.trace() / matrix.sum()))
    assert len(wrong["index"]) == int(matrix.sum() - matrix.trace())
    tiles = wrong_tiles(folder, record["id"])
    assert tiles is not None and tiles.shape[1:] == (16, 16, 3)
    assert str(record["n_test"]) in record["words"] and "{" not in record["words"]
    assert own == {p: p.read_bytes() for p in folder.iterdir() if p.is_file()}


@pytest.mark.parametrize("older", [False, True])
def test_why_an_evaluation_failed_is_a_sentence_that_crosses_processes(folder: Path, older: bool):
    evaluation = create_evaluation(folder, EvaluationConfig.from_json({"layer": 3}))
    assert evaluate(folder, evaluation) == 2
    path = evaluation_path(folder, evaluation)
    written = json.loads(path.read_text())
    assert written["error"]["facts"] == {"layer": 3, "n": 2}
    words = "layer is 3; this run's projector has 2 layers, and 0 is h."
    if older:  # records of before held the English sentence alone
        path.write_text(json.dumps(written | {"error": words}))
    read = read_evaluation(folder, evaluation)["error"]
    assert str(read) == words and told(read, "en") == words
    assert told(read, "ko").startswith("layer is 3" if older else "층(layer)이 3입니다.")


def test_transfer_reads_another_data_set(folder: Path, tmp_path: Path):
    from PIL import Image

    for name, colour in (("red", (255, 0, 0)), ("blue", (0, 0, 255))):
        (tmp_path / name).mkdir()
        for i in range(12):
            Image.new("RGB", (16, 16), tuple(max(0, c - i) for c in colour)).save(
                tmp_path / name / f"{i}.png"
            )
    record = done(folder, protocol="transfer", data=str(tmp_path))
    assert sorted(record["class_names"]) == ["blue", "red"]
    assert record["results"][0]["mean"] == 1.0


def test_clusters_without_an_image_are_one_sentence(folder: Path, tmp_path: Path):
    from PIL import Image

    from sslviz.evaluate.bench import open_bench

    for k in range(10):
        path = tmp_path / "abcde"[k // 2] / f"{k}.png"
        path.parent.mkdir(exist_ok=True)
        Image.new("RGB", (16, 16), (20 * k, 9, 9)).save(path)
    config = EvaluationConfig.from_json({"protocol": "kmeans"})
    run = RunConfig().with_settings({**SETTINGS, "data": str(tmp_path)})
    with pytest.raises(Refusal, match="There are 2 test images for 5 classes; k-means needs"):
        open_bench(folder, run, config, torch.device("cpu"), lambda message, share: None)


def test_however_many_probes_a_run_has_it_is_tested_on_the_same_images(folder: Path):
    from sslviz.evaluate.bench import open_bench

    run = RunConfig().with_settings({**SETTINGS, "probes": 1600})
    config = EvaluationConfig.from_json({"protocol": "knn"})
    bench = open_bench(folder, run, config, torch.device("cpu"), lambda message, share: None)
    assert len(bench.test) == 1024


def test_equal_seeds_give_equal_results(folder: Path):
    one, two = (done(folder, protocol="finetune", labels=[0.5], layer=1) for _ in range(2))
    assert one["results"] == two["results"] and one["wrong"] == two["wrong"]


def test_the_trunk_is_the_checkpoints_network(folder: Path):
    config = RunConfig().with_settings(SETTINGS)
    method, step = trained(folder, config)
    found = newest_checkpoint(folder)
    assert found and step == 2
    weights = load_file(found[0])["method.backbone.layers.0.0.weight"]
    assert torch.equal(method.state_dict()["backbone.layers.0.0.weight"], weights)
    x = torch.rand(4, 3, 16, 16)
    method.eval()
    h, z = method.encode(x)
    assert torch.equal(trunk_of(method, 0)(x), h)
    assert torch.equal(trunk_of(method, 2)(x), z)
    assert trunk_of(method, 1)(x).shape == (4, 256) and trunk_of(method, 1)(x).min() >= 0
    with pytest.raises(Refusal, match="layer is 3; this run's projector has 2 layers"):
        trunk_of(method, 3)


def test_the_random_encoder_is_the_run_before_its_first_step(folder: Path):
    from sslviz.data.load import load_data

    config = RunConfig().with_settings(SETTINGS)
    session = open_session(config, load_data(config), torch.device("cpu"))
    mine = untrained(config)
    for name, value in session.method.named_parameters():
        assert torch.equal(mine.state_dict()[name], value)
    assert not torch.equal(next(untrained(config, 1).parameters()), next(mine.parameters()))


def test_a_checkpoint_of_another_backbone_is_refused(folder: Path):
    other = replace(RunConfig().with_settings(SETTINGS), backbone="resnet9")
    with pytest.raises(Refusal, match="written by another backbone than the resnet9"):
        trained(folder, other)


def test_a_run_without_a_checkpoint_is_refused(tmp_path: Path):
    with pytest.raises(Refusal, match="no checkpoint yet"):
        create_evaluation(create_run(RunConfig(), tmp_path), EvaluationConfig())


BAD = [
    {"protocol": "magic"},
    {"protocol": "linear", "labels": "0"},
    {"protocol": "linear", "labels": "many"},
    {"protocol": "linear", "labels": "nan"},
    {"protocol": "linear", "labels": 3},
    {"protocol": "linear", "seeds": "1.5"},
    {"protocol": "linear", "seeds": "-1"},
    {"protocol": "linear", "seeds": list(range(11))},
    {"protocol": "knn", "labels": "0.1"},
    {"protocol": "knn", "data": "cifar10"},
    {"protocol": "transfer"},
    {"protocol": "linear", "layer": 4},
    {"nonsense": 1},
]


@pytest.mark.parametrize("settings", BAD, ids=str)
def test_bad_settings_are_one_sentence(settings: dict):
    with pytest.raises(Refusal) as refusal:
        EvaluationConfig.from_json(settings)
    assert str(refusal.value).endswith(".") and "\n" not in str(refusal.value)


def test_a_background_evaluation_finishes_by_itself(folder: Path):
    config = EvaluationConfig.from_json({"protocol": "linear", "labels": [0.5], "seeds": [0, 1]})
    evaluation = start_evaluation(folder, config)
    assert read_evaluation(folder, evaluation)["state"] in ("waiting", "running", "finished")
    end = time.monotonic() + 120
    while (record := read_evaluation(folder, evaluation))["state"] in ("waiting", "running"):
        assert time.monotonic() < end
        time.sleep(0.1)
    assert record["state"] == "finished", record["error"]
    assert len(record["results"][0]["accuracies"]) == 2
    assert evaluation in [found["id"] for found in list_evaluations(folder)]


def test_a_killed_evaluation_reads_as_interrupted(folder: Path):
    config = EvaluationConfig.from_json({"protocol": "scratch", "steps": 100_000})
    evaluation = start_evaluation(folder, config)
    stop_evaluation(folder, evaluation)
    end = time.monotonic() + 60
    while read_evaluation(folder, evaluation)["state"] != "interrupted":
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_dead_process_is_interrupted_and_a_living_one_is_not(folder: Path):
    evaluation = create_evaluation(folder, EvaluationConfig.from_json({"protocol": "knn"}))
    path = evaluation_path(folder, evaluation)
    record = json.loads(path.read_text()) | {"state": "running"}
    write_json(path, record | {"lease": vars(lease_of(os.getpid(), 1))})
    assert read_evaluation(folder, evaluation)["state"] == "running"
    write_json(path, record | {"lease": vars(lease_of(os.getpid(), 1)) | {"start_time": "1"}})
    assert read_evaluation(folder, evaluation)["state"] == "interrupted"
    path.write_text("{")
    assert evaluation not in [found["id"] for found in list_evaluations(folder)]
    with pytest.raises(Refusal):
        read_evaluation(folder, "../config")


def test_the_command_line_prints_json_and_exits_as_promised(
    folder: Path, capsys: pytest.CaptureFixture[str]
):
    assert main(["evaluate", str(folder), "--protocol", "knn", "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["state"] == "finished" and record["protocol"] == "knn"
    assert main(["evaluate", str(folder), "--protocol", "knn", "--layer", "1"]) == 0
    assert "accuracy" in capsys.readouterr().out
    few = ["evaluate", str(folder), "--protocol", "linear", "--labels", "0.001"]
    for bad in (few, ["evaluate", str(folder), "--protocol", "magic"], ["evaluate", "nope"]):
        assert main(bad) == 2
        assert capsys.readouterr().err.strip().count("\n") == 0
