"""Which fields of the registry the API takes and shows."""

from __future__ import annotations

from concordat.evaluations.schemas.evaluations import (
    EvaluationAmend,
    EvaluationDraft,
    EvaluationEdit,
    EvaluationOut,
    EvaluationQuery,
    EvaluationRow,
    InviteIn,
    PlansPage,
    PublishIn,
    TransferIn,
    WithdrawIn,
)

__all__ = [
    "EvaluationAmend",
    "EvaluationDraft",
    "EvaluationEdit",
    "EvaluationOut",
    "EvaluationQuery",
    "EvaluationRow",
    "InviteIn",
    "PlansPage",
    "PublishIn",
    "TransferIn",
    "WithdrawIn",
]
