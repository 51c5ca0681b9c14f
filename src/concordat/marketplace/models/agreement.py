"""The agreement: a document that people sign and a policy that machines enforce, one hash."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models

from concordat.kernel.publication.models import Record, RecordQuerySet
from concordat.kernel.search.document import Document, document_for
from concordat.marketplace.lifecycle import AGREEMENT
from concordat.marketplace.models.request import ShareRequest
from concordat.marketplace.policy import Can
from concordat.marketplace.rules.terms import agreement_digest


class Agreement(Record):
    """A data sharing agreement. `owner` is the supplier.

    It becomes public when it comes into force: the public register shows `PUBLIC_FIELDS` and the
    names of the dataset and of both bodies, never the document, the policy or the people.
    """

    KIND = "agreement"
    PREFIX = "AG"
    LIFECYCLE = AGREEMENT
    SEE = Can.AGREEMENT_SEE
    SEARCHED = True
    SIDES: ClassVar[dict[str, str]] = {
        "owner": "owner",
        "supplier": "owner",
        "acquirer": "acquirer",
    }
    CAME_OF = ("request",)
    PUBLIC_FIELDS: ClassVar[tuple[str, ...]] = (
        "title",
        "purpose",
        "benefit",
        "legal_gateway",
        "lawful_bases",
        "starts_on",
        "ends_on",
        "digest",
    )

    request = models.OneToOneField(ShareRequest, models.PROTECT, related_name="agreement")
    acquirer = models.ForeignKey("kernel.Organisation", models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    purpose = models.TextField()
    benefit = models.TextField()
    legal_gateway = models.CharField(max_length=64, blank=True)
    lawful_bases = models.JSONField(default=list, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField()
    policy = models.JSONField()
    document = models.TextField(help_text="The readable agreement, as HTML")
    digest = models.CharField(max_length=64)
    supplier_signatory = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    supplier_signed_at = models.DateTimeField(null=True, blank=True)
    acquirer_signatory = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    acquirer_signed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = RecordQuerySet.as_manager()

    def clean(self) -> None:
        """The hash is of this document and this policy; signatures come in order."""
        if self.digest != agreement_digest(self.policy, self.document):
            raise ValidationError("The document and the policy do not match the hash.")
        if self.status == "in_force" and not (
            self.supplier_signatory_id and self.acquirer_signatory_id
        ):
            raise ValidationError("An agreement in force is signed by both sides.")

    @classmethod
    def searched_rows(cls) -> Any:
        """With both bodies."""
        return super().searched_rows().select_related("acquirer")

    def as_document(self) -> Document:
        """What search indexes: what the public register shows, and no more."""
        return document_for(
            self,
            title=self.title,
            summary=self.purpose[:250],
            body=f"{self.purpose}\n{self.benefit}\n{self.owner.name}\n{self.acquirer.name}",
            facets={"organisation": (self.owner.name, self.acquirer.name)},
        )
