"""What the world's datasets are about: one line a subject, with what a librarian would add."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Subject:
    """Title, publisher's slug, theme, what it holds, another title, keywords, and how it is made."""

    title: str
    owner: str
    theme: str
    holds: str
    alternative: str
    keywords: tuple[str, ...]
    made: str


# title | publisher | theme | what it holds | another title | keywords | how it is made
_LINES: Final = """
Benefit claims|department-for-work-pensions|society|claims, awards and sanctions|Claimant records extract|welfare, social security, claimants, awards|Taken each night from the systems that pay benefits, with names and National Insurance numbers left out
Apprenticeship starts|department-for-education|education|starts, levels and sectors|Individualised learner record: apprenticeships|training, employers, skills, learners|Providers return a record for each learner every month; figures are final fourteen months after the year ends
School workforce|department-for-education|education|teachers, support staff and vacancies|November school census: staff|teachers, vacancies, absence, pay|Every maintained school and academy makes a return on the first Thursday of November
Road traffic counts|department-for-transport|transport|vehicles passing each count point|Manual classified counts|roads, congestion, freight, cycling|Enumerators stand at the roadside for twelve hours; places that are not visited are estimated from the year before
Vehicle test results|driver-and-vehicle-standards-agency|transport|passes, failures and reasons|MOT test outcomes|MOT, garages, road safety, mileage|Testing stations enter each result as the vehicle leaves the bay; corrections are entered as new tests
Vehicle licensing|driver-and-vehicle-licensing-agency|transport|vehicles licensed by make and fuel|Vehicle parc|cars, registration, fuel type, ownership|Counted from the vehicle register on the last day of each quarter
Cycling and walking schemes|active-travel-england|transport|schemes, funding and length built|Active travel pipeline|footways, cycle tracks, grants, councils|Councils report progress by form; length is measured on the ground when a scheme opens
Company register|companies-house|business-and-economy|companies, officers and filings|Basic company data|incorporations, directors, accounts, filings|An extract of the public register as it stands on the first working day of the month
Insolvency notices|insolvency-service|business-and-economy|petitions, orders and outcomes|Official receiver caseload|bankruptcy, liquidation, creditors, courts|Case officers record each step; cases reopened by a court appear again
Trade mark applications|intellectual-property-office|business-and-economy|marks, classes and owners|Trade mark journal extract|brands, intellectual property, Nice classes|Applications as filed, with the class that the examiner settled on
Export guarantees|uk-export-finance|business-and-economy|guarantees by sector and market|Business supported|trade finance, exporters, credit insurance|Taken from the book of guarantees after each board; small markets are put together
Public spending over £25,000|hm-treasury|government-spending|payments, suppliers and purposes|Transparency: departmental spend|invoices, procurement, suppliers, transparency|Drawn from the ledger at the end of the month; credit notes stand as negative payments
Gilt auctions|uk-debt-management-office|business-and-economy|gilts offered, bids and yields|Auction results|bonds, government debt, yields, primary dealers|Published on the afternoon of each auction and never revised
Infrastructure pipeline|national-infrastructure-commission|government-spending|projects, cost and stage|Major projects ahead|capital, construction, energy, rail|Sponsors tell of projects twice a year; costs are in prices of the year of the estimate
Audit findings|government-internal-audit-agency|government|findings by theme and rating|Assurance themes|risk, controls, assurance, recommendations|Counted over reports issued in the year, without naming who was audited
Hospital prescribing|department-of-health-and-social-care|health|medicines prescribed by trust|Secondary care medicines|medicines, pharmacy, NHS trusts, cost|Hospital pharmacies send what they issued; substances are coded afterwards
Medicine safety reports|medicines-and-healthcare-products-regulatory-agency|health|reports by medicine and reaction|Yellow card summary|side effects, vaccines, pharmacovigilance|Anybody may report a suspected reaction, so a count is no measure of how common it is
Court timeliness|hm-courts-and-tribunals-service|crime-and-justice|days from charge to completion|Time through the courts|magistrates, Crown Court, backlog, hearings|Worked out from the dates in the case management systems, which two courts still key by hand
Prison population|hm-prison-and-probation-service|crime-and-justice|people in custody by establishment|Weekly custody count|custody, sentences, remand, capacity|The roll at unlock each Friday; open and closed conditions are counted apart
Legal aid claims|legal-aid-agency|crime-and-justice|claims by category of law|Provider billing|solicitors, advice, tribunals, fees|Bills as paid to providers, in the month of payment and not of the work
Injury compensation|criminal-injuries-compensation-authority|crime-and-justice|applications and awards|Tariff awards|victims, violent crime, awards, tariff|Applications by the day they came in and awards by the day they were accepted
Police recorded crime|home-office|crime-and-justice|offences by force and outcome|Crimes and outcomes open data|offences, police forces, detection|Forces send offences monthly under common counting rules; some forces resubmit whole years
Border crossings|home-office|government|arrivals by route and nationality|Passenger arrivals|passports, visas, ports, travel|Counted from advance passenger information, rounded to the nearest hundred
Housing supply|ministry-of-housing-communities-local-government|society|net additional dwellings|Housing flows reconciliation|homes, planning, building, demolition|Local authorities reconcile building control, council tax and planning records once a year
Council finance|ministry-of-housing-communities-local-government|government-spending|revenue and capital by authority|Revenue outturn|local government, council tax, budgets|Treasurers certify each return; late returns are estimated until they come
Air quality readings|department-for-environment-food-rural-affairs|environment|hourly readings by station|Automatic urban and rural network|pollution, nitrogen dioxide, particulates, ozone|Instruments report every hour; readings are provisional until ratified the following June
Bathing water quality|department-for-environment-food-rural-affairs|environment|samples and classifications|Designated bathing waters|beaches, bacteria, swimming, sewage|Samplers visit every designated water from May to September
Animal disease cases|animal-and-plant-health-agency|environment|cases by species and county|Notifiable disease surveillance|livestock, avian influenza, bovine TB, vets|Vets must report suspicion at once; what a laboratory did not confirm is taken out later
Energy consumption|department-for-energy-security-and-net-zero|environment|gas and electricity by area|Sub-national consumption|meters, households, industry, carbon|Meter readings corrected for the weather and put together to areas of about 700 homes
Heat pump installations|department-for-energy-security-and-net-zero|environment|installations by region|Boiler upgrade vouchers|heating, low carbon, grants, homes|Installers redeem a voucher for each heat pump; regions with fewer than five are hidden
Weather observations|met-office|environment|hourly observations by station|Surface synoptic observations|temperature, rainfall, wind, climate|Stations report on the hour; a few are still read by a person and rest at night
Coastguard incidents|maritime-and-coastguard-agency|transport|incidents by type and area|Search and rescue tasking|rescue, lifeboats, helicopters, beaches|Operations rooms log each incident as it happens; hoaxes stay in and are marked
Museum visits|department-for-culture-media-and-sport|society|visits and audiences by museum|Sponsored museums indicators|galleries, visitors, tourism, exhibitions|Museums count at the door; school parties are counted as children
Broadband coverage|department-for-science-innovation-and-technology|digital-service-performance|premises by speed|Gigabit availability|fibre, gigabit, premises, rural|Operators say which premises they can reach; nobody has measured the speed there
Research grants|department-for-science-innovation-and-technology|education|grants, partners and places|Funded projects|universities, innovation, funding, partners|Taken from award letters; partners that joined later are missing
Defence contracts|ministry-of-defence|government-spending|contracts, value and region|Contract awards with industry|procurement, industry, regions, jobs|Contracts over a million pounds by place of work, where that may be told
Aid projects|foreign-commonwealth-development-office|government-spending|projects by country and sector|Development tracker extract|overseas aid, development, humanitarian|Programme teams publish to the common aid standard each month
Civil service workforce|cabinet-office|government|grades, professions and places|Annual employment survey|civil servants, headcount, grades, diversity|Departments return one record for each employee as at 31 March
Government services performance|cabinet-office|digital-service-performance|transactions and completion|Service dashboard|digital services, users, completion, cost|Services send weekly counts by machine; satisfaction is asked of those who finished
Skills funding|education-and-skills-funding-agency|education|allocations by provider|Adult budget allocations|colleges, adults, allocations, budgets|Allocations as agreed before the year, not what was spent
Junior posts in the Treasury group|hm-treasury|government|posts below the senior civil service|Organogram: junior staff|posts, pay, organogram, grades|Human resources teams of the group send their establishment lists twice a year
"""


def subjects() -> list[Subject]:
    """Every subject, in the order of the list."""
    found = []
    for line in _LINES.strip().splitlines():
        title, owner, theme, holds, alternative, keywords, made = line.split("|")
        words = tuple(word.strip() for word in keywords.split(","))
        found.append(Subject(title, owner, theme, holds, alternative, words, made))
    return found
