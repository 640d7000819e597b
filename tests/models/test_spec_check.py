"""The models compared with the definitions of the API, if the script that compares them exists."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT.parent / "shared" / "check" / "models.py"

if SCRIPT.is_file():

    def test_every_definition_of_every_version_has_its_class() -> None:
        command = [sys.executable, str(SCRIPT)]
        found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=240)
        assert found.returncode == 0, found.stdout + found.stderr
        assert "0 faults" in found.stdout
