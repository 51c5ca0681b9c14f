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
    begin_file,
    continue_file,
    drop_file,
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
from concordat.tables.actions.reads import FLAG_VERBS, note_delivery, settle_flag
from concordat.tables.actions.shares import (
    SHARE_VERBS,
    close_share,
    open_share,
    resume_share,
    suspend_share,
)
from concordat.tables.actions.sources import (
    SOURCE_VERBS,
    close_source,
    draft_source,
    edit_source,
    pause_source,
    resume_source,
    run_due_sources,
    run_source,
    start_source,
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
    "FLAG_VERBS",
    "OUTPUT_VERBS",
    "QUERY_VERBS",
    "SHARE_VERBS",
    "SOURCE_VERBS",
    "TABLE_VERBS",
    "ask_totals",
    "begin_file",
    "clear_output",
    "close_share",
    "close_source",
    "continue_file",
    "draft_source",
    "draft_table",
    "drop_file",
    "edit_query",
    "edit_source",
    "edit_table",
    "load_table",
    "look_into",
    "note_delivery",
    "open_share",
    "pause_source",
    "prepare_rows",
    "receive_file",
    "record_query",
    "record_version",
    "reject_output",
    "remove_query",
    "restore_table",
    "resume_share",
    "resume_source",
    "review_output",
    "roll_back_table",
    "run_due_sources",
    "run_source",
    "save_query",
    "send_file",
    "settle_flag",
    "share_query",
    "start_source",
    "submit_output",
    "suspend_share",
    "sweep_versions",
    "unshare_query",
    "withdraw_table",
]
