"""The doors of webhooks: pages for administrators, and the JSON API."""

# Annotations here are values: ninja reads them when an operation is added.

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Annotated, Any, Final

from django import forms
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from ninja import Router
from ninja.responses import Status
from pydantic import Field

from concordat.kernel.access import Actor
from concordat.kernel.audit.follow import end_of_log
from concordat.kernel.audit.models import Follower
from concordat.kernel.deeds import offered
from concordat.kernel.doors.actors import ActorRequest
from concordat.kernel.doors.conditions import etag, expected
from concordat.kernel.doors.forms import Form, add_errors
from concordat.kernel.doors.resources import Resource, Verb, mount
from concordat.kernel.doors.schemas import Id, Out, Owner, inputs
from concordat.kernel.doors.tables import Column, Table
from concordat.kernel.doors.verbs import take
from concordat.kernel.people.models import Client
from concordat.kernel.refusals import Invalid, NotVisible, Unknown
from concordat.kernel.webhooks import actions
from concordat.kernel.webhooks.models import MOST_NAMES, PATTERN, Webhook
from concordat.kernel.webhooks.policy import Can

router = Router(tags=["webhooks"])
LIST: Final = "/inside/admin/webhooks"
VERBS: Final[Mapping[str, Callable[..., Any]]] = {
    "edit": actions.edit_webhook,
    "ping": actions.ping_webhook,
    "pause": actions.pause_webhook,
    "resume": actions.resume_webhook,
    "close": actions.close_webhook,
}


class AddressForm(Form):
    """Where, and of what."""

    url = forms.URLField(
        label="Where should it be sent?",
        error_messages={"required": "Enter the address that it should be sent to"},
        max_length=500,
        assume_scheme="https",
        help_text="An https address that takes POST, such as https://example.gov.uk/hook",
    )
    names = forms.CharField(
        label="Of what?",
        required=False,
        widget=forms.Textarea,
        help_text="One a line, such as share_request:* or dataset:publish. "
        "Leave it empty for everything that the API client can see.",
    )

    def clean_names(self) -> list[str]:
        """One pattern for each word."""
        return [name for name in re.split(r"[\s,]+", self.cleaned_data["names"]) if name]


class WebhookForm(AddressForm):
    """The same, for which client."""

    client = forms.ModelChoiceField(
        Client.objects.none(),
        label="For which API client?",
        error_messages={"required": "Select the API client that it is for"},
        help_text="It is told of what this client can see, and of nothing else",
    )
    field_order = ("client", "url", "names")


def _clients(actor: Actor) -> Any:
    """The clients for which the actor may make a webhook."""
    bodies = actor.bodies(Can.WEBHOOK_DRAFT)
    return Client.objects.visible_to(actor).filter(owner_id__in=bodies, status="active")


def _webhooks(actor: Actor) -> Any:
    return Webhook.objects.visible_to(actor).select_related("client__owner")


def _one(request: ActorRequest, pk: int) -> Any:
    """The webhook; `take` asks for a title and a page, which it has as records do."""
    found = _webhooks(request.actor).filter(pk=min(pk, 2**63 - 1)).first()
    if found is None:
        raise NotVisible
    return found


def webhooks(request: ActorRequest) -> HttpResponseBase:
    """The webhooks one administers, and how each fares."""
    told = {f.name: f for f in Follower.objects.filter(name__startswith=f"{Webhook.KIND}:")}
    end = end_of_log()

    def fares(field: str) -> Callable[[Webhook], Any]:
        return lambda w: getattr(told.get(w.follower), field, None)

    columns = [
        Column("url", "Address", link=lambda w: w.inside_url(), sort="url"),
        Column("client.name", "API client", sort="client__name"),
        Column("status", "Status", show=lambda w: w.state.label, sort="status"),
        Column("succeeded", "Last message taken", value=fares("succeeded_at")),
        Column("waiting", "Entries to read", value=lambda w: waiting(told.get(w.follower), end),
               numeric=True),
        Column("error", "Last problem", value=fares("error")),
    ]  # fmt: skip
    table = Table(columns, _webhooks(request.actor), name="webhooks", noun=("webhook", "webhooks"))
    context: dict[str, Any] = {"title": "Webhooks", "empty": "There are no webhooks yet."}
    if request.actor.bodies(Can.WEBHOOK_DRAFT):
        context["actions"] = [{"label": "Make a webhook", "href": f"{LIST}/new"}]
    return table.respond(request, context=context)


def waiting(follower: Follower | None, end: int) -> int:
    """How many entries of the log it has not read yet, whether they are for it or not."""
    return end - follower.position if follower else 0


def new_webhook(request: ActorRequest) -> HttpResponse:
    """Make a webhook; its secret is shown this once."""
    form = WebhookForm(request.POST or None)
    form.fields["client"].queryset = _clients(request.actor)  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        try:
            secret, made = actions.draft_webhook(request.actor, **form.cleaned_data)
        except Invalid as refusal:
            add_errors(form, refusal)
        else:
            return _secret(request, made, secret)
    context = {"title": "Make a webhook", "form": form, "back": LIST}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "doors/form.html", context, status=status)


def _secret(request: ActorRequest, webhook: Webhook, secret: str) -> HttpResponse:
    context = {"title": "The webhook’s secret", "secret": secret, "it": webhook}
    response = render(request, "pages/webhook_secret.html", context)
    response["Cache-Control"] = "no-store"
    return response


def webhook(request: ActorRequest, pk: int) -> HttpResponse:
    """One webhook: where, of what, and how it fares."""
    found = _one(request, pk)
    buttons = [
        {"label": t.text, "href": f"{found.inside_url()}/{t.verb}", "warn": t.verb == "close"}
        for t in offered(request.actor, found)
    ]
    fares = found.delivery
    context = {
        "title": found.url,
        "it": found,
        "buttons": buttons,
        "fares": fares,
        "waiting": waiting(fares, end_of_log()),
        "back": LIST,
    }
    return render(request, "pages/webhook.html", context)


def verb(request: ActorRequest, pk: int, verb: str) -> HttpResponse:
    """One verb of a webhook: sure?, and done."""
    found = _one(request, pk)
    if verb == "renew" and request.method == "POST":
        secret, after = actions.renew_webhook(request.actor, found)
        return _secret(request, after, secret)
    if verb == "edit":
        initial = {"url": found.url, "names": "\n".join(found.names)}
        options = {"form_class": AddressForm, "form_options": {"initial": initial}}
        return take(request, found, verb, actions.edit_webhook, **options)  # type: ignore[arg-type]
    lead = "The old secret stops working at once." if verb == "renew" else ""
    action = actions.renew_webhook if verb == "renew" else VERBS.get(verb)
    if action is None:
        raise NotVisible
    return take(request, found, verb, action, lead=lead)


Names = Annotated[
    list[Annotated[str, Field(max_length=81, pattern=PATTERN)]], Field(max_length=MOST_NAMES)
]


class WebhookClientOut(Out):
    """An API client, as its webhooks name it."""

    id: int
    name: str


class WebhookRow(Out):
    """What a list shows of a webhook."""

    id: int
    client: WebhookClientOut
    owner: Owner
    url: str
    names: list[str]
    status: str
    version: int
    created_at: datetime
    modified_at: datetime

    @staticmethod
    def resolve_owner(webhook: Webhook) -> Any:
        """The body of its client."""
        return webhook.client.owner


class WebhookDeliveryOut(Out):
    """How a webhook fares."""

    waiting: Annotated[int, Field(description="Entries of the log not read yet")]
    succeeded_at: datetime | None
    failures: Annotated[int, Field(description="In a row, since the last success")]
    error: Annotated[str, Field(description="The last problem; empty after a success")]
    due_at: Annotated[datetime | None, Field(description="When it is tried again")]

    @staticmethod
    def resolve_waiting(follower: Follower) -> int:
        """How many entries it is behind."""
        return waiting(follower, end_of_log())


class WebhookOut(WebhookRow):
    """The whole of a webhook, its secret apart."""

    delivery: WebhookDeliveryOut | None
    can: list[str]

    @staticmethod
    def resolve_can(webhook: Webhook, context: Any) -> list[str]:
        """The verbs on offer."""
        return [t.verb for t in offered(context["request"].actor, webhook)]


class WebhookMade(WebhookOut):
    """The same with its secret, shown this once."""

    secret: Annotated[str, Field(description="`whsec_…`: checks signatures; not shown again")]


_FIELDS: Final[dict[str, Any]] = {"names": (Names, [])}
WebhookDraft: Any = inputs("WebhookDraft", Webhook, ["client", "url"], **_FIELDS)
WebhookEdit = inputs("WebhookEdit", Webhook, ["url"], partial=True, **_FIELDS)

RESOURCE: Final = Resource(
    model=Webhook,
    plural="webhooks",
    read=_webhooks,
    out=WebhookOut,
    row=WebhookRow,
    verbs={name: Verb(action, WebhookEdit if name == "edit" else None)
           for name, action in VERBS.items()},
    public=False,
    key="id",
)  # fmt: skip
mount(router, RESOURCE)


@router.post(
    "/webhooks",
    response={201: WebhookMade},
    operation_id="draft_webhook",
    summary="Draft a webhook; its secret is shown this once",
)
def draft(request: ActorRequest, body: WebhookDraft, response: HttpResponse) -> Any:
    """Deliveries follow the Standard Webhooks specification: check `webhook-signature`."""
    client = _clients(request.actor).filter(pk=body.client_id).first()
    if client is None:
        says = "There is no API client of this id for which you may make a webhook."
        raise Unknown({"client_id": [says]})
    secret, made = actions.draft_webhook(request.actor, client, body.url, body.names)
    response["Location"] = f"{request.path}/{made.pk}"
    return Status(201, _with_secret(response, made, secret))


@router.post(
    "/webhooks/{id}/renew",
    response=WebhookMade,
    operation_id="renew_webhook",
    summary="Make a new secret for a webhook; it is shown this once",
)
def renew(request: ActorRequest, id: Id, response: HttpResponse) -> Any:  # noqa: A002 -- the address's own name
    """The old secret stops working at once."""
    found = RESOURCE.one(request.actor, id)
    secret, after = actions.renew_webhook(request.actor, found, expected=expected(request))
    return _with_secret(response, after, secret)


def _with_secret(response: HttpResponse, webhook: Webhook, secret: str) -> Webhook:
    response["ETag"] = etag(webhook)
    response["Cache-Control"] = "no-store"
    webhook.secret = secret  # type: ignore[attr-defined]
    return webhook
