"""Any verb of any record of the registry, by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from concordat.evaluations.actions import clocks, evaluations, questions, reports
from concordat.kernel.access import Actor
from concordat.kernel.deeds import act
from concordat.kernel.refusals import WrongState
from concordat.kernel.subject import Subject

_OWN: Final[dict[tuple[str, str], Callable[..., Any]]] = {
    ("evaluation", "submit"): evaluations.submit_evaluation,
    ("evaluation", "sign_off"): evaluations.sign_off_evaluation,
    ("evaluation", "return"): evaluations.return_evaluation,
    ("evaluation", "publish"): evaluations.publish_evaluation,
    ("evaluation", "withdraw"): evaluations.withdraw_evaluation,
    ("evaluation", "restore"): evaluations.restore_evaluation,
    ("exemption", "accept"): clocks.grant_exemption,
    ("exemption", "close"): clocks.end_exemption,
    ("question", "answer"): questions.answer_question,
    ("question", "reopen"): questions.reopen_question,
    ("report", "submit"): reports.submit_report,
    ("report", "return"): reports.return_report,
    ("report", "cancel"): reports.cancel_report,
    ("report", "publish"): reports.publish_report,
    ("report", "remove"): reports.remove_report,
}


def perform(
    actor: Actor, record: Subject, verb: str, *, note: str = "", expected: int | None = None
) -> Any:
    """Do `verb` to `record`. Raises what `act` raises, and WrongState for a verb it has not."""
    if verb not in record.LIFECYCLE or record.LIFECYCLE[verb].makes:
        raise WrongState(f"There is no “{verb[:40]}” for a {record.KIND.replace('_', ' ')}.")
    told = {"note": note} if note else {}
    own = _OWN.get((record.KIND, verb))
    if own is not None:
        return own(actor, record, expected=expected, **told)
    return act(actor, record.LIFECYCLE[verb], record, note=note, expected=expected)
