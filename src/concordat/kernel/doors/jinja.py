"""The Jinja2 that renders every page: GOV.UK macros, our own globals and filters.

`Pages` is the backend for `settings.TEMPLATES`. It looks in the `templates` folder of each app of
ours and of each room of the kernel, and nowhere else, so that templates of other people's apps
stay with Django's own engine.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.apps import apps
from django.contrib.messages import get_messages
from django.template.backends.jinja2 import Jinja2
from django.templatetags.static import static
from django.urls import reverse
from django.utils.functional import cached_property
from jinja2 import (
    ChainableUndefined,
    ChoiceLoader,
    Environment,
    PackageLoader,
    PrefixLoader,
    select_autoescape,
)

from concordat.kernel.doors import formats
from concordat.kernel.doors.charts import bar_chart, line_chart
from concordat.kernel.doors.components import error_summary, field, fields
from concordat.kernel.doors.frame import frame
from concordat.kernel.doors.records import deed_words

_OURS = "concordat."


class Pages(Jinja2):
    """Django's Jinja2 backend over the templates of our own apps."""

    def __init__(self, params: dict[str, Any]) -> None:
        options = {"environment": f"{__name__}.environment", **params.get("OPTIONS", {})}
        super().__init__({**params, "OPTIONS": options})

    @cached_property
    def template_dirs(self) -> tuple[str, ...]:
        """Each app's `templates`, then each room's."""
        ours = [Path(a.path) for a in apps.get_app_configs() if a.name.startswith(_OURS)]
        found = [path / "templates" for path in ours]
        found += [room for path in ours for room in sorted(path.glob("*/templates"))]
        return (*self.dirs, *(str(folder) for folder in found if folder.is_dir()))


class Components:
    """GOV.UK macros by name: `govuk.error_summary({...})`. Each is looked up once and kept.

    A macro holds no state between calls, so one copy serves every thread.
    """

    def __init__(self, environment: Environment) -> None:
        self._environment = environment

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        path = f"govuk_frontend_jinja/components/{name.replace('_', '-')}/macro.html"
        module = self._environment.get_template(path).module
        found = getattr(module, "govuk" + "".join(part.title() for part in name.split("_")))
        self.__dict__[name] = found
        return found


def environment(**options: Any) -> Environment:
    """The environment Django's backend asks for; text templates are not escaped as HTML."""
    options["autoescape"] = select_autoescape(
        disabled_extensions=("txt",), default=True, default_for_string=True
    )
    # The GOV.UK layout reads attributes of what was never given; StrictUndefined breaks it.
    options["undefined"] = ChainableUndefined
    govuk = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    options["loader"] = ChoiceLoader([options["loader"], govuk])
    made = Environment(**options)  # noqa: S701 - chosen above
    made.globals.update(
        govuk=Components(made),
        frame=frame,
        static=static,
        url=url,
        messages=get_messages,
        bar_chart=bar_chart,
        line_chart=line_chart,
        error_summary=error_summary,
        field=field,
        fields=fields,
    )
    made.filters.update(
        day=formats.day,
        deed=deed_words,
        moment=formats.moment,
        number=formats.number,
        money=formats.money,
        plural=formats.plural,
        shown=formats.shown,
    )
    return made


def url(name: str, *args: Any, **kwargs: Any) -> str:
    """The address of a named route."""
    return reverse(name, args=args or None, kwargs=kwargs or None)
