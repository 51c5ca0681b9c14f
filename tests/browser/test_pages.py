"""Every page there is, found by following links: valid HTML, axe content, no wider than a phone."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from tests.browser.chrome import page_of, sideways, violations
from tests.browser.crawl import ASKED, Page, Visitor, invalid, page_routes, plain, walk
from tests.browser.furnish import furnish

pytestmark = pytest.mark.browser
PEOPLE = (
    "",
    "steward",
    "approver",
    "analyst",
    "evaluator",
    "evaluation_lead",
    "administrator",
    "platform_administrator",
)
# Routes whose page nobody is led to here, and why.
UNREACHED = {
    "inside/tables/<str:reference>/uploads/resumable": "what a page's own script speaks to",
    "inside/tables/<str:reference>/uploads/resumable/<int:number>": "the same",
    "sign-in/email/": "closed",
    "sign-in/signup/": "closed",
    "sign-in/confirm-email/": "closed",
    "sign-in/3rdparty/": "closed",
    "sign-in/reauthenticate/": "asks for a password, which nobody here has",
    "sign-in/password/change/": "asks for a password, which nobody here has",
    "sign-in/login/code/confirm/": "codes by e-mail are switched off",
    r"sign-in/^confirm-email/(?P<key>[-:\w]+)/$": "its address is in an e-mail",
    r"sign-in/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": "in an e-mail too",
    "sign-in/2fa/authenticate/": "asks for a second factor, which nobody here has",
    "sign-in/2fa/reauthenticate/": "asks for a second factor, which nobody here has",
    "sign-in/2fa/totp/deactivate/": "asks for a second factor, which nobody here has",
    "sign-in/2fa/recovery-codes/": "asks for a second factor, which nobody here has",
    "sign-in/2fa/webauthn/reauthenticate/": "asks for a passkey, which nobody here has",
    "sign-in/2fa/webauthn/keys/<int:pk>/remove/": "asks for a passkey, which nobody here has",
    "sign-in/2fa/webauthn/keys/<int:pk>/edit/": "asks for a passkey, which nobody here has",
    "sign-in/2fa/webauthn/login/": "answers a program",
    "sign-in/3rdparty/signup/": "follows another sign-in service, which is tested elsewhere",
    "sign-in/social/login/cancelled/": "an old address that leads to the new one",
    "sign-in/social/login/error/": "an old address that leads to the new one",
    "sign-in/social/signup/": "an old address that leads to the new one",
    "sign-in/social/connections/": "an old address that leads to the new one",
    "sign-in/oidc/^(?P<provider_id>[^/]+)/login/": "leads away at once",
    "sign-in/oidc/^(?P<provider_id>[^/]+)/login/callback/": "leads on at once",
}


@dataclass
class Found:
    """What the walks found: the first page of each sort, by person, and what is wrong with any."""

    visitors: dict[str, Visitor] = field(default_factory=dict)
    made: list[Page] = field(default_factory=list)
    firsts: dict[str, Page] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    dead: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def found(site):
    """Every page that anybody is led to."""
    told, known = Found(), page_routes()
    told.made = list(furnish(site))
    for person in PEOPLE:
        visitor = told.visitors[person] = Visitor(site, person)
        start = [p.address for p in told.made if p.person == person]
        # Two ask for every address that can be asked for; the others are led from their own page.
        start += [*plain(known), *ASKED] if person in ("", "steward") else ["/inside"]
        sorts = set()
        for page in walk(visitor, known, start, told.dead):
            told.firsts.setdefault(page.route, page)
            if page.sort not in sorts:
                sorts.add(page.sort)
                told.wrong += [f"{page.address} as {person}: {one}" for one in invalid(page.text)]
    return told


def test_every_page_is_reached(found):
    reached = set(found.firsts)
    missing = {text for text in page_routes() if text not in reached}
    assert not sorted(missing - set(UNREACHED)), "lead to it, or name it with the reason"
    assert not sorted(set(UNREACHED) - missing), "take the line away"


def test_no_link_leads_nowhere(found):
    assert found.dead == []


def test_every_page_is_valid_html_with_one_heading_a_title_and_a_language(found):
    formed = [f"{page.address}: {fault}" for page in found.made for fault in invalid(page.text)]
    assert found.wrong + formed == []


def test_axe_finds_nothing_on_any_page_and_none_is_wider_than_a_phone(browser, site, found):
    wrong = []
    for person, visitor in found.visitors.items():
        page = page_of(browser, site, visitor=visitor)
        for one in [p for p in found.firsts.values() if p.person == person]:
            page.goto(one.address)
            wrong += [f"{one.address}: {fault}" for fault in violations(page) + sideways(page)]
        page.context.close()
    assert wrong == []


def test_a_page_that_is_too_wide_or_not_well_formed_is_caught(browser, site):
    page = page_of(browser, site)
    page.set_content("<p>" + "x" * 100)
    assert sideways(page)
    twice = (
        '<!doctype html><html lang=en><title>Two</title><h1 id="a">One</h1><p id="a"><ul></ul></p>'
    )
    assert len(invalid(twice)) == 2
