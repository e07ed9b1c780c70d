"""A worker without a network: steps every 10 ms, and obeys. Started as a real process by tests."""

import sys
import time
from pathlib import Path

from sslviz.runs.store import RunWriter

writer = RunWriter(Path(sys.argv[1]))
state, step = "training", 0
writer.checkpoint(lambda path: path.write_bytes(b"weights"), {"step": 0})
while state not in ("finished", "stopped"):
    for command in writer.commands():
        state = {"pause": "paused", "resume": "training", "stop": "stopped"}.get(
            command["command"], state
        )
        for knob, new in command.get("changes", {None: None}).items():
            writer.event(command["command"], step, knob=knob, new=new, command=command["id"])
    if state == "training":
        step += 1
        writer.metrics({"step": step, "loss": 1.0})
        if step >= writer.config.steps:
            state = "finished"
    writer.status(state=state, step=step)
    time.sleep(0.01)
writer.release()
