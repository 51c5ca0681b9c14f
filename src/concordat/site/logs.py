"""Structured logs: one line an event, with the request's id; never a secret."""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from typing import Any, Final

import structlog

_SECRET_KEYS: Final = re.compile(r"token|secret|password|authorization|cookie", re.IGNORECASE)
_SIGNED: Final = re.compile(r"(X-Amz-Signature|token|code)=[^&\s\"']+", re.IGNORECASE)


def hide_secrets(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Blank whatever is named like a secret, and signatures inside addresses."""
    for key, value in event.items():
        if _SECRET_KEYS.search(key):
            event[key] = "…"
        elif isinstance(value, str):
            event[key] = _SIGNED.sub(r"\1=…", value)
    return event


def logging_config(level: str, shape: str) -> dict[str, Any]:
    """Django's LOGGING: the standard library's loggers and structlog's, in one format."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        hide_secrets,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    last = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if shape == "json"
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "lines": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
                "foreign_pre_chain": shared,
            }
        },
        "handlers": {"err": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["err"], "level": level},
        "loggers": {"django.request": {"level": "ERROR"}, "django.security": {"level": "ERROR"}},
    }
