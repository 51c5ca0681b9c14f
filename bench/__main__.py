"""`make bench`: a table of figures, each beside its peer measured in the same run."""

from __future__ import annotations

import os
import sys
import tempfile

from bench.measure import Row, table

os.environ.setdefault("CONCORDAT_DATA_DIR", tempfile.mkdtemp(prefix="concordat-bench-"))
os.environ.setdefault("CONCORDAT_RATE_LIMIT", "0")
os.environ.setdefault("CONCORDAT_DEMO", "1")
os.environ.setdefault("CONCORDAT_LOG_LEVEL", "ERROR")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "concordat.site.settings")


def main(arguments: list[str]) -> int:
    """Run the benchmarks named, or all."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from bench import api, delivery, harvest, search

    known = {"search": search.run, "api": api.run, "delivery": delivery.run, "harvest": harvest.run}
    rows: list[Row] = []
    for name in arguments or known:  # each prints as soon as it is known, so that none is lost
        print(f"measuring {name} …", file=sys.stderr)
        rows += known[name]()
    print(table(rows))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
