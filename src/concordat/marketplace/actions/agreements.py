"""From an accepted request to an agreement that both sign, enforced until it ends."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import structlog
from django.db import transaction
from django.utils import timezone

from concordat.kernel.access import SYSTEM, Actor
from concordat.kernel.deeds import act
from concordat.kernel.refusals import NotAllowed, NotSignedIn, Refusal, WrongState
from concordat.marketplace.lifecycle import AGREEMENT
from concordat.marketplace.models import Agreement, ShareRequest
from concordat.marketplace.rules.document import Terms, agreement_html
from concordat.marketplace.rules.terms import agreement_digest
from concordat.tables.actions import close_share, open_share
from concordat.tables.models import Share
from concordat.tables.plane.policy import Policy

log = structlog.get_logger()


def draft_agreement(actor: Actor, request: ShareRequest) -> Agreement:
    """The agreement that an accepted request asks for: document and policy under one hash."""
    assert request.starts_on and request.ends_on  # a submitted request is whole
    last = request.ends_on + timedelta(days=1)
    policy = request.policy(_midnight(request.starts_on), _midnight(last))
    agreement = Agreement(
        owner=request.supplier,
        acquirer=request.owner,
        request=request,
        title=request.title,
        purpose=request.purpose,
        benefit=request.benefit,
        legal_gateway=request.legal_gateway,
        lawful_bases=request.lawful_bases,
        starts_on=request.starts_on,
        ends_on=request.ends_on,
        policy=policy.to_data(),
    )
    agreement.assign_reference()
    agreement.document = agreement_html(_terms(agreement, request, policy))
    agreement.digest = agreement_digest(agreement.policy, agreement.document)
    return act(actor, AGREEMENT["draft"], agreement)


def _terms(agreement: Agreement, request: ShareRequest, policy: Policy) -> Terms:
    table = request.distribution.table if request.distribution else None
    return Terms(
        reference=agreement.reference,
        request=request.reference,
        title=agreement.title,
        dataset=request.dataset.title,
        dataset_reference=request.dataset.reference,
        table=table.title if table else "",
        supplier=request.supplier.name,
        acquirer=request.owner.name,
        purpose=request.purpose,
        benefit=request.benefit,
        legal_power=request.legal_power,
        legal_gateway=request.legal_gateway,
        lawful_bases=tuple(request.lawful_bases),
        special_conditions=tuple(request.special_conditions),
        data_types=tuple(request.data_types),
        disposal=request.disposal,
        starts_on=agreement.starts_on,
        ends_on=agreement.ends_on,
        policy=policy,
    )


def _midnight(day: date) -> datetime:
    """When a day begins where the bodies are: an agreement counts days as its readers do."""
    return timezone.make_aware(datetime.combine(day, time.min), timezone.get_default_timezone())


def sign(
    actor: Actor, agreement: Agreement, *, note: str = "", expected: int | None = None
) -> Agreement:
    """The supplier's named signatory signs."""
    signature = {"supplier_signatory_id": _person(actor), "supplier_signed_at": timezone.now()}
    return act(actor, AGREEMENT["sign"], agreement, signature, note=note, expected=expected)


def countersign(
    actor: Actor, agreement: Agreement, *, note: str = "", expected: int | None = None
) -> Agreement:
    """The acquirer's named signatory signs: it is in force, and the data plane enforces it."""
    signature = {"acquirer_signatory_id": _person(actor), "acquirer_signed_at": timezone.now()}
    if agreement.ends_on < timezone.localdate():
        raise WrongState("The last day of this agreement has passed.", "Ask for the data anew.")
    with transaction.atomic():
        signed = act(
            actor, AGREEMENT["countersign"], agreement, signature, note=note, expected=expected
        )
        distribution = signed.request.distribution
        if distribution is not None and distribution.table is not None:
            policy = Policy.from_data(signed.policy)
            assert policy.starts and policy.expires  # draft_agreement sets both
            open_share(
                SYSTEM,
                distribution.table,
                signed.acquirer,
                policy,
                basis=signed.reference,
                basis_digest=signed.digest,
                starts_at=policy.starts,
                ends_at=policy.expires,
            )
        return signed


def _person(actor: Actor) -> int:
    if actor.kind == "public":
        raise NotSignedIn
    if actor.kind != "person" or actor.id is None:
        raise NotAllowed("An agreement is signed by a person.", "Sign in and sign it yourself.")
    return actor.id


def revoke_agreement(
    actor: Actor, agreement: Agreement, *, note: str = "", expected: int | None = None
) -> Agreement:
    """The supplier stops it: the next byte is refused."""
    return _end(actor, "revoke", agreement, note, expected)


def close_agreement(
    actor: Actor, agreement: Agreement, *, note: str = "", expected: int | None = None
) -> Agreement:
    """The acquirer needs it no longer."""
    return _end(actor, "close", agreement, note, expected)


def expire_agreements(actor: Actor, today: date | None = None) -> int:
    """End every agreement whose last day has passed; returns how many."""
    due = Agreement.objects.visible_to(actor).filter(
        status="in_force", ends_on__lt=today or timezone.localdate()
    )
    ended = 0
    for agreement in due:
        try:
            _end(actor, "expire", agreement, "", None)
        except Refusal as refusal:  # somebody else ended it just now: the others do not wait for it
            log.warning("not expired", agreement=agreement.reference, why=str(refusal))
        else:
            ended += 1
    return ended


def _end(
    actor: Actor, verb: str, agreement: Agreement, note: str, expected: int | None
) -> Agreement:
    with transaction.atomic():
        ended = act(
            actor,
            AGREEMENT[verb],
            agreement,
            {"ended_at": timezone.now()},
            note=note,
            expected=expected,
        )
        for share in Share.objects.filter(basis=ended.reference).exclude(status="closed"):
            close_share(SYSTEM, share, note=f"{ended.reference} {verb}")
        return ended
