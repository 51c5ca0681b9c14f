"""The registry's verbs: the only writer of its records.

`perform` does any verb of a record's lifecycle; verbs with consequences of their own have a
function, the others are plain transitions.
"""

from __future__ import annotations

from concordat.evaluations.actions.answers import import_answers
from concordat.evaluations.actions.clocks import (
    answer_escalation,
    ask_exemption,
    end_exemption,
    grant_exemption,
    say_why_late,
    send_reminders,
)
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
from concordat.evaluations.actions.portfolio import (
    Loaded,
    join_project,
    load_portfolio,
    separate_project,
    state_total,
)
from concordat.evaluations.actions.promises import match_finding, reply_to_comparison
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
    "QuestionLoad",
    "add_recommendation",
    "add_report",
    "amend_evaluation",
    "amend_report",
    "answer_escalation",
    "answer_question",
    "ask_exemption",
    "cancel_report",
    "draft_assessment",
    "draft_evaluation",
    "draft_finding",
    "draft_question",
    "edit_assessment",
    "edit_evaluation",
    "edit_finding",
    "edit_question",
    "edit_recommendation",
    "edit_report",
    "end_exemption",
    "finish_recommendation",
    "grant_exemption",
    "import_answers",
    "import_evaluations",
    "invite_editors",
    "join_project",
    "load_portfolio",
    "load_questions",
    "match_finding",
    "perform",
    "propose_link",
    "publish_evaluation",
    "publish_report",
    "receive_evaluations",
    "remove_report",
    "reopen_question",
    "reply_to_comparison",
    "respond_recommendation",
    "return_report",
    "say_why_late",
    "send_evaluations",
    "send_reminders",
    "separate_project",
    "state_total",
    "submit_report",
    "transfer_evaluation",
    "withdraw_evaluation",
]
