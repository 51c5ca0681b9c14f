"""From a Django `BoundField` to the GOV.UK component that asks for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from django import forms
from django.forms.boundfield import BoundField
from jinja2 import Environment, pass_environment
from markupsafe import Markup

from concordat.kernel.doors.forms import PARTS, DateParts, wrong_parts

Params = dict[str, Any]
_PASSED_ON: Final = ("autocomplete", "spellcheck", "inputmode", "disabled")
_COUNTED_UP_TO: Final = 20_000  # beyond this a running count tells nobody anything


@pass_environment
def field(environment: Environment, bound: BoundField, **options: Any) -> Markup:
    """One question: label, hint, error and control.

    `heading=True` makes the label the page's h1; `optional=False` leaves “(optional)” unsaid, as
    filters do. Anything else is handed to the component as it is.
    """
    if bound.is_hidden:
        return Markup(bound.as_widget())  # noqa: S704 - Django escaped it
    heading, optional = options.pop("heading", False), options.pop("optional", True)
    name, build = _component(bound)
    params = build(bound)
    _question(params, bound, name, heading=heading, optional=optional)
    params.update(options)
    made = getattr(environment.globals["govuk"], name)(params)
    return Markup(made)  # noqa: S704 - a macro escaped it


@pass_environment
def fields(environment: Environment, form: forms.BaseForm, **options: Any) -> Markup:
    """Every question of a form, in order; hidden fields too."""
    return Markup("\n").join(field(environment, form[name], **options) for name in form.fields)


@pass_environment
def error_summary(
    environment: Environment, found: forms.BaseForm | Iterable[forms.BaseForm] | None
) -> Markup:
    """“There is a problem”, with a link to each field that needs mending; empty if none does."""
    given = [found] if isinstance(found, forms.BaseForm) else list(found or [])
    items = [item for form in given if form.is_bound for item in _problems(form)]
    if not items:
        return Markup()
    govuk: Any = environment.globals["govuk"]
    made = govuk.error_summary({"titleText": "There is a problem", "errorList": items})
    return Markup(made)  # noqa: S704 - a macro escaped it


def _problems(form: forms.BaseForm) -> Iterator[Params]:
    about = getattr(
        form, "errors_point_at", ""
    )  # the field that errors of the whole form are about
    for text in form.non_field_errors():
        yield {"text": str(text), **({"href": f"#{_target(form[about])}"} if about else {})}
    for name in form.fields:
        bound = form[name]
        for text in bound.errors:
            yield {"text": str(text), "href": f"#{_target(bound)}"}


def _target(bound: BoundField) -> str:
    """The id of the control that an error is about."""
    if isinstance(bound.field.widget, DateParts):
        return f"{_id(bound)}-{_wrong(bound)[0]}"
    return _id(bound)


def _wrong(bound: BoundField) -> tuple[str, ...]:
    errors = bound.form.errors.as_data().get(bound.name, [])
    return wrong_parts(bound.data, errors[0].code or "" if errors else "")


def _id(bound: BoundField) -> str:
    return str(bound.auto_id or bound.html_name)


def _component(bound: BoundField) -> tuple[str, Callable[[BoundField], Params]]:
    """The GOV.UK component for a widget, and what builds its parameters."""
    widget = bound.field.widget
    if isinstance(widget, forms.Textarea):
        limit = getattr(bound.field, "max_length", None) or 0
        if 0 < limit <= _COUNTED_UP_TO:  # worth counting down to
            return "character_count", _counted
    for kind, name, build in _COMPONENTS:
        if isinstance(widget, kind):
            return name, build
    return "input", _input


def _question(
    params: Params, bound: BoundField, component: str, *, heading: bool, optional: bool
) -> None:
    """Label or legend, hint and error, in the place the component keeps them."""
    text = str(bound.label)
    if optional and not (
        bound.field.required or isinstance(bound.field.widget, forms.CheckboxInput)
    ):
        text += " (optional)"
    if component in ("radios", "checkboxes", "date_input"):
        legend: Params = {"text": text, "isPageHeading": heading}
        legend["classes"] = f"govuk-fieldset__legend--{'l' if heading else 's'}"
        if not isinstance(bound.field.widget, forms.CheckboxInput):
            params["fieldset"] = {"legend": legend}
    else:
        size = "l" if heading else "s"
        params["label"] = {
            "text": text,
            "isPageHeading": heading,
            "classes": f"govuk-label--{size}",
        }
    if bound.help_text and isinstance(bound.field.widget, forms.CheckboxInput):
        params["items"][0]["hint"] = {"text": str(bound.help_text)}
    elif bound.help_text:
        params["hint"] = {"text": str(bound.help_text)}
    if bound.errors:
        params["errorMessage"] = {"text": " ".join(str(e) for e in bound.errors)}


def _named(bound: BoundField) -> Params:
    params: Params = {"name": bound.html_name, "id": _id(bound)}
    attrs = bound.field.widget.attrs
    params.update({k: attrs[k] for k in _PASSED_ON if k in attrs})
    if bound.field.disabled:
        params["disabled"] = True
    if "class" in attrs:
        params["classes"] = attrs["class"]
    return params


def _input(bound: BoundField) -> Params:
    params, widget = _named(bound), bound.field.widget
    kind = getattr(widget, "input_type", "text")
    if isinstance(bound.field, forms.IntegerField):  # decimals and floats inherit from it
        whole = not isinstance(bound.field, forms.DecimalField | forms.FloatField)
        params.setdefault("inputmode", "numeric" if whole else "decimal")
        params.setdefault("classes", "govuk-input--width-10")
        kind = "text"
    params["type"] = kind
    for place in ("prefix", "suffix"):
        if place in widget.attrs:
            params[place] = {"text": widget.attrs[place]}
    value = bound.value()
    params["value"] = "" if value is None else str(value)
    return params


def _text_area(bound: BoundField) -> Params:
    value = bound.value()
    rows = int(bound.field.widget.attrs.get("rows", 5))
    rows = 5 if rows == 10 else rows  # Django's own default is taller than most answers
    return {**_named(bound), "value": "" if value is None else str(value), "rows": rows}


def _counted(bound: BoundField) -> Params:
    return {**_text_area(bound), "maxlength": getattr(bound.field, "max_length", None)}


def _password(bound: BoundField) -> Params:
    return _named(bound)  # what was typed is never sent back


def _file(bound: BoundField) -> Params:
    params = _named(bound)
    accept = bound.field.widget.attrs.get("accept")
    multiple = getattr(bound.field.widget, "allow_multiple_selected", False)
    extra = {"accept": accept} if accept else {}
    return {**params, "multiple": multiple, "attributes": extra}


def _chosen(bound: BoundField) -> set[str]:
    value = bound.value()
    if value is None:
        return set()
    several = isinstance(value, list | tuple | set)
    return {str(v) for v in value} if several else {str(value)}


def _choices(bound: BoundField) -> Iterator[tuple[str, str]]:
    """(value, label) of every choice, groups opened out."""
    for value, label in getattr(bound.field, "choices", bound.field.widget.choices):
        if isinstance(label, list | tuple):
            yield from ((str(v), str(text)) for v, text in label)
        else:
            yield ("" if value is None else str(value)), str(label)


def _select(bound: BoundField) -> Params:
    chosen = _chosen(bound)
    items = [
        {
            "value": value,
            "text": "" if text.startswith("---") else text,
            "selected": value in chosen,
        }
        for value, text in _choices(bound)
    ]
    return {**_named(bound), "items": items}


def _ticks(bound: BoundField) -> Params:
    """Radios, or checkboxes for several choices. The first has the group's own id."""
    chosen, hints = _chosen(bound), getattr(bound.field, "choice_hints", {})
    items = [
        {
            "value": value,
            "text": text,
            "checked": value in chosen,
            **({"hint": {"text": str(hints[value])}} if value in hints else {}),
        }
        for value, text in _choices(bound)
        if value
    ]
    return {"name": bound.html_name, "idPrefix": _id(bound), "items": items}


def _tick(bound: BoundField) -> Params:
    checked = bound.value() not in (None, False, "", "false", "False", "0")
    item = {"value": "on", "text": str(bound.label), "checked": checked}
    return {"name": bound.html_name, "idPrefix": _id(bound), "items": [item]}


def _date(bound: BoundField) -> Params:
    values = bound.field.widget.boxes(bound.value())
    wrong = _wrong(bound) if bound.errors else ()
    items = [
        {
            "name": f"{bound.html_name}_{part}",
            "id": f"{_id(bound)}-{part}",
            "label": part.capitalize(),
            "value": typed,
            "classes": f"govuk-input--width-{4 if part == 'year' else 2}"
            + (" govuk-input--error" if part in wrong else ""),
        }
        for part, typed in zip(PARTS, values, strict=True)
    ]
    return {"id": _id(bound), "items": items}


_COMPONENTS: Final[tuple[tuple[Any, str, Callable[[BoundField], Params]], ...]] = (
    (DateParts, "date_input", _date),
    (forms.Textarea, "textarea", _text_area),
    # In Django checkboxes are radios and radios are selects, so the narrower kind comes first.
    (forms.CheckboxSelectMultiple, "checkboxes", _ticks),
    (forms.RadioSelect, "radios", _ticks),
    (forms.SelectMultiple, "checkboxes", _ticks),
    (forms.Select, "select", _select),
    (forms.CheckboxInput, "checkboxes", _tick),
    (forms.FileInput, "file_upload", _file),
    (forms.PasswordInput, "password_input", _password),
)
