"""From what a request's fields say to the clauses of a policy: checks, words and the policy itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from concordat.kernel.reference import codelist
from concordat.tables.plane.columns import Column, find
from concordat.tables.plane.compile import shown
from concordat.tables.plane.errors import PolicyError
from concordat.tables.plane.language import parse
from concordat.tables.plane.mask import Mask
from concordat.tables.plane.policy import Policy, Sample, Versions
from concordat.tables.plane.predicate import All, Predicate, PredicateError

# The fields of a request that make its policy, as pages and the API name them.
CLAUSES: Final = (
    "columns",
    "rows",
    "masks",
    "sample_by",
    "sample_percent",
    "gives",
    "minimum_cell",
    "versions",
    "people",
    "networks",
)
UNSAID: Final = {"gives": "rows", "versions": "latest"}  # what an empty answer means
Values = Mapping[str, Any]


def mask_from(column: str, words: str) -> Mask:
    """The mask that is written `year` or `start 3`. Raises PolicyError."""
    kind, _, amount = words.strip().partition(" ")
    if amount and not (amount.isascii() and amount.isdigit() and len(amount) < 14):
        raise PolicyError(f"“{words[:40]}” is not a mask. Write such as year, or start 3.")
    return Mask(column, kind, int(amount) if amount else None)


def fits(column: Column, words: str) -> bool:
    """Whether a column can have that mask."""
    try:
        mask_from(column.name, words).leaves(column)
    except PolicyError:
        return False
    return True


def mask_label(column: str, words: str) -> str:
    """A mask as people read it; no words are no mask."""
    listed = codelist("masks")
    if not words or words in listed:
        return listed.label(words) if words else "As it is"
    return mask_from(column, words).sentence()


def named(masks: Mapping[str, str], column: str) -> str:
    """The words of the mask of a column, its name in any case; "" where it has none."""
    return next((w for name, w in masks.items() if name.casefold() == column.casefold()), "")


def policy_from(
    values: Values,
    stored: list[Column],
    number: int,
    *,
    purpose: str = "",
    starts: datetime | None = None,
    expires: datetime | None = None,
) -> Policy:
    """The policy that the values of `CLAUSES` make over a table whose latest version is `number`.

    Raises PolicyError or PredicateError for what does not fit the columns.
    """
    which = values["versions"] or UNSAID["versions"]
    return Policy(
        columns=_columns(values, stored),
        rows=_rows(values, stored),
        starts=starts,
        expires=expires,
        gives=values["gives"] or UNSAID["gives"],
        masks=_masks(values, stored),
        sample=_sample(values, stored),
        minimum_cell=values["minimum_cell"],
        versions=Versions(which, None if which == "latest" else number),
        people=_people(values, stored),
        networks=tuple(values["networks"]),
        purpose=purpose,
    )


def clause_errors(values: Values, stored: list[Column] | None) -> dict[str, list[str]]:
    """What does not fit, by field; of columns only where they are known."""
    errors = {}
    for name, make in _CHECKS.items():
        if stored is None and name not in ("people", "networks"):
            continue
        try:
            make(values, stored or [])
        except (PolicyError, PredicateError) as error:
            errors[name] = [str(error)]
    return errors


def _columns(values: Values, stored: list[Column]) -> tuple[str, ...]:
    if missing := [name for name in values["columns"] if find(stored, name) is None]:
        raise PolicyError(f"The table has no column {', '.join(missing)[:300]}.")
    wanted = {name.casefold() for name in values["columns"]}
    return tuple(column.name for column in stored if column.name.casefold() in wanted)


def _rows(values: Values, stored: list[Column]) -> Predicate | None:
    told = (values["rows"], values.get("rows_too", ""))
    parts = [parse(text, stored) for text in told if text.strip()]
    return All(tuple(parts)) if len(parts) > 1 else next(iter(parts), None)


def _masks(values: Values, stored: list[Column]) -> tuple[Mask, ...]:
    wanted = {name.casefold() for name in values["columns"]}
    if stray := [name for name in values["masks"] if name.casefold() not in wanted]:
        raise PolicyError(
            f"Only a column that is asked for has a mask. Take out {', '.join(stray)[:300]}."
        )
    found = {}
    for name, words in values["masks"].items():
        column = find(stored, name)
        if column is None:
            raise PolicyError(f"The table has no column {name[:80]}.")
        if column.name in found:
            raise PolicyError(f"Say once what is done to {column.name}.")
        found[column.name] = mask_from(column.name, words)
        found[column.name].leaves(column)
    return tuple(found[column.name] for column in stored if column.name in found)


def _sample(values: Values, stored: list[Column]) -> Sample | None:
    by, percent = values["sample_by"], values["sample_percent"]
    if not by and percent is None:
        return None
    if not by or percent is None:
        raise PolicyError("A sample needs a column to draw it by and how many in a hundred.")
    column = find(stored, by)
    if column is None:
        raise PolicyError(f"The table has no column {by[:80]}.")
    sample = Sample(column.name, percent)
    shown(Policy((column.name,), sample=sample), stored)
    return sample


def _people(values: Values, stored: list[Column]) -> tuple[str, ...]:
    return tuple(address.lower() for address in values["people"])  # as accounts have them


_CHECKS: Final[dict[str, Callable[[Values, list[Column]], Any]]] = {
    "columns": _columns,
    "rows": _rows,
    "masks": _masks,
    "sample_by": _sample,
    "people": lambda values, stored: Policy(("x",), people=_people(values, stored)),
    "networks": lambda values, stored: Policy(("x",), networks=tuple(values["networks"])),
}
