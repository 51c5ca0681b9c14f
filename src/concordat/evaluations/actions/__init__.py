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
from concordat.evaluations.actions.evidence import (
    draft_assessment,
    draft_finding,
    edit_assessment,
    edit_finding,
)
from concordat.evaluations.actions.perform import perform

__all__ = [
    "amend_evaluation",
    "draft_assessment",
    "draft_evaluation",
    "draft_finding",
    "edit_assessment",
    "edit_evaluation",
    "edit_finding",
    "invite_editors",
    "perform",
    "publish_evaluation",
    "transfer_evaluation",
    "withdraw_evaluation",
]
