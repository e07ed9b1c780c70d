"""What a device can and cannot do, said before it is asked, and after it has failed."""

from pathlib import Path

import pytest
import torch

from sslviz.config import RunConfig
from sslviz.runs import store
from sslviz.training.session import slow_in_bfloat16
from sslviz.training.worker import _explained, run

CPU = torch.device("cpu")


def test_a_processor_without_bfloat16_says_so_where_it_is_asked_for(tmp_path, monkeypatch):
    monkeypatch.setattr(torch.cpu, "get_capabilities", dict, raising=False)
    assert slow_in_bfloat16(CPU) and not slow_in_bfloat16(torch.device("cuda"))
    small = {"train_images": 64, "batch_size": 16, "steps": 2, "device": "cpu"}
    for precision in ("bfloat16", "auto"):
        config = RunConfig().with_settings(small | {"precision": precision})
        folder = store.create_run(config, tmp_path, precision)
        assert run(folder) == 0
        notes = " ".join(map(str, store.read_status(folder)["notes"]))
        assert ("no instructions for it" in notes) == (precision == "bfloat16")


@pytest.mark.parametrize("instructions", ["amx_bf16", "avx512_bf16"])
def test_a_processor_with_bfloat16_is_left_in_peace(monkeypatch, instructions):
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: {instructions: True}, raising=False)
    assert not slow_in_bfloat16(CPU)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (
            torch.OutOfMemoryError("CUDA out of memory."),
            "ran out of memory. Try a batch size below",
        ),
        (
            RuntimeError("CUDA error: device-side assert triggered\nCompile with"),
            "failed or was lost",
        ),
        (RuntimeError("CUDA error: unspecified launch failure"), "Resume goes on from the newest"),
        (RuntimeError("cuDNN error: CUDNN_STATUS_EXECUTION_FAILED"), "failed or was lost"),
        (RuntimeError("shape mismatch"), "an error that sslviz does not know"),
    ],
)
def test_a_device_that_fails_is_one_sentence(error, words):
    sentence = str(_explained(error, RunConfig(), Path("run")))
    assert words in sentence and "Compile with" not in sentence
