"""The bodies of the world: ministerial departments and agencies by their real names.

Names, addresses and parents are those of the organisations' list of GOV.UK; where it still named a
department that is no more, the parent is the one that has its work now.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Body:
    """An organisation: its slug on GOV.UK, its name, abbreviation, kind and parent's slug."""

    slug: str
    name: str
    abbreviation: str
    kind: str
    parent: str = ""
    is_government: bool = True


_DEPARTMENTS: Final = """
attorney-generals-office|Attorney General's Office|AGO
cabinet-office|Cabinet Office|CO
department-for-business-and-trade|Department for Business and Trade|DBT
department-for-culture-media-and-sport|Department for Culture, Media and Sport|DCMS
department-for-education|Department for Education|DfE
department-for-energy-security-and-net-zero|Department for Energy Security and Net Zero|DESNZ
department-for-environment-food-rural-affairs|Department for Environment, Food & Rural Affairs|Defra
department-for-science-innovation-and-technology|Department for Science, Innovation and Technology|DSIT
department-for-transport|Department for Transport|DfT
department-for-work-pensions|Department for Work and Pensions|DWP
department-of-health-and-social-care|Department of Health and Social Care|DHSC
foreign-commonwealth-development-office|Foreign, Commonwealth & Development Office|FCDO
hm-treasury|HM Treasury|HMT
home-office|Home Office|HO
ministry-of-defence|Ministry of Defence|MOD
ministry-of-housing-communities-local-government|Ministry of Housing, Communities and Local Government|MHCLG
ministry-of-justice|Ministry of Justice|MOJ
northern-ireland-office|Northern Ireland Office|NIO
office-of-the-advocate-general-for-scotland|Office of the Advocate General for Scotland|OAG
the-office-of-the-leader-of-the-house-of-commons|Office of the Leader of the House of Commons|OLHC|cabinet-office
office-of-the-leader-of-the-house-of-lords|Office of the Leader of the House of Lords|OLHL|cabinet-office
office-of-the-secretary-of-state-for-scotland|Office of the Secretary of State for Scotland|
office-of-the-secretary-of-state-for-wales|Office of the Secretary of State for Wales|
uk-export-finance|UK Export Finance|UKEF
"""
_AGENCIES: Final = """
active-travel-england|Active Travel England|ATE|department-for-transport
animal-and-plant-health-agency|Animal and Plant Health Agency|APHA|department-for-environment-food-rural-affairs
companies-house|Companies House|CH|department-for-business-and-trade
criminal-injuries-compensation-authority|Criminal Injuries Compensation Authority|CICA|ministry-of-justice
defence-science-and-technology-laboratory|Defence Science and Technology Laboratory|Dstl|ministry-of-defence
driver-and-vehicle-licensing-agency|Driver and Vehicle Licensing Agency|DVLA|department-for-transport
driver-and-vehicle-standards-agency|Driver and Vehicle Standards Agency|DVSA|department-for-transport
education-and-skills-funding-agency|Education and Skills Funding Agency|ESFA|department-for-education
government-internal-audit-agency|Government Internal Audit Agency|GIAA|hm-treasury
hm-courts-and-tribunals-service|HM Courts & Tribunals Service|HMCTS|ministry-of-justice
hm-prison-and-probation-service|HM Prison and Probation Service|HMPPS|ministry-of-justice
insolvency-service|The Insolvency Service|INSS|department-for-business-and-trade
intellectual-property-office|Intellectual Property Office|IPO|department-for-science-innovation-and-technology
legal-aid-agency|Legal Aid Agency|LAA|ministry-of-justice
maritime-and-coastguard-agency|Maritime and Coastguard Agency|MCA|department-for-transport
medicines-and-healthcare-products-regulatory-agency|Medicines and Healthcare products Regulatory Agency|MHRA|department-of-health-and-social-care
met-office|Met Office||department-for-science-innovation-and-technology
national-infrastructure-commission|National Infrastructure Commission|NIC|hm-treasury
uk-debt-management-office|UK Debt Management Office|DMO|hm-treasury
vehicle-certification-agency|Vehicle Certification Agency|VCA|department-for-transport
"""
OUTSIDE: Final = (
    Body("university-of-northbridge", "University of Northbridge", "", "university", "", False),
    Body("meridian-analytics", "Meridian Analytics Ltd", "", "company", "", False),
    Body("harbour-trust", "The Harbour Trust", "", "charity", "", False),
)


def bodies() -> list[Body]:
    """Departments first, then agencies, then outside organisations."""
    found = []
    for line in _DEPARTMENTS.strip().splitlines():
        slug, name, short, parent = f"{line}|".split("|")[:4]
        found.append(Body(slug, name, short, "ministerial-department", parent))
    for line in _AGENCIES.strip().splitlines():
        slug, name, short, parent = line.split("|")
        found.append(Body(slug, name, short, "executive-agency", parent))
    return [*found, *OUTSIDE]
