"""How an evaluation is designed and analysed, type by type: the sections of a plan about that."""

from __future__ import annotations

from typing import Final

from concordat.evaluations.rules.facts import YES, Fact, Section, options, pick, texts

OTHER: Final = Fact("other", "If other, what?", "line")
YES_OR_OTHER: Final = (*YES, ("not_applicable", "Not applicable"), ("other", "Other"))
_SAMPLE: Final = "How large is the sample?"
_SAMPLING: Final = "How is the sample drawn?"
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
        Fact("sample", _SAMPLE),
        Fact("sampling", _SAMPLING),
        pick("allocation", "Allocation", "Randomised", "Not randomised", "Not applicable"),
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
            YES_OR_OTHER,
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
        pick("framework", "Framework", "Superiority", "Non-inferiority", "Equivalence", "Other"),
        pick("basis", "Basis", "Intention to treat", "Per protocol", "Other"),
        Fact("analysis_set", "Who is in the analysis?"),
        pick("effect_measure", "Effect measure", "Absolute", "Relative", "Other"),
        Fact("effect_size", "Primary effect size measure"),
        Fact("effect_description", "About the effect size measure"),
        pick("interval", "Interval", "Confidence", "Bayesian credible", "None", "Other"),
        pick(
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
        OTHER,
    ),
    types=("impact", "economic"),
    substance=True,
)
ECONOMIC: Final = Section(
    "economic",
    "Value for money",
    texts(
        costs="Whose costs?",
        benefits="Whose benefits?",
        monetisation="How are benefits given a value in money?",
        design="Describe the design",
        sample=_SAMPLE,
        sampling=_SAMPLING,
        analysis="Describe the analysis",
    ),
    types=("economic",),
    substance=True,
)
PROCESS_DESIGN: Final = Section(
    "process_design",
    "Design of the process evaluation",
    texts(
        design="Which design?",
        methods="Which methods?",
        sample=_SAMPLE,
        sampling=_SAMPLING,
        description="Describe it",
        rationale="Why these methods?",
        analysis="Describe the analysis",
    ),
    types=("process",),
    substance=True,
)
PROCESS_ASPECTS: Final = Section(
    "process_aspects",
    "Aspects of the process",
    (
        Fact("aspect", "Aspect", "choice", ASPECTS),
        Fact("summary", "Summary of findings"),
        Fact("findings", "Findings"),
        OTHER,
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
        OTHER,
    ),
    one="method",
    types=("process",),
    substance=True,
)
OTHER_DESIGN: Final = Section(
    "other_design",
    "Another design",
    texts(kind="What kind?", details="Describe the design", analysis="Describe the analysis"),
    types=("other", "synthesis"),
    substance=True,
)
