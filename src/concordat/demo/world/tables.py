"""The ten real tables of the world: what stands behind which dataset, and what its columns mean."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Final

from concordat.demo.world.large import write_large
from concordat.demo.world.small import SMALL


@dataclass(frozen=True)
class TablePlan:
    """A table to be: its publisher, the dataset it stands behind, its columns and their meaning."""

    name: str
    title: str
    owner: str
    dataset: str
    rows: int
    meanings: dict[str, str] = field(hash=False)

    def dictionary(self) -> list[dict[str, str]]:
        """The columns, as a data dictionary has them before the table is loaded."""
        return [{"name": name, "description": text} for name, text in self.meanings.items()]


def _columns(text: str) -> dict[str, str]:
    """Name and meaning, one column a line."""
    pairs = (line.split(": ", 1) for line in text.strip().splitlines())
    return {name.strip(): meaning.strip() for name, meaning in pairs}


_AREA: Final = "Local authority as the office wrote it; spellings differ between offices"

PLANS: Final = (
    TablePlan(
        "junior_posts",
        "Junior posts",
        "hm-treasury",
        "Junior posts in the Treasury group",
        9000,
        _columns("""
Department: The department that answers for the post
Organisation: The body of the Treasury group that employs
Unit: Team within the organisation; trailing spaces are the source's
Grade: Civil service grade
Pay minimum: Least pay of the grade in pounds a year; empty where one person would be known by it
Pay maximum: Most pay of the grade in pounds a year; empty where one person would be known by it
Job title: What the post is called; some begin with an equals sign
FTE: Full-time equivalents in posts of this kind
Profession: Profession of the post; n/a where none fits
"""),
    ),
    TablePlan(
        "spending",
        "Payments over £25,000",
        "hm-treasury",
        "Public spending over £25,000",
        60000,
        _columns("""
Date: Day of payment, mostly as 2024-03-31, in places as 31/03/2024
Supplier: Who was paid; NULL is text where the ledger had no name
Supplier code: Six digits, zeros in front included
Purpose: What it was paid for; may be empty
Amount (£): Pounds; negative where an earlier payment was corrected
Expense area: Area of the budget; c where it is withheld
"""),
    ),
    TablePlan(
        "claims",
        "Benefit claims",
        "department-for-work-pensions",
        "Benefit claims",
        2000000,
        _columns(f"""
claim_id: Number of the claim, not of the person; a few rows come twice
benefit: The benefit claimed, as the office wrote it
claimed_on: Day of the claim as entered: 2024-03-31, 31/03/2024, 31 Mar 2024 or empty
decided_on: Day of the decision; empty while it is open
area_code: Nine-character code of the area
local_authority: {_AREA}
age_band: Age of the claimant in bands; n/a or empty where it was not asked
outcome: What was decided; empty while it is open
weekly_award: Pounds a week; negative where an overpayment is recovered
sanctions: Sanctions within twelve months of the claim
language: Language of the interview
appeal_reference: Reference of an appeal; empty for nearly all
"""),
    ),
    TablePlan(
        "traffic",
        "Traffic counts",
        "department-for-transport",
        "Road traffic counts",
        200000,
        _columns(f"""
count_point_id: Number of the count point, which is a place on a road
road_name: Number of the road; U for an unclassified one
local_authority: {_AREA}
count_date: Day of the count
hour: Hour that begins the count, from 7 to 18
direction: Direction of travel; C where both are counted as one
pedal_cycles: Pedal cycles
two_wheeled_motor_vehicles: Motorcycles and mopeds
cars_and_taxis: Cars and taxis; empty where the count failed
buses_and_coaches: Buses and coaches
light_goods_vehicles: Vans up to 3.5 tonnes
heavy_goods_vehicles: Lorries over 3.5 tonnes; -999 where they were not told apart
method: Whether a person counted or a model estimated
note: What disturbed the count; empty for nearly all
"""),
    ),
    TablePlan(
        "tests",
        "Vehicle tests",
        "driver-and-vehicle-standards-agency",
        "Vehicle test results",
        200000,
        _columns("""
test_id: Number of the test; a few rows come twice
vehicle_class: Class of the vehicle, 4 for most cars; a few are in Roman numbers
test_date: Day of the test
result: P passed, F failed, PRS passed after repair at the station, ABA and ABR abandoned
odometer: Reading of the odometer; 999999 where it could not be read
odometer_unit: mi or km; may be empty
make: Make of the vehicle as entered, with and without accents
fuel: PE petrol, DI diesel, HY hybrid, EL electric
first_used: Day of first use as entered, in several styles
postcode_area: Area of the station; ZZ for the armed forces
failure_reasons: Why it failed, several reasons with a semicolon between
appeal: Outcome of an appeal; empty for nearly all
"""),
    ),
    TablePlan(
        "starts",
        "Apprenticeship starts",
        "department-for-education",
        "Apprenticeship starts",
        20000,
        _columns("""
academic_year: Academic year, as 2023/24 and in places as 2023-2024
area_code: Nine-character code of the area; empty where it is not known
local_authority: Where the apprentice lives
level: Intermediate, advanced or higher
sector: Sector subject area; n/a where none fits
age_group: Age at the start
starts: Apprenticeships begun; c below ten
achievements: Apprenticeships achieved; c where the starts were below twenty
note: What a reader must know; empty for nearly all
"""),
    ),
    TablePlan(
        "workforce",
        "School workforce",
        "department-for-education",
        "School workforce",
        20000,
        _columns("""
census_year: Year of the November census
urn: Unique reference number of the school, zeros in front included
school_name: Name of the school
phase: Phase of education; may be empty
teachers_fte: Teachers, in full-time equivalents
support_staff_fte: Support staff, in full-time equivalents
vacancies: Vacant posts; z where the question does not apply
absence_days: Days lost a teacher; c too few to show, x not collected
"""),
    ),
    TablePlan(
        "housing",
        "Housing supply",
        "ministry-of-housing-communities-local-government",
        "Housing supply",
        5000,
        _columns("""
financial_year: Financial year from 1 April
authority_code: Nine-character code of the authority
authority: Name of the authority
new_build: Homes built
conversions: Homes gained by conversion, net; negative where two became one
change_of_use: Homes made of other buildings; .. where no return was made
demolitions: Homes demolished, as a negative number
net_additions: Net additional homes
note: Why a figure was revised
"""),
    ),
    TablePlan(
        "air",
        "Air quality readings",
        "department-for-environment-food-rural-affairs",
        "Air quality readings",
        100000,
        _columns("""
station_code: Code of the monitoring station
station_name: Name of the monitoring station
measured_at: Hour that ends the measurement, GMT
pollutant: NO2, O3, PM10, PM2.5 or SO2
reading: Concentration; slightly negative near zero, empty where nothing was measured
unit: Micrograms a cubic metre, written in two ways
status: R ratified, P provisional, P* provisional and in doubt
instrument_note: What was done to the instrument; empty for nearly all
"""),
    ),
    TablePlan(
        "weather",
        "Weather observations",
        "met-office",
        "Weather observations",
        100000,
        _columns("""
station_id: Number of the station, zeros in front included
station_name: Name of the station
observed_at: Hour of the observation, GMT
air_temperature_c: Degrees Celsius; -999 where the thermometer failed
rainfall_mm: Millimetres in the hour; tr for a trace, n/a or empty where not measured
wind_speed_knots: Mean speed over ten minutes, in knots
wind_direction_degrees: Where the wind comes from; 0 for calm
pressure_hpa: Pressure at sea level; -999 where the barometer failed
visibility_m: Metres
cloud_oktas: Eighths of the sky; 9 where it cannot be seen
snow_depth_cm: Centimetres of lying snow; empty for nearly all
"""),
    ),
)
BEHIND: Final = {plan.dataset: plan for plan in PLANS}


def write(plan: TablePlan, seed: int, folder: Path, scale: float = 1.0) -> Path:
    """Write a table's file and return it: the same rows for the same seed and scale."""
    rows = max(50, int(plan.rows * scale))
    if plan.name not in SMALL:
        salt = seed * 1000 + PLANS.index(plan)
        return write_large(plan.name, salt, folder / f"{plan.name}.parquet", rows)
    path = folder / f"{plan.name}.csv"
    # Real files come in every shape: one in Windows-1252, one with semicolons.
    encoding = "cp1252" if plan.name == "spending" else "utf-8"
    delimiter = ";" if plan.name == "housing" else ","
    with path.open("w", encoding=encoding, newline="") as file:
        lines = csv.writer(file, delimiter=delimiter)
        lines.writerow(plan.meanings)
        lines.writerows(SMALL[plan.name](Random(f"{seed}{plan.name}"), rows))
    return path
