"""The kernel's JSON door: bodies, people, roles, clients and tokens, one's own work and inbox, links,
search and the log. The same verbs as its pages, by the same actions.
"""

from __future__ import annotations

from ninja import Router

from concordat.kernel.pages.api import account, administration, audit, links, organisations, search

router = Router(tags=["platform"])
for room in (organisations, administration, account, links, search, audit):
    room.add_to(router)
