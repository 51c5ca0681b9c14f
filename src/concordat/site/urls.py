"""Every address, by door."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from concordat.evaluations import urls as evaluations
from concordat.kernel.pages import urls as pages
from concordat.marketplace import urls as marketplace
from concordat.site import health, public, views
from concordat.site.api import api
from concordat.tables import urls as tables

handler400 = "concordat.kernel.doors.errors.bad_request"
handler403 = "concordat.kernel.doors.errors.not_allowed"
handler404 = "concordat.kernel.doors.errors.not_found"
handler429 = "concordat.site.views.too_many"
handler500 = "concordat.kernel.doors.errors.server_error"

PUBLIC: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("metrics", health.metrics),
    path("accessibility", public.accessibility),
    path("privacy", public.privacy),
    path("cookies", public.cookies),
    path("", include(pages.public_urls)),
    path("", include(marketplace.public_urls)),
    path("", include(evaluations.public_urls)),
]
INSIDE: list[URLPattern | URLResolver] = [
    path("inside", include(marketplace.inside_root)),
    path("inside/", include(pages.inside_urls)),
    path("inside/", include(marketplace.inside_urls)),
    path("inside/", include(tables.inside_urls)),
    path("inside/", include(evaluations.inside_urls)),
    path("oauth/", include(pages.oauth_urls)),
    path("sharing/", include(tables.sharing_urls)),
    path("api/v1/", include(tables.api_urls)),
    path("api/v1/", api.urls),
    path("sign-out", views.sign_out, name="sign-out"),
]
if settings.ENV.demo:
    INSIDE.append(path("", include("concordat.demo.urls")))
else:
    INSIDE.append(
        path("sign-in", RedirectView.as_view(pattern_name="account_login", query_string=True))
    )
CLOSED = ("email/", "signup/", "confirm-email/", "3rdparty/", "3rdparty/signup/")
# An account's address says whose it is: it is changed by whoever administers the body, not here.
INSIDE += [path(f"sign-in/{closed}", views.closed) for closed in CLOSED]
INSIDE.append(path("sign-in/", include("allauth.urls")))

urlpatterns = PUBLIC if settings.ENV.face == "public" else [*PUBLIC, *INSIDE]
