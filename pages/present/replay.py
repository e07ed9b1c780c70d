"""Replay: recorded runs, or a replay file that somebody hands in, to look at."""

from sslviz.ui.replay import page

page.show()
