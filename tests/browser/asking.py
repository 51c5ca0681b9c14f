"""The pages of questions and recommendations that nobody is led to before they have sent something."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.browser.crawl import Page, Visitor

AGENDA = """Agency Abbreviation,QuestionID,Question,Tags
DWP,W 1,What works?,"Work, Pay"
NOBODY,N 1,Who asks?,
"""


def asking(evaluator: Visitor, lead: Visitor) -> Iterator[Page]:
    """A question, an agenda, a link and a recommendation, each sent wrongly first."""
    home = "/inside/evaluations/questions"
    yield evaluator.fill(f"{home}/new", text="")
    asked = evaluator.fill(f"{home}/new", text="What brings people back to work?", tags="Work")
    yield asked
    yield evaluator.fill(f"{asked.address}/edit", text="")
    yield lead.fill(f"{home}/load", source="")
    sent = {"file": ("agenda.csv", AGENDA)}
    yield lead.fill(f"{home}/load", files=sent, source="agenda")
    yield lead.fill(f"{asked.address}/publish")
    listed = evaluator.get("/inside/evaluations")[2]
    found = re.search(r'href="(/inside/evaluations/(EV[A-Z0-9-]+))">Travel vouchers', listed)
    assert found is not None
    yield evaluator.fill(f"{asked.address}/link", evaluation="Nonsense", relation="")
    yield evaluator.fill(f"{asked.address}/link", evaluation=found[2], relation="answers")
    yield lead.fill(f"{asked.address}/answer", note="")
    reference = asked.address.rsplit("/", 1)[1]
    yield evaluator.fill(f"{found[1]}/questions/new", question=reference, relation="answers")
    yield evaluator.fill(f"{found[1]}/recommendations/new", text="")
    yield evaluator.fill(f"{found[1]}/recommendations/new", text="Tell everybody of the voucher.")
    page = lead.get(found[1])[2]
    answer = re.findall(r'href="(/inside/evaluations/recommendations/\d+/respond)"', page)[-1]
    yield lead.fill(answer, response="")
    yield lead.fill(answer, response="accepted", response_text="We will.")
    yield lead.fill(answer.replace("/respond", "/finish"), changed="")
    again = "Job coaching by text message, for people of 50 to 64"
    yield evaluator.fill("/inside/evaluations/new", title=again)
