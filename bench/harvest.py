"""Bringing in a catalogue: the real one where it is present, else one that is made."""

from __future__ import annotations

import csv
import os
import tempfile
from pathlib import Path

from bench.measure import Row, once
from bench.world import build
from concordat.kernel.access import SYSTEM
from concordat.marketplace.actions import harvest
from concordat.marketplace.feeds import read


def run() -> list[Row]:
    """Rows a second, first run and second, beside reading the same files with the csv module."""
    shared = Path(
        os.environ.get("CONCORDAT_SHARED", Path(__file__).resolve().parents[2] / "shared")
    )
    build()
    folder = shared / "data" / "marketplace" / "scottish-catalogue" / "data"
    real = folder.is_dir()
    paths = sorted(folder.rglob("*.csv")) if real else [_made()]
    rows = sum(sum(1 for _ in csv.DictReader(p.open(encoding="utf-8-sig"))) for p in paths)

    def bring() -> None:
        for path in paths:
            harvest(SYSTEM, f"bench-{path.stem}"[:60], read(path))

    plain = once(lambda: [list(csv.DictReader(p.open(encoding="utf-8-sig"))) for p in paths])
    first, second = once(bring), once(bring)
    return [
        Row(
            f"import of {'the real' if real else 'a made'} catalogue, {rows:,} rows",
            f"{rows / first:,.0f} rows a second",
            f"csv module, reading alone: {rows / plain:,.0f}",
            f"{plain / first:.4f}",
        ),
        Row("the same again, unchanged", f"{rows / second:,.0f} rows a second"),
    ]


def _made() -> Path:
    path = Path(tempfile.mkdtemp()) / "made.csv"
    with path.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(["Title", "Owner", "PageURL", "AssetURL", "License"])
        for n in range(4000):
            page = f"https://x.example/{n // 4}"
            writer.writerow([f"Dataset {n // 4}", "Moray Council", page, f"{page}/{n}.csv", "OGL3"])
    return path
