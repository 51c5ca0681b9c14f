"""Whatever happens to its folder or to the log, the index heals while it serves."""

from __future__ import annotations

import shutil
from contextlib import suppress

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from concordat.kernel.access import PUBLIC
from concordat.kernel.audit.models import Leaf
from concordat.kernel.search import index as module
from concordat.kernel.search import queries
from concordat.kernel.search.document import tokens_of
from concordat.kernel.search.find import search
from concordat.kernel.search.follow import follow_index, index, rebuild
from concordat.kernel.search.host import BusyError, DamagedError
from concordat.kernel.search.index import Index
from concordat.marketplace import actions
from concordat.site.worker import catch_up


@pytest.fixture
def reader(cast, dataset):
    """The index as another process of the host sees it, after a search."""
    catch_up()
    made = Index(settings.DATA_DIR / "index")
    assert total(made) == 1
    return made


def total(held):
    held._looked = 0.0  # as if a third of a second had gone by
    return search(held, tokens_of(PUBLIC), "junior posts").total


def flip(folder):
    for path in folder.iterdir():
        if path.suffix in (".term", ".idx", ".pos", ".store", ".fast"):
            with path.open("r+b") as file:  # in place: a cut file is SIGBUS to who has it mapped
                flipped = bytes(255 - byte for byte in file.read())
                file.seek(0)
                file.write(flipped)


def cut(folder):
    """Another file in the place of the old one, as a copy that broke off leaves it."""
    for path in folder.iterdir():
        if path.suffix in (".term", ".idx", ".pos", ".store", ".fast"):
            short = path.read_bytes()[:10]
            path.unlink()
            path.write_bytes(short)


DAMAGE = {
    "all of it is gone": lambda folder: shutil.rmtree(folder.parents[1]),
    "the generation is gone": shutil.rmtree,
    "its files are gone": lambda folder: [path.unlink() for path in folder.iterdir()],
    "the cursor is gone": lambda folder: (folder / "cursor.json").unlink(),
    "the name is gone": lambda folder: (folder.parent / "current").unlink(),
    "the cursor is nonsense": lambda folder: (folder / "cursor.json").write_text("[]"),
    "the list is cut": lambda folder: (folder / "meta.json").write_text("{"),
    "segments are flipped": flip,
    "segments are cut": cut,
}


@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize("opened", [True, False], ids=["reading", "just begun"])
def test_a_damaged_index_is_built_again_while_it_serves(
    cast, dataset, reader, monkeypatch, damage, opened
):
    monkeypatch.setattr(module, "QUIET", -1.0)
    if not opened:
        reader = Index(settings.DATA_DIR / "index")
        index().close()
        index()._held = None
    DAMAGE[damage](index().folder)
    with suppress(DamagedError):  # a clear refusal; anything else is a failure
        assert total(reader) == 1
    actions.perform(cast.colin, dataset.dataset, "withdraw", note="Wrong figures.")
    catch_up()
    assert total(reader) == 0
    assert follow_index() == 0, "it is healed, and not built for ever"
    assert index().read_cursor() is not None


@pytest.mark.django_db
def test_a_host_without_its_index_says_so_and_does_not_fail(cast, dataset, monkeypatch, tmp_path):
    catch_up()
    monkeypatch.setattr(queries, "index", lambda: Index(tmp_path))
    answer = Client().get("/search?q=posts")
    assert answer.status_code == 503
    assert "Search is being prepared" in answer.content.decode()
    assert Client().get("/api/v1/search?q=posts").status_code == 503


def test_what_is_withdrawn_in_a_restored_database_is_not_findable(cast, dataset, reader):
    """The index read further than, or something else than, what the log now holds."""
    last = Leaf.objects.order_by("-position").first()
    index().write((), (), last.position + 1000, "00" * 32)
    actions.perform(cast.colin, dataset.dataset, "withdraw", note="Wrong figures.")
    catch_up()
    assert total(reader) == 0
    index().write((), (), last.position, "ff" * 32)
    assert follow_index() > 0
    assert index().read_cursor().commitment != "ff" * 32


def test_one_process_of_a_host_writes(cast, dataset, reader):
    assert index().claim()
    assert not reader.claim()
    index().close()
    assert reader.claim()
    actions.perform(cast.colin, dataset.dataset, "withdraw", note="Wrong figures.")
    catch_up()
    assert total(reader) == 1, "this process leaves it to the other"
    reader.close()
    catch_up()
    assert total(reader) == 0


def test_it_is_built_anew_beside_a_running_worker(cast, dataset, reader):
    assert index().claim()
    index().write((), (), index().cursor, index().read_cursor().commitment)  # its writer is open
    told = []
    beside = Index(settings.DATA_DIR / "index")
    before = beside.current
    count = beside.build(
        [row.as_document() for row in type(dataset.dataset).objects.all()], beside.read_cursor()
    )
    assert count and beside.current != before
    actions.perform(cast.colin, dataset.dataset, "withdraw", note="Wrong figures.")
    catch_up()
    assert total(reader) == 0
    assert rebuild(lambda done, of: told.append((done, of))) == told[-1][0]
    folders = [path for path in index().root.iterdir() if path.is_dir()]
    assert len(folders) == 2, "the current one and the one before"


def test_two_do_not_build_at_once(cast, dataset, reader):
    assert reader._build_lock.take()
    with pytest.raises(BusyError):
        rebuild()
    reader._build_lock.release()


@pytest.mark.django_db(transaction=True)
def test_the_index_is_kept_by_a_role_that_can_only_read(cast, dataset):
    """A public host follows the log without writing to the database."""
    from concordat.kernel.audit.log import sequence

    while sequence():
        pass
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET default_transaction_read_only = on")
    else:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA query_only = on")
    try:
        while follow_index():
            pass
    finally:
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SET default_transaction_read_only = off")
            else:
                cursor.execute("PRAGMA query_only = off")
    assert total(index()) == 1
