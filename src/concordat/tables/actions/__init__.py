"""The data plane's verbs: the only writer of its records."""

from __future__ import annotations

from concordat.tables.actions.asked import (
    QUERY_VERBS,
    edit_query,
    record_query,
    remove_query,
    save_query,
    share_query,
    unshare_query,
)
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
    "QUERY_VERBS",
    "SHARE_VERBS",
    "TABLE_VERBS",
    "close_share",
    "draft_table",
    "edit_query",
    "edit_table",
    "load_table",
    "look_into",
    "note_delivery",
    "open_share",
    "prepare_rows",
    "receive_file",
    "record_query",
    "record_version",
    "remove_query",
    "restore_table",
    "resume_share",
    "roll_back_table",
    "save_query",
    "send_file",
    "share_query",
    "suspend_share",
    "sweep_versions",
    "unshare_query",
    "withdraw_table",
]
