"""Which fields of the registry the API takes and shows."""

from __future__ import annotations

from concordat.evaluations.schemas.evaluations import (
    ComparisonOut,
    EvaluationAmend,
    EvaluationDraft,
    EvaluationEdit,
    EvaluationOut,
    EvaluationQuery,
    EvaluationRow,
    InviteIn,
    PlansPage,
    PublishIn,
    ReplyIn,
    TransferIn,
    WithdrawIn,
)

__all__ = [
    "ComparisonOut",
    "EvaluationAmend",
    "EvaluationDraft",
    "EvaluationEdit",
    "EvaluationOut",
    "EvaluationQuery",
    "EvaluationRow",
    "InviteIn",
    "PlansPage",
    "PublishIn",
    "ReplyIn",
    "TransferIn",
    "WithdrawIn",
]
