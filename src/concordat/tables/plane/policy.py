"""A policy: what may be read, by whom and from where, as data that is signed and said in words.

`compile` makes SQL of the clauses that shape rows; the doors ask the others at each read.
"""

from __future__ import annotations

import hashlib
import ipaddress
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Self

from concordat.tables.plane import mask as masks_
from concordat.tables.plane import predicate as predicates
from concordat.tables.plane.columns import quoted_name
from concordat.tables.plane.errors import PolicyError
from concordat.tables.plane.mask import Mask
from concordat.tables.plane.predicate import Predicate

VERSION: Final = 1
LEAST_CELL: Final = 10
_NEEDED: Final = frozenset({"version", "columns", "rows", "starts", "expires"})
_CLAUSES: Final = frozenset(
    {"gives", "masks", "sample", "minimum_cell", "versions", "people", "networks", "purpose"}
)


@dataclass(frozen=True)
class Sample:
    """`percent` in a hundred of the values of the column `by`, drawn with the share's key: all rows
    of a value are in it or none, in every version."""

    by: str
    percent: int

    def __post_init__(self) -> None:
        if not 1 <= self.percent <= 99:
            raise PolicyError("A sample is of 1 to 99 in a hundred.")

    @property
    def below(self) -> str:
        """The first eight digits of a code must stand before these for its value to be kept."""
        return f"{2**32 * self.percent // 100:08x}"


@dataclass(frozen=True)
class Versions:
    """Which loads of the table: the `latest`, `only` one, or every one `since` a number."""

    which: str = "latest"
    number: int | None = None

    def __post_init__(self) -> None:
        if self.which not in ("latest", "only", "since"):
            raise PolicyError("Versions are the latest, only one, or every one since one.")
        if (self.number is None) != (self.which == "latest") or (self.number or 0) < 0:
            raise PolicyError("Name the version from which, or the only one, by its number.")

    def holds(self, number: int, latest: int) -> bool:
        """Whether the version `number` of a table whose latest is `latest` is among them."""
        if self.which == "only":
            return number == self.number
        return number == latest if self.which == "latest" else number >= (self.number or 0)


@dataclass(frozen=True)
class Policy:
    """Columns (at least one), rows (None: all), and the moments between which it holds; then what
    narrows it. A clause that is not set is not in its data, so that the hash of an older policy
    stays what was signed."""

    columns: tuple[str, ...]
    rows: Predicate | None = None
    starts: datetime | None = None
    expires: datetime | None = None
    gives: str = "rows"
    masks: tuple[Mask, ...] = ()
    sample: Sample | None = None
    minimum_cell: int | None = None
    versions: Versions = Versions()
    people: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()
    purpose: str = ""

    def __post_init__(self) -> None:
        if not self.columns:
            raise PolicyError("A policy allows at least one column.")
        if len({name.casefold() for name in self.columns}) != len(self.columns):
            raise PolicyError("A policy names each column once.")
        if self.gives not in ("rows", "aggregates"):
            raise PolicyError("A policy gives rows or aggregates.")
        if self.minimum_cell is not None and not 1 <= self.minimum_cell <= 10_000:
            raise PolicyError("The smallest cell is from 1 to 10,000.")
        self._check_masks()
        for address in self.people:
            if "@" not in address or set(address) & set(" ;\0\n") or address != address.lower():
                raise PolicyError(f"“{address[:80]}” is not an e-mail address in lower case.")
        for network in self.networks:
            try:
                ipaddress.ip_network(network)
            except ValueError as error:
                raise PolicyError(
                    f"“{network[:80]}” is not a network such as 192.0.2.0/24."
                ) from error

    def _check_masks(self) -> None:
        masked = [mask.column.casefold() for mask in self.masks]
        if len(set(masked)) != len(masked):
            raise PolicyError("A policy masks each column once.")
        if stray := set(masked) - {name.casefold() for name in self.columns}:
            raise PolicyError(
                f"A policy masks columns that it allows, not {', '.join(stray)[:200]}."
            )

    def to_data(self) -> dict[str, Any]:
        """As JSON holds it."""
        data = {
            "version": VERSION,
            **self._shape(),
            "starts": self.starts.isoformat() if self.starts else None,
            "expires": self.expires.isoformat() if self.expires else None,
            "gives": self.gives if self.gives != "rows" else None,
            "minimum_cell": self.minimum_cell,
            "people": list(self.people),
            "networks": list(self.networks),
            "purpose": self.purpose,
        }
        if self.versions.which != "latest":
            data["versions"] = {"which": self.versions.which, "number": self.versions.number}
        return {name: value for name, value in data.items() if name in _NEEDED or value}

    def _shape(self) -> dict[str, Any]:
        """What shapes the bytes that are delivered."""
        shape: dict[str, Any] = {
            "columns": list(self.columns),
            "rows": predicates.to_data(self.rows) if self.rows else None,
        }
        if self.masks:
            shape["masks"] = [mask.to_data() for mask in self.masks]
        if self.sample:
            shape["sample"] = {"by": self.sample.by, "percent": self.sample.percent}
        return shape

    @classmethod
    def from_data(cls, data: Any) -> Self:
        """From `to_data`. Raises PolicyError for anything else, unknown keys included."""
        if not isinstance(data, dict) or not _NEEDED <= set(data) <= _NEEDED | _CLAUSES:
            raise PolicyError("This is not a policy that this version knows.")
        if data["version"] != VERSION:
            raise PolicyError("This is not a policy that this version knows.")
        try:
            moments = {
                k: datetime.fromisoformat(data[k]) if data[k] else None
                for k in ("starts", "expires")
            }
            return cls(
                columns=_words(data["columns"]),
                rows=predicates.from_data(data["rows"]) if data["rows"] else None,
                **moments,
                gives=data.get("gives", "rows"),
                masks=tuple(masks_.from_data(mask) for mask in data.get("masks", [])),
                sample=Sample(**data["sample"]) if "sample" in data else None,
                minimum_cell=data.get("minimum_cell"),
                versions=Versions(**data.get("versions", {})),
                people=_words(data.get("people", [])),
                networks=_words(data.get("networks", [])),
                purpose=data.get("purpose", ""),
            )
        except TypeError as error:
            raise PolicyError("This is not a policy that this version knows.") from error

    def digest(self) -> str:
        """SHA-256 (hex) over the canonical form: sorted keys, no spaces, UTF-8."""
        return _digest(self.to_data())

    @property
    def keyed(self) -> bool:
        """Whether what it gives hangs on the share's key."""
        return self.sample is not None or any(mask.kind == "hash" for mask in self.masks)

    def mark(self, key: bytes) -> str:
        """The name (64 hexadecimal digits) of the bytes it delivers under `key`: two shares whose
        clauses shape rows alike have the same, unless a key makes them differ."""
        return _digest(
            {**self._shape(), "key": hashlib.sha256(key).hexdigest() if self.keyed else ""}
        )

    @property
    def least(self) -> int:
        """The fewest contributors that a cell of a total may have: ten where nothing is agreed."""
        return self.minimum_cell or LEAST_CELL

    def admits(self, address: str) -> bool:
        """Whether it may be read from an internet address."""
        if not self.networks:
            return True
        try:
            found = ipaddress.ip_address(address)
        except ValueError:
            return False
        plain = getattr(found, "ipv4_mapped", None) or found  # ::ffff:192.0.2.1 is 192.0.2.1
        return any(plain in ipaddress.ip_network(network) for network in self.networks)

    def clauses(self) -> list[str]:
        """What it allows, a sentence for each clause."""
        names = ", ".join(quoted_name(name) for name in self.columns)
        columns = f"{len(self.columns)} columns ({names})"
        if len(self.columns) == 1:
            columns = f"One column ({names})"
        rows = f"rows where {predicates.sentence(self.rows)}" if self.rows else "all rows"
        return [f"{columns}; {rows}.", *(f"{text}." for text in self._narrower())]

    def _narrower(self) -> list[str]:
        said = [mask.sentence() for mask in self.masks]
        if self.sample:
            by, percent = quoted_name(self.sample.by), self.sample.percent
            said.append(f"Of these, the rows of a sample of {percent} in 100 of the values of {by}")
        if self.gives == "aggregates":
            said.append("Totals are given, never rows")
        if self.minimum_cell:
            said.append(f"No total of fewer than {self.minimum_cell} is given")
        if self.versions.which == "only":
            said.append(f"Version {self.versions.number} of the table and no other")
        if self.versions.which == "since":
            said.append(f"Every version of the table from version {self.versions.number} on")
        if self.people:
            said.append(f"Read by these people alone: {', '.join(self.people)}")
        if self.networks:
            said.append(f"Read from these networks alone: {', '.join(self.networks)}")
        return said

    def sentence(self) -> str:
        """What it allows, in words."""
        return " ".join(self.clauses())


def _words(data: Any) -> tuple[str, ...]:
    if not isinstance(data, list) or not all(isinstance(word, str) for word in data):
        raise PolicyError("A policy's columns, people and networks are lists of words.")
    return tuple(data)


def _digest(data: dict[str, Any]) -> str:
    text = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
