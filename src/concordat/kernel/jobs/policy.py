"""The permissions of jobs."""

from __future__ import annotations

from enum import StrEnum


class Can(StrEnum):
    """`noun:verb`."""

    JOB_SEE = "job:see"
    JOB_QUEUE = "job:queue"
    JOB_CANCEL = "job:cancel"


ROLES = {
    "administrator": frozenset({Can.JOB_SEE, Can.JOB_CANCEL}),
    "data_steward": frozenset({Can.JOB_SEE, Can.JOB_QUEUE, Can.JOB_CANCEL}),
    "analyst": frozenset({Can.JOB_SEE, Can.JOB_QUEUE, Can.JOB_CANCEL}),
    "evaluator": frozenset({Can.JOB_QUEUE, Can.JOB_CANCEL}),
    "evaluation_lead": frozenset({Can.JOB_QUEUE, Can.JOB_CANCEL}),
}
