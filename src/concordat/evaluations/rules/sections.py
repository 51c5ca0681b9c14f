"""Everything that a plan may say: the sections and their facts, as data.

After the full schema of the UK registry, with what other registers of trials ask beside it. Forms,
the API, the public page, the difference between two versions and the checks all read this table.
"""

from __future__ import annotations

from typing import Final

from concordat.evaluations.rules.facts import YES, Fact, Section, options

_IMPACT: Final = ("impact",)
_OTHER: Final = Fact("other", "If other, what?", "line")
_MEASURES: Final = options("Continuous", "Discrete", "Binary", "Ordinal", "Nominal", "Other")
_INDEPENDENCE: Final = (*YES, ("not_applicable", "Not applicable"), ("other", "Other"))
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
PROCESS_METHODS: Final = options(
    "Individual interviews",
    "Focus groups or group interviews",
    "Case studies",
    "Surveys and polling",
    "Output or performance monitoring",
    "Qualitative observation",
    "Consultative or deliberative",
    "Other",
)
ASPECTS: Final = options(
    "Implementation feasibility",
    "Fidelity",
    "Acceptability to target population",
    "Acceptability to implementers",
    "Participation",
    "Perceived relevance",
    "Intention to use",
    "Impact on intermediate outcomes",
    "Qualitative study of causal processes",
    "Unanticipated outcomes",
    "Context: effect on implementation",
    "Context: effect on outcomes",
    "Sustainability",
    "Evaluation feasibility",
    "Other",
)


def _facts(**labels: str) -> tuple[Fact, ...]:
    return tuple(Fact(name, label) for name, label in labels.items())


def _pick(name: str, label: str, *labels: str) -> Fact:
    return Fact(name, label, "choice", options(*labels))


ISSUE: Final = Section(
    "issue",
    "The issue",
    _facts(
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
DESIGN: Final = Section(
    "design",
    "Design of the impact evaluation",
    (
        Fact("comparison", "What is it compared with?"),
        Fact("justification", "Why this design?"),
        Fact("description", "Describe the design"),
        Fact("features", "How does it reflect real-world conditions?"),
        Fact("equity", "How does it regard equity?"),
        Fact("assumptions", "What does it assume?"),
        Fact("limitations", "What are its limitations?"),
        _pick("allocation", "Allocation", "Randomised", "Not randomised", "Not applicable"),
        Fact(
            "masking",
            "Who does not know who is in which arm?",
            "choices",
            options("Participants", "Providers", "Investigators", "Assessors"),
        ),
        Fact(
            "power_done",
            "Was a power analysis done before data collection?",
            "choice",
            _INDEPENDENCE,
        ),
        Fact("power", "About the power analysis"),
    ),
    types=("impact", "economic"),
    substance=True,
)
ANALYSIS: Final = Section(
    "analysis",
    "Analysis of the impact evaluation",
    (
        _pick("framework", "Framework", "Superiority", "Non-inferiority", "Equivalence", "Other"),
        _pick("basis", "Basis", "Intention to treat", "Per protocol", "Other"),
        Fact("analysis_set", "Who is in the analysis?"),
        _pick("effect_measure", "Effect measure", "Absolute", "Relative", "Other"),
        Fact("effect_size", "Primary effect size measure"),
        Fact("effect_description", "About the effect size measure"),
        _pick("interval", "Interval", "Confidence", "Bayesian credible", "None", "Other"),
        _pick(
            "interpretation",
            "Interpretation",
            "Of intervals",
            "Hypothesis testing",
            "None",
            "Other",
        ),
        Fact("sensitivity", "Sensitivity analysis"),
        Fact("subgroups", "Analysis of subgroups"),
        Fact("missing_data", "How are missing data handled?"),
        Fact("fidelity", "Is fidelity measured?", "yes", YES),
        Fact("description", "Describe the planned analysis"),
        _OTHER,
    ),
    types=("impact", "economic"),
    substance=True,
)
ECONOMIC: Final = Section(
    "economic",
    "Value for money",
    _facts(
        costs="Whose costs?",
        benefits="Whose benefits?",
        monetisation="How are benefits given a value in money?",
        design="Describe the design",
        analysis="Describe the analysis",
    ),
    types=("economic",),
    substance=True,
)
OTHER_DESIGN: Final = Section(
    "other_design",
    "Another design",
    _facts(kind="What kind?", details="Describe the design", analysis="Describe the analysis"),
    types=("other", "synthesis"),
    substance=True,
)
ETHICS: Final = Section(
    "ethics",
    "Ethics",
    (
        Fact("approval", "Did an ethics committee approve it?", "choice", _INDEPENDENCE),
        Fact("board", "Name of the committee", "line"),
        Fact("number", "Its reference number", "line"),
        Fact("approved_on", "When did it approve?", "moment"),
        *_facts(
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
        Fact("paid", "Does the implementer pay the researchers?", "choice", _INDEPENDENCE),
        Fact(
            "may_publish",
            "Is it agreed in advance that all results may be published?",
            "choice",
            _INDEPENDENCE,
        ),
        Fact("condition", "Does a spending settlement require it? In which words?"),
        _pick("data_sharing", "Will data be shared?", "Yes", "No", "Undecided"),
        Fact("sharing_details", "What is shared, when and with whom?"),
    ),
)
INTERVENTIONS: Final = Section(
    "interventions",
    "Interventions",
    (
        Fact("name", "Name", "line", longest=1024),
        Fact("group", "What kind of intervention is it?", "line", hint="Such as tutoring"),
        *_facts(
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
        ),
        _pick(
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
        _pick("rank", "Primary or secondary?", "Primary", "Secondary"),
        Fact("group", "What kind of outcome is it?", "line", hint="Such as literacy"),
        _pick("directness", "Direct or surrogate?", "Direct", "Surrogate"),
        Fact("measure_type", "Type of measure", "choice", _MEASURES),
        Fact("time_frame", "When is it measured?"),
        Fact("description", "How is it measured?"),
        Fact("collection", "How are the data collected?"),
        Fact("minimum_difference", "What is the least difference that matters?"),
        Fact("relevance", "Why does it matter?"),
        _OTHER,
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
        _OTHER,
    ),
    one="measure",
    substance=True,
)
PROCESS_ASPECTS: Final = Section(
    "process_aspects",
    "Aspects of the process",
    (
        Fact("aspect", "Aspect", "choice", ASPECTS),
        Fact("summary", "Summary of findings"),
        Fact("findings", "Findings"),
        _OTHER,
    ),
    one="aspect",
    types=("process",),
)
PROCESS: Final = Section(
    "process_methods",
    "Methods of the process evaluation",
    (
        Fact("method", "Method", "choice", PROCESS_METHODS),
        Fact("aspects", "Which aspects does it measure?", "choices", ASPECTS),
        Fact("more", "More about it"),
        _OTHER,
    ),
    one="method",
    types=("process",),
    substance=True,
)
STANDARDS: Final = Section(
    "standards",
    "Standards",
    (
        Fact("name", "Name", "line", longest=1024),
        _pick("conformity", "Conformity", "Full", "Partial", "No"),
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
