"""The data plane's verbs: the only writer of its records."""

from __future__ import annotations

from concordat.tables.actions.loading import (
    load_table,
    receive_file,
    record_version,
    send_file,
)
from concordat.tables.actions.outputs import (
    OUTPUT_VERBS,
    ask_totals,
    clear_output,
    reject_output,
    review_output,
    submit_output,
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

__all__ = [
    "OUTPUT_VERBS",
    "SHARE_VERBS",
    "TABLE_VERBS",
    "ask_totals",
    "clear_output",
    "close_share",
    "draft_table",
    "edit_table",
    "load_table",
    "note_delivery",
    "open_share",
    "prepare_rows",
    "receive_file",
    "record_version",
    "reject_output",
    "restore_table",
    "resume_share",
    "review_output",
    "send_file",
    "submit_output",
    "suspend_share",
    "withdraw_table",
]
