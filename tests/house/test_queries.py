"""Lists ask the database a fixed number of times, however long they are."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from concordat.kernel.publication.reference import make
from concordat.kernel.search.follow import rebuild
from tests.house.routes import NAME
from tests.house.test_matrix import Reader, readable
from tests.house.world import World, build

MOST = 10
ASKS = ("SELECT",)
_KINDS = ("dataset", "data_service", "share_request", "agreement", "table")


@pytest.fixture
def world(cast, tmp_path) -> World:
    return build(cast, tmp_path)


def lists():
    """The address of each route that names no record."""
    return [
        f"/{r.text}"
        for r in readable()
        if not NAME.search(r.text) and not r.text.startswith(("oauth", "sharing/file"))
    ]


def asked(reader, address):
    with CaptureQueriesContext(connection) as captured:
        status, _ = reader.get(address)
    assert status < 500, address
    return [q["sql"] for q in captured if q["sql"].startswith(ASKS)]


def more(world: World, number: int) -> None:
    """So many more of each kind of record, like the ones that everybody may see."""
    kinds = {record.KIND: record for record in world.records if record.visibility == 4}
    for _ in range(number):
        request = table = None
        for kind in (*_KINDS, "share", "source", "output"):
            row = type(kinds[kind])._base_manager.get(pk=kinds[kind].pk)
            row.pk, row.reference = None, make(row.PREFIX)
            if kind == "agreement":
                row.request = request
            if kind == "table":
                row.name = f"t{row.reference.lower().replace('-', '_')}"
            if kind == "source":
                row.table = table
            row.save(force_insert=True)
            table = row if kind == "table" else table
            request = row if kind == "share_request" else request
            if kind == "dataset":
                listed = kinds[kind].distributions.first()
                listed.pk, listed.dataset = None, row
                listed.save(force_insert=True)
    rebuild()


def test_a_list_asks_as_often_for_thirty_rows_as_for_three(cast, world):
    readers = [Reader(cast, who) for who in ("olive", "asha", "ada")]
    first = {}
    for reader in readers:
        for address in lists():
            first[reader.who, address] = asked(reader, address)
    many = {f"{who} {at}: {len(sql)}" for (who, at), sql in first.items() if len(sql) > MOST}
    more(world, 27)
    grew = []
    for reader in readers:
        for address in lists():
            before, after = first[reader.who, address], asked(reader, address)
            if len(after) > len(before):
                extra = [sql for sql in after if sql not in before][-1:]
                grew.append(f"{reader.who} {address}: {len(before)} → {len(after)} {extra}")
    assert not grew, "\n".join(grew)
    assert not many, "\n".join(sorted(many))
