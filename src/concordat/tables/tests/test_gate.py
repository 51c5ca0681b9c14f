"""The gate: what passes is one SELECT over granted names, and means what it says."""

from __future__ import annotations

import pytest
import sqlglot
from hypothesis import given
from hypothesis import strategies as st
from sqlglot import exp

from concordat.tables.plane.gate import SqlError, check

pytestmark = pytest.mark.once

GRANTED = {("", "t"): 1, ("ag_1", "t"): 1, ("ag_1", "u"): 1}
WORDS = """SELECT FROM WHERE t ag_1.t ag_1.u u a b * , ( ) [ ] { } 1 'x' 'x\\' '' " ; -- /* */ AS x
WITH RECURSIVE UNION ALL JOIN ON = < read_csv glob query COPY TO INTO LATERAL VALUES IN EXISTS CASE
WHEN THEN END sum count error getenv COLUMNS . :: INTEGER $1 ? ORDER BY LIMIT OVER PIVOT pg_views
duckdb_settings EXPLAIN SET DELETE""".split()
TEXTS = st.one_of(
    st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join),
    st.lists(st.sampled_from(WORDS), max_size=15).map(lambda w: "SELECT a FROM t " + " ".join(w)),
    st.text(max_size=60).map(lambda text: f"SELECT {text} FROM t"),
)


@given(TEXTS)
def test_whatever_passes_is_one_select_over_granted_names(text):
    try:
        checked = check(text, GRANTED)
    except SqlError:
        return
    [tree] = sqlglot.parse(checked.sql, read="duckdb")
    assert isinstance(tree, exp.Query)
    parts = {part.alias.lower() for part in tree.find_all(exp.CTE)}
    for table in tree.find_all(exp.Table):
        name = (table.db.lower(), table.name.lower())
        assert name in GRANTED or (not name[0] and name[1] in parts)
    assert checked.names <= set(GRANTED)
    assert check(checked.sql, GRANTED).sql == checked.sql  # it parses to the same


GOOD = """SELECT a, count(*) AS n FROM t GROUP BY ALL HAVING n > 1 ORDER BY n DESC LIMIT 5
WITH x AS (SELECT * FROM t), y AS (SELECT * FROM x) SELECT * FROM y JOIN ag_1.u USING (a)
FROM t
SELECT * EXCLUDE (a) FROM ag_1.t
SELECT a, row_number() OVER (PARTITION BY b ORDER BY c) AS r FROM t QUALIFY r = 1
SELECT sum(a) FILTER (WHERE b > 1), date_trunc('month', d), extract(year FROM d) FROM t
SELECT a FROM t WHERE a IN (SELECT a FROM ag_1.u) UNION ALL SELECT 1 EXCEPT SELECT 2
SELECT CASE WHEN a LIKE 'x%' THEN 1 ELSE 2 END, list_transform(l, lambda q: q + 1) FROM t
SELECT quantile_cont(a, 0.5), string_agg(b, ',' ORDER BY b), median(a) FROM t
SELECT x.a FROM (VALUES (1, 2)) AS x(a, b), unnest([1, 2]) AS y
SELECT strftime(d, '%Y'), d + INTERVAL 1 DAY, a::INTEGER, try_cast(a AS DATE), a || 'it''s' FROM t
SELECT a FROM t LEFT JOIN ag_1.u AS v ON v.a = t.a WHERE t.a BETWEEN 1 AND 2 GROUP BY ROLLUP (a)
SELECT hash(a), md5(b), regexp_extract(b, '[0-9]+'), greatest(a, 1), a // 2, a % 2 FROM t""".splitlines()


@pytest.mark.parametrize("sql", GOOD)
def test_an_analysts_everyday_query_passes(sql):
    assert check(sql, GRANTED).sql


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        ("SELEC 1", "line 1"),
        ("SELECT 'open", "quotation mark"),
        ("", "0 statements"),
        ("SELECT 1; SELECT 2", "2 statements"),
        ("SELECT * FROM v", "no table “v”"),
        ("SELECT getenv('HOME')", "GETENV"),
        ("WITH RECURSIVE x AS (SELECT 1) SELECT * FROM x", "WITH RECURSIVE"),
    ],
)
def test_a_refusal_names_the_place_and_the_mend(sql, says):
    with pytest.raises(SqlError, match=says) as told:
        check(sql, GRANTED)
    assert told.value.mend
