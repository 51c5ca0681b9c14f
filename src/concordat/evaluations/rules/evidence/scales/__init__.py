"""The scales that an evaluation may be rated on, each a file: its criteria and its rule."""

from __future__ import annotations

from concordat.evaluations.rules.evidence.ratings import Scale
from concordat.evaluations.rules.evidence.scales.eef import EEF
from concordat.evaluations.rules.evidence.scales.grade import GRADE
from concordat.evaluations.rules.evidence.scales.maryland import MARYLAND
from concordat.evaluations.rules.evidence.scales.nesta import NESTA
from concordat.evaluations.rules.evidence.scales.wwc import WWC

SCALES: dict[str, Scale] = {scale.code: scale for scale in (MARYLAND, NESTA, EEF, GRADE, WWC)}
