"""The marketplace's addresses: the public door, and the door for people who have signed in."""

from __future__ import annotations

from django.urls import path

from concordat.marketplace import public
from concordat.marketplace.views import (
    agreements,
    catalogue,
    data_services,
    distributions,
    requests,
)

public_urls = [
    path("", public.home, name="home"),
    path("datasets/<str:reference>", public.dataset, name="dataset"),
    path("data-services/<str:reference>", public.data_service, name="data-service"),
    path("register", public.register, name="register"),
    path("agreements/<str:reference>", public.register_entry, name="register-entry"),
]

inside_root = [path("", requests.home, name="inside")]
inside_urls = [
    path("datasets", catalogue.datasets, name="inside-datasets"),
    path("datasets/new", catalogue.new_dataset, name="new-dataset"),
    path("datasets/<str:reference>", catalogue.dataset, name="inside-dataset"),
    path("datasets/<str:reference>/description", catalogue.edit_dataset, name="edit-dataset"),
    path("datasets/<str:reference>/distributions/new", distributions.new_distribution),
    path("datasets/<str:reference>/distributions/<int:pk>", distributions.distribution),
    path(
        "datasets/<str:reference>/distributions/<int:pk>/remove", distributions.remove_distribution
    ),
    path("datasets/<str:reference>/dictionary", distributions.dictionary),
    path("datasets/<str:reference>/request", requests.new_request, name="new-request"),
    path("datasets/<str:reference>/<str:verb>", catalogue.dataset_verb),
    path("data-services", data_services.data_services, name="inside-data-services"),
    path("data-services/new", data_services.new_data_service),
    path("data-services/<str:reference>", data_services.data_service),
    path("data-services/<str:reference>/description", data_services.edit_data_service),
    path("data-services/<str:reference>/<str:verb>", data_services.data_service_verb),
    path("share-requests", requests.requests, name="inside-requests"),
    path("share-requests/<str:reference>", requests.share_request, name="inside-request"),
    path("share-requests/<str:reference>/ask/<str:step>", requests.ask, name="ask"),
    path("share-requests/<str:reference>/<str:verb>", requests.share_request_verb),
    path("agreements", agreements.agreements, name="inside-agreements"),
    path("agreements/<str:reference>", agreements.agreement, name="inside-agreement"),
    path("agreements/<str:reference>/policy.json", agreements.policy, name="agreement-policy"),
    path("agreements/<str:reference>/odrl.jsonld", agreements.odrl, name="agreement-odrl"),
    path("agreements/<str:reference>/<str:verb>", agreements.agreement_verb),
]
