"""The few rules of style that Streamlit's theme file cannot express."""

from pathlib import Path

ASSETS = Path(__file__).parents[2] / "assets"


def style(name: str = "style") -> str:
    """A `<style>` element with `assets/<name>.css`."""
    return f"<style>{(ASSETS / name).with_suffix('.css').read_text(encoding='utf-8')}</style>"
