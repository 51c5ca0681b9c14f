"""The permissions of uploads."""

from __future__ import annotations

from enum import StrEnum


class Can(StrEnum):
    """`noun:verb`."""

    UPLOAD_SEE = "upload:see"
    UPLOAD_KEEP = "upload:keep"


ROLES = {
    "data_steward": frozenset(Can),
    "evaluator": frozenset(Can),
    "evaluation_lead": frozenset(Can),
}
