"""All cases, or those that are named: ``python -m benchmarks``."""

from benchmarks._harness.main import main

if __name__ == "__main__":
    raise SystemExit(main())
