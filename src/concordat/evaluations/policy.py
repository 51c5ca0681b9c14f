"""The registry's permissions and who holds them."""

from __future__ import annotations

from enum import StrEnum


class Can(StrEnum):
    """`noun:verb`; `see` also covers what is not yet open to others."""

    EVALUATION_SEE = "evaluation:see"
    EVALUATION_DRAFT = "evaluation:draft"
    EVALUATION_SUBMIT = "evaluation:submit"
    EVALUATION_SIGN_OFF = "evaluation:sign_off"
    EVALUATION_PUBLISH = "evaluation:publish"
    EVALUATION_WITHDRAW = "evaluation:withdraw"
    EVALUATION_TRANSFER = "evaluation:transfer"
    EVALUATION_ASSESS = "evaluation:assess"
    REPORT_DRAFT = "report:draft"
    REPORT_PUBLISH = "report:publish"
    EXEMPTION_DRAFT = "exemption:draft"
    EXEMPTION_ACCEPT = "exemption:accept"
    EVALUATION_OVERSEE = "evaluation:oversee"
    EVALUATION_REGULATE = "evaluation:regulate"
    EVALUATION_FUND = "evaluation:fund"


_SEE = frozenset({Can.EVALUATION_SEE})

ROLES = {
    "evaluator": _SEE
    | {
        Can.EVALUATION_DRAFT,
        Can.EVALUATION_SUBMIT,
        Can.EVALUATION_ASSESS,
        Can.REPORT_DRAFT,
        Can.EXEMPTION_DRAFT,
    },
    "evaluation_lead": _SEE
    | {
        Can.EVALUATION_DRAFT,
        Can.EVALUATION_SIGN_OFF,
        Can.EVALUATION_PUBLISH,
        Can.EVALUATION_WITHDRAW,
        Can.EVALUATION_TRANSFER,
        Can.REPORT_DRAFT,
        Can.REPORT_PUBLISH,
        Can.EXEMPTION_DRAFT,
        Can.EXEMPTION_ACCEPT,
    },
    # Whoever is told when results stay away: at the body, at the regulator, at the Treasury.
    "head_of_profession": _SEE | {Can.EXEMPTION_ACCEPT, Can.EVALUATION_OVERSEE},
    "statistics_regulator": _SEE | {Can.EVALUATION_REGULATE},
    "spending_team": _SEE | {Can.EVALUATION_FUND},
}
