"""The pages of the registry that nobody is led to before they have filled something in."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from tests.browser.crawl import Page, Visitor

_STEPS = (
    {"title": "Do letters work?", "summary": "A letter.", "plain_summary": "A letter."},
    {"types": "impact"},
    {"designs": "randomised_individual"},
    {"topics": "money"},
    {
        "first_data_year": "2028",
        "first_data_kind": "intended",
        "ends_month": "3",
        "ends_year": "2029",
        "publication_year": "2030",
    },
)


def evaluating(evaluator: Visitor) -> Iterator[Page]:
    """An evaluation from its title to the check, each step answered wrongly first."""
    yield evaluator.fill("/inside/evaluations/new", title="")
    step = evaluator.fill("/inside/evaluations/new", title="Do letters work?")
    record = step.address.partition("/register")[0]
    for answers in _STEPS:
        yield step
        yield evaluator.fill(step.address, **dict.fromkeys(answers, ""))
        step = evaluator.fill(step.address, **answers)
    yield step
    approver = _option(step.text)
    who = {"contact_name": "The team", "contact_email": "team@example.org", "approver": approver}
    yield evaluator.fill(step.address, **who)
    plan = f"{record}/plan"
    yield evaluator.fill(f"{plan}/interventions", name="")
    yield evaluator.fill(f"{plan}/interventions", name="A letter")
    yield evaluator.fill(f"{plan}/costs", name="Interviews", amount="lots")
    yield evaluator.fill(f"{record}/dates", event="start", on_year="2028", kind="")
    yield evaluator.fill(f"{record}/dates", event="start", on_year="2028", kind="intended")
    yield evaluator.fill(f"{record}/hiding", path="outcomes", until_year="2031")
    yield evaluator.fill(f"{record}/description", title="")
    yield evaluator.fill(f"{record}/invite", editors="nobody@example.org")
    yield evaluator.fill(f"{record}/submit")
    yield from _reports(evaluator)
    yield evaluator.fill("/inside/evaluations/new", title="One that is only begun")


def _reports(evaluator: Visitor) -> Iterator[Page]:
    """A report that waits for the lead."""
    listed = evaluator.get("/inside/evaluations")[2]
    found = re.search(r'href="(/inside/evaluations/EV[A-Z0-9-]+)">Travel vouchers', listed)
    assert found is not None
    yield evaluator.fill(f"{found[1]}/exemptions/new", ground="", reason="")
    asked = {"ground": "journal", "reason": "A journal has it.", "expires_on_day": "1"}
    asked |= {"expires_on_month": "1", "expires_on_year": str(date.today().year + 2)}
    yield evaluator.fill(f"{found[1]}/exemptions/new", **asked)
    yield evaluator.fill(f"{found[1]}/lateness", ground="", reason="")
    yield evaluator.fill(f"{found[1]}/lateness", ground="quality", reason="It is checked again.")
    yield evaluator.fill(f"{found[1]}/reports/new", title="")
    made = evaluator.fill(f"{found[1]}/reports/new", title="Results", kinds="main_final_report")
    yield made
    yield evaluator.fill(f"{made.address}/edit", title="")
    yield evaluator.fill(f"{made.address}/submit")
    # A finding whose name is only like that of an outcome.
    finding = {"outcome": "Interviews that were attended", "kind": "PRIMARY", "estimate": "1"}
    yield evaluator.fill(f"{found[1]}/findings/new", measure="absolute", **finding)
    promises = f"{found[1]}/promises"
    text = evaluator.get(promises)[2]
    yield Page(promises, "", "", text, evaluator.person)
    settle = re.search(rf'href="({promises}/\d+)"', text)
    assert settle is not None
    yield evaluator.fill(settle[1])


def investing(keeper: Visitor) -> Iterator[Page]:
    """The portfolio: a file without a year, one that is half refused, a total, a joining."""
    home = "/inside/evaluations/portfolio"
    yield keeper.fill(home, year="")
    # One more that may be the same as a later one, one that is refused.
    lines = b"project_number;project_name;wlc\nA_1_1819-Q1;Childcare Places;1\n;Nameless;2\n"
    yield keeper.fill(home, year="2019", files={"file": ("portfolio.txt", b"nothing")})
    yield keeper.fill(home, year="2019", files={"file": ("portfolio.csv", lines)})
    yield keeper.fill(f"{home}/2019/total", total="5", basis="")
    yield keeper.fill(f"{home}/2019/total", total="5", basis="all", total_source="A report")
    found = re.search(r'href="(/inside/evaluations/projects/[^"]+/join[^"]+)"', keeper.get(home)[2])
    assert found is not None
    yield keeper.fill(found[1], into="none")
    yield keeper.fill(found[1])


def _option(text: str) -> str:
    """The first person who may be chosen."""
    _, _, rest = text.partition('name="approver"')
    return next(
        part.partition('"')[0] for part in rest.split('<option value="')[1:] if part[0] != '"'
    )


_FILE = """Your identifier,Title,What is evaluated,Types,Other bodies
a1,Do calls work?,A call.,Impact,Department for Hamsters
a2,Do visits work?,A visit.,Something,
"""


def bringing(evaluator: Visitor) -> Iterator[Page]:
    """Files of evaluations: one that is none, one whose names nobody has, checked and brought in;
    a registration from elsewhere, and what is kept beside it."""
    form = "/inside/evaluations/import"
    yield evaluator.fill(form)
    yield evaluator.fill(form, files={"file": ("in.csv", "a,b\n1,2\n")})
    check = evaluator.fill(form, files={"file": ("in.csv", _FILE)})
    yield check
    yield evaluator.fill(check.address, how="check", name_0="no-such-body")
    for how in ("check", "bring"):
        job = evaluator.fill(check.address, how=how, name_0="-" if how == "bring" else "")
        until = time.monotonic() + 60
        while "See how far it is now" in job.text and time.monotonic() < until:
            time.sleep(0.2)
            job = replace(job, text=evaluator.get(job.address)[2])
        yield job
    listed = evaluator.get("/inside/evaluations/imports")[2]
    for report in re.findall(r'href="(/inside/evaluations/imports/\d+)"', listed)[:2]:
        yield Page(report, "", "", evaluator.get(report)[2], evaluator.person)
    answers = json.dumps({"q6": "A letter.", "q8": "letters"})
    form = "/inside/evaluations/import-answers"
    yield evaluator.fill(form)
    files = {"answers": ("answers.json", answers)}
    yield evaluator.fill(form, files=files, form="ridie", title="Letters abroad")
