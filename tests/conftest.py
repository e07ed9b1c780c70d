"""What holds for all tests."""

import os

os.environ.setdefault("SSLVIZ_WARM", "0")  # the tests of the warm worker start theirs themselves
