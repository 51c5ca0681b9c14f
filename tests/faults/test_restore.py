"""The restore drill: an archive of a whole site, restored elsewhere, is the same site."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
import tarfile

import pytest


def run(environment, *command, check=True):
    return subprocess.run(
        [sys.executable, "-m", "concordat", *command],
        env=environment,
        capture_output=True,
        text=True,
        check=check,
        timeout=180,
    )


COUNT = """
import json
from concordat.kernel.audit.models import Entry
from concordat.kernel.publication.models import subject_kinds
from concordat.tables.models import StoredTable
from concordat.tables.store import lake
held = {kind: model._base_manager.count() for kind, model in subject_kinds().items()}
held["entries"] = Entry.objects.count()
from concordat.marketplace.models import Dataset
held["stamps"] = [str(d.modified_at) for d in Dataset._base_manager.order_by("id")[:20]]
held["roots"] = [e.commitment.hex() for e in Entry.objects.order_by("-id")[:5]]
tables = StoredTable._base_manager.exclude(latest=None)
held["files"] = sum(len(lake().files(t.reference, t.latest.number)) for t in tables)
print("HELD" + json.dumps(held))
"""


WRITE_PUBLIC = """
import os
from pathlib import Path
from concordat.kernel.audit.archive import SEALS, day_file
from concordat.kernel.audit.models import Seal
from concordat.kernel.audit.sealing import day_lines, seal, seal_lines
seal()
folder = Path(os.environ["CONCORDAT_DATA_DIR"]) / "public"
(folder / "days").mkdir(parents=True)
(folder / SEALS).write_text("".join(seal_lines()))
for day in {str(d) for d in Seal.objects.values_list("date", flat=True)}:
    (folder / day_file(day)).write_text("".join(day_lines(day)))
"""


def held(environment):
    out = run(environment, "shell", "-c", COUNT).stdout
    return json.loads(out.partition("HELD")[2])


@pytest.fixture(scope="module")
def archive(site, tmp_path_factory):
    made = tmp_path_factory.mktemp("archive") / "site.tar.gz"
    assert "rows and" in site.run("backup", str(made)).stdout
    return made


@pytest.fixture(scope="module")
def migrated(site, tmp_path_factory):
    folder = tmp_path_factory.mktemp("migrated")
    run({**site.environment, "CONCORDAT_DATA_DIR": str(folder)}, "migrate", "-v0")
    return folder


@pytest.fixture
def elsewhere(site, migrated, tmp_path):
    """Another machine: migrated, and empty."""
    shutil.copytree(migrated, tmp_path / "new")
    return {**site.environment, "CONCORDAT_DATA_DIR": str(tmp_path / "new")}


def test_what_was_backed_up_is_what_is_restored_and_it_verifies(site, archive, elsewhere, tmp_path):
    run(elsewhere, "restore", str(archive))
    before, after = held(site.environment), held(elsewhere)
    before["token"] = after["token"] = 0  # other tests make tokens meanwhile
    assert after.keys() == before.keys()
    assert {
        k: v for k, v in after.items() if k in ("dataset", "agreement", "table", "files", "stamps")
    } == {
        k: v for k, v in before.items() if k in ("dataset", "agreement", "table", "files", "stamps")
    }
    run(elsewhere, "shell", "-c", WRITE_PUBLIC)
    run(elsewhere, "verify", str(tmp_path / "new" / "public"))
    again = run(elsewhere, "restore", str(archive), check=False)
    assert again.returncode != 0
    assert "already holds records" in again.stderr


@pytest.mark.parametrize("damage", ["cut short", "one word changed"])
def test_a_damaged_archive_is_refused_before_anything_is_written(
    archive, elsewhere, tmp_path, damage
):
    bad = tmp_path / "bad.tar.gz"
    if damage == "cut short":
        bad.write_bytes(archive.read_bytes()[: archive.stat().st_size // 2])
    else:
        folder = tmp_path / "unpacked"
        with tarfile.open(archive) as tar:
            tar.extractall(folder, filter="data")
        victim = folder / "database" / "marketplace_dataset.jsonl"
        victim.write_text(victim.read_text().replace("OFFICIAL", "PUBLIC", 1))
        with tarfile.open(bad, "w:gz", compresslevel=1) as tar:
            for path in sorted(folder.rglob("*")):
                if path.is_file():
                    tar.add(path, path.relative_to(folder))
    refused = run(elsewhere, "restore", str(bad), check=False)
    assert refused.returncode != 0
    with sqlite3.connect(tmp_path / "new" / "concordat.sqlite3") as database:
        assert database.execute("SELECT count(*) FROM kernel_entry").fetchone() == (0,)
    assert not [*(tmp_path / "new" / "store").rglob("*.parquet")]
