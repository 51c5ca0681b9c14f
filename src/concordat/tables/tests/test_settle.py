"""Reads of many requests, reads that run, and unusual reads that somebody looks at."""

from __future__ import annotations

import json
from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from concordat.demo.clock import days_ago
from concordat.kernel.access import Actor
from concordat.kernel.audit.models import Entry
from concordat.kernel.refusals import NotAllowed, NotVisible
from concordat.tables import queries
from concordat.tables.actions import note_delivery, settle_flag
from concordat.tables.models import Flag, Share, ShareRead
from concordat.tables.rules.reads import LONGEST, MOST_SPANS, WINDOW, covered
from concordat.tables.rules.unusual import ENOUGH
from tests.script import script

TOLD = {"version": 0, "columns": ["Unit"]}
SPAN = st.tuples(st.integers(0, 60), st.integers(0, 60))


@pytest.fixture
def share(agreement):
    return Share.objects.get(basis=agreement.agreement.reference)


@pytest.fixture
def flag(cast, share) -> Flag:
    for _ in range(ENOUGH):
        note_delivery(cast.asha, share, "aggregate", **TOLD)
    note_delivery(cast.asha, share, "csv", **TOLD, rows=4, bytes=9, whole=True)
    return Flag.objects.get()


def page(cast, who: str, address: str) -> str:
    client = Client()
    client.force_login(cast.people[who])
    return b"".join(client.get(address)).decode()


def part(actor: Actor, share: Share, start: int, sent: int, **told: object) -> str:
    facts = {"file": "f", "size": 100, "file_rows": 4, "start": start, "bytes": sent, **told}
    return note_delivery(actor, share, "csv file", **TOLD, **facts)


def listed(actor: Actor, share: Share) -> list[tuple[object, ...]]:
    found = queries.deliveries(actor, share)
    return [(read.now, read.rows, read.bytes, read.requests) for read in found]


@pytest.mark.once
@given(st.lists(SPAN, max_size=30))
def test_spans_hold_the_bytes_that_were_sent_and_no_other_apart_and_in_order(sent):
    spans: list[tuple[int, int]] = []
    for start, stop in sent:
        spans = covered(spans, start, stop)
    told = {byte for start, stop in sent for byte in range(start, stop)}
    assert {byte for start, stop in spans for byte in range(start, stop)} == told
    assert all(before[1] < after[0] for before, after in pairwise(spans))


@pytest.mark.once
def test_a_file_read_byte_by_byte_is_not_remembered_for_ever():
    spans: list[tuple[int, int]] = []
    for byte in range(0, 4 * MOST_SPANS, 2):
        spans = covered(spans, byte, byte + 1)
    assert len(spans) == MOST_SPANS
    assert covered(spans, 0, 4 * MOST_SPANS) == [(0, 4 * MOST_SPANS)]


def test_a_read_that_runs_is_first_until_it_has_ended(cast, share):
    read = note_delivery(cast.asha, share, "csv", begun=True, **TOLD)
    note_delivery(cast.asha, share, "sql", **TOLD, rows=1, bytes=2, whole=True)
    assert listed(cast.colin, share) == [("running", None, None, 1), ("whole", 1, 2, 1)]
    shown = page(cast, "colin", "/inside/use")
    assert "2 reads, 1 running now" in shown
    assert shown.index("Running now") < shown.index("Whole")
    told = script(cast.asha).get("/reads", limit=1).json()
    assert [(r["id"], r["ended"], r["rows"]) for r in told["items"]] == [(read, "running", None)]
    other = script(cast.asha).get("/reads", limit=1, cursor=told["next"]).json()["items"]
    assert [r["ended"] for r in other] == ["whole"]
    note_delivery(cast.asha, share, "csv", read=read, **TOLD, rows=4, bytes=9, whole=True)
    assert listed(cast.colin, share) == [("whole", 1, 2, 1), ("whole", 4, 9, 1)]
    assert "2 reads, 0 running now" in page(cast, "colin", "/inside/use")
    entries = Entry.objects.of(share).filter(
        name__startswith="share:read", private__facts__read=read
    )
    assert [e.name for e in entries] == ["share:read_begun", "share:read"]


def test_a_read_whose_end_never_came_has_broken_off(cast, share):
    with days_ago(LONGEST / timedelta(days=1)):
        note_delivery(cast.asha, share, "csv", begun=True, **TOLD)
    note_delivery(cast.asha, share, "sql", **TOLD, rows=1, bytes=2, whole=False, limit=1)
    assert listed(cast.colin, share) == [("limited", 1, 2, 1), ("broken", None, None, 1)]
    shown = page(cast, "colin", f"{share.inside_url()}/reads")
    assert "Broken off" in shown and "Running now" not in shown


def test_ranges_of_one_file_are_one_read_and_whole_once_all_its_bytes_were_sent(cast, share):
    keys = {part(cast.asha, share, start, 40) for start in (60, 0)}
    assert listed(cast.colin, share) == [("part", None, 80, 2)]
    keys.add(part(cast.asha, share, 40, 30))
    assert len(keys) == 1
    assert listed(cast.colin, share) == [("whole", 4, 110, 3)]
    told = Entry.objects.of(share).filter(name="share:read").values_list("private__facts__read")
    assert [key for (key,) in told] == [*keys] * 3
    part(cast.asha, share, 0, 100)  # and all of it again
    assert listed(cast.colin, share) == [("whole", 4, 100, 1), ("whole", 4, 110, 3)]


def test_parts_of_another_file_by_somebody_else_or_much_later_are_another_read(cast, share):
    with days_ago(WINDOW / timedelta(days=1)):
        part(cast.asha, share, 0, 10)
    part(cast.asha, share, 10, 10)
    part(cast.asha, share, 10, 10, file="g")
    part(cast.colin, share, 10, 10)
    assert listed(cast.colin, share) == [("part", None, 10, 1)] * 4


def test_the_files_of_a_query_of_delta_sharing_are_its_read(cast, share):
    read = note_delivery(cast.asha, share, "delta-sharing", **TOLD, rows=9, files=2)
    for name in ("a", "b"):
        told = {"file": name, "size": 50, "start": 0, "bytes": 50}
        note_delivery(cast.asha, share, "delta-sharing file", read=read, version=0, **told)
    assert listed(cast.colin, share) == [("", 9, 100, 3)]


def test_a_list_of_reads_asks_as_often_however_many_requests_there_were(cast, share, flag):
    asked = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as captured:
            page(cast, "colin", "/inside/use")
        asked.append(len(captured))
        for start in range(0, 30, 2):
            part(cast.asha, share, start, 1)
            note_delivery(cast.asha, share, "sql", **TOLD, rows=1, bytes=1, whole=True)
    assert asked[0] == asked[1]


def test_the_suppliers_approver_marks_an_unusual_read_as_looked_at(cast, share, flag):
    home = share.inside_url()
    settle = f"{home}/flags/{flag.pk}/settle"
    for who, offered in (("colin", True), ("olive", False)):
        assert flag.words in page(cast, who, home)
        assert (settle in page(cast, who, home)) is offered
        assert (settle in page(cast, who, "/inside/use")) is offered
    colin = Client()
    colin.force_login(cast.people["colin"])
    assert "What did you find out?" in colin.get(settle).content.decode()
    assert colin.post(settle, {"note": ""}).status_code == 422
    assert colin.post(settle, {"note": "They rang."}).url == f"{home}/reads?unusual=on"
    flag.refresh_from_db()
    assert (flag.status, flag.note, flag.settled_by) == ("settled", "They rang.", "Colin")
    assert Entry.objects.of(flag).last().name == "flag:settle"
    assert "nobody has looked at yet" not in page(cast, "colin", home)
    assert "Looked at: They rang. (Colin, " in page(cast, "olive", "/inside/use?unusual=on")
    assert "0 reads" in page(cast, "olive", "/inside/use?unsettled=on")


def test_the_reader_knows_of_no_flag_and_a_steward_may_not_settle_it(cast, share, flag):
    for who in ("asha", "erin", "bram"):
        with pytest.raises(NotVisible):
            queries.flag(getattr(cast, who), flag.pk)
        with pytest.raises(NotVisible):
            settle_flag(getattr(cast, who), flag, note="Nothing.")
    with pytest.raises(NotAllowed):
        settle_flag(cast.olive, flag, note="Nothing.")
    asha = Client()
    asha.force_login(cast.people["asha"])
    assert asha.get(f"{share.inside_url()}/flags/{flag.pk}/settle").status_code == 404
    assert script(cast.asha).get("/flags").json()["items"] == []
    seen = page(cast, "asha", share.inside_url()) + page(cast, "asha", "/inside/use")
    told = json.dumps(script(cast.asha).get(f"/shares/{share.reference}/reads").json())
    assert flag.words not in seen and flag.why[0] not in told


def test_a_program_settles_a_flag(cast, share, flag):
    found = script(cast.colin).get("/flags", status="open").json()["items"]
    assert [(f["id"], f["share"], f["why"]) for f in found] == [
        (flag.pk, share.reference, flag.why)
    ]
    answer = script(cast.colin).post(f"/flags/{flag.pk}/settle", {"note": "They rang."})
    assert (answer.json()["status"], answer.json()["settled_by"]) == ("settled", "Colin")
    assert script(cast.colin).post(f"/flags/{flag.pk}/settle", {"note": "x"}).status_code == 409
    read = script(cast.olive).get("/reads", unusual=True).json()["items"][0]
    assert (read["flag"], read["settled"]) == (flag.pk, True)
    assert script(cast.olive).get("/reads", unsettled=True).json()["items"] == []


def test_a_read_gets_one_flag_and_the_list_of_reads_is_what_the_log_tells(cast, share, flag):
    read = flag.read
    note_delivery(cast.asha, share, "csv", read=read.key, **TOLD, rows=4, bytes=9, whole=True)
    assert Flag.objects.filter(read=read).count() == 1
    assert ShareRead.objects.count() == ENOUGH + 1
    assert read.began_at <= timezone.now()
