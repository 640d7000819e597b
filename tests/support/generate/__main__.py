"""Write the generated parts of files, or check that they are up to date."""

from __future__ import annotations

import argparse
import sys

from . import PROJECT, TARGETS, outdated, write


def main(arguments: list[str] | None = None) -> int:
    """Run the command and return its exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.support.generate", description=__doc__)
    parser.add_argument("target", nargs="*", help=f"what to generate: {', '.join(TARGETS)}; all of it by default")
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 if a file is out of date")
    options = parser.parse_args(arguments)
    if unknown := sorted(set(options.target) - TARGETS.keys()):
        parser.error(f"unknown target {', '.join(unknown)}: choose from {', '.join(TARGETS)}")
    found = [path for target in options.target or TARGETS for path in (outdated if options.check else write)(target)]
    for path in found:
        print(f"{path.relative_to(PROJECT)}: {'out of date' if options.check else 'written'}")
    return 1 if found and options.check else 0


if __name__ == "__main__":
    sys.exit(main())
