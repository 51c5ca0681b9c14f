"""Two years of a major projects portfolio: invented names, numbers and costs, in £ million.

As in a real one, some costs are hidden and say why, a department's prefix changes its case, one is no
body known here, and a project comes back under another number.
"""

from __future__ import annotations

from typing import Final

_SECTION: Final = "Exempt under Section {} of the Freedom of Information Act 2000 ({})"
_43: Final = _SECTION.format(43, "Commercial Interests")
_24: Final = _SECTION.format(24, "National Security")
_PLANNING: Final = "Early planning project (it has not yet passed its first business case)"
_HEAD: Final = (
    "year",
    "project_number",
    "project_name",
    "department",
    "report_category",
    "start_date",
    "end_date",
    "wlc_baseline_incl_NCG",
)

BEFORE: Final = (
    ("DWP_0001_2122-Q1", "Working Lives Service", "DWP", "ICT", "2021-04-01", "2027-03-31", "£640"),
    ("DWP_0002_2223-Q3", "Rural Jobs Network", "DWP", "Transformation", "2022-10-01", "2026-09-30", "£212.5"),
    ("DFE_0003_2122-Q2", "Schools Repair Programme", "DfE", "Infrastructure", "2021-09-01", "2031-08-31", "£4,310"),
    ("DFT_0004_2021-Q4", "Eastern Valley Line", "DfT", "Infrastructure", "2020-06-01", "2034-12-31", "£7,905"),
    ("MoD_0005_2122-Q1", "Coastal Watch", "MOD", "Military", "2021-05-01", "2030-05-01", "£1,150"),
    ("MoD_0006_2223-Q1", "Harbour Shield", "MOD", "Military", "2022-05-01", "2033-05-01", _24),
    ("MOJ_0007_2122-Q3", "Courts Online", "MOJ", "ICT", "2021-11-01", "2026-03-31", _43),
    ("DHSC_0008_2223-Q2", "Community Diagnosis", "DHSC", "Transformation", "2022-07-01", "2028-06-30", "£980.75"),
    ("HMT_0009_2122-Q2", "Public Accounts Hub", "HMT", "ICT", "2021-08-01", "2026-12-31", "-£35"),
    ("NRB_0010_2223-Q4", "Northern River Barrier", "NRB", "Infrastructure", "2023-01-01", "2035-01-01", "£1,420"),
    ("MOJ_0011_2223-Q1", "New Prison Places", "MOJ", "Infrastructure", "2022-04-01", "2029-04-01", "£2,260"),
)  # fmt: skip
AFTER: Final = (
    ("DWP_0001_2122-Q1", "Working Lives Service", "DWP", "ICT", "2021-04-01", "2028-03-31", "£702"),
    ("DWP_0002_2223-Q3", "Rural Jobs Network", "DWP", "Transformation", "2022-10-01", "2026-09-30", "£212.5"),
    ("DFE_0003_2122-Q2", "Schools Repair Programme", "DfE", "Infrastructure", "2021-09-01", "2032-08-31", "£4,655"),
    ("DFT_0004_2021-Q4", "Eastern Valley Line", "DfT", "Infrastructure", "2020-06-01", "2036-06-30", _43),
    ("MOD_0005_2122-Q1", "Coastal Watch", "MOD", "Military", "2021-05-01", "2030-05-01", "£1,150"),
    ("MOD_0006_2223-Q1", "Harbour Shield", "MOD", "Military", "2022-05-01", "2033-11-01", _24),
    ("MOJ_0007_2122-Q3", "Courts Online", "MOJ", "ICT", "2021-11-01", "2026-12-31", "£388"),
    ("DHSC_0008_2223-Q2", "Community Diagnosis", "DHSC", "Transformation", "2022-07-01", "2027-12-31", "£955"),
    ("HMT_0009_2122-Q2", "Public Accounts Hub", "HMT", "ICT", "2021-08-01", "2026-12-31", "-£40"),
    ("NRB_0010_2223-Q4", "Northern River Barrier", "NRB", "Infrastructure", "2023-01-01", "2035-01-01", "£1,420"),
    ("MOJ_0021_2425-Q1", "New Prison Places", "MOJ", "Infrastructure", "2022-04-01", "2030-10-01", "£2,604"),
    ("DFE_0012_2425-Q2", "Childcare Places", "DfE", "Transformation", "2025-01-01", "2029-03-31", _PLANNING),
)  # fmt: skip
# What is said to be the total of the later year, and of one of its portfolios.
TOTAL: Final = 20_500
TOTALS: Final = {"Infrastructure": "17200", "Military": "1900"}
# Which evaluation is of which project, by its title.
EVALUATED: Final = {
    "Job coaching by text message for people aged 50 to 64": ("DWP_0001_2122-Q1",),
    "Travel vouchers for jobseekers in rural areas": ("DWP_0002_2223-Q3",),
    "Reminders before court hearings": ("MOJ_0007_2122-Q3",),
    "Walking groups prescribed by general practices": ("DHSC_0008_2223-Q2",),
    "Protected cycle lanes on trunk roads in three cities": ("DFT_0004_2021-Q4",),
}


def file_of(lines: tuple[tuple[str, ...], ...], year: int) -> bytes:
    """A year as its file."""
    rows = [_HEAD, *((str(year), *line) for line in lines)]
    return "".join(";".join(row) + "\r\n" for row in rows).encode("cp1252")
