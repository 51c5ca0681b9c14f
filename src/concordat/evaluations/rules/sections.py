"""Everything that a plan may say: the sections and their facts, as data.

After the full schema of the UK registry, with what other registers of trials ask beside it. Forms,
the API, the public page, the difference between two versions and the checks all read this table.
"""

from __future__ import annotations

from typing import Final

from concordat.evaluations.rules.designs import (
    ANALYSIS,
    DESIGN,
    ECONOMIC,
    OTHER,
    OTHER_DESIGN,
    PROCESS,
    PROCESS_ASPECTS,
    PROCESS_DESIGN,
    YES_OR_OTHER,
)
from concordat.evaluations.rules.facts import YES, Fact, Section, options, pick, texts

_IMPACT: Final = ("impact",)
_MEASURES: Final = options("Continuous", "Discrete", "Binary", "Ordinal", "Nominal", "Other")
_BODIES: Final = options(
    "Public body",
    "Aid agency",
    "International charity",
    "Local charity",
    "Research body",
    "Private firm",
    "Partnership",
    "Other",
)


ISSUE: Final = Section(
    "issue",
    "The issue",
    texts(
        description="What issue is to be addressed?",
        who="Who is experiencing it?",
        why="Why are improvements needed?",
        matters_to="Who do improvements matter to?",
        current_practice="What is done about it now?",
        relevance="What difference does the intervention intend to make?",
    ),
)
POPULATION: Final = Section(
    "population",
    "Who is studied",
    (
        Fact("studied", "Which population, and where?"),
        Fact("eligibility", "Who is eligible?"),
        Fact("sample_size", "How many units are planned?", "whole"),
        Fact("unit", "Units", "line", hint="Such as people, schools or prisons"),
        Fact("clusters", "How many clusters are planned?", "whole"),
        Fact("arms", "How many in each arm?"),
        Fact("final_sample_size", "How many units were there in the end?", "whole"),
        Fact("final_clusters", "How many clusters were there in the end?", "whole"),
        Fact("sample_details", "About the sample"),
        Fact("recruitment", "How are they recruited?"),
        Fact("recruitment_schedule", "When are they recruited?"),
    ),
    substance=True,
)
ETHICS: Final = Section(
    "ethics",
    "Ethics",
    (
        Fact("applied", "Was approval by an ethics committee applied for?", "yes", YES),
        Fact("approval", "Did an ethics committee approve it?", "choice", YES_OR_OTHER),
        Fact("board", "Name of the committee", "line"),
        Fact("number", "Its reference number", "line"),
        Fact("approved_on", "When did it approve?", "moment"),
        *texts(
            details="About the committee’s view",
            existing_evidence="Is it ethical, given what is known?",
            participant_risks="Risks to participants",
            team_risks="Risks to the study team",
            involvement="How were participants involved?",
            information="What are participants told?",
            consent="How do they consent?",
            payment="Are they paid?",
            confidentiality="Confidentiality and personal data",
            breaking_confidentiality="When would confidentiality be broken?",
            other="Anything else",
        ),
    ),
)
INDEPENDENCE: Final = Section(
    "independence",
    "Independence and sharing",
    (
        Fact("implementer", "What kind of body implements it?", "choice", _BODIES),
        Fact("funder", "What kind of body pays for it?", "choice", _BODIES),
        Fact("paid", "Does the implementer pay the researchers?", "choice", YES_OR_OTHER),
        Fact(
            "may_publish",
            "Is it agreed in advance that all results may be published?",
            "choice",
            YES_OR_OTHER,
        ),
        Fact("condition", "Does a spending settlement require it? In which words?"),
        pick("data_sharing", "Will data be shared?", "Yes", "No", "Undecided"),
        Fact("sharing_details", "What is shared, when and with whom?"),
    ),
)
INTERVENTIONS: Final = Section(
    "interventions",
    "Interventions",
    (
        Fact("name", "Name", "line", longest=1024),
        Fact("group", "What kind of intervention is it?", "line", hint="Such as tutoring"),
        *texts(
            description="Describe it in brief",
            rationale="Why should it work?",
            materials="Materials used",
            procedures="Procedures used",
            provider="Who delivers it?",
            delivery="How is it delivered?",
            location="Where is it delivered?",
            frequency="How often is it delivered?",
            tailoring="How is it tailored?",
            fidelity="How well is it delivered?",
            resources="What does it need?",
            geography="Where in the country?",
            costs="What does it cost?",
        ),
        pick(
            "arm",
            "Arm",
            "Experimental",
            "Active comparator",
            "Placebo comparator",
            "Sham comparator",
            "No intervention",
            "Other",
        ),
    ),
    one="intervention",
    substance=True,
)
OUTCOMES: Final = Section(
    "outcomes",
    "Outcomes",
    (
        Fact("name", "Name", "line", longest=256),
        pick("rank", "Primary or secondary?", "Primary", "Secondary"),
        Fact("group", "What kind of outcome is it?", "line", hint="Such as literacy"),
        pick("directness", "Direct or surrogate?", "Direct", "Surrogate"),
        Fact("measure_type", "Type of measure", "choice", _MEASURES),
        Fact("time_frame", "When is it measured?"),
        Fact("description", "How is it measured?"),
        Fact("collection", "How are the data collected?"),
        Fact("minimum_difference", "What is the least difference that matters?"),
        Fact("relevance", "Why does it matter?"),
        OTHER,
    ),
    one="outcome",
    substance=True,
)
OTHER_MEASURES: Final = Section(
    "other_measures",
    "Other measures",
    (
        Fact("name", "Name", "line", longest=256),
        Fact("measure_type", "Type of measure", "choice", _MEASURES),
        Fact("description", "Describe it"),
        Fact("collection", "How and when are the data collected?"),
        OTHER,
    ),
    one="measure",
    substance=True,
)
STANDARDS: Final = Section(
    "standards",
    "Standards",
    (
        Fact("name", "Name", "line", longest=1024),
        pick("conformity", "Conformity", "Full", "Partial", "No"),
        Fact("description", "Describe it"),
    ),
    one="standard",
)
DOCUMENTS: Final = Section(
    "documents",
    "Plan documents",
    (
        Fact("title", "Title", "line", longest=256),
        Fact(
            "kinds",
            "What is it?",
            "choices",
            options(
                "Study protocol",
                "Analysis plan",
                "Theory of change",
                "Consent form",
                "Analysis code",
                "Data set",
                "Materials",
                "Other",
            ),
        ),
        Fact("url", "Address", "web"),
        Fact("description", "About it"),
    ),
    one="document",
)
COSTS: Final = Section(
    "costs",
    "What the evaluation costs",
    (
        Fact("name", "What for?", "line"),
        Fact("amount", "Pounds", "amount"),
        Fact("price_year", "In prices of which year?", "line", longest=9),
        Fact("from", "Spent from", "moment"),
        Fact("until", "Spent until", "moment"),
        Fact("description", "About it"),
    ),
    one="cost",
)
GRANTS: Final = Section(
    "grants",
    "Grants",
    (
        Fact("name", "Name", "line"),
        Fact("number", "Number", "line"),
        Fact("details", "Details"),
    ),
    one="grant",
)
SERVICES: Final = Section(
    "registrations",
    "Registered elsewhere",
    (
        Fact("name", "Name of the register", "line"),
        Fact("identifier", "Link or identifier", "line"),
    ),
    one="registration",
)
SECTIONS: Final = (
    ISSUE,
    INTERVENTIONS,
    OUTCOMES,
    OTHER_MEASURES,
    POPULATION,
    DESIGN,
    ANALYSIS,
    ECONOMIC,
    PROCESS_DESIGN,
    PROCESS_ASPECTS,
    PROCESS,
    OTHER_DESIGN,
    ETHICS,
    INDEPENDENCE,
    STANDARDS,
    DOCUMENTS,
    COSTS,
    GRANTS,
    SERVICES,
)
BY_NAME: Final = {section.name: section for section in SECTIONS}


def asked_of(types: list[str]) -> tuple[Section, ...]:
    """The sections that an evaluation of these types is asked for, in order."""
    return tuple(s for s in SECTIONS if not s.types or set(s.types) & set(types))
