"""The pure parts of the browser's code, tested by Node's own runner."""

from node import ROOT, node


def test_javascript():
    files = sorted(str(path) for path in (ROOT / "tests" / "js").glob("*.test.mjs"))
    done = node("--test", "--test-reporter=spec", *files)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert files
