"""Asking questions, loading agendas of them, and saying which evaluations answer them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from concordat.evaluations.feeds.agendas import QuestionRow
from concordat.evaluations.feeds.remarks import RowMessage
from concordat.evaluations.lifecycle import QUESTION, QUESTION_LINK
from concordat.evaluations.models import Evaluation, Question, QuestionLink
from concordat.kernel.access import SYSTEM, Actor, may
from concordat.kernel.deeds import act, act_many
from concordat.kernel.organisations.models import Organisation


def draft_question(actor: Actor, owner: Organisation, values: Mapping[str, Any]) -> Question:
    """A new question of `owner`, unseen by anyone else."""
    return act(actor, QUESTION["draft"], Question(owner=owner), values)


def edit_question(
    actor: Actor, question: Question, values: Mapping[str, Any], expected: int | None = None
) -> Question:
    """Change what is asked."""
    return act(actor, QUESTION["edit"], question, values, expected=expected)


def answer_question(
    actor: Actor, question: Question, *, note: str = "", expected: int | None = None
) -> Question:
    """Say what is known now; everybody reads it beside the question."""
    changed = {"answer": note, "answered_on": timezone.localdate()}
    return act(actor, QUESTION["answer"], question, changed, note=note, expected=expected)


def reopen_question(
    actor: Actor, question: Question, *, note: str = "", expected: int | None = None
) -> Question:
    """Say that it is not answered after all; the log keeps what was said."""
    changed = {"answer": "", "answered_on": None}
    return act(actor, QUESTION["reopen"], question, changed, note=note, expected=expected)


def propose_link(
    actor: Actor,
    owner: Organisation,
    question: Question,
    evaluation: Evaluation,
    relation: str,
) -> QuestionLink:
    """Say, in the name of `owner`, that an evaluation answers a question or bears on it.

    Both are what the actor was let see; whoever asks decides whether it is so.
    """
    made = QuestionLink(owner=owner, question=question, evaluation=evaluation, relation=relation)
    return act(actor, QUESTION_LINK["propose"], made)


@dataclass
class QuestionLoad:
    """What became of each row of a file."""

    made: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    messages: list[RowMessage] = field(default_factory=list)

    def refuse(self, row: QuestionRow, column: str, says: str, mend: str) -> None:
        """Leave a row out, and say why."""
        self.refused += 1
        self.messages.append(RowMessage(f"{row.place}, {column}", says, mend, refused=True))


def load_questions(
    actor: Actor,
    bodies: Mapping[str, Organisation],
    rows: Iterable[QuestionRow],
    *,
    source: str,
    agenda: str = "",
    agenda_url: str = "",
) -> QuestionLoad:
    """Publish an agenda's questions, each for the body that `bodies` has for its code.

    What the same source named before is changed where it differs: a second time changes nothing.
    Rows of bodies that are not there, or where the actor may not publish, are refused and told.
    """
    load, new, old = QuestionLoad(), [], []
    held = {q.source_id: q for q in Question.objects.visible_to(SYSTEM).filter(source=source)}
    allowed = _allowed(actor, bodies)
    told = {"agenda": agenda, "agenda_url": agenda_url}
    for row in rows:
        values = {"text": row.text, "tags": list(row.tags), **told}
        body, found = allowed.get(row.code), held.get(row.source_id)
        if body is None or (found is not None and found.owner_id != body.pk):
            _refuse_body(load, row, found, known=row.code in bodies)
            continue
        fresh = Question(owner=body, source=source, source_id=row.source_id, **values)
        if wrong := _faults(fresh):
            load.refuse(row, *wrong)
        elif found is None:
            new.append((fresh, None))
        elif found.status == "withdrawn" or not _differs(found, values):
            load.unchanged += 1
        else:
            old.append((found, values))
    load.made = act_many(actor, QUESTION["load"], new)
    load.changed = act_many(actor, QUESTION["edit"], old)
    return load


def _allowed(actor: Actor, bodies: Mapping[str, Organisation]) -> dict[str, Organisation]:
    """The bodies for which the actor may publish questions."""
    needs = QUESTION["load"].needs
    return {code: body for code, body in bodies.items() if may(actor, needs, Question(owner=body))}


def _refuse_body(
    load: QuestionLoad, row: QuestionRow, found: Question | None, *, known: bool
) -> None:
    if found is not None:
        says = f"“{row.source_id}” is a question of another body already"
        load.refuse(row, "QuestionID", says, "Give it an identifier of its own")
    elif known:
        says = f"You may not publish questions of {row.name or row.code}"
        load.refuse(row, "Agency Abbreviation", says, "Ask its evaluation lead to load them")
    else:
        says = f"There is no body “{row.code}” for which you may publish questions"
        mend = "Use its abbreviation or its name as Concordat has it"
        load.refuse(row, "Agency Abbreviation", says, mend)


def _faults(fresh: Question) -> tuple[str, str, str] | None:
    """(column, what is wrong, the mend) of a row that the model would refuse."""
    try:
        fresh.clean_fields(exclude=["status", "reference", "owner"])
    except ValidationError as error:
        name, found = next(iter(error.message_dict.items()))
        column = {"text": "Question", "tags": "Tags"}.get(name, name)
        return column, found[0], "Mend this cell and send the file again"
    return None


def _differs(found: Question, values: Mapping[str, Any]) -> bool:
    return any(getattr(found, name) != value for name, value in values.items())
