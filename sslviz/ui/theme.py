"""The few rules of style that Streamlit's theme file cannot express."""

from pathlib import Path

STYLE = Path(__file__).parents[2] / "assets" / "style.css"


def style() -> str:
    """A `<style>` element for the whole page."""
    return f"<style>{STYLE.read_text(encoding='utf-8')}</style>"
