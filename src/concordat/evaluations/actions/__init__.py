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
from concordat.evaluations.actions.questions import (
    QuestionLoad,
    answer_question,
    draft_question,
    edit_question,
    load_questions,
    propose_link,
    reopen_question,
)
from concordat.evaluations.actions.recommendations import (
    add_recommendation,
    edit_recommendation,
    finish_recommendation,
    respond_recommendation,
)

__all__ = [
    "QuestionLoad",
    "add_recommendation",
    "amend_evaluation",
    "answer_question",
    "draft_evaluation",
    "draft_question",
    "edit_evaluation",
    "edit_question",
    "edit_recommendation",
    "finish_recommendation",
    "invite_editors",
    "load_questions",
    "perform",
    "propose_link",
    "publish_evaluation",
    "reopen_question",
    "respond_recommendation",
    "transfer_evaluation",
    "withdraw_evaluation",
]
