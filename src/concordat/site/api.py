"""The JSON API: every service's router under one description."""

from __future__ import annotations

from concordat import __version__
from concordat.evaluations.api.calculators import router as calculators
from concordat.evaluations.api.clocks import router as clocks
from concordat.evaluations.api.evaluations import router as evaluations
from concordat.evaluations.api.evidence import router as evidence
from concordat.evaluations.api.intakes import router as intakes
from concordat.evaluations.api.questions import router as questions
from concordat.evaluations.api.reports import router as reports
from concordat.evaluations.api.spend import router as spend
from concordat.kernel.doors.api import HouseAPI
from concordat.kernel.pages.api import router as platform
from concordat.kernel.pages.webhooks import router as webhooks
from concordat.marketplace.api import router as marketplace
from concordat.tables.api.downloads import router as downloads
from concordat.tables.api.loading import router as loading
from concordat.tables.api.outputs import router as outputs
from concordat.tables.api.reads import router as reads
from concordat.tables.api.resources import router as tables
from concordat.tables.api.sql import router as sql
from concordat.tables.api.versions import router as versions

api = HouseAPI(
    title="Concordat",
    version=__version__,
    description="Where public bodies come to terms. The same verbs as the pages and the console.",
    urls_namespace="api",
)
api.add_router("", platform)
api.add_router("", marketplace)
api.add_router("", calculators)
api.add_router("", intakes)  # its literal addresses stand before a reference
api.add_router("", evaluations)
api.add_router("", questions)
api.add_router("", evidence)
api.add_router("", spend)
api.add_router("", reports)
api.add_router("", clocks)
api.add_router("", tables)
api.add_router("", versions)
api.add_router("", outputs)
api.add_router("", reads)
api.add_router("", loading)
api.add_router("", downloads)
api.add_router("", sql)
api.add_router("", webhooks)
