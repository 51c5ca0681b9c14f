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
from concordat.evaluations.actions.intakes import (
    MEANT_FOR,
    import_evaluations,
    receive_evaluations,
    send_evaluations,
)
from concordat.evaluations.actions.perform import perform

__all__ = [
    "MEANT_FOR",
    "amend_evaluation",
    "draft_evaluation",
    "edit_evaluation",
    "import_evaluations",
    "invite_editors",
    "perform",
    "publish_evaluation",
    "receive_evaluations",
    "send_evaluations",
    "transfer_evaluation",
    "withdraw_evaluation",
]
