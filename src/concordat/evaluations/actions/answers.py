"""Answers to a foreign registration form, made a draft."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Final

from django.utils import timezone

from concordat.evaluations.feeds import Answers, FormError, read_answers, read_form
from concordat.evaluations.lifecycle import EVALUATION
from concordat.evaluations.models import Evaluation
from concordat.evaluations.rules.brought import brought, digest_of, source_of
from concordat.kernel.access import Actor, may
from concordat.kernel.deeds import act
from concordat.kernel.organisations.models import Organisation
from concordat.kernel.refusals import Invalid, NotAllowed

_UNKNOWN: Final = "A form that we do not know"


def import_answers(
    actor: Actor,
    owner: Organisation,
    answers: Any,
    *,
    form: str = "",
    template: Any = None,
    title: str = "",
) -> Evaluation:
    """A draft of what a foreign registration says, with the answers that found no place beside it.

    `answers` and `template` are as JSON reads them; without a template the form is known by its name.
    A registration that was brought in before is refused. Raises NotAllowed, and Invalid (fields
    `answers`, `template`, `title`).
    """
    if not may(actor, EVALUATION["draft"].needs, Evaluation(owner=owner)):
        raise NotAllowed
    read = _read(answers, form, template)
    found = read.found
    found.title = title.strip() or found.title
    if not found.title:
        raise Invalid({"title": ["Enter a title: this form asks for none"]})
    found.source_id = found.source_id or digest_of(answers)[:32]
    made = brought(found, timezone.localdate())
    called = read.form or _UNKNOWN
    told = {"form": called, "unmapped": [asdict(each) for each in read.unmapped]}
    values = made.values | {
        "foreign": made.values["foreign"] | told,
        "source": source_of(owner.pk, called),
        "source_id": found.source_id,
        "source_digest": made.digest,
    }
    return act(actor, EVALUATION["draft"], Evaluation(owner=owner), values)


def _read(answers: Any, form: str, template: Any) -> Answers:
    try:
        described = read_form(template) if template is not None else None
    except FormError as error:
        raise Invalid({"template": [str(error)]}) from error
    try:
        return read_answers(answers, described, form)
    except FormError as error:
        raise Invalid({"answers": [str(error)]}) from error
