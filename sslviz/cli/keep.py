"""The commands that keep order among runs: rename, delete, restore."""

from argparse import Namespace
from pathlib import Path

from sslviz.cli.parser import run_folder
from sslviz.cli.show import titles_of
from sslviz.runs import about, remove


def rename(args: Namespace, root: Path) -> int:
    """Gives a run a name and prints what it is called now. Raises Refusal."""
    folder = run_folder(args.run, root)
    about.rename(folder, args.name)
    print(titles_of(folder.parent).get(folder.name, folder.name))
    return 0


def delete(args: Namespace, root: Path) -> int:
    """Deletes a run that is not at work and prints how to bring it back. Raises Refusal."""
    folder = run_folder(args.run, root)
    remove.delete(folder)
    print(f"Deleted {folder.name}. Bring it back with: python -m sslviz restore {folder.name}")
    return 0


def restore(args: Namespace, root: Path) -> int:
    """Brings a deleted run back and prints its folder. Raises Refusal."""
    print(remove.restore(args.run, root))
    return 0
