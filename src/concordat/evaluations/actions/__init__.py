"""The registry's verbs: the only writer of its records.

`perform` does any verb of a record's lifecycle; verbs with consequences of their own have a
function, the others are plain transitions.
"""

from __future__ import annotations

from concordat.evaluations.actions.answers import import_answers
from concordat.evaluations.actions.evaluations import (
    amend_evaluation,
    draft_evaluation,
    edit_evaluation,
    invite_editors,
    publish_evaluation,
    transfer_evaluation,
    withdraw_evaluation,
)
from concordat.evaluations.actions.evidence import (
    draft_assessment,
    draft_finding,
    edit_assessment,
    edit_finding,
)
from concordat.evaluations.actions.intakes import (
    import_evaluations,
    receive_evaluations,
    send_evaluations,
)
from concordat.evaluations.actions.perform import perform
from concordat.evaluations.actions.promises import match_finding, reply_to_comparison
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
    "add_report",
    "amend_evaluation",
    "amend_report",
    "cancel_report",
    "draft_assessment",
    "draft_evaluation",
    "draft_finding",
    "edit_assessment",
    "edit_evaluation",
    "edit_finding",
    "edit_report",
    "import_answers",
    "import_evaluations",
    "invite_editors",
    "match_finding",
    "perform",
    "publish_evaluation",
    "publish_report",
    "receive_evaluations",
    "remove_report",
    "reply_to_comparison",
    "return_report",
    "send_evaluations",
    "submit_report",
    "transfer_evaluation",
    "withdraw_evaluation",
]
