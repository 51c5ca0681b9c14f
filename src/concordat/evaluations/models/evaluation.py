"""An evaluation: what is evaluated, by whom, when, how, and what was promised."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any, ClassVar, Final

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from concordat.evaluations.lifecycle import EVALUATION
from concordat.evaluations.policy import Can
from concordat.evaluations.rules.dates import Moment
from concordat.evaluations.rules.happenings import STAGES, Dates, read_happenings
from concordat.evaluations.rules.plan import read_plan
from concordat.evaluations.rules.sections import SECTIONS
from concordat.evaluations.rules.versions import COMPLETION, is_hidden, may_be_hidden, sealed
from concordat.kernel.publication.models import Record, RecordQuerySet
from concordat.kernel.reference import codelist
from concordat.kernel.reference.fields import Codes
from concordat.kernel.search.document import Document, document_for
from concordat.kernel.text import check_line, check_text

LONGEST_EMBARGO: Final = timedelta(days=4 * 366)
SALT_BYTES: Final = 32


class Evaluation(Record):
    """`owner` is the lead body.

    `dates` and `plan` are documents whose shapes `rules` knows; `stage` is what the dates tell.
    `hidden` says which parts of the plan stay closed, each until a date or until `completion`.
    `digest` is that of the newest version of the plan.
    """

    KIND = "evaluation"
    PREFIX = "EV"
    LIFECYCLE = EVALUATION
    SEE = Can.EVALUATION_SEE
    SIDES = {"owner": "owner", "approver": "approver"}
    SEARCHED = True
    EMBARGO = "opens_at"
    TOGETHER = True
    INVITED = "editors"

    title = models.CharField(max_length=1024, validators=[check_line])
    summary = models.TextField(
        "what is evaluated", max_length=20_000, blank=True, validators=[check_text]
    )
    plain_summary = models.TextField(
        "summary in plain language", max_length=4000, blank=True, validators=[check_text]
    )
    types = Codes("type", of="evaluation_types")
    topics = Codes("topics", of="evaluation_topics")
    designs = Codes("designs and methods", of="evaluation_designs")
    access_class = models.CharField(
        "what is known of the data",
        max_length=16,
        blank=True,
        choices=codelist("data_access").choices,
        help_text="Where it works on data that exist already",
    )
    contact_name = models.CharField(
        "responsible person", max_length=150, blank=True, validators=[check_line]
    )
    contact_email = models.EmailField("responsible person’s e-mail address", blank=True)
    partners = models.ManyToManyField(
        "kernel.Organisation", related_name="+", blank=True, verbose_name="other bodies"
    )
    projects: models.ManyToManyField[Any, Any] = models.ManyToManyField(
        "Project", related_name="evaluations", blank=True, verbose_name="major projects"
    )
    dates = models.JSONField(default=list, blank=True)
    plan = models.JSONField(default=dict, blank=True)
    hidden = models.JSONField("hidden until", default=dict, blank=True)
    salts = models.JSONField(default=dict, blank=True, editable=False)
    stage = models.CharField(
        max_length=16, choices=list(STAGES.items()), default="planned", editable=False
    )
    approver = models.ForeignKey(
        "kernel.Person", models.PROTECT, null=True, blank=True, related_name="+"
    )
    editors = models.ManyToManyField("kernel.Person", related_name="+", blank=True)
    opens_at = models.DateTimeField(null=True, blank=True, editable=False, db_index=True)
    submitted_at = models.DateTimeField(null=True, blank=True, editable=False)
    signed_off_at = models.DateTimeField(null=True, blank=True, editable=False)
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)
    reply = models.TextField(
        "what its body says of the comparison",
        max_length=4000,
        blank=True,
        default="",
        db_default="",
        validators=[check_text],
    )
    # When what anyone may read of it last changed: what harvesters go by.
    changed_at = models.DateTimeField(null=True, blank=True, editable=False, db_index=True)
    doi = models.CharField(
        "DOI", max_length=255, blank=True, default="", db_default="", editable=False
    )
    # When what is told of the DOI was last sent to whoever registers it.
    doi_at = models.DateTimeField(null=True, blank=True, editable=False)
    withdrawn_why = models.TextField(
        "why it was withdrawn",
        max_length=4000,
        blank=True,
        default="",
        db_default="",
        editable=False,
    )
    successor = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    digest = models.CharField(max_length=64, blank=True, editable=False)
    source = models.CharField(max_length=64, blank=True, editable=False)
    source_id = models.CharField(max_length=255, blank=True, editable=False)
    source_digest = models.CharField(max_length=64, blank=True, editable=False)
    foreign = models.JSONField(default=dict, blank=True, editable=False)

    objects = RecordQuerySet.as_manager()

    # What anybody is asked about it and told of it, in that order.
    FIELDS: ClassVar[tuple[str, ...]] = (
        "title",
        "summary",
        "plain_summary",
        "types",
        "designs",
        "topics",
        "access_class",
        "contact_name",
        "contact_email",
    )
    PUBLIC_FIELDS = (
        *(name for name in FIELDS if not name.startswith("contact")),
        "dates",
        "stage",
        "submitted_at",
        "signed_off_at",
        "published_at",
        "opens_at",
        "withdrawn_at",
        "withdrawn_why",
        "reply",
        "digest",
        "doi",
    )

    class Meta:
        ordering = ["title"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "source_id"],
                condition=~models.Q(source=""),
                name="evaluation_source_once",
                violation_error_message="This source already has an evaluation of that identifier.",
            )
        ]

    @property
    def happenings(self) -> Dates:
        """Its dated events."""
        return Dates(self.dates)

    @property
    def asked_types(self) -> list[str]:
        """Its types, as a list of codes."""
        return list(self.types)

    def clean(self) -> None:
        """Its documents are read, its stage follows from its dates, and what is sent for sign-off
        says what everybody must say."""
        errors: dict[str, list[str]] = {}
        self.plan, wrong = read_plan(self.plan)
        errors |= _placed("plan", wrong)
        events = dict(codelist("evaluation_events").choices)
        self.dates, wrong = read_happenings(self.dates, events)
        errors |= _placed("dates", wrong)
        dates = self.happenings
        self.stage = dates.stage
        for first, second in dates.out_of_order():
            says = f"“{events[second]}” must be the same as or after “{events[first]}”"
            errors.setdefault("dates", []).append(says)
        errors |= self._hiding()
        if self.opens_at and self.opens_at > timezone.now() + LONGEST_EMBARGO:
            errors["opens_at"] = ["Enter a date within the next four years"]
        if self.status not in ("", "draft", "cancelled"):
            errors |= {k: [*errors.get(k, []), *v] for k, v in self._unsaid(dates).items()}
        if errors:
            raise ValidationError(errors)

    def _hiding(self) -> dict[str, list[str]]:
        """What is wrong with what is hidden; whatever is newly hidden is given its salt."""
        if not isinstance(self.hidden, dict):
            return {"hidden": ["Give what is hidden as an object: until when, by part of the plan"]}
        wrong = []
        for path, until in self.hidden.items():
            if not may_be_hidden(path):
                wrong.append(f"{path[:80]}: there is no such part of the plan")
            elif until != COMPLETION and not _is_moment(until):
                wrong.append(f"{path}: enter a date such as 2027-03-31, or “completion”")
            self.salts.setdefault(path, secrets.token_hex(SALT_BYTES))
        return {"hidden": wrong} if wrong else {}

    def _unsaid(self, dates: Dates) -> dict[str, list[str]]:
        """What every entry must say before anybody signs it off; what is imported says what it can."""
        if self.source:
            return {}
        wrong: dict[str, list[str]] = {}
        if not self.summary:
            wrong["summary"] = ["Enter what is evaluated"]
        if not self.types:
            wrong["types"] = ["Select at least one type"]
        if not self.contact_name:
            wrong["contact_name"] = ["Enter the name of the responsible person"]
        if not dates.best("publication"):
            wrong["dates"] = ["Enter when the results are to be published"]
        if self.approver_id is None:
            wrong["approver"] = ["Select who signs it off"]
        return wrong

    def body(self) -> dict[str, Any]:
        """What a version of its plan holds: all that anybody may check, and nobody's address."""
        return {
            "reference": self.reference,
            "title": self.title,
            "summary": self.summary,
            "plain_summary": self.plain_summary,
            "lead": self.owner.slug,
            "partners": sorted(partner.slug for partner in self.partners.all()),
            "projects": sorted(project.key.upper() for project in self.projects.all()),
            "types": list(self.types),
            "designs": list(self.designs),
            "topics": list(self.topics),
            "access_class": self.access_class,
            "dates": self.dates,
            "plan": sealed(self.plan, self.hidden, self.salts),
        }

    def facets(self) -> dict[str, tuple[str, ...]]:
        """What search narrows by."""
        bodies = [self.owner.name, *(partner.name for partner in self.partners.all())]
        return {
            "organisation": tuple(bodies),
            "theme": tuple(codelist("evaluation_topics").label(code) for code in self.topics),
            "type": tuple(codelist("evaluation_types").label(code) for code in self.types),
            "method": tuple(codelist("evaluation_designs").label(code) for code in self.designs),
            "stage": (STAGES[self.stage],),
        }

    @classmethod
    def searched_rows(cls) -> Any:
        """With the bodies and people that search needs."""
        return super().searched_rows().prefetch_related("partners", "editors")

    def as_document(self) -> Document:
        """What search indexes: nothing that is hidden, nor the words of what was withdrawn."""
        if self.status == "withdrawn":
            return document_for(self, title=self.title, summary="Withdrawn", body="")
        return document_for(
            self,
            title=self.title,
            summary=(self.plain_summary or self.summary)[:250],
            body="\n".join([self.summary, self.owner.name, *_texts(self.shown_plan())]),
            facets=self.facets(),
        )

    def shown_plan(self) -> dict[str, Any]:
        """The plan without what is hidden today."""
        dates, today = self.happenings, timezone.localdate()
        shown = {name: dict(v) if isinstance(v, dict) else v for name, v in self.plan.items()}
        for path, until in self.hidden.items():
            if is_hidden(until, dates, today):
                name, _, fact = path.partition(".")
                if fact and isinstance(shown.get(name), dict):
                    shown[name].pop(fact, None)
                elif not fact:
                    shown.pop(name, None)
        return shown


def _is_moment(text: Any) -> bool:
    try:
        Moment.read(text if isinstance(text, str) else "")
    except ValueError:
        return False
    return True


def _placed(field: str, wrong: dict[str, list[str]]) -> dict[str, list[str]]:
    """What is wrong inside a document, said of its field with the place before each message."""
    says = [
        f"{place}: {text}" if place else text for place, found in wrong.items() for text in found
    ]
    return {field: says} if says else {}


def _texts(value: dict[str, Any]) -> list[str]:
    """Every text that somebody wrote into a plan: no codes, dates or amounts."""
    found = []
    for section in SECTIONS:
        held = value.get(section.name) or {}
        for item in held if isinstance(held, list) else [held]:
            words = (item.get(f.name) for f in section.facts if f.kind in ("line", "text"))
            found += [text for text in words if isinstance(text, str)]
    return found
