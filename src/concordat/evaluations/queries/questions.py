"""Questions, and the evaluations that answer them, as the actor may see them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.db.models import Case, Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from concordat.evaluations.models import Evaluation, Question, QuestionLink
from concordat.evaluations.policy import Can
from concordat.kernel.access import Actor
from concordat.kernel.deeds.act import offered
from concordat.kernel.organisations.models import Organisation
from concordat.kernel.organisations.queries import bodies_of
from concordat.kernel.refusals import NotVisible, Unknown
from concordat.kernel.subject import Subject

_ORDER = {"draft": 0, "published": 1, "answered": 2, "withdrawn": 3}


def questions(actor: Actor) -> QuerySet[Question]:
    """The questions the actor may know of, unanswered first, each with how many `evaluations` the
    actor may see that are said to answer it or bear on it."""
    ranks = [When(status=status, then=Value(rank)) for status, rank in _ORDER.items()]
    return (
        Question.objects.visible_to(actor)
        .select_related("owner")
        .annotate(
            evaluations=_number(QuestionLink.objects.visible_to(actor).told()),
            rank=Case(*ranks, default=Value(9), output_field=IntegerField()),
        )
        .order_by("rank", "owner__name", "id")
    )


def questions_to_decide(actor: Actor) -> QuerySet[Question]:
    """The same, each with how many links to it are `proposed`; those with any first."""
    proposed = QuestionLink.objects.visible_to(actor).filter(status="proposed")
    found: Any = questions(actor).annotate(proposed=_number(proposed))
    return found.order_by("-proposed", "rank", "owner__name", "id")


def _number(links: QuerySet[QuestionLink]) -> Coalesce:
    """How many of the links are to a question."""
    mine = links.filter(question=OuterRef("pk")).order_by().values("question")
    counted = mine.annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def question(actor: Actor, reference: str) -> Question:
    """One question. Raises NotVisible."""
    found = questions(actor).filter(reference=reference).first()
    if found is None:
        raise NotVisible
    return found


def question_named(actor: Actor, reference: str) -> Question:
    """The question that somebody typed the reference of. Raises Unknown."""
    found = questions(actor).filter(reference=reference.strip().upper()).first()
    if found is None:
        raise Unknown({"question": ["There is no question of that reference"]})
    return found


def evaluation_named(actor: Actor, reference: str) -> Evaluation:
    """The evaluation that somebody typed the reference of. Raises Unknown."""
    known = Evaluation.objects.visible_to(actor)
    found = known.filter(reference=reference.strip().upper()).first()
    if found is None:
        raise Unknown({"evaluation": ["There is no evaluation of that reference"]})
    return found


def asked_of(actor: Actor, slug: str = "", tag: str = "", status: str = "") -> QuerySet[Question]:
    """The questions of one body, with one tag, of one status; "" narrows nothing."""
    found = questions(actor)
    if slug:
        found = found.filter(owner__slug=slug)
    if status:
        found = found.filter(status=status)
    if tag:  # a whole tag, as either database writes a list down
        plain, escaped = json.dumps(tag, ensure_ascii=False), json.dumps(tag)
        found = found.filter(Q(tags__icontains=plain) | Q(tags__icontains=escaped))
    return found


def tags_asked(actor: Actor) -> list[str]:
    """Every tag of the questions the actor may see, in order."""
    lists = Question.objects.visible_to(actor).order_by().values_list("tags", flat=True)
    return sorted({tag for tags in lists for tag in tags}, key=str.casefold)


def asking_bodies(actor: Actor) -> QuerySet[Organisation]:
    """The bodies whose questions the actor may see."""
    asked = Question.objects.visible_to(actor).order_by().values("owner")
    return Organisation.objects.visible_to(actor).filter(pk__in=asked).order_by("name")


def answered_by_body(actor: Actor) -> list[tuple[str, int, int]]:
    """(body, how many of its questions are unanswered, how many are answered), most unanswered
    first."""
    rows = (
        Question.objects.visible_to(actor)
        .filter(status__in=["published", "answered"])
        .order_by()
        .values_list("owner__name")
        .annotate(
            unanswered=Count("pk", filter=Q(status="published")),
            answered=Count("pk", filter=Q(status="answered")),
        )
    )
    return sorted(rows, key=lambda row: (-row[1], -row[2], row[0]))


def question_links(actor: Actor) -> QuerySet[QuestionLink]:
    """The links the actor may know of, with both their ends."""
    return (
        QuestionLink.objects.visible_to(actor)
        .filter(status__in=["proposed", "confirmed"])
        .select_related("owner", "question__owner", "evaluation__owner")
        .order_by("relation", "id")
    )


def question_link(actor: Actor, pk: int) -> QuestionLink:
    """One link. Raises NotVisible."""
    found = question_links(actor).filter(pk=pk).first()
    if found is None:
        raise NotVisible
    return found


def answers_to(actor: Actor, to: Question) -> list[QuestionLink]:
    """What is said to answer a question; to the public, what is confirmed."""
    found = question_links(actor).filter(question=to)
    return list(found.exclude(evaluation__status="withdrawn"))


def questions_of(actor: Actor, of: Evaluation) -> list[QuestionLink]:
    """The questions that an evaluation is said to answer or bear on."""
    found = question_links(actor).filter(evaluation=of)
    return list(found.exclude(question__status="withdrawn"))


def verbs_of(actor: Actor, subject: Subject) -> list[tuple[str, str]]:
    """(verb, its words) for each thing that the actor may do to a link or a recommendation now."""
    return [(t.verb, t.text) for t in offered(actor, subject)]


def asking_for(actor: Actor, permission: str = Can.QUESTION_DRAFT) -> QuerySet[Organisation]:
    """The bodies in whose name the actor may ask, or do what `permission` says."""
    return bodies_of(actor, permission)


def bodies_called(actor: Actor, named: Iterable[tuple[str, str]]) -> dict[str, Organisation]:
    """The bodies by the codes that a file has for them, where the actor may publish questions.

    `named` are (code, name). A code is a body's when exactly one of those bodies has it for its
    abbreviation or slug, or has the name, in any case; any other code is left out.
    """
    called: dict[str, set[Organisation]] = {}
    for body in bodies_of(actor, Can.QUESTION_PUBLISH):
        for word in {body.abbreviation, body.slug, body.name} - {""}:
            called.setdefault(word.casefold(), set()).add(body)
    found = {}
    for code, name in named:
        wanted = called.get(code.casefold()) or called.get(name.casefold()) or set()
        if len(wanted) == 1:
            (found[code],) = wanted
    return found
