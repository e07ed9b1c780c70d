"""The script each visitor's browser runs: page config, language, navigation. No page content."""

from sslviz.ui import frame

frame.show()
