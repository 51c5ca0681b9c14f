"""What bodies want to know, and which evaluations answer it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final, Self

from django.core.exceptions import ValidationError
from django.db import models

from concordat.evaluations.lifecycle import QUESTION, QUESTION_LINK
from concordat.evaluations.models.evaluation import Evaluation
from concordat.evaluations.policy import Can
from concordat.kernel.lifecycle import Visibility
from concordat.kernel.publication.models import Record, RecordQuerySet
from concordat.kernel.reference.fields import Words
from concordat.kernel.search.document import Document, document_for
from concordat.kernel.subject import Subject, SubjectQuerySet
from concordat.kernel.text import check_line, check_text

if TYPE_CHECKING:
    from concordat.kernel.access import Actor

MOST_TITLE: Final = 200
RELATIONS: Final = {"answers": "Answers it", "bears_on": "Bears on it"}


class Question(Record):
    """Something that its owner wants evidence on; `answer` says what is known once it is answered.

    `tags` are words of the agenda that it comes from. `source` and `source_id` name what was loaded.
    """

    KIND = "question"
    PREFIX = "QU"
    LIFECYCLE = QUESTION
    SEE = Can.QUESTION_SEE
    SEARCHED = True

    text = models.TextField("question", max_length=4000, validators=[check_text])
    agenda = models.CharField(
        "learning agenda", max_length=255, blank=True, validators=[check_line]
    )
    agenda_url = models.URLField("address of the learning agenda", max_length=2000, blank=True)
    tags = Words("tags", longest=120)
    asked_on = models.DateField("when it was asked", null=True, blank=True)
    answer = models.TextField(
        "what is known now", max_length=4000, blank=True, editable=False, validators=[check_text]
    )
    answered_on = models.DateField(null=True, blank=True, editable=False)
    source = models.CharField(max_length=64, blank=True, editable=False)
    source_id = models.CharField(max_length=255, blank=True, editable=False)

    objects = RecordQuerySet.as_manager()

    FIELDS: ClassVar[tuple[str, ...]] = ("text", "agenda", "agenda_url", "tags", "asked_on")
    PUBLIC_FIELDS = (*FIELDS, "answer", "answered_on")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "source_id"],
                condition=~models.Q(source=""),
                name="question_source_once",
                violation_error_message="This source already has a question of that identifier.",
            )
        ]

    @property
    def title(self) -> str:
        """The question, as a list or a notice has room for."""
        line = " ".join(self.text.split())
        return line if len(line) <= MOST_TITLE else f"{line[: MOST_TITLE - 1]}…"

    def get_absolute_url(self) -> str:
        """Its permanent public address, within the registry."""
        return f"/evaluations/questions/{self.reference}"

    def api_url(self) -> str:
        """Its address on the JSON API."""
        return f"/api/v1/questions/{self.reference}"

    def as_document(self) -> Document:
        """What search indexes of it; nothing but that it was there, once it is withdrawn."""
        if self.status == "withdrawn":
            return document_for(self, title=self.title, summary="Withdrawn", body="")
        return document_for(
            self,
            title=self.title,
            summary=self.answer[:250],
            body="\n".join([self.text, self.answer, self.agenda, self.owner.name]),
            keywords=tuple(self.tags),
            facets={"organisation": (self.owner.name,)},
        )


class QuestionLinkQuerySet(SubjectQuerySet):
    """A link is known to those who may know both of its ends."""

    def visible_to(self, actor: Actor) -> Self:
        """What is confirmed, between what the actor may see; the rest for the two bodies it is
        between."""
        if actor.is_system:
            return self
        known = self.filter(
            question__in=Question.objects.visible_to(actor),
            evaluation__in=Evaluation.objects.visible_to(actor),
        )
        bodies = actor.bodies(Can.QUESTION_SEE)
        theirs = models.Q(owner_id__in=bodies) | models.Q(question__owner_id__in=bodies)
        return known.filter(models.Q(status="confirmed") | theirs)

    def told(self) -> Self:
        """Those that stand in public, to evaluations that were not withdrawn."""
        return self.filter(status="confirmed").exclude(evaluation__status="withdrawn")


class QuestionLink(Subject):
    """That an evaluation answers a question or bears on it: said by `owner`, for whoever asks to
    confirm."""

    KIND = "question_link"
    LIFECYCLE = QUESTION_LINK
    SIDES: ClassVar[dict[str, str]] = {"owner": "owner", "asker": "asker"}
    INDEXED_WITH = "evaluation"
    PUBLIC_FIELDS = ("relation",)

    owner = models.ForeignKey("kernel.Organisation", models.PROTECT, related_name="+")
    question = models.ForeignKey(Question, models.PROTECT, related_name="links")
    evaluation = models.ForeignKey(Evaluation, models.PROTECT, related_name="question_links")
    relation = models.CharField(
        "what it does for the question", max_length=16, choices=list(RELATIONS.items())
    )

    objects = QuestionLinkQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["question", "evaluation"],
                condition=models.Q(status__in=["proposed", "confirmed"]),
                name="question_link_once",
                violation_error_message="This evaluation is linked to that question already.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.evaluation.reference} {self.relation} {self.question.reference}"

    @property
    def asker_id(self) -> int:
        """The body whose question it is."""
        return self.question.owner_id

    @property
    def asker(self) -> Any:
        """The same, as a row."""
        return self.question.owner

    @property
    def visibility(self) -> int:
        """That of both its ends once it is confirmed; until then it is between the two bodies."""
        if self.status != "confirmed":
            return Visibility.OWNER
        return min(self.question.visibility, self.evaluation.visibility)

    def clean(self) -> None:
        """What was withdrawn is linked to nothing."""
        if self.status == "proposed" and self.question.status == "withdrawn":
            raise ValidationError({"question": "That question was withdrawn."})
        if self.status == "proposed" and self.evaluation.status in ("withdrawn", "cancelled"):
            raise ValidationError({"evaluation": "That evaluation was withdrawn."})
