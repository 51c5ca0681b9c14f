"""The registry's permissions and who holds them."""

from __future__ import annotations

from enum import StrEnum

from concordat.kernel.access.policy import PLATFORM_ADMINISTRATOR


class Can(StrEnum):
    """`noun:verb`; `see` also covers what is not yet open to others."""

    EVALUATION_SEE = "evaluation:see"
    EVALUATION_DRAFT = "evaluation:draft"
    EVALUATION_SUBMIT = "evaluation:submit"
    EVALUATION_SIGN_OFF = "evaluation:sign_off"
    EVALUATION_PUBLISH = "evaluation:publish"
    EVALUATION_WITHDRAW = "evaluation:withdraw"
    EVALUATION_TRANSFER = "evaluation:transfer"
    REPORT_DRAFT = "report:draft"
    REPORT_PUBLISH = "report:publish"
    PORTFOLIO_LOAD = "portfolio:load"  # platform


_SEE = frozenset({Can.EVALUATION_SEE})

ROLES = {
    "evaluator": _SEE | {Can.EVALUATION_DRAFT, Can.EVALUATION_SUBMIT, Can.REPORT_DRAFT},
    "evaluation_lead": _SEE
    | {
        Can.EVALUATION_DRAFT,
        Can.EVALUATION_SIGN_OFF,
        Can.EVALUATION_PUBLISH,
        Can.EVALUATION_WITHDRAW,
        Can.EVALUATION_TRANSFER,
        Can.REPORT_DRAFT,
        Can.REPORT_PUBLISH,
    },
    PLATFORM_ADMINISTRATOR: {Can.PORTFOLIO_LOAD},
}
