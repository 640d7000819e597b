"""The benchmarks are not installed: they are imported from the directory above the tests."""

import sys
from pathlib import Path

# Last, so that an installed aiodockerapi takes precedence.
sys.path.append(str(Path(__file__).resolve().parents[2]))
