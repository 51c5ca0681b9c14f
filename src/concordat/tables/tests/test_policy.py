"""A policy is a sentence, SQL and Python, and all three mean the same."""

from __future__ import annotations

import hashlib
import hmac
import re
import time
from datetime import date, datetime
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from concordat.tables.plane.columns import Column
from concordat.tables.plane.compile import reads, select, shown
from concordat.tables.plane.dialect import Spark
from concordat.tables.plane.engine import open_changes, open_table
from concordat.tables.plane.errors import PolicyError
from concordat.tables.plane.lake import Lake
from concordat.tables.plane.mask import KINDS, Mask
from concordat.tables.plane.policy import Policy, Sample, Versions
from concordat.tables.plane.predicate import All, Compare, Either, Not

pytestmark = pytest.mark.once
KEY = bytes(range(32))
COLUMNS = [
    Column("n", "integer"),
    Column("f", "number"),
    Column("s", "text"),
    Column("post code", "text"),
    Column("d", "date"),
    Column("at", "datetime"),
    Column("ok", "boolean"),
    Column("fee", "decimal(18,2)"),
]
CELLS = {
    "n": st.integers(-(2**63), 2**63 - 1) | st.integers(-25, 25),
    "f": st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from([-7.5, 0.0, 1e300, float("nan"), float("inf")]),
    "s": st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=6)
    | st.sampled_from(["it's", "“a” or “b”", 'q"uo', "\\"]),
    "post code": st.sampled_from(
        ["SW1A 2AA", " ec1a1bb ", "M1 1AE", "none", "SW1A 2AA\n", "ß1 1AA"]
    ),
    "d": st.dates(date(1, 1, 1), date(9999, 12, 31)),
    "at": st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31)).map(lambda t: t.replace(fold=0)),
    "ok": st.booleans(),
    "fee": st.decimals(-(10**10), 10**10, places=2),
}
SCHEMA = pa.schema(
    [
        ("n", pa.int64()),
        ("f", pa.float64()),
        ("s", pa.string()),
        ("post code", pa.string()),
        ("d", pa.date32()),
        ("at", pa.timestamp("us")),
        ("ok", pa.bool_()),
        ("fee", pa.decimal128(18, 2)),
    ]
)
TYPES = {column.name: column.type for column in COLUMNS}
tables = st.lists(
    st.fixed_dictionaries({name: st.none() | cells for name, cells in CELLS.items()}), max_size=8
)


def _fits(value):
    return not isinstance(value, int | float) or abs(value) < (
        2**63 if type(value) is int else 1e300
    )


@st.composite
def comparisons(draw):
    name = draw(st.sampled_from(list(CELLS)))
    ops = ["eq", "ne", "lt", "le", "gt", "ge", "in", "between", "empty"]
    op = draw(st.sampled_from([*ops, "starts"] if TYPES[name] == "text" else ops))
    count = {"empty": 0, "between": 2, "in": draw(st.integers(1, 3))}.get(op, 1)
    values = [draw(CELLS[name].filter(_fits)) for _ in range(count)]
    if TYPES[name] in ("date", "datetime"):
        values = [value.isoformat(*(" " if TYPES[name] == "datetime" else ())) for value in values]
    values = [float(value) if isinstance(value, Decimal) else value for value in values]
    return Compare(name, op, tuple(values))


predicates = st.recursive(
    comparisons(),
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(lambda xs: All(tuple(xs)), st.lists(inner, min_size=2, max_size=3)),
        st.builds(lambda xs: Either(tuple(xs)), st.lists(inner, min_size=2, max_size=3)),
    ),
    max_leaves=5,
)


@st.composite
def masks(draw, column):
    held = TYPES[column].partition("(")[0]
    fit = [name for name, kind in KINDS.items() if held in kind.takes]
    name = draw(st.sampled_from(fit))
    least, most = KINDS[name].amount or (0, 0)
    amounts = st.integers(least, min(most, 50))
    return Mask(column, name, draw(amounts) if KINDS[name].amount else None)


@st.composite
def policies(draw):
    columns = draw(st.lists(st.sampled_from(list(CELLS)), min_size=1, unique=True))
    masked = draw(st.sets(st.sampled_from(columns)))
    by = st.sampled_from(["n", "s", "post code", "d"])
    return Policy(
        tuple(columns),
        draw(st.none() | predicates),
        masks=tuple(draw(masks(column)) for column in columns if column in masked),
        sample=draw(st.none() | st.builds(Sample, by, st.integers(1, 99))),
        minimum_cell=draw(st.none() | st.integers(1, 99)),
        versions=draw(st.sampled_from([Versions(), Versions("only", 3), Versions("since", 0)])),
        people=draw(st.sampled_from([(), ("asha@example.org", "ben@example.org")])),
        networks=draw(st.sampled_from([(), ("192.0.2.0/24", "2001:db8::/32")])),
        gives=draw(st.sampled_from(["rows", "aggregates"])),
    )


def canonical(rows):
    return sorted(repr(sorted(row.items())) for row in rows)


SLOW = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@SLOW
@given(tables, policies())
def test_the_engine_yields_what_the_policy_means_and_nothing_else(tmp_path, rows, policy):
    lake = Lake(str(tmp_path / f"l{time.time_ns()}"), tmp_path / "w")
    version = lake.write("t", pa.Table.from_pylist(rows, schema=SCHEMA).to_reader)
    assert Policy.from_data(policy.to_data()) == policy
    relation = open_table(lake, "t", version, COLUMNS, policy, KEY)
    got = [row for batch in relation.batches() for row in batch.to_pylist()]
    expected = [seen for row in rows if (seen := reads(policy, row, KEY)) is not None]
    assert canonical(got) == canonical(expected)
    names = relation.schema().names
    relation.close()
    assert names == list(policy.columns) == [column.name for column in shown(policy, COLUMNS)]


@SLOW
@given(policies(), tables)
def test_the_sentence_says_what_the_compiled_policy_does(policy, rows):
    told = Reader(policy.sentence()).policy()
    assert told.to_data() == policy.to_data()
    assert [reads(told, row, KEY) for row in rows] == [reads(policy, row, KEY) for row in rows]


class Reader:
    """Reads a policy's sentence as a person does: the only thing it knows is English."""

    WORDS = {
        "is less than": "lt", "is at most": "le", "is more than": "gt", "is at least": "ge",
        "is one of": "in", "is between": "between", "is empty": "empty", "starts with": "starts",
        "is not": "ne", "is": "eq",
    }  # fmt: skip

    def __init__(self, text):
        self.text = text

    def take(self, pattern):
        found = re.compile(pattern, re.S).match(self.text)
        if found:
            self.text = self.text[found.end() :]
        return found

    def name(self):
        quoted = self.take(r'"((?:[^"]|"")+)"')
        return quoted[1].replace('""', '"') if quoted else self.take(r"[^\W\d]\w*")[0]

    def names(self, end):
        found = [self.name()]
        while self.take(", "):
            found.append(self.name())
        assert self.take(end)
        return tuple(found)

    def value(self):
        if text := self.take("“((?:[^”]|””)*)”"):
            return text[1].replace("””", "”")
        if word := self.take("true|false"):
            return word[0] == "true"
        number = self.take(r"-?\d+(\.\d+)?(e[-+]?\d+)?")[0]
        return float(number) if re.search("[.e]", number) else int(number)

    def predicate(self):
        first = self.one()
        for word, kind in ((" and ", All), (" or ", Either)):
            parts = [first]
            while self.take(word):
                parts.append(self.one())
            if len(parts) > 1:
                return kind(tuple(parts))
        return first

    def one(self):
        if self.take("it is not so that "):
            return Not(self.one())
        if self.take(r"\("):
            inner = self.predicate()
            assert self.take(r"\)")
            return inner
        column, values = self.name(), []
        op = next(code for words, code in self.WORDS.items() if self.take(f" {words}\\b"))
        if op != "empty":
            assert self.take(" ")
            values.append(self.value())
            while self.take(" and " if op == "between" and len(values) < 2 else ", "):
                values.append(self.value())
        return Compare(column, op, tuple(values))

    def policy(self):
        self.take(r"One column \(|\d+ columns \(")
        found = {"columns": self.names(r"\); ")}
        found["rows"] = (
            None if self.take("all rows") else self.take("rows where ") and self.predicate()
        )
        assert self.take(r"\.")
        while self.text:
            assert self.take(" ")
            self.clause(found)
        return Policy(**found)

    def clause(self, found):
        if sample := self.take(r"Of these, the rows of a sample of (\d+) in 100 of the values of "):
            found["sample"] = Sample(self.name(), int(sample[1]))
        elif self.take("Totals are given, never rows"):
            found["gives"] = "aggregates"
        elif least := self.take(r"No total of fewer than (\d+) is given"):
            found["minimum_cell"] = int(least[1])
        elif only := self.take(r"Version (\d+) of the table and no other"):
            found["versions"] = Versions("only", int(only[1]))
        elif since := self.take(r"Every version of the table from version (\d+) on"):
            found["versions"] = Versions("since", int(since[1]))
        elif people := self.take(r"Read by these people alone: (.*?)(?=\.( |$))"):
            found["people"] = tuple(people[1].split(", "))
        elif networks := self.take(r"Read from these networks alone: (.*?)(?=\.( |$))"):
            found["networks"] = tuple(networks[1].split(", "))
        else:
            found["masks"] = (*found.get("masks", ()), self.mask())
        assert self.take(r"\.")

    def mask(self):
        name = self.name()
        for code, kind in KINDS.items():
            words = re.escape(kind.words).replace(r"\{\}", r"(\d+)")
            if done := self.take(f" {words}"):
                return Mask(name, code, int(done[1]) if kind.amount else None)
        raise AssertionError(self.text)


def test_a_keyed_hash_is_hmac_sha_256_under_the_key_of_one_share(tmp_path):
    lake = Lake(str(tmp_path / "lake"), tmp_path / "w")
    lake.write("t", pa.table({"s": ["AB123456C", None]}).to_reader)
    policy = Policy(("s",), masks=(Mask("s", "hash"),))

    def read(key):
        relation = open_table(lake, "t", 0, [Column("s", "text")], policy, key)
        return [row["s"] for batch in relation.batches() for row in batch.to_pylist()]

    under = hmac.digest(KEY, b"mask", "sha256")
    assert read(KEY) == [hmac.new(under, b"AB123456C", hashlib.sha256).hexdigest()[:32], None]
    assert read(KEY)[0] != read(bytes(32))[0]
    assert policy.mark(KEY) != policy.mark(bytes(32))
    assert Policy(("s",)).mark(KEY) == Policy(("s",)).mark(bytes(32))


def test_a_number_that_is_none_passes_no_condition_though_the_file_tells_only_of_the_others(
    tmp_path,
):
    lake = Lake(str(tmp_path / "lake"), tmp_path / "w")
    numbers = [1.0, float("nan"), 30.0]
    lake.write("t", pa.table({"f": numbers}).to_reader)
    columns = [Column("f", "number")]
    for op, value in (("le", 50), ("gt", 50), ("gt", 5), ("ne", 1.0), ("lt", 1e9)):
        for rows in (Compare("f", op, (value,)), Not(Compare("f", op, (value,)))):
            relation = open_table(lake, "t", 0, columns, Policy(("f",), rows))
            got = [row["f"] for batch in relation.batches() for row in batch.to_pylist()]
            relation.close()
            kept = [n for n in numbers if reads(Policy(("f",), rows), {"f": n}, KEY)]
            assert got == kept == [n for n in kept if n == n]


def test_a_keyed_policy_is_not_read_without_its_key(tmp_path):
    lake = Lake(str(tmp_path / "lake"), tmp_path / "w")
    lake.write("t", pa.table({"s": ["a"]}).to_reader)
    with pytest.raises(PolicyError, match="key"):
        open_table(lake, "t", 0, [Column("s", "text")], Policy(("s",), masks=(Mask("s", "hash"),)))


def test_the_key_is_not_in_the_text_that_duckdb_runs():
    policy = Policy(("s",), masks=(Mask("s", "hash"),), sample=Sample("s", 10))
    assert "getvariable" in select(policy, COLUMNS, "t")
    assert repr(Spark(pads={"mask_inner": KEY})) == "Spark()"


def test_a_sample_takes_all_rows_of_a_value_or_none_and_about_as_many_as_it_says(tmp_path):
    lake = Lake(str(tmp_path / "lake"), tmp_path / "w")
    lake.write("t", pa.table({"p": [n // 2 for n in range(20_000)]}).to_reader)
    policy = Policy(("p",), sample=Sample("p", 20))
    relation = open_table(lake, "t", 0, [Column("p", "integer")], policy, KEY)
    rows = [row["p"] for batch in relation.batches() for row in batch.to_pylist()]
    assert len(rows) == 2 * len(set(rows))
    assert 1_800 < len(set(rows)) < 2_200


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Mask("s", "blur"), "not a mask"),
        (lambda: Mask("s", "start"), "needs amount"),
        (lambda: Mask("s", "hide", 3), "has no amount"),
        (lambda: Mask("s", "start", 0), "from 1 to 100"),
        (lambda: Policy(("s",), masks=(Mask("n", "hide"),)), "columns that it allows"),
        (lambda: Policy(("s",), masks=(Mask("s", "hide"), Mask("S", "hash"))), "once"),
        (lambda: Policy(("s",), people=("Asha@example.org",)), "lower case"),
        (lambda: Policy(("s",), people=("a;b@example.org",)), "e-mail"),
        (lambda: Policy(("s",), networks=("everywhere",)), "network"),
        (lambda: Policy(("s",), gives="everything"), "rows or aggregates"),
        (lambda: Sample("s", 100), "1 to 99"),
        (lambda: Versions("only"), "number"),
        (lambda: shown(Policy(("n",), masks=(Mask("n", "start", 2),)), COLUMNS), "holds integer"),
        (lambda: shown(Policy(("n",), sample=Sample("f", 2)), COLUMNS), "drawn by"),
        (lambda: shown(Policy(("n",), sample=Sample("gone", 2)), COLUMNS), "no longer has gone"),
    ],
)  # fmt: skip
def test_a_policy_that_makes_no_sense_is_refused_in_words(make, said):
    with pytest.raises(PolicyError, match=said):
        make()


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=5), lambda x: st.lists(x, max_size=2) | st.dictionaries(st.sampled_from(["version", "columns", "rows", "masks", "sample", "people", "starts", "expires", "versions", "networks"]), x, max_size=8)))  # fmt: skip
def test_no_data_but_a_policy_becomes_one(data):
    base = {"version": 1, "columns": ["s"], "rows": None, "starts": None, "expires": None}
    try:
        found = Policy.from_data({**base, **data} if isinstance(data, dict) else data)
    except ValueError as error:
        assert str(error)
    else:
        assert Policy.from_data(found.to_data()) == found


def test_networks_are_asked_of_the_address_however_it_is_written():
    policy = Policy(("s",), networks=("192.0.2.0/24", "2001:db8::/32"))
    assert policy.admits("192.0.2.9") and policy.admits("::ffff:192.0.2.9")
    assert policy.admits("2001:db8::1")
    assert not any(policy.admits(other) for other in ("192.0.3.9", "::1", "", "all"))


@SLOW
@given(tables, tables, policies())
def test_changes_applied_to_the_version_before_give_the_version_after(tmp_path, old, new, policy):
    lake = Lake(str(tmp_path / f"l{time.time_ns()}"), tmp_path / "w")
    for rows in (old, new):
        lake.write("t", pa.Table.from_pylist(rows, schema=SCHEMA).to_reader)
    relation = open_changes(lake, "t", (0, COLUMNS), (1, COLUMNS), policy, KEY)
    changed = [row for batch in relation.batches() for row in batch.to_pylist()]
    relation.close()
    kinds = [row.pop("_change_type") for row in changed]
    seen = [
        [r for row in rows if (r := reads(policy, row, KEY)) is not None] for rows in (old, new)
    ]
    went = canonical(row for row, kind in zip(changed, kinds, strict=True) if kind == "delete")
    came = canonical(row for row, kind in zip(changed, kinds, strict=True) if kind == "insert")
    before, after = canonical(seen[0]), canonical(seen[1])
    for row in went:
        before.remove(row)
    assert sorted([*before, *came]) == after
    assert not set(went) & set(came)
