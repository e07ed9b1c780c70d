"""`python -m sslviz`: what the app does, on the command line (`--help` lists the commands).

Exit codes: 0 well, 1 the run failed, 2 a bad request (one sentence on stderr), 130 Ctrl-C.
"""

import os
import sys

from sslviz.refusal import Refusal

try:
    from sslviz.cli.evaluate import evaluate
    from sslviz.cli.parser import parser, run_folder
    from sslviz.cli.show import show, show_list
    from sslviz.cli.train import change, control, resume, snapshot, train
    from sslviz.runs.store import runs_root
except Refusal as refusal:  # a method's .toml that cannot be used
    print(refusal, file=sys.stderr)
    sys.exit(2)


def main(arguments: list[str] | None = None) -> int:
    """Runs one command; returns the exit code."""
    args = parser().parse_args(arguments)
    root = (args.runs or runs_root()).absolute()
    commands = {"train": train, "list": show_list, "show": show, "resume": resume}
    commands |= {"set": change, "snapshot": snapshot}
    commands["evaluate"] = lambda args, root: evaluate(args, run_folder(args.run, root))
    try:
        code = commands.get(args.command, control)(args, root)
        sys.stdout.flush()
        return code
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return 2
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        print(f"{error.filename or root}: {error.strerror}.", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
