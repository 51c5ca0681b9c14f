"""From a policy to SQL: the one place. Whatever door or engine reads a table runs this SELECT."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from concordat.tables.plane import predicate as predicates
from concordat.tables.plane.columns import Column, find
from concordat.tables.plane.dialect import DUCKDB, KEYS, Dialect, pads_of
from concordat.tables.plane.errors import PolicyError
from concordat.tables.plane.mask import coded, key_for
from concordat.tables.plane.policy import Policy, Sample

_SAMPLED = ("text", "integer", "date")


def shown(policy: Policy, columns: list[Column]) -> list[Column]:
    """The columns as the policy's reader sees them, in its order and with the types masks leave.

    Raises PolicyError when the table has lost one, or a clause does not fit a column: then nothing
    is delivered, rather than less or other than was agreed. Raises PredicateError for the rows.
    """
    if policy.rows is not None:
        predicates.check(policy.rows, columns)
    if policy.sample and _stored(columns, policy.sample.by).type not in _SAMPLED:
        raise PolicyError(
            f"A sample is drawn by text, whole numbers or dates, not {policy.sample.by}."
        )
    masks = {mask.column.casefold(): mask for mask in policy.masks}
    kept = _allowed(policy, columns)
    return [masks[c.name.casefold()].leaves(c) if c.name.casefold() in masks else c for c in kept]


def select(policy: Policy, columns: list[Column], source: str, dialect: Dialect = DUCKDB) -> str:
    """The SELECT that reads `source` (a SQL table expression) under the policy.

    Its keys are variables, or in the text, as the dialect has it. Raises as `shown` does.
    """
    shown(policy, columns)
    masks = {mask.column.casefold(): mask for mask in policy.masks}
    cells = []
    for column in _allowed(policy, columns):
        mask, name = masks.get(column.name.casefold()), dialect.name(column.name)
        cells.append(f"{mask.sql(column, dialect)} AS {name}" if mask else name)
    sql = f"SELECT {', '.join(cells)} FROM {source}"  # noqa: S608 - identifiers are quoted
    tests = []
    if policy.rows is not None:
        tests.append(predicates.to_sql(predicates.check(policy.rows, columns), columns, dialect))
    if policy.sample is not None:
        by = dialect.cast(dialect.name(_stored(columns, policy.sample.by).name), "text")
        tests.append(f"left({dialect.coded(by, 'sample')}, 8) < '{policy.sample.below}'")
    return f"{sql} WHERE {' AND '.join(tests)}" if tests else sql


def pads(key: bytes) -> dict[str, bytes]:
    """The blocks that the keyed clauses hash with, by the names that the SQL has for them.

    Raises PolicyError where there is no key.
    """
    if not key:
        raise PolicyError("This policy cannot be read without its key.")
    return {k: v for purpose in KEYS for k, v in pads_of(purpose, key_for(key, purpose)).items()}


def reads(policy: Policy, row: Mapping[str, Any], key: bytes) -> dict[str, Any] | None:
    """The row as the policy's reader sees it, in plain Python; None where it is not theirs.

    What `select` must agree to, whatever the engine. Rows as DuckDB types them.
    """
    if policy.rows is not None and predicates.keeps(policy.rows, row) is not True:
        return None
    if policy.sample is not None and not _drawn(policy.sample, row, key):
        return None
    masks = {mask.column: mask for mask in policy.masks}
    return {
        name: masks[name].value(row[name], key) if name in masks else row[name]
        for name in policy.columns
    }


def _drawn(sample: Sample, row: Mapping[str, Any], key: bytes) -> bool:
    cell = row[sample.by]
    return cell is not None and coded(cell, key_for(key, "sample"))[:8] < sample.below


def _allowed(policy: Policy, columns: list[Column]) -> list[Column]:
    found = [find(columns, name) for name in policy.columns]
    if missing := [n for n, c in zip(policy.columns, found, strict=True) if c is None]:
        raise PolicyError(f"The table no longer has {', '.join(missing)}.")
    return [column for column in found if column is not None]


def _stored(columns: list[Column], name: str) -> Column:
    if (column := find(columns, name)) is None:
        raise PolicyError(f"The table no longer has {name}.")
    return column
