"""Commands as processes of their own."""

import subprocess
import sys

TINY = ["--batch-size", "16", "--device", "cpu"]
TINY += ["--set", "train_images=256", "--set", "image_size=16", "--set", "probes=200"]


def start(*arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "sslviz", *arguments]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, start_new_session=True)
