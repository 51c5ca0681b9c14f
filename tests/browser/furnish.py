"""What the demonstration world lacks for every page to be reached: made by filling in the forms."""

from __future__ import annotations

import gzip
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from html import unescape

from tests.browser.asking import asking
from tests.browser.crawl import Page, Visitor
from tests.browser.evaluating import bringing, evaluating, investing
from tests.browser.weighing import weighing
from tests.site import Site

# The last line does not fit.
LINES = "paid_on,amount\n2026-01-01,1\n2026-01-02,2\n2026-01-03,3,4,5\n"
DESCRIBED = {
    "title": "A draft with a very long title, such as nobody would choose but somebody will",
    "summary": "In short.",
    "description": "At length.",
    "contact_name": "The data team",
    "contact_email": "data@hm-treasury.example",
}


def furnish(site: Site) -> Iterator[Page]:
    """Fill in a form of every kind; each page that follows, where a form with errors is one too."""
    yield from _steward(Visitor(site, "steward"))
    yield from _administrator(Visitor(site, "administrator"))
    yield from evaluating(Visitor(site, "evaluator"))
    yield from bringing(Visitor(site, "evaluator"))
    yield from asking(Visitor(site, "evaluator"), Visitor(site, "evaluation_lead"))
    yield from weighing(Visitor(site, "evaluator"))
    yield from investing(Visitor(site, "platform_administrator"))
    analyst = Visitor(site, "analyst")
    found = first(analyst, "/search?q=public+spending", "/datasets/")
    form = f"/inside{found}/request"
    yield Page(form, "", "", analyst.get(form)[2], analyst.person)
    yield from _asking(analyst, analyst.fill(form))
    yield from _asks(analyst)
    yield analyst.fill("/inside/account/tokens/new")
    yield analyst.fill("/inside/account/tokens/new", name="My script", scopes="read")
    yield from _totals(analyst)
    for address in ("/inside/use", "/inside/use?unusual=on&share=none"):  # now that there are reads
        yield Page(address, "", "", analyst.get(address)[2], analyst.person)
    yield from _unusual(Visitor(site, "approver"))


def _unusual(approver: Visitor) -> Iterator[Page]:
    """What is unusual, and the form that says that somebody looked at it."""
    for address in ("/inside/use?unusual=on", "/inside/use?unsettled=on"):
        listed = approver.get(address)[2]
        yield Page(address, "", "", listed, approver.person)
    found = re.search(r'href="(/inside/shares/[A-Z0-9-]+/flags/\d+/settle)"', listed)
    assert found is not None
    yield approver.fill(found[1])


def _totals(analyst: Visitor) -> Iterator[Page]:
    """A table of totals that is shown, one with an error, and one that waits for clearance."""
    form = readable(analyst)
    one, other = choices(analyst, form)
    yield analyst.fill(form, first=one, second=one)
    yield analyst.fill(form, first=one, margins="on")
    yield analyst.fill(form, measure="count:")
    made = analyst.fill(form, first=one, second=other)
    yield made
    yield analyst.fill(f"{made.address}/submit")
    yield analyst.fill(f"{made.address}/submit", note="We need every cell.")


def readable(visitor: Visitor) -> str:
    """The form for totals of the first share that the visitor may read."""
    listed = visitor.get("/inside/shares")[2]
    found = re.search(r'href="(/inside/shares/[A-Z0-9-]+)/profile"', listed)
    assert found is not None
    return f"{found[1]}/totals"


def choices(visitor: Visitor, form: str) -> tuple[str, str]:
    """Two columns that make categories as they stand."""
    text = visitor.get(form)[2].partition('name="second"')[0]
    found = re.findall(r'<option value="(:[^"]+)"', text)
    return unescape(found[0]), unescape(found[1])


def _asks(analyst: Visitor) -> Iterator[Page]:
    """Queries in SQL: one refused, one with its plan, one drawn, one kept."""
    made = "SELECT part, sum(n) AS n FROM (VALUES ('a', 1), ('b', 2)) AS x(part, n) GROUP BY part"
    yield analyst.fill("/inside/sql", sql="SELECT * FROM read_csv('/etc/passwd')")
    yield analyst.fill("/inside/sql", sql=made, explain="1")
    yield analyst.fill("/inside/sql", sql=made, chart="line")
    yield analyst.fill("/inside/saved-queries/new", title="")
    yield analyst.fill("/inside/saved-queries/new", title="Parts", sql=made)


def first(visitor: Visitor, address: str, start: str) -> str:
    """The first address on a page that begins so."""
    found = re.search(rf'href="({start}[A-Z0-9-]+)"', visitor.get(address)[2])
    assert found is not None, address
    return found[1]


def _steward(steward: Visitor) -> Iterator[Page]:
    for kind in ("datasets", "data-services"):
        yield steward.fill(f"/inside/{kind}/new")
        more = {"endpoint_description": "https://example.org/"} if kind == "data-services" else {}
        made = steward.fill(f"/inside/{kind}/new", **DESCRIBED, **more)
        yield made
        yield steward.fill(f"{made.address}/description", title="")
        if kind == "datasets":
            distribution = {
                "title": "As a file",
                "identifier": "a",
                "download_url": "https://example.org/a.csv",
            }
            yield steward.fill(f"{made.address}/distributions/new", **distribution)
    yield steward.fill("/inside/tables/new")
    link = f"/inside/links/new?source={made.address.rsplit('/', 1)[1]}"
    yield steward.fill(link, target="Nonsense")
    other = first(steward, "/inside/tables", "/inside/tables/").rsplit("/", 1)[1]
    yield steward.fill(link, target=other)
    table = {"title": "Payments", "name": "payments"}
    sent = steward.fill("/inside/tables/new", files={"file": ("payments.csv", LINES)}, **table)
    yield sent
    yield steward.fill(sent.address, type_1="date")
    yield done(steward, steward.fill(sent.address))
    load = f"{first(steward, '/inside/tables', '/inside/tables/')}/load"
    # One that cannot be read, and one that waits.
    spoilt = {"file": ("payments.parquet", b"PAR1 and no more of it PAR1")}
    yield steward.fill(load, files=spoilt)
    yield steward.fill(load, files={"file": ("payments.csv", LINES)})
    source = {"connection": "nightly", "place": "daily/", "every": "weekly"}
    new = f"{load.removesuffix('/load')}/sources/new"
    yield steward.fill(new, place="daily/")
    made = steward.fill(new, **source)
    yield made
    yield steward.fill(f"{made.address}/edit", place="")
    yield steward.fill(f"{made.address}/start")
    # What is wrong with a packed one shows when it is loaded.
    packed = {"file": ("payments.gz", gzip.compress(b"PAR1 and no more of it PAR1"))}
    yield done(steward, steward.fill(steward.fill(load, files=packed).address))


def done(visitor: Visitor, job: Page) -> Page:
    """The page of a job once it has ended, however it did."""
    until = time.monotonic() + 60
    while "See how far it is now" in job.text and time.monotonic() < until:
        time.sleep(0.2)
        job = replace(job, text=visitor.get(job.address)[2])
    return job


def _asking(analyst: Visitor, step: Page) -> Iterator[Page]:
    """A request from step to step, those of how exact and for whom answered wrongly first."""
    yield step
    step = analyst.fill(step.address, distribution=option(analyst, step.address, "distribution"))
    step = analyst.fill(step.address, title="Where it goes", purpose="To know.", benefit="Many.")
    step = analyst.fill(step.address, columns="Supplier")
    yield step
    yield analyst.fill(step.address, gives="rows", sample_percent="5")
    step = analyst.fill(step.address, gives="aggregates", minimum_cell="12", mask_0="hash")
    step = analyst.fill(step.address, data_types="none")
    step = analyst.fill(step.address, legal_power="Common law", legal_gateway="none")
    yield step
    yield analyst.fill(step.address, versions="latest", people="nobody")
    step = analyst.fill(step.address, versions="since", people="asha@example.org")
    days = {f"{name}_{part}": "1" for name in ("starts_on", "ends_on") for part in ("day", "month")}
    years = {"starts_on_year": "2027", "ends_on_year": "2028"}
    yield analyst.fill(step.address, disposal="Deleted.", **days, **years)


def _administrator(administrator: Visitor) -> Iterator[Page]:
    yield administrator.fill("/inside/admin/people/new")
    yield administrator.fill("/inside/admin/clients/new")
    client = {"name": "A program", "scopes": "read", "days": "30"}
    owner = option(administrator, "/inside/admin/clients/new", "owner")
    yield administrator.fill("/inside/admin/clients/new", owner=owner, **client)
    yield administrator.fill("/inside/admin/webhooks/new")
    for_client = option(administrator, "/inside/admin/webhooks/new", "client")
    url = "http://127.0.0.1:9/nobody-listens"
    yield administrator.fill("/inside/admin/webhooks/new", client=for_client, url=url)


def option(visitor: Visitor, address: str, name: str) -> str:
    """The first value that a select on a page offers."""
    found = re.search(rf'name="{name}".*?<option value="([^"]+)"', visitor.get(address)[2], re.S)
    assert found is not None, (address, name)
    return found[1]
