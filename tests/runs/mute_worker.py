"""A worker that never takes its lease; tests kill it."""

import time

time.sleep(600)
