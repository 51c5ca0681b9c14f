"""How a reader of foreign files says what is wrong."""

from __future__ import annotations

from dataclasses import dataclass


class AgendaError(ValueError):
    """The file cannot be read at all; the message says why and what to do."""


@dataclass(frozen=True)
class RowMessage:
    """What is wrong in one place of a file, and the mend. `refused` says that its row is left out."""

    place: str  # “row 12, Tags”, as a spreadsheet numbers its rows
    says: str
    mend: str
    refused: bool = False
