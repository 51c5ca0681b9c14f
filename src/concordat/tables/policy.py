"""The data plane's permissions and who holds them."""

from __future__ import annotations

from enum import StrEnum


class Can(StrEnum):
    """`noun:verb`."""

    TABLE_SEE = "table:see"
    TABLE_DRAFT = "table:draft"
    TABLE_LOAD = "table:load"
    TABLE_WITHDRAW = "table:withdraw"
    TABLE_READ = "table:read"
    SHARE_SEE = "share:see"
    SHARE_OPEN = "share:open"
    SHARE_CLOSE = "share:close"
    OUTPUT_SEE = "output:see"
    OUTPUT_ASK = "output:ask"
    OUTPUT_CLEAR = "output:clear"


_READER = frozenset({Can.TABLE_READ, Can.SHARE_SEE, Can.OUTPUT_SEE, Can.OUTPUT_ASK})

ROLES = {
    "data_steward": frozenset(
        {Can.TABLE_SEE, Can.TABLE_DRAFT, Can.TABLE_LOAD, Can.SHARE_SEE, Can.OUTPUT_SEE}
    ),
    "approver": frozenset(
        {
            Can.TABLE_SEE,
            Can.TABLE_WITHDRAW,
            Can.SHARE_SEE,
            Can.SHARE_OPEN,
            Can.SHARE_CLOSE,
            Can.OUTPUT_SEE,
            Can.OUTPUT_CLEAR,
        }
    ),
    "analyst": _READER,
    "researcher": _READER,
}
