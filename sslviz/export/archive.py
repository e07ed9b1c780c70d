"""The run's own folder as a zip: a replay, a demonstration, a bug report."""

import zipfile
from io import BytesIO
from pathlib import Path

from sslviz.refusal import Refusal

LEFT = {"lease.json", "lease.lock", "launch.json", "exit.json"}  # who trains it on this machine
LEFT_FOLDERS = {"inbox"}
MOST = 2 << 30  # bytes


def archive(folder: Path) -> bytes:
    """Every plain file below `folder` but those about this machine's processes; links are left out.
    Raises Refusal where there is more than fits."""
    file = BytesIO()
    total = 0
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted(folder.rglob("*")):
            place = path.relative_to(folder)
            unwanted = place.name in LEFT or place.parts[0] in LEFT_FOLDERS
            if unwanted or path.is_symlink() or not path.is_file():
                continue
            total += path.stat().st_size
            if total > MOST:
                most = MOST >> 20
                raise Refusal(
                    "{run} has more than {most} MB, which is more than one zip is made of here.",
                    run=folder.name,
                    most=most,
                )
            packed.write(path, Path(folder.name) / place)
    return file.getvalue()
