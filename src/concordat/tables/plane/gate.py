"""The gate of the SQL door: one SELECT over granted tables, parsed once, node by node.

What passes is written anew from the tree, and only that text is ever run: what a second parser
might make of the caller's own text does not matter then (CVE-2026-42031, CVE-2026-42032). The gate
decides the shape of a query; which columns and rows there are, the extracts behind the names decide.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

import sqlglot
from sqlglot import exp
from sqlglot.errors import ParseError, SqlglotError
from sqlglot.tokenizer_core import Token, TokenType

from concordat.tables.plane.functions import FUNCTIONS

logging.getLogger("sqlglot").setLevel(logging.ERROR)  # its warnings hold the caller's text

MOST_CHARACTERS: Final = 20_000
MOST_TOKENS: Final = 4_000
DEEPEST: Final = (
    16  # brackets and CASEs in one another; the parser takes some twenty frames for each
)
MOST_BRACKETS: Final = 200  # the parser's time grows with their square: 1,200 take 2.2 s
LONGEST_CHAIN: Final = 500  # operators in a row; the engine refuses a tree a thousand deep
_DIALECT: Final = "duckdb"

_SHAPES: Final = frozenset(
    """Select From Where Group Having Order Ordered Limit Offset Distinct With CTE TableAlias Table
    Identifier Column Star Literal Boolean Null Alias Paren Subquery Union Intersect Except Join
    Window WindowSpec Qualify Filter WithinGroup Case If Cast TryCast DataType DataTypeParam Interval
    Var In Between Is Like ILike EQ NEQ GT GTE LT LTE NullSafeEQ NullSafeNEQ And Or Not Xor Add Sub
    Mul Div IntDiv Mod Pow Neg DPipe Bracket Slice Array Tuple Struct PropertyEQ Dot Lambda Exists Any
    All GroupingSets Cube Rollup Values Escape RegexpLike AtTimeZone IgnoreNulls RespectNulls
    ColumnDef Unnest BitwiseAnd BitwiseOr BitwiseXor BitwiseNot BitwiseLeftShift BitwiseRightShift
    Kwarg Map ToMap Extract""".split()
)
_OF_A_TABLE: Final = frozenset({"this", "db", "alias", "joins"})
_OPENS: Final = frozenset(
    {TokenType.L_PAREN, TokenType.L_BRACKET, TokenType.L_BRACE, TokenType.CASE}
)
_CLOSES: Final = frozenset(
    {TokenType.R_PAREN, TokenType.R_BRACKET, TokenType.R_BRACE, TokenType.END}
)
Name = tuple[str, str]  # (schema, table); the schema is empty for a table named alone


class SqlError(ValueError):
    """The query is refused or failed. `mend` says what to do; neither holds a hidden value."""

    def __init__(self, detail: str, mend: str = "Change the query and run it again.") -> None:
        self.detail, self.mend = detail, mend
        super().__init__(f"{detail} {mend}")


@dataclass(frozen=True)
class Checked:
    """A query that passed: the text to run, and the granted names that it reads."""

    sql: str
    names: frozenset[Name]


def check(text: str, granted: Mapping[Name, object]) -> Checked:
    """The query, if it is one SELECT over `granted` names (in lower case); else SqlError."""
    tree = _parsed(text)
    try:
        names = frozenset(_checked(tree, granted))
        return Checked(tree.sql(dialect=_DIALECT, comments=False), names)
    except (RecursionError, SqlglotError) as error:
        raise _too_deep() from error


def _too_deep() -> SqlError:
    return SqlError(
        f"The query is nested more than {DEEPEST} deep, or one expression is too long.",
        "Split it into named parts: WITH part AS (SELECT …) SELECT …",
    )


def _parsed(text: str) -> exp.Expr:
    if len(text) > MOST_CHARACTERS:
        raise SqlError(
            f"The query is longer than {MOST_CHARACTERS:,} characters.", "Write a shorter query."
        )
    if "\0" in text:
        raise SqlError("The query holds a character that cannot be seen.", "Take it out.")
    try:
        tokens = sqlglot.tokenize(text, read=_DIALECT)
    except Exception as error:  # the tokenizer knows one fault only
        raise SqlError(
            "A quotation mark or a comment in the query is not closed.", "Close it."
        ) from error
    _measure(tokens)
    try:
        found = [tree for tree in sqlglot.parse(text, read=_DIALECT) if tree is not None]
    except RecursionError as error:
        raise _too_deep() from error
    except ParseError as error:
        raise _misread(error) from error
    except Exception as error:  # a parser that fails on a text has not understood it
        raise SqlError("The query is not understood.", "Check its spelling.") from error
    if len(found) != 1:
        raise SqlError(f"There are {len(found)} statements.", "Write one SELECT.")
    return found[0]


def _measure(tokens: list[Token]) -> None:
    """Refuse, before anything walks it, what would be too long or too deep for a parser's stack."""
    if len(tokens) > MOST_TOKENS:
        raise SqlError(
            f"The query has more than {MOST_TOKENS:,} words and signs.", "Write a shorter query."
        )
    if sum(token.token_type is TokenType.L_BRACKET for token in tokens) > MOST_BRACKETS:
        raise SqlError("The query has too many square brackets.", "Write a shorter query.")
    depth = 0
    for token in tokens:
        depth += (token.token_type in _OPENS) - (token.token_type in _CLOSES)
        if depth > DEEPEST:
            raise _too_deep()


def _misread(error: ParseError) -> SqlError:
    facts = error.errors[0] if error.errors else {}
    near = str(facts.get("highlight") or "")[:40]
    place = f" at line {facts['line']}, near “{near}”" if facts.get("line") else ""
    return SqlError(f"The query is not understood{place}.", "Check what stands there.")


def _checked(tree: exp.Expr, granted: Mapping[Name, object]) -> Iterator[Name]:
    """The granted names that the tree reads. Raises SqlError for anything that is not allowed."""
    if not isinstance(tree, exp.Select | exp.SetOperation | exp.Subquery):
        raise SqlError(f"“{_words(tree)}” is not a SELECT.", "Write one SELECT.")
    for node in list(tree.walk()):
        _refuse_unless_allowed(node)
        if isinstance(node, exp.Table):
            name = _name_of(node, granted)
            if name is not None:
                yield name


def _refuse_unless_allowed(node: exp.Expr) -> None:
    kind = type(node).__name__
    if isinstance(node, exp.Anonymous | exp.AnonymousAggFunc):
        allowed = node.name.lower() in FUNCTIONS
    elif isinstance(node, exp.With):
        allowed = not node.recursive
    elif isinstance(node, exp.DataType):
        allowed = node.this not in (exp.DType.USERDEFINED, exp.DType.UNKNOWN)
    else:
        allowed = kind in _SHAPES or kind in _function_kinds()
    if not allowed:
        raise SqlError(
            f"“{_words(node)}” cannot be used here.",
            "Use SELECT with the tables listed, and the functions for text, numbers and dates.",
        )
    if isinstance(node, exp.Binary) and _chain(node) > LONGEST_CHAIN:
        raise _too_deep()


def _chain(node: exp.Expr) -> int:
    """How many operators stand in a row down from here, if nothing above counted them already."""
    if isinstance(node.parent, exp.Binary):
        return 0
    steps = 0
    at: object = node
    while isinstance(at, exp.Binary):
        steps, at = steps + 1, at.this
    return steps


def _words(node: exp.Expr) -> str:
    """A node as the caller may know it, in short."""
    if isinstance(node, exp.With):
        return "WITH RECURSIVE"
    try:
        text = node.sql(dialect=_DIALECT, comments=False)
    except (RecursionError, SqlglotError):
        text = ""
    text = text or type(node).__name__
    return text if len(text) <= 60 else f"{text[:59]}…"


def _name_of(table: exp.Table, granted: Mapping[Name, object]) -> Name | None:
    """The granted name that a table is read by; None for a part named in a WITH."""
    extra = {key for key, value in table.args.items() if value} - _OF_A_TABLE
    if extra or not isinstance(table.this, exp.Identifier):
        raise SqlError(
            f"“{_words(table)}” is not the name of a table.", "Use a table of the list as it is."
        )
    name = (table.db.lower(), table.name.lower())
    if not name[0] and name[1] in _parts_above(table):
        return None
    if name not in granted:
        raise SqlError(
            f"There is no table “{_words(table)}” that you can read here.",
            "Use a name of the list of tables, with the share before it where two have one name.",
        )
    # Quoted, so that no word of the engine's grammar is ever read in its place.
    table.set("this", exp.to_identifier(name[1], quoted=True))
    if name[0]:
        table.set("db", exp.to_identifier(name[0], quoted=True))
    return name


def _parts_above(node: exp.Expr) -> Iterator[str]:
    """The names that WITH gives to what stands here: those before it, and those of what holds it."""
    below, at = node, node.parent
    while at is not None:
        found = at if isinstance(at, exp.With) else at.args.get("with_")
        for part in found.expressions if found is not None else ():
            if part is below:
                break
            yield part.alias.lower()
        # From a WITH go past the query that bears it, for its later parts are not known here.
        below, at = (at, at.parent) if not isinstance(at, exp.With) else _past(at)


def _past(at: exp.With) -> tuple[exp.Expr, exp.Expr | None]:
    bearer = at.parent
    return (at, None) if bearer is None else (bearer, bearer.parent)


@cache
def _function_kinds() -> frozenset[str]:
    """The parser's classes for the functions that are allowed: what their names parse to."""
    found = set()
    for name in FUNCTIONS:
        for given in range(5):
            text = f"SELECT {name}({', '.join('abcd'[:given])})"
            try:
                node = sqlglot.parse_one(text, read=_DIALECT)
            except SqlglotError:
                continue
            found |= {type(part).__name__ for part in node.walk() if isinstance(part, exp.Func)}
    return frozenset(found - {"Anonymous", "AnonymousAggFunc"})
