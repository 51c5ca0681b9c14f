"""The registry's verbs: the only writer of its records.

`perform` does any verb of a record's lifecycle; verbs with consequences of their own have a
function, the others are plain transitions.
"""

from __future__ import annotations

from concordat.evaluations.actions.evaluations import (
    amend_evaluation,
    draft_evaluation,
    edit_evaluation,
    invite_editors,
    publish_evaluation,
    transfer_evaluation,
    withdraw_evaluation,
)
from concordat.evaluations.actions.perform import perform
from concordat.evaluations.actions.portfolio import (
    Loaded,
    join_project,
    load_portfolio,
    separate_project,
    state_total,
)
from concordat.evaluations.actions.reports import (
    add_report,
    amend_report,
    cancel_report,
    edit_report,
    publish_report,
    remove_report,
    return_report,
    submit_report,
)

__all__ = [
    "Loaded",
    "add_report",
    "amend_evaluation",
    "amend_report",
    "cancel_report",
    "draft_evaluation",
    "edit_evaluation",
    "edit_report",
    "invite_editors",
    "join_project",
    "load_portfolio",
    "perform",
    "publish_evaluation",
    "publish_report",
    "remove_report",
    "return_report",
    "separate_project",
    "state_total",
    "submit_report",
    "transfer_evaluation",
    "withdraw_evaluation",
]
