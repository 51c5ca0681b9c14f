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
    EVALUATION_ASSESS = "evaluation:assess"
    REPORT_DRAFT = "report:draft"
    REPORT_PUBLISH = "report:publish"
    EXEMPTION_DRAFT = "exemption:draft"
    EXEMPTION_ACCEPT = "exemption:accept"
    EVALUATION_OVERSEE = "evaluation:oversee"
    EVALUATION_REGULATE = "evaluation:regulate"
    EVALUATION_FUND = "evaluation:fund"
    QUESTION_SEE = "question:see"
    QUESTION_DRAFT = "question:draft"
    QUESTION_PUBLISH = "question:publish"
    QUESTION_LINK_PROPOSE = "question_link:propose"
    QUESTION_LINK_CONFIRM = "question_link:confirm"
    RECOMMENDATION_ADD = "recommendation:add"
    RECOMMENDATION_RESPOND = "recommendation:respond"
    PORTFOLIO_LOAD = "portfolio:load"  # platform


_SEE = frozenset({Can.EVALUATION_SEE, Can.QUESTION_SEE})
_ASK = frozenset({Can.QUESTION_DRAFT, Can.QUESTION_LINK_PROPOSE, Can.RECOMMENDATION_ADD})

ROLES = {
    "evaluator": _SEE
    | _ASK
    | {
        Can.EVALUATION_DRAFT,
        Can.EVALUATION_SUBMIT,
        Can.EVALUATION_ASSESS,
        Can.REPORT_DRAFT,
        Can.EXEMPTION_DRAFT,
    },
    "evaluation_lead": _SEE
    | _ASK
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
        Can.QUESTION_PUBLISH,
        Can.QUESTION_LINK_CONFIRM,
        Can.RECOMMENDATION_RESPOND,
    },
    # Whoever is told when results stay away: at the body, at the regulator, at the Treasury.
    "head_of_profession": _SEE | {Can.EXEMPTION_ACCEPT, Can.EVALUATION_OVERSEE},
    "statistics_regulator": _SEE | {Can.EVALUATION_REGULATE},
    "spending_team": _SEE | {Can.EVALUATION_FUND},
    PLATFORM_ADMINISTRATOR: {Can.PORTFOLIO_LOAD},
}
