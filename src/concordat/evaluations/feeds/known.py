"""The foreign forms that we know, and where each of their questions belongs with us.

What is not here stays with its foreign key, beside the draft, until a person has read it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

_RIDIE: Final = """
q6 = summary
q10 = contact_name
q22 = interventions.description
q24 = interventions.rationale
q27 = independence.implementer
q29 = independence.funder
q31 = date.intervention_start
q32 = date.intervention_end
q33 = designs
q35 = designs
q37 = design.description
q39 = outcomes.description
q40 = outcomes.description
q41 = population.unit
q44 = population.clusters
q45 = population.sample_size
q46 = population.arms
q69 = access_class
"""
_EGAP: Final = """
q1 = title
q8 = access_class
q11 = date.start
q15 = issue.description
q17 = analysis.description
q19 = population.sample_size
q20 = design.power_done
q21 = design.power
q22 = ethics.approval
q23 = ethics.details
q24 = ethics.number
q25 = ethics.approved_on
q28 = independence.paid
q30 = independence.may_publish
"""
_OSF: Final = """
q1 = title
q2 = contact_name
q3 = summary
q5 = designs
q8 = design.description
q10 = access_class
q12 = outcomes.collection
q13 = population.sample_details
q14 = design.power
q16 = interventions.description
q17 = outcomes.description
q19 = analysis.description
q22 = analysis.analysis_set
q23 = analysis.missing_data
"""
_EVIDENCE: Final = """
research-question = summary
study-design = designs
study-population = population.studied
specific-inclusion-criteria = population.eligibility
specific-exclusion-criteria = population.eligibility
intervention = interventions.description
comparator = design.comparison
outcome-s = outcomes.description
patient-subgroups = analysis.subgroups
follow-up-definition = outcomes.time_frame
data-handling-attestation-at-time-of-registration = access_class
"""


def _table(text: str) -> dict[str, str]:
    return dict(line.split(" = ") for line in text.strip().splitlines())


FORMS: Final[dict[str, tuple[str, re.Pattern[str], dict[str, str]]]] = {
    "ridie": ("RIDIE, at initiation", re.compile("ridie.*initiation|^ridie$"), _table(_RIDIE)),
    "egap": ("EGAP", re.compile("egap"), _table(_EGAP)),
    "osf": ("OSF preregistration", re.compile("osf.*prereg|^osf$"), _table(_OSF)),
    "real-world-evidence": (
        "Real-world evidence",
        re.compile("real.world.evidence"),
        _table(_EVIDENCE),
    ),
}
_BODIES: Final = {
    "public sector": "public_body",
    "foreign or multilateral": "aid_agency",
    "ngo (international)": "international_charity",
    "ngo (local)": "local_charity",
    "research institut": "research_body",
    "private for profit": "private_firm",
    "public-private": "partnership",
    "other": "other",
}
_YES: Final = {"yes": "yes", "no": "no", "n/a": "not_applicable", "other": "other"}
# What the beginning of an answer means, by the place that it goes to.
_MEANS: Final[dict[str, dict[str, str]]] = {
    "independence.implementer": _BODIES,
    "independence.funder": _BODIES,
    "independence.paid": _YES,
    "independence.may_publish": _YES,
    "ethics.approval": _YES,
    "design.power_done": _YES,
    "designs": {
        "randomized control trial": "randomised",
        "randomised control": "randomised",
        "experiment -": "randomised",
        "regression discontinuity": "quasi_regression_discontinuity",
        "difference in difference": "quasi_difference_in_difference",
        "instrumental variables": "quasi_instrumental_variables",
        "natural experiment": "quasi",
        "quasi-experimental": "quasi",
        "matching": "quasi_other",
        "meta-analysis": "synthesis",
    },
    "access_class": {
        "category 1": "before",
        "category 2": "unseen",
        "category 3": "obtained",
        "category 4": "analysed",
        "registration prior to any research activities": "before",
        "registration prior to assignment": "before",
        "registration prior to realization": "before",
        "registration prior to creation": "before",
        "registration prior to researcher access": "unseen",
        "registration prior to any human": "unseen",
        "registration prior to accessing": "unseen",
        "registration prior to researcher analysis": "obtained",
        "registration prior to analysis": "obtained",
        "registration after": "analysed",
        "registration following": "analysed",
        "acquired access": "obtained",
        "conducted feasibility": "obtained",
        "created an analytic": "obtained",
        "study analysis": "analysed",
        "statistical comparisons": "analysed",
    },
}


def known_form(name: str) -> Mapping[str, str]:
    """Where the questions of a form belong, by their keys; empty for a form that we do not know."""
    plain = name.casefold().replace("-", " ").replace("_", " ").strip()
    return next((known for _, shape, known in FORMS.values() if shape.search(plain)), {})


def meaning(target: str, said: str) -> str | None:
    """What the plan keeps of an answer: a code where the place takes one of several, else the words
    themselves; None for an answer that is none of those that we know."""
    if target not in _MEANS:
        return said
    plain = " ".join(said.casefold().split())
    found = (code for start, code in _MEANS[target].items() if plain.startswith(start))
    return next(found, None)
