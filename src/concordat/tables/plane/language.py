"""The predicate as people type it: a recursive-descent parser over a handful of words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from concordat.tables.plane.columns import Column
from concordat.tables.plane.predicate import (
    DEEPEST,
    All,
    Compare,
    Either,
    Not,
    Predicate,
    PredicateError,
    Value,
    check,
)

_TOKEN: Final = re.compile(
    r"""\s*(?:(?P<text>'(?:[^']|'')*')|(?P<name>"(?:[^"]|"")+")|(?P<number>-?\d+(?:\.\d+)?)"""
    r"""|(?P<op><=|>=|<>|!=|=|<|>)|(?P<mark>[(),])|(?P<word>[^\W\d]\w*))"""
)
_COMPARE: Final = {"=": "eq", "<>": "ne", "!=": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge"}


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    place: int

    def says(self, *words: str) -> bool:
        return self.kind in ("word", "mark") and self.text.lower() in words


_END: Final = "end"


def parse(text: str, columns: list[Column]) -> Predicate:
    """The predicate that `text` says, checked against the columns.

    Raises PredicateError with the place (counted from 1) of what could not be understood.
    """
    parser = _Parser(_tokens(text))
    found = parser.either(0)
    parser.expect_end()
    return check(found, columns)


def _tokens(text: str) -> list[_Token]:
    tokens, place, stop = [], 0, len(text.rstrip())
    while place < stop:
        match = _TOKEN.match(text, place)
        if match is None:
            raise PredicateError(
                f"“{text[place : place + 10].strip()}” at {place + 1} is not understood."
            )
        kind = str(match.lastgroup)
        tokens.append(_Token(kind, match[kind], match.start(kind) + 1))
        place = match.end()
    return [*tokens, _Token(_END, "the end", stop + 1)]


class _Parser:
    def __init__(self, tokens: list[_Token]) -> None:
        self.tokens, self.at = tokens, 0

    @property
    def next(self) -> _Token:
        return self.tokens[self.at]

    def take(self) -> _Token:
        token = self.next
        if token.kind != _END:
            self.at += 1
        return token

    def fail(self, wanted: str) -> PredicateError:
        return PredicateError(
            f"Expected {wanted}, found “{self.next.text[:40]}” at {self.next.place}."
        )

    def expect(self, *words: str) -> None:
        if not self.next.says(*words):
            raise self.fail(f"“{words[0]}”")
        self.take()

    def expect_end(self) -> None:
        if self.next.kind != _END:
            raise self.fail("“and” or “or”")

    def either(self, depth: int) -> Predicate:
        if depth > DEEPEST:
            raise PredicateError(f"Conditions are nested more than {DEEPEST} deep.")
        parts = [self.both(depth)]
        while self.next.says("or"):
            self.take()
            parts.append(self.both(depth))
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def both(self, depth: int) -> Predicate:
        parts = [self.one(depth)]
        while self.next.says("and"):
            self.take()
            parts.append(self.one(depth))
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def one(self, depth: int) -> Predicate:
        if self.next.says("not"):
            self.take()
            if depth > DEEPEST:
                raise PredicateError(f"Conditions are nested more than {DEEPEST} deep.")
            return Not(self.one(depth + 1))
        if self.next.says("("):
            self.take()
            inner = self.either(depth + 1)
            self.expect(")")
            return inner
        return self.comparison()

    def comparison(self) -> Predicate:
        if self.next.kind not in ("word", "name"):
            raise self.fail("the name of a column")
        token = self.take()
        column = token.text[1:-1].replace('""', '"') if token.kind == "name" else token.text
        if self.next.kind == "op":
            return Compare(column, _COMPARE[self.take().text], (self.value(),))
        return self.worded(column)

    def worded(self, column: str) -> Predicate:
        if self.next.says("not"):
            self.take()
            return Not(self.worded(column))
        if self.next.says("in"):
            self.take()
            return Compare(column, "in", self.values())
        if self.next.says("between"):
            self.take()
            low = self.value()
            self.expect("and")
            return Compare(column, "between", (low, self.value()))
        if self.next.says("starts"):
            self.take()
            self.expect("with")
            return Compare(column, "starts", (self.value(),))
        return self.emptiness(column)

    def emptiness(self, column: str) -> Predicate:
        if not self.next.says("is"):
            raise self.fail("=, <, >, “in”, “between”, “starts with” or “is empty”")
        self.take()
        negated = self.next.says("not")
        if negated:
            self.take()
        self.expect("empty", "null")
        found = Compare(column, "empty")
        return Not(found) if negated else found

    def values(self) -> tuple[Value, ...]:
        self.expect("(")
        found = [self.value()]
        while self.next.says(","):
            self.take()
            found.append(self.value())
        self.expect(")")
        return tuple(found)

    def value(self) -> Value:
        token = self.next
        if token.kind == "text":
            self.take()
            return token.text[1:-1].replace("''", "'")
        if token.kind == "number":
            self.take()
            return float(token.text) if "." in token.text else int(token.text)
        if token.says("true", "false"):
            return self.take().text.lower() == "true"
        raise self.fail("a value, such as 'text', 12 or true")
