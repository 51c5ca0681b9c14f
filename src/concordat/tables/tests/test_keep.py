"""How long versions are kept: no longer than the rule, and as long as an agreement names them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from concordat.kernel.access import SYSTEM
from concordat.kernel.audit.models import Entry
from concordat.kernel.refusals import Invalid, NotAllowed, WrongState
from concordat.tables import actions, queries
from concordat.tables.models import TableVersion
from concordat.tables.plane.columns import Column
from concordat.tables.plane.errors import TableError
from concordat.tables.plane.ingest import read_rejects
from concordat.tables.plane.lake import Lake
from concordat.tables.plane.policy import Policy, Versions
from concordat.tables.plane.prepare import prepare
from concordat.tables.rules.retention import due
from concordat.tables.store import lake

RAGGED = "Organisation,Unit\nA,1\nB,2,3\n"
LATER = timedelta(days=400)


@pytest.fixture
def loaded(cast, tmp_path):
    """A table of four versions, the rows of each its number."""
    table = actions.draft_table(cast.olive, cast.bodies["treasury"], "Posts", "posts")
    for number in range(4):
        load(cast, table, tmp_path, RAGGED + f"C,{number}\n" * number)
    table.refresh_from_db()
    return actions.edit_table(cast.olive, table, keep_versions=1, keep_days=0)


def load(cast, table, folder, text):
    path = folder / "in.csv"
    path.write_text(text)
    return actions.load_table(cast.olive, table, path)


def share(cast, table, versions, basis="AG-TEST-01"):
    now = timezone.now()
    return actions.open_share(
        SYSTEM,
        table,
        cast.bodies["pensions"],
        Policy(("Unit",), versions=versions),
        basis=basis,
        basis_digest="0" * 64,
        starts_at=now,
        ends_at=now + timedelta(days=90),
    )


def statuses(table):
    return dict(table.versions.order_by("number").values_list("number", "status"))


def look(cast, table, number):
    return actions.look_into(cast.olive, queries.version(cast.olive, table, number))[1]


def test_old_versions_go_with_their_files_and_stay_as_facts(cast, loaded):
    files = [lake().files(loaded.reference, number)[0][0] for number in range(4)]
    assert actions.sweep_versions(SYSTEM) == 3
    assert statuses(loaded) == {0: "removed", 1: "removed", 2: "removed", 3: "loaded"}
    assert [Path(file).exists() for file in files] == [False, False, False, True]
    assert queries.version(cast.olive, loaded, 1).rows == 2
    assert [len(read_rejects(lake(), loaded.reference, n)) for n in range(4)] == [0, 0, 0, 1]
    with pytest.raises(TableError, match="version 1 are gone"):
        look(cast, loaded, 1)
    assert len(look(cast, loaded, 3)) == 4
    assert actions.sweep_versions(SYSTEM) == 0


def test_a_version_that_an_agreement_names_stays_until_it_is_closed(cast, loaded):
    only = share(cast, loaded, Versions("only", 0))
    share(cast, loaded, Versions("since", 2), basis="AG-TEST-02")
    actions.suspend_share(cast.colin, only, note="A question.")
    actions.sweep_versions(SYSTEM)
    assert statuses(loaded) == {0: "loaded", 1: "removed", 2: "loaded", 3: "loaded"}
    actions.close_share(SYSTEM, only)
    actions.sweep_versions(SYSTEM)
    assert statuses(loaded)[0] == "removed"
    with pytest.raises(WrongState, match="no longer kept"):
        share(cast, loaded, Versions("only", 1), basis="AG-TEST-03")


def test_young_versions_and_those_that_are_read_stay(cast, loaded):
    actions.edit_table(cast.olive, loaded, keep_days=30)
    assert actions.sweep_versions(SYSTEM) == 0
    version = queries.version(cast.olive, loaded, 2)
    columns = [Column.from_data(data) for data in version.columns]
    prepare(lake(), loaded.reference, 2, columns, Policy(("Unit",)))
    actions.sweep_versions(SYSTEM, timezone.now() + LATER)
    assert statuses(loaded) == {0: "removed", 1: "removed", 2: "loaded", 3: "loaded"}


@pytest.mark.parametrize("place", ["unneeded", "forget_rows"])
def test_a_crash_between_the_files_and_the_row_is_taken_up_again(cast, loaded, monkeypatch, place):
    def stop(*args):
        raise OSError

    monkeypatch.setattr(Lake, place, stop)
    with pytest.raises(OSError):
        actions.sweep_versions(SYSTEM)
    assert statuses(loaded)[0] == "retired"
    monkeypatch.undo()
    assert actions.sweep_versions(SYSTEM) == 3
    assert statuses(loaded)[0] == "removed"


def test_going_back_makes_an_old_version_the_next(cast, loaded, tmp_path):
    table = actions.roll_back_table(cast.olive, loaded, number=1, note="The last was wrong.")
    assert (table.latest.number, table.latest.restored_from, table.latest.rows) == (4, 1, 2)
    assert look(cast, table, 4) == look(cast, table, 1)
    # What it has in common with the old one stays when that goes, and the next load is as any other.
    assert actions.sweep_versions(SYSTEM) == 4
    assert len(look(cast, table, 4)) == 2
    assert load(cast, table, tmp_path, RAGGED).number == 5
    for number, says in [(0, "no longer kept"), (5, "latest already"), (77, "no version 77")]:
        with pytest.raises(Invalid) as refusal:
            actions.roll_back_table(cast.olive, table, number=number, note="Again.")
        assert says in refusal.value.errors["number"][0]


def test_going_back_is_refused_where_an_agreement_would_lose_a_column(cast, loaded, tmp_path):
    load(cast, loaded, tmp_path, "Organisation,Unit,Grade\nA,1,EO\n")
    now = timezone.now()
    actions.open_share(
        SYSTEM,
        loaded,
        cast.bodies["pensions"],
        Policy(("Grade",)),
        basis="AG-TEST-09",
        basis_digest="0" * 64,
        starts_at=now,
        ends_at=now + timedelta(days=9),
    )
    with pytest.raises(Invalid) as refusal:
        actions.roll_back_table(cast.olive, loaded, number=1, note="Back.")
    assert "AG-TEST-09" in refusal.value.errors["number"][0]
    assert lake().open(loaded.reference).version() == 4


def test_rows_are_looked_into_by_those_who_load_and_the_log_says_so(cast, loaded):
    version = queries.version(cast.olive, loaded, 3)
    with pytest.raises(NotAllowed):
        actions.look_into(cast.colin, version)
    names, rows = actions.look_into(cast.olive, version)
    assert (names, rows[0]) == (["Organisation", "Unit"], ["A", "1"])
    entry = Entry.objects.of(loaded).last()
    assert (entry.name, entry.private["facts"]["version"]) == ("table:look_into", 3)


def test_a_load_measures_how_timely_it_is(cast, loaded, tmp_path):
    TableVersion.objects.filter(number=3).update(created_at=timezone.now() - timedelta(days=9))
    table = actions.edit_table(cast.olive, loaded, due_days=7)
    made = load(cast, table, tmp_path, RAGGED)
    found = next(q for q in made.quality if q["dimension"] == "timeliness")
    assert (found["tested"], found["failing"], found["by"]) == (1, 1, "Olive")


START = datetime(2026, 1, 1, tzinfo=UTC)
shares = st.one_of(
    st.just(Versions()),
    st.builds(Versions, st.sampled_from(["only", "since"]), st.integers(0, 12)),
)
steps = st.lists(
    st.one_of(
        st.just(("load",)),
        st.just(("back",)),
        st.tuples(st.just("open"), shares),
        st.tuples(st.just("close"), st.integers(0, 5)),
        st.tuples(st.just("sweep"), st.integers(0, 20)),
    ),
    min_size=3,
    max_size=12,
)


class Model:
    """A lake beside what must be so of it: each version's row, when it came, and what names it."""

    def __init__(self, place, newest, days):
        self.lake, self.now = Lake(str(place / "t"), place / "w"), START
        self.newest, self.days = newest, days
        self.loads, self.rows, self.kept, self.named = {}, {}, set(), []
        self.load()

    def load(self):
        row = len(self.loads)
        self.came(self.lake.write("t", lambda: pa.table({"n": [row]}).to_reader()), row)

    def back(self):
        if len(self.kept) > 1:
            self.came(self.lake.restore("t", min(self.kept)), self.rows[min(self.kept)])

    def came(self, number, row):
        self.rows[number], self.loads[number] = row, self.now
        self.kept.add(number)

    def open(self, versions):
        if versions.number in {None, *self.kept}:
            self.named.append(versions)

    def close(self, which):
        if self.named:
            self.named.pop(which % len(self.named))

    def sweep(self, days):
        self.now += timedelta(days=days)
        before = set(self.kept)
        loads = [(n, self.loads[n]) for n in before]
        gone = due(loads, self.named, newest=self.newest, days=self.days, now=self.now)
        self.kept -= set(gone)
        for name in self.lake.unneeded("t", gone, self.kept) if gone else ():
            (Path(self.lake.address("t")) / name).unlink()
        assert {n for n in before if self.wanted(n, before)} == self.kept

    def wanted(self, number, before):
        """The rule in other words."""
        newer = sum(other > number for other in before)
        young = self.now - self.loads[number] < timedelta(days=self.days)
        named = any(v.holds(number, max(before)) for v in self.named)
        return newer < self.newest or young or named

    def check(self):
        for number in self.kept:
            held = self.lake.open("t", number).to_pyarrow_table()
            assert held["n"].to_pylist() == [self.rows[number]]


@pytest.mark.once
@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps, st.integers(1, 3), st.integers(0, 15))
def test_no_named_version_is_ever_unreadable_and_no_other_outlives_the_rule(
    tmp_path_factory, steps, newest, days
):
    model = Model(tmp_path_factory.mktemp("lake"), newest, days)
    for verb, *given_ in [*steps, ("sweep", 3)]:
        model.now += timedelta(days=1)
        getattr(model, verb)(*given_)
        model.check()
