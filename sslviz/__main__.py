"""`python -m sslviz`: what the app does, on the command line (`--help` lists the commands).

Exit codes: 0 well, 1 the run failed, 2 a bad request (one sentence on stderr), 130 Ctrl-C.
"""

import os
import sys
from contextlib import suppress
from io import TextIOWrapper
from pathlib import Path

from sslviz.refusal import Refusal
from sslviz.runs.room import trouble

try:
    from sslviz.cli.evaluate import evaluate
    from sslviz.cli.export import export
    from sslviz.cli.keep import delete, rename, restore
    from sslviz.cli.parser import config_of, parser, run_folder
    from sslviz.cli.replay import replay
    from sslviz.cli.show import show, show_list
    from sslviz.cli.sweep import sweep
    from sslviz.cli.talk import talk
    from sslviz.cli.train import change, control, resume, snapshot, train
    from sslviz.runs.store import runs_root
except Refusal as refusal:  # a method's .toml that cannot be used
    print(refusal, file=sys.stderr)
    sys.exit(2)


def main(arguments: list[str] | None = None) -> int:
    """Runs one command; returns the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # its encoding may not hold every name
            stream.reconfigure(errors="backslashreplace")
    try:
        args = parser().parse_args(arguments)
        root = (args.runs or runs_root()).absolute()
    except BrokenPipeError:
        return _nobody_reads()
    commands = {"train": train, "list": show_list, "show": show, "resume": resume}
    commands |= {"rename": rename, "delete": delete, "restore": restore}
    commands |= {"set": change, "snapshot": snapshot, "replay": replay, "talk": talk}
    commands["export"] = lambda args, root: export(args, [run_folder(r, root) for r in args.run])
    commands["evaluate"] = lambda args, root: evaluate(args, run_folder(args.run, root))
    commands["sweep"] = lambda args, root: sweep(args, root, lambda: config_of(args))
    try:
        code = commands.get(args.command, control)(args, root)
        if sys.stdout is not None:
            sys.stdout.flush()
        return code
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return 2
    except BrokenPipeError:
        return _nobody_reads()
    except OSError as error:
        print(trouble(error, Path(error.filename or root)), file=sys.stderr)
        return 2


def _nobody_reads() -> int:
    """The reader of a pipe has gone: nothing more is printed, not even at the very end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):
            stream.flush()
        with suppress(OSError, ValueError, AttributeError):
            os.dup2(nowhere, stream.fileno())
    return 0


if __name__ == "__main__":
    sys.exit(main())
