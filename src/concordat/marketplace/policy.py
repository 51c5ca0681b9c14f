"""The marketplace's permissions and who holds them."""

from __future__ import annotations

from enum import StrEnum


class Can(StrEnum):
    """`noun:verb`; `see` also covers what is not yet open to others."""

    DATASET_SEE = "dataset:see"
    DATASET_DRAFT = "dataset:draft"
    DATASET_SUBMIT = "dataset:submit"
    DATASET_PUBLISH = "dataset:publish"
    DATASET_WITHDRAW = "dataset:withdraw"
    DATA_SERVICE_SEE = "data_service:see"
    DATA_SERVICE_DRAFT = "data_service:draft"
    DATA_SERVICE_PUBLISH = "data_service:publish"
    SHARE_REQUEST_SEE = "share_request:see"
    SHARE_REQUEST_DRAFT = "share_request:draft"
    SHARE_REQUEST_SUBMIT = "share_request:submit"
    SHARE_REQUEST_REVIEW = "share_request:review"
    SHARE_REQUEST_DECIDE = "share_request:decide"
    AGREEMENT_SEE = "agreement:see"
    AGREEMENT_SIGN = "agreement:sign"
    AGREEMENT_REVOKE = "agreement:revoke"


_SEE = frozenset({Can.DATASET_SEE, Can.DATA_SERVICE_SEE, Can.SHARE_REQUEST_SEE, Can.AGREEMENT_SEE})
_ASK = frozenset({Can.SHARE_REQUEST_DRAFT, Can.SHARE_REQUEST_SUBMIT})

ROLES = {
    "data_steward": _SEE
    | {
        Can.DATASET_DRAFT,
        Can.DATASET_SUBMIT,
        Can.DATA_SERVICE_DRAFT,
        Can.SHARE_REQUEST_REVIEW,
    },
    "approver": _SEE
    | {
        Can.DATASET_PUBLISH,
        Can.DATASET_WITHDRAW,
        Can.DATA_SERVICE_PUBLISH,
        Can.SHARE_REQUEST_REVIEW,
        Can.SHARE_REQUEST_DECIDE,
        Can.AGREEMENT_REVOKE,
    },
    "signatory": frozenset({Can.SHARE_REQUEST_SEE, Can.AGREEMENT_SEE, Can.AGREEMENT_SIGN}),
    "analyst": _SEE | _ASK,
    "researcher": _SEE | _ASK,
    "protection_officer": _SEE | {Can.SHARE_REQUEST_REVIEW},
}
