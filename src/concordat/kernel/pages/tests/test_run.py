"""The pages on which an administrator runs their side."""

from __future__ import annotations

import re

from django.test import Client

from concordat.kernel.people import models


def browser(cast, name):
    made = Client()
    made.force_login(cast.people[name])
    return made


def test_the_menu_leads_an_administrator_to_everything(cast):
    ada = browser(cast, "ada")
    assert 'href="/inside/admin"' in ada.get("/inside").content.decode()
    index = ada.get("/inside/admin").content.decode()
    for href in ("people", "clients", "organisations", "organisations/treasury"):
        assert f'href="/inside/admin/{href}"' in index
        assert ada.get(f"/inside/admin/{href}").status_code == 200
    olive = browser(cast, "olive")
    home = olive.get("/inside").content.decode()
    assert 'href="/inside/admin"' not in home and 'href="/inside/account"' in home
    assert "You administer no organisation" in olive.get("/inside/admin").content.decode()


def test_a_client_is_made_its_secret_shown_once_renewed_and_closed(cast):
    ada = browser(cast, "ada")
    body = cast.bodies["treasury"].pk
    sent = {"owner": body, "name": "nightly", "scopes": ["read"], "days": ""}
    made = ada.post("/inside/admin/clients/new", sent)
    found = models.Client.objects.get()
    secret = re.search(r"<code>(.+?)</code>", made.content.decode())[1]
    assert made["Cache-Control"] == "no-store" and len(secret) > 30
    page = f"/inside/admin/clients/{found.pk}"
    assert secret not in ada.get(page).content.decode()
    assert found.client_id in ada.get(page).content.decode()
    assert ada.post(f"{page}/edit", {"name": "weekly", "scopes": ["read"]}).status_code == 302
    newer = ada.post(f"{page}/renew")
    assert newer["Cache-Control"] == "no-store" and secret not in newer.content.decode()
    assert browser(cast, "bram").get(page).status_code == 404
    assert browser(cast, "olive").get("/inside/admin/clients/new").status_code == 403
    assert "cannot be undone" in ada.get(f"{page}/close").content.decode()
    assert ada.post(f"{page}/close", {"note": "Done."}).status_code == 302
    found.refresh_from_db()
    assert (found.status, found.name) == ("closed", "weekly")


def test_a_client_is_given_a_role_on_its_page(cast):
    ada = browser(cast, "ada")
    body = cast.bodies["treasury"].pk
    ada.post("/inside/admin/clients/new", {"owner": body, "name": "n", "scopes": ["read"]})
    page = f"/inside/admin/clients/{models.Client.objects.get().pk}"
    assert ada.post(page, {"owner": body, "role": "analyst"}).status_code == 302
    assert "Analyst, HM Treasury" in ada.get(page).content.decode()
    assert ada.post(page, {"owner": body, "role": "platform_administrator"}).status_code == 422


def test_an_account_is_closed_and_opened_again(cast):
    ada, page = browser(cast, "ada"), f"/inside/admin/people/{cast.people['olive'].pk}"
    olive = browser(cast, "olive")
    assert f'href="{page}/close"' in ada.get(page).content.decode()
    assert "Why? (optional)" in ada.get(f"{page}/close").content.decode()
    assert ada.post(f"{page}/close", {"note": "Left."}).status_code == 302
    assert olive.get("/inside/account").status_code == 302
    assert ada.get(f"{page}/close").status_code == 409
    assert ada.post(f"{page}/reopen", {}).status_code == 302
    assert ada.get(f"{page}/edit").status_code == 404
    assert browser(cast, "erin").get(f"{page}/close").status_code == 404
    assert browser(cast, "colin").get(f"{page}/close").status_code == 404
