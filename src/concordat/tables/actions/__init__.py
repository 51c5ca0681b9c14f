"""The data plane's verbs: the only writer of its records."""

from __future__ import annotations

from concordat.tables.actions.loading import (
    load_table,
    receive_file,
    record_version,
    send_file,
)
from concordat.tables.actions.preparing import prepare_rows
from concordat.tables.actions.shares import (
    SHARE_VERBS,
    close_share,
    note_delivery,
    open_share,
    resume_share,
    suspend_share,
)
from concordat.tables.actions.stored import (
    TABLE_VERBS,
    draft_table,
    edit_table,
    restore_table,
    withdraw_table,
)
from concordat.tables.actions.versions import FIRST, look_into, roll_back_table, sweep_versions

__all__ = [
    "FIRST",
    "SHARE_VERBS",
    "TABLE_VERBS",
    "close_share",
    "draft_table",
    "edit_table",
    "load_table",
    "look_into",
    "note_delivery",
    "open_share",
    "prepare_rows",
    "receive_file",
    "record_version",
    "restore_table",
    "resume_share",
    "roll_back_table",
    "send_file",
    "suspend_share",
    "sweep_versions",
    "withdraw_table",
]
