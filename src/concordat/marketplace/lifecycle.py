"""The lives of the marketplace's nouns: plain data that every door reads."""

from __future__ import annotations

from concordat.kernel.lifecycle import (
    EITHER,
    NEW,
    OWNER,
    Lifecycle,
    Note,
    State,
    Transition,
    Visibility,
    states,
)
from concordat.marketplace.policy import Can

ACQUIRER = "acquirer"
SUPPLIER = "supplier"

DATASET = Lifecycle(
    noun="dataset",
    states={
        "draft": State("Draft", turn=OWNER),
        "in_review": State("In review", turn=OWNER, days=10, colour="blue"),
        "published": State("Published", colour="green"),
        "withdrawn": State("Withdrawn", colour="red"),
    },
    transitions=(
        Transition("draft", NEW, needs=Can.DATASET_DRAFT, target="draft"),
        Transition("edit", states("draft"), needs=Can.DATASET_DRAFT),
        Transition(
            "submit", states("draft"), needs=Can.DATASET_SUBMIT, target="in_review", main=True
        ),
        Transition(
            "return",
            states("in_review"),
            needs=Can.DATASET_PUBLISH,
            target="draft",
            note=Note.REQUIRED,
        ),
        Transition(
            "publish",
            states("in_review"),
            needs=Can.DATASET_PUBLISH,
            target="published",
            opens_to=Visibility.PUBLIC,
            apart_from=("submit",),
            label="Publish to everyone",
            main=True,
        ),
        Transition(
            "publish_to_government",
            states("in_review"),
            needs=Can.DATASET_PUBLISH,
            target="published",
            opens_to=Visibility.GOVERNMENT,
            apart_from=("submit",),
            label="Publish within government",
        ),
        Transition("amend", states("published"), needs=Can.DATASET_DRAFT, note=Note.OPTIONAL),
        Transition(
            "withdraw",
            states("published"),
            needs=Can.DATASET_WITHDRAW,
            target="withdrawn",
            opens_to=Visibility.OWNER,
            note=Note.REQUIRED,
        ),
        Transition("redraft", states("withdrawn"), needs=Can.DATASET_DRAFT, target="draft"),
        Transition(
            "harvest",
            NEW,
            needs=Can.DATASET_PUBLISH,
            target="published",
            opens_to=Visibility.PUBLIC,
            hidden=True,
        ),
    ),
)

DATA_SERVICE = Lifecycle(
    noun="data_service",
    states={
        "draft": State("Draft", turn=OWNER),
        "published": State("Published", colour="green"),
        "withdrawn": State("Withdrawn", colour="red"),
    },
    transitions=(
        Transition("draft", NEW, needs=Can.DATA_SERVICE_DRAFT, target="draft"),
        Transition("edit", states("draft"), needs=Can.DATA_SERVICE_DRAFT),
        Transition(
            "publish",
            states("draft"),
            needs=Can.DATA_SERVICE_PUBLISH,
            target="published",
            opens_to=Visibility.PUBLIC,
            apart_from=("draft", "edit"),
            main=True,
        ),
        Transition("amend", states("published"), needs=Can.DATA_SERVICE_DRAFT, note=Note.OPTIONAL),
        Transition(
            "withdraw",
            states("published"),
            needs=Can.DATA_SERVICE_PUBLISH,
            target="withdrawn",
            opens_to=Visibility.OWNER,
            note=Note.REQUIRED,
        ),
        Transition("redraft", states("withdrawn"), needs=Can.DATA_SERVICE_DRAFT, target="draft"),
        Transition(
            "harvest",
            NEW,
            needs=Can.DATA_SERVICE_PUBLISH,
            target="published",
            opens_to=Visibility.PUBLIC,
            hidden=True,
        ),
    ),
)

DISTRIBUTION = Lifecycle(
    noun="distribution",
    states={
        "listed": State("Listed", colour="green"),
        "removed": State("Removed", end=True),
    },
    transitions=(
        Transition("draft", NEW, needs=Can.DATASET_DRAFT, target="listed"),
        Transition("edit", states("listed"), needs=Can.DATASET_DRAFT),
        Transition("remove", states("listed"), needs=Can.DATASET_DRAFT, target="removed"),
    ),
)

SHARE_REQUEST = Lifecycle(
    noun="share_request",
    states={
        "draft": State("Draft", turn=ACQUIRER),
        "submitted": State("Submitted", turn=SUPPLIER, days=5, colour="blue"),
        "in_review": State("In review", turn=SUPPLIER, days=20, colour="blue"),
        "returned": State("Returned", turn=ACQUIRER, days=20, colour="yellow"),
        "accepted": State("Accepted", end=True, colour="green"),
        "rejected": State("Rejected", end=True, colour="red"),
        "cancelled": State("Cancelled", end=True),
    },
    transitions=(
        Transition("draft", NEW, needs=Can.SHARE_REQUEST_DRAFT, target="draft", by=ACQUIRER),
        Transition("edit", states("draft", "returned"), needs=Can.SHARE_REQUEST_DRAFT, by=ACQUIRER),
        Transition(
            "submit",
            states("draft", "returned"),
            needs=Can.SHARE_REQUEST_SUBMIT,
            target="submitted",
            by=ACQUIRER,
            opens_to=Visibility.PARTIES,
            main=True,
        ),
        Transition(
            "review",
            states("submitted"),
            needs=Can.SHARE_REQUEST_REVIEW,
            target="in_review",
            by=SUPPLIER,
            apart_from=("submit",),
            label="Start the review",
            main=True,
        ),
        Transition(
            "narrow",
            states("in_review"),
            needs=Can.SHARE_REQUEST_REVIEW,
            by=SUPPLIER,
            note=Note.OPTIONAL,
            apart_from=("submit",),
            label="Set conditions",
        ),
        Transition(
            "comment",
            states("submitted", "in_review", "returned"),
            needs=Can.SHARE_REQUEST_SEE,
            by=EITHER,
            note=Note.REQUIRED,
        ),
        Transition(
            "return",
            states("in_review"),
            needs=Can.SHARE_REQUEST_REVIEW,
            target="returned",
            by=SUPPLIER,
            note=Note.REQUIRED,
            apart_from=("submit",),
        ),
        Transition(
            "accept",
            states("in_review"),
            needs=Can.SHARE_REQUEST_DECIDE,
            target="accepted",
            by=SUPPLIER,
            note=Note.OPTIONAL,
            apart_from=("submit",),
            main=True,
        ),
        Transition(
            "reject",
            states("in_review"),
            needs=Can.SHARE_REQUEST_DECIDE,
            target="rejected",
            by=SUPPLIER,
            note=Note.REQUIRED,
            apart_from=("submit",),
        ),
        Transition(
            "cancel",
            states("draft", "submitted", "in_review", "returned"),
            needs=Can.SHARE_REQUEST_SUBMIT,
            target="cancelled",
            by=ACQUIRER,
            note=Note.OPTIONAL,
            label="Cancel the request",
        ),
    ),
)

AGREEMENT = Lifecycle(
    noun="agreement",
    states={
        "unsigned": State(
            "Waiting for the supplier to sign", turn=SUPPLIER, days=10, colour="blue"
        ),
        "half_signed": State(
            "Waiting for the acquirer to sign", turn=ACQUIRER, days=10, colour="blue"
        ),
        "in_force": State("In force", colour="green"),
        "ended": State("Ended", end=True),
        "revoked": State("Revoked", end=True, colour="red"),
        "declined": State("Declined", end=True, colour="red"),
    },
    transitions=(
        Transition(
            "draft",
            NEW,
            needs=Can.SHARE_REQUEST_DECIDE,
            target="unsigned",
            by=SUPPLIER,
            opens_to=Visibility.PARTIES,
            hidden=True,
        ),
        Transition(
            "sign",
            states("unsigned"),
            needs=Can.AGREEMENT_SIGN,
            target="half_signed",
            by=SUPPLIER,
            label="Sign for the supplier",
            main=True,
        ),
        Transition(
            "countersign",
            states("half_signed"),
            needs=Can.AGREEMENT_SIGN,
            target="in_force",
            by=ACQUIRER,
            opens_to=Visibility.PUBLIC,
            apart_from=("sign",),
            label="Sign for the acquirer",
            main=True,
        ),
        Transition(
            "decline",
            states("unsigned", "half_signed"),
            needs=Can.AGREEMENT_SIGN,
            target="declined",
            by=EITHER,
            note=Note.REQUIRED,
            label="Decline to sign",
        ),
        Transition(
            "revoke",
            states("in_force"),
            needs=Can.AGREEMENT_REVOKE,
            target="revoked",
            by=SUPPLIER,
            note=Note.REQUIRED,
        ),
        Transition(
            "close",
            states("in_force"),
            needs=Can.AGREEMENT_SIGN,
            target="ended",
            by=ACQUIRER,
            note=Note.OPTIONAL,
            label="End it early",
        ),
        Transition(
            "expire",
            states("in_force"),
            needs=Can.AGREEMENT_REVOKE,
            target="ended",
            by=SUPPLIER,
            hidden=True,
        ),
    ),
)
