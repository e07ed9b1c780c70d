"""For all tests: one thread a process, and the same examples every time."""

import os

from hypothesis import settings

# before torch is imported; the cores are shared with the processes that the tests start
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("SSLVIZ_WARM", "0")  # the tests of the warm worker start theirs themselves

settings.register_profile("same", derandomize=True, database=None, deadline=None)
settings.load_profile("same")
