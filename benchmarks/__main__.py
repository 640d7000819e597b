"""Run all cases, or the given ones: ``python -m benchmarks [case ...]``."""

from benchmarks._harness.main import main

if __name__ == "__main__":
    raise SystemExit(main())
