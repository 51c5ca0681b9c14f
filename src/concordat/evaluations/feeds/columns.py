"""The columns of the workbook and of the plain template, and where each belongs.

Headers are as the workbook writes them, its slips of the pen too: a file is matched by them, and an
export is headed by them. `*` marks those of the shorter form alone, `+` those of the fuller.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

_TABLE: Final = """
Major projects identifier* = rest
Evaluation ID = id
Report ID = report.id
gov_uk_link = report.url
Evaluation title = title
Short title for evaluation = rest
Process = type.process
Impact = type.impact
Economic = type.economic
Other evaluation type (please state) = type.other
Report title = report.title
Report type = report.kind
Client* = bodies
Government departments+ = bodies
Author(s) = report.authors
Evaluation summary = summary
Intervention start date (Month) = date.intervention_start.month
Intervention start date (Year) = date.intervention_start.year
Intervention end date (Month) = date.intervention_end.month
Intervention end date (Year) = date.intervention_end.year
Processes and standards = told.standards
Evaluation cost (£)+ = told.cost
Publication date (Month) = report.published.month
Publication date (Year) = report.published.year
Links to associated docments = report.links
Event category = events.category
Event start date (Month) = events.start.month
Event start date (Year) = events.start.year
Event end date (Month) = events.end.month
Event end date (Year) = events.end.year
Issue to be addressed = issue.description
Who is experiencing the issue = issue.who
Current practice = issue.current_practice
Why the issue is important / why are improvements needed = issue.why
Who does it matter to = issue.matters_to
What difference the intervention intends to make = issue.relevance
Studied population including location(s) = population.studied
Eligibility criteria = population.eligibility
Total number of people (or other unit) included in the evaluation = population.sample_size
Type of unit = population.unit
Intervention name = interventions.name
Intervention brief description = interventions.description
Intervention rationale = interventions.rationale
Materials used = interventions.materials
Procedures used = interventions.procedures
Who delivered the intervention = interventions.provider
How was the intervention delivered = interventions.delivery
Where was the intervention delivered = interventions.location
How often the intervention was delivered = interventions.frequency
Tailoring = interventions.tailoring
How well it was delivered (fidelity) = interventions.fidelity
Resource requirements = interventions.resources
Geographical information = interventions.geography
Intervention costs (£) = interventions.costs
Referral / recruitment route = population.recruitment
Referral / recruitment schedule = population.recruitment_schedule
Process - Design = process_design.design
Process - Method = process_design.methods
Process - Method sample size = process_design.sample
Process - Method sample size process = process_design.sampling
Process - Description = process_design.description
Process - Rationale for chosen methods = process_design.rationale
Impact - Design = design
Impact - Justification for design = design.justification
Impact - Features to reflect real-world implementation = design.features
Impact - Description = design.description
Impact - Equity = design.equity
Impact - Method sample size = design.sample
Impact - Method sample size process = design.sampling
Impact - Assumptions = design.assumptions
Impact - Limitations of approach = design.limitations
Economic - Methods = design
Economic - Method sample size = economic.sample
Economic - Method sample size process = economic.sampling
Economic - Costs included = economic.costs
Economic - Benefits included = economic.benefits
Economic - Monetisation approach = economic.monetisation
Economic - Evaluation design = economic.design
Other - Evaluation design = other_design.kind
Other - Summary of methods = other_design.details
Process - Description of analysis = process_design.analysis
Impact - Analysis framework = analysis.framework
Impact - Analysis basis+ = analysis.basis
Impact - Analysis set+ = analysis.analysis_set
Impact - Primary effect size measure type+ = analysis.effect_measure
Impact - Primary effect size measure+ = analysis.effect_size
Impact - Primary effect size measure interval+ = analysis.interval
Impact - Primary effect size measure description+ = analysis.effect_description
Impact - Interpretation type+ = analysis.interpretation
Impact - Sensitivity analysis+ = analysis.sensitivity
Impact - Subgroup analysis+ = analysis.subgroups
Impact - Missing data handling+ = analysis.missing_data
Impact - Fidelity of report+ = analysis.fidelity
Impact - Description of analysis = analysis.description
Economic - Description of analysis = economic.analysis
Other - Description of analysis = other_design.analysis
Outcome title = outcomes.name
Primary or secondary outcome = outcomes.rank
Direct or surrogate = outcomes.directness
Measure type+ = outcomes.measure_type
Description of measure = outcomes.description
Collection procedures = outcomes.collection
Time point of intesest (Month) = outcomes.time_frame.month
Time point of intesest (Year) = outcomes.time_frame.year
Minimum practically important difference+ = outcomes.minimum_difference
Relevance of outcome+ = outcomes.relevance
Other outcomes - Outcome name = other_measures.name
Other outcomes - Outcome measure type = other_measures.measure_type
Other outcomes - Description of measure = other_measures.description
Other outcomes - Collection procedures and timing = other_measures.collection
Process - Summary of findings = finding.process.summary
Process - Findings = finding.process.findings
Impact - Summary of findings = finding.impact.summary
Impact - Findings = finding.impact.findings
Economic - Summary of findings = finding.economic.summary
Economic - Findings = finding.economic.findings
Other - Summary of findings = finding.other.summary
Other - Findings = finding.other.findings
Ethics approval applied for = ethics.applied
Ethics committee approval = ethics.approval
Ethics committee details = ethics.details
Ethical state of study given existing evidence base+ = ethics.existing_evidence
Risks to participants+ = ethics.participant_risks
Risks to study team+ = ethics.team_risks
Participant involvement = ethics.involvement
Participant consent (if no, why not)+ = ethics.consent
Participant information+ = ethics.information
Participant payment (if yes, please ellaborate)+ = ethics.payment
Confidentiality and personal data+ = ethics.confidentiality
Breaking confidentiality+ = ethics.breaking_confidentiality
Other ethical information+ = ethics.other
Name of standard or process+ = standards.name
Conformity+ = standards.conformity
Process and standards - Description+ = standards.description
"""
# The plain table of a light entry: a row for each evaluation.
_LIGHT: Final = """
Your identifier = id
Title = title
What is evaluated = summary
Types = types
Designs and methods = design
Topics = topics
First data collected = when.first_data
Data collection has begun = kind.first_data
Ends = when.end
Results published = when.publication
Responsible person = contact_name
E-mail address = contact_email
Other bodies = bodies
"""
# The same words without the workbook's slips of the pen, or from an older printing of it.
_ALSO: Final = {
    "links to associated documents": "links to associated docments",
    "time point of interest (month)": "time point of intesest (month)",
    "time point of interest (year)": "time point of intesest (year)",
    "participant payment (if yes, please elaborate)": (
        "participant payment (if yes, please ellaborate)"
    ),
}


@dataclass(frozen=True)
class Column:
    """A column: its header, its place (`outcomes`, `outcomes.name`), and the form that has it."""

    header: str
    group: str
    name: str = ""
    part: str = ""
    form: str = ""


def _columns(table: str, form: str = "") -> tuple[Column, ...]:
    made = []
    for line in table.strip().splitlines():
        header, _, place = line.rpartition(" = ")
        mark = {"*": "shorter", "+": "fuller"}.get(header[-1], form)
        group, name, part = [*place.split("."), "", ""][:3]
        made.append(Column(header.rstrip("*+"), group, name, part, mark))
    return tuple(made)


WORKBOOK: Final = _columns(_TABLE)
LIGHT: Final = _columns(_LIGHT, "light")
SHORTER: Final = tuple(c.header for c in WORKBOOK if c.form != "fuller")
FULLER: Final = tuple(c.header for c in WORKBOOK if c.form != "shorter")
LIGHT_HEADERS: Final = tuple(c.header for c in LIGHT)
_KNOWN: Final = {c.header.casefold(): c for c in (*WORKBOOK, *LIGHT)}


def column(header: str) -> Column | None:
    """The column of that header, in any case and with its slips mended; None for a strange one."""
    plain = " ".join(header.replace("\ufeff", "").split()).casefold()
    return _KNOWN.get(_ALSO.get(plain, plain))
