"""sslviz: see self-supervised learning happen."""

import os

# Threads that wait for each other must not spin: beside a browser and a server on two cores,
# spinning halves the speed of training. OpenMP reads this once, when torch is loaded.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
