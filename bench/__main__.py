"""`make bench`: a table of figures, each beside its peer measured in the same run.

`python -m bench search page api import delta sql` measures the parts named, or all; `--quick` measures
small sizes, to see that everything runs.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
import tempfile
from pathlib import Path

from bench.measure import Row, once, table

PARTS = {
    "search": "search",
    "page": "page",
    "api": "api",
    "import": "harvest",
    "registry": "registry",
    "ingest": "ingest",
    "delta": "delta",
    "rows": "rows",
    "sql": "sql",
}


def main() -> int:
    """Run the parts named, or all."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="part", help=", ".join(PARTS))
    parser.add_argument("--quick", action="store_true", help="small sizes")
    asked = parser.parse_args()
    if unknown := set(asked.parts) - set(PARTS):
        parser.error(f"there is no {', '.join(sorted(unknown))}; choose from {', '.join(PARTS)}")
    with tempfile.TemporaryDirectory(prefix="concordat-bench-") as folder:
        _settle(folder, quick=asked.quick)
        rows: list[Row] = []
        for name in asked.parts or PARTS:
            print(f"· {name}", file=sys.stderr, flush=True)
            part = importlib.import_module(f"bench.{PARTS[name]}")
            found: list[Row] = []
            took = once(lambda part=part, found=found: found.extend(part.run()))
            # Said at once, so that a later part that fails loses nothing.
            print(f"{table(found)}\n  {took:.0f} s", file=sys.stderr, flush=True)
            rows += found
        print(f"\n{table(rows)}\n\n{_machine()}")
    return 0


def _settle(folder: str, *, quick: bool) -> None:
    """An installation of its own in `folder`, as a demonstration is served."""
    os.environ |= {
        "CONCORDAT_DATA_DIR": folder,
        "CONCORDAT_RATE_LIMIT": "0",
        "CONCORDAT_DEMO": "1",
        "CONCORDAT_LOG_LEVEL": "WARNING",
        "DJANGO_SETTINGS_MODULE": "concordat.site.settings",
        "BENCH_QUICK": "1" if quick else "",
    }
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def _machine() -> str:
    """How quiet the machine was: of a busy one only the ratios and the CPU times say much."""
    cores = len(os.sched_getaffinity(0))
    load = " ".join(Path("/proc/loadavg").read_text().split()[:3])
    return f"{cores} cores; load average at the end: {load}"


if __name__ == "__main__":
    raise SystemExit(main())
