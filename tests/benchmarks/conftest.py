"""The suite of benchmarks is no part of what is installed: it is found beside the tests."""

import sys
from pathlib import Path

# Last, so that an installed aiodockerapi stays the one that is tested.
sys.path.append(str(Path(__file__).resolve().parents[2]))
