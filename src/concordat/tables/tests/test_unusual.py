"""What is unusual about a read: who is told, and what both sides see of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from concordat.kernel.audit.models import Entry
from concordat.kernel.notices.models import Notice
from concordat.kernel.notices.tell import handle
from concordat.tables import queries
from concordat.tables.actions import note_delivery
from concordat.tables.models import Share
from concordat.tables.rules.holidays import bank_holidays, easter
from concordat.tables.rules.unusual import (
    CUTS,
    DAY_FLOORS,
    DAYS,
    ENOUGH,
    FLOOR,
    NEAR,
    TIMES,
    Day,
    Read,
    unusual,
)
from tests.script import script

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)  # a Wednesday
READ = Read(NOON, "person:1", "csv", rows=5, bytes=100)
READS = st.builds(
    Read,
    at=st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),
    who=st.sampled_from(["person:1", "person:2", "client:1"]),
    door=st.sampled_from(["csv", "csv file", "sql", "aggregate", "delta-sharing"]),
    rows=st.none() | st.integers(0, 10**9),
    bytes=st.none() | st.integers(0, 10**12),
)
SIZES = st.integers(1, 10**9)


def small(number: int, **told: Any) -> list[Read]:
    return [replace(READ, **told)] * number


@pytest.mark.once
@given(READS, SIZES)
def test_the_first_read_of_a_share_is_never_unusual(read, rows):
    assert unusual(read, [], rows) == []


@pytest.mark.once
@given(READS, st.lists(READS, min_size=1, max_size=30), SIZES)
def test_the_same_read_again_has_no_new_hour_no_new_way_and_no_new_size(read, earlier, rows):
    again = unusual(read, [*earlier, read], rows)
    assert again in ([], ["at least half of the table, after small reads"])


@pytest.mark.once
@given(READS, st.lists(READS, max_size=30), SIZES, st.randoms())
def test_the_order_of_earlier_reads_says_nothing(read, earlier, rows, random):
    mixed = random.sample(earlier, len(earlier))
    assert unusual(read, earlier, rows) == unusual(read, mixed, rows)


@pytest.mark.once
@given(READS, st.lists(READS, max_size=ENOUGH - 1), SIZES)
def test_a_few_reads_make_no_way_in_unusual(read, earlier, rows):
    assert not any("way in" in why for why in unusual(read, earlier, rows))


@pytest.mark.once
@given(st.integers(0, FLOOR), st.lists(READS, min_size=1, max_size=30), SIZES)
def test_so_many_rows_as_the_floor_are_never_too_many(rows, earlier, size):
    assert not any("times" in why for why in unusual(replace(READ, rows=rows), earlier, size))


@pytest.mark.once
@pytest.mark.parametrize(
    ("at", "out"),
    [
        (datetime(2026, 11, 25, 6, 59, tzinfo=UTC), True),
        (datetime(2026, 11, 25, 7, 0, tzinfo=UTC), False),
        (datetime(2026, 11, 25, 19, 59, tzinfo=UTC), False),
        (datetime(2026, 11, 25, 20, 0, tzinfo=UTC), True),
        (datetime(2026, 7, 1, 6, 30, tzinfo=UTC), False),  # 7.30 in a London summer
        (datetime(2026, 11, 28, 12, 0, tzinfo=UTC), True),  # a Saturday
        (datetime(2026, 12, 28, 12, 0, tzinfo=UTC), True),  # for Boxing Day, a Saturday
        (datetime(2026, 12, 29, 12, 0, tzinfo=UTC), False),
    ],
)
def test_hours_are_those_of_london(at, out):
    told = unusual(replace(READ, at=at), [READ], 100)
    assert told == (["out of hours, when they had not read before"] if out else [])


@pytest.mark.once
def test_somebody_who_never_read_before_or_always_reads_at_night_is_not_out_of_hours():
    night = replace(READ, at=NOON.replace(hour=23))
    assert unusual(night, [replace(READ, who="person:2")], 100) == []
    assert unusual(night, [READ, replace(night, at=NOON.replace(hour=3))], 100) == []


@pytest.mark.once
def test_the_whole_table_after_ten_counts_or_ninety_days_of_them_is_unusual():
    whole, why = replace(READ, rows=600), ["at least half of the table, after small reads"]
    counts = small(ENOUGH, rows=None, bytes=None)
    assert unusual(whole, counts, 1000) == why
    assert unusual(whole, counts[1:], 1000) == []
    assert unusual(replace(whole, rows=400), counts, 1000) == []
    assert unusual(whole, [replace(READ, at=NOON - timedelta(days=90))], 1000) == why
    assert unusual(whole, [replace(READ, at=NOON - timedelta(days=89))], 1000) == []
    assert unusual(whole, small(ENOUGH, rows=None, bytes=9), 1000) == []  # parts of files


@pytest.mark.once
def test_ten_times_more_rows_than_ever_and_a_new_way_in_are_unusual():
    many = replace(READ, rows=FLOOR + 1, door="sql")
    assert unusual(many, small(ENOUGH), 10**6) == [
        "more than 10 times the rows of any read before",
        "a way in that nobody had used before",
    ]
    assert unusual(replace(READ, door="csv file"), small(ENOUGH), 10**6) == []


# As https://www.gov.uk/bank-holidays lists them for England and Wales.
LISTED = {
    2021: "01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28",
    2022: "01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27",
    2023: "01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26",
    2026: "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28",
    2027: "01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28",
}


@pytest.mark.once
@pytest.mark.parametrize("year", LISTED)
def test_bank_holidays_are_those_that_the_government_lists(year):
    assert sorted(f"{day:%m-%d}" for day in bank_holidays(year)) == LISTED[year].split()


@pytest.mark.once
@given(st.integers(2024, 2400))
def test_there_are_eight_bank_holidays_a_year_each_on_a_working_day(year):
    assert len(bank_holidays(year)) == 8
    assert all(day.weekday() < 5 and day.year == year for day in bank_holidays(year))
    assert easter(year).weekday() == 6
    assert date(year, 3, 22) <= easter(year) <= date(year, 4, 25)


SOME = st.builds(Day, rows=st.integers(0, 10**7), bytes=st.integers(0, 10**10))
USUAL = {NOON.date() - timedelta(days=n): Day(10, 10) for n in range(1, DAYS + 1)}


def of_day(told: list[str]) -> list[str]:
    return [why for why in told if "usual day" in why]


@pytest.mark.once
def test_far_more_in_a_day_than_on_their_usual_day_is_unusual_whatever_each_read_was():
    rows = DAY_FLOORS["rows"]
    today = USUAL | {NOON.date(): Day(rows - 1, 0)}
    assert of_day(unusual(READ, [READ], 10**9, today)) == [
        "more than 10 times the rows of their usual day"
    ]
    assert of_day(unusual(replace(READ, rows=1), [READ], 10**9, today)) == []
    sent = USUAL | {NOON.date(): Day(0, DAY_FLOORS["bytes"])}
    assert of_day(unusual(READ, [READ], 10**9, sent)) == [
        "more than 10 times the bytes of their usual day"
    ]
    few = dict(list(USUAL.items())[1:]) | {NOON.date(): Day(rows - 1, 0)}
    assert of_day(unusual(READ, [READ], 10**9, few)) == []


@pytest.mark.once
@given(st.lists(st.integers(0, 10**6), max_size=40), st.lists(SOME, min_size=DAYS, max_size=30))
def test_a_day_is_told_of_once_when_its_sum_passes_the_line_and_never_before(sizes, usual):
    days = {NOON.date() - timedelta(days=n): day for n, day in enumerate(usual, 1)}
    told, so_far = 0, 0
    for size in sizes:
        read = replace(READ, rows=size, bytes=None)
        told += len(of_day(unusual(read, [READ], 10**9, days | {NOON.date(): Day(so_far, 0)})))
        so_far += size
    middle = sorted(day.rows for day in usual)
    line = TIMES * (middle[(len(usual) - 1) // 2] + middle[len(usual) // 2]) / 2
    assert told == (so_far > max(line, DAY_FLOORS["rows"]))


@pytest.mark.once
@given(st.lists(st.booleans(), max_size=30), st.sampled_from([timedelta(0), NEAR / 40]))
def test_every_third_read_that_is_cut_off_within_a_day_is_told_of(cuts, apart):
    earlier = [replace(READ, at=NOON - timedelta(days=3), cut=True)]
    told = []
    for number, cut in enumerate(cuts):
        read = replace(READ, at=NOON + number * apart, cut=cut)
        told += [why for why in unusual(read, earlier, 10**9) if "cut off" in why]
        earlier.insert(0, read)
    assert len(told) == sum(cuts) // CUTS


@pytest.mark.once
def test_reads_of_others_that_are_cut_off_say_nothing():
    others = small(CUTS - 1, who="person:2", cut=True)
    assert unusual(replace(READ, cut=True), others, 10**9) == []
    assert unusual(replace(READ, cut=True), small(CUTS - 1, cut=True), 10**9) == [
        "cut off again and again"
    ]


@pytest.fixture
def share(cast, agreement):
    """Asha has counted through it for months, and then takes the whole table."""
    share = Share.objects.get(basis=agreement.agreement.reference)
    for _ in range(ENOUGH):
        note_delivery(cast.asha, share, "aggregate", version=0, columns=["Unit"])
    told = {"version": 0, "columns": ["Unit", "Grade"], "rows": 4, "bytes": 123, "whole": True}
    read = note_delivery(cast.asha, share, "csv", begun=True, version=0, columns=["Unit", "Grade"])
    note_delivery(cast.asha, share, "csv", read=read, **told)
    return share


WHY = ["at least half of the table, after small reads", "a way in that nobody had used before"]


def page(cast, who: str, address: str) -> str:
    client = Client()
    client.force_login(cast.people[who])
    return b"".join(client.get(address)).decode()


def test_a_whole_table_after_months_of_counts_says_why_it_is_unusual(cast, share):
    said = [
        read.known_flag and read.known_flag.why for read in queries.deliveries(cast.colin, share)
    ]
    assert said == [WHY, *[None] * ENOUGH]
    assert queries.deliveries(cast.colin, unusual=True).get().rows == 4


def test_those_who_may_close_the_share_are_told_once_and_nobody_else_is(cast, share):
    entries = list(Entry.objects.filter(kind="share", name__startswith="share:read"))
    handle(entries)
    handle(entries)
    notice = Notice.objects.get(name="share:read")
    assert notice.person == cast.people["colin"]
    title = f"Share of Junior posts ({share.reference})"
    assert notice.text == f"{title}: an unusual read by Asha: {WHY[0]}; {WHY[1]}"
    assert notice.url == share.inside_url()


def test_what_the_supplier_looks_at_and_what_a_judged_read_hands_out_is_not_judged(cast, share):
    note_delivery(cast.colin, share, "review", version=0, rows=10**6)
    note_delivery(cast.asha, share, "delta-sharing file", version=0, rows=10**6, bytes=1)
    assert queries.deliveries(cast.olive, unusual=True).count() == 1


def test_judging_a_read_asks_as_often_however_many_were_before(cast, share):
    told = {"version": 0, "rows": 4, "bytes": 123}
    asked = []
    for _ in range(20):  # until it is usual
        note_delivery(cast.asha, share, "csv", **told)
    for _ in range(2):
        with CaptureQueriesContext(connection) as captured:
            note_delivery(cast.asha, share, "csv", **told)
        asked.append([q["sql"] for q in captured if q["sql"].startswith("SELECT")])
        for _ in range(20):
            note_delivery(cast.asha, share, "csv", **told)
    assert [len(each) for each in asked] == [4, 4], asked  # one of them, whose grants they are


def test_both_sides_see_the_reads_of_a_share_and_the_supplier_which_are_unusual(cast, share):
    address = f"{share.inside_url()}/reads"
    for who in ("olive", "colin", "asha"):
        shown = page(cast, who, address)
        assert "Totals" in shown
        assert "11 reads" in shown
        assert ("; ".join(WHY) in shown) is (who != "asha")
        found = "11 reads" if who == "asha" else "1 read,"
        assert found in page(cast, who, f"{address}?unusual=on")
    lines = page(cast, "colin", f"{address}?download=csv").splitlines()
    assert len(lines) == 1 + 11
    assert lines[1].endswith(f',Asha,CSV,0,Unit; Grade,4,123,1,Whole,"{"; ".join(WHY)}",')
    assert page(cast, "asha", f"{address}?download=csv").splitlines()[1].endswith(",Whole")


def test_use_is_one_page_across_all_shares_for_each_side_and_nobody_else(cast, share):
    for who in ("olive", "colin", "asha"):
        shown = page(cast, who, "/inside/use")
        assert "11 reads" in shown
        assert share.basis in shown
        assert ">Refresh</a>" in shown
        assert ("Unusual" in shown) is (who != "asha")
    narrowed = page(cast, "colin", f"/inside/use?share={share.reference}&unusual=on")
    assert "1 read," in narrowed
    assert f'/inside/use?share={share.reference}&amp;unusual=on"' in narrowed
    for who in ("erin", "priya", "noor"):
        shown = page(cast, who, "/inside/use")
        assert "0 reads" in shown
        assert share.reference not in shown


def test_reads_are_found_by_who_read_and_when(cast, share):
    today = timezone.localdate()
    day = f"{{0}}_day={today.day}&{{0}}_month={today.month}&{{0}}_year={today.year}"
    for address, count in (
        ("who=ASHA", "11 reads"),
        ("who=nobody", "0 reads"),
        (f"{day.format('since')}&{day.format('until')}", "11 reads"),
        ("until_day=1&until_month=2&until_year=2020", "0 reads"),
    ):
        assert count in page(cast, "colin", f"/inside/use?{address}"), address
    assert "must be a real date" in page(
        cast, "colin", "/inside/use?since_day=40&since_month=2&since_year=2020"
    )
    for asked, count in (
        ({"who": "asha", "since": today, "until": today}, 11),
        ({"until": today - timedelta(days=2)}, 0),
        ({"who": "nobody"}, 0),
    ):
        told = script(cast.asha).get("/reads", limit=100, **asked).json()["items"]
        assert len(told) == count, asked


def test_a_program_lists_the_same_reads(cast, share):
    for actor, why in ((cast.colin, WHY), (cast.asha, [])):
        told = script(actor).get("/reads", unusual=True).json()["items"]
        assert [(read["share"], read["unusual"]) for read in told] == (
            [(share.reference, WHY)] if why else []
        )
        assert script(actor).get("/reads", share=share.reference, limit=100).json()["items"]
        own = script(actor).get(f"/shares/{share.reference}/reads", limit=100).json()["items"]
        assert [read["unusual"] for read in own] == [why, *[[]] * ENOUGH]
        assert (own[0]["rows"], own[0]["bytes"], own[0]["ended"]) == (4, 123, "whole")
    assert script(cast.erin).get("/reads").json()["items"] == []
    assert script(cast.erin).get("/reads", share=share.reference).status_code == 404
