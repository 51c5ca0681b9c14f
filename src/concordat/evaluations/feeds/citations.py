"""Citations of a work: BibTeX and RIS."""

from __future__ import annotations

import re
from typing import Final

from concordat.evaluations.feeds.work import Work

_LATEX: Final = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{mark: f"\\{mark}" for mark in "&%$#_{}"},
}


def bibtex(work: Work) -> str:
    """One entry of BibTeX; the bodies are whole names, in braces of their own."""
    fields = {
        "author": " and ".join(f"{{{_latex(name)}}}" for name in work.creators),
        "title": f"{{{_latex(work.title)}}}",
        "year": str(work.available.year),
        "publisher": f"{{{_latex(work.publisher)}}}",
        "version": work.version,
        "note": _latex(f"Evaluation Registry {work.reference}"),
        "doi": work.doi,
        "url": work.address,
    }
    key = re.sub(r"[^A-Za-z0-9-]", "-", work.reference)
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@misc{{{key},", *lines, "}", ""])


def _latex(text: str) -> str:
    return "".join(_LATEX.get(mark, mark) for mark in _line(text))


def ris(work: Work) -> str:
    """One record of RIS, its lines ended as the format wants."""
    fields = [
        ("TY", "GEN"),
        *(("AU", name) for name in work.creators),
        ("TI", work.title),
        ("PY", str(work.available.year)),
        ("DA", f"{work.available:%Y/%m/%d}"),
        ("PB", work.publisher),
        ("ET", work.version),
        ("AN", work.reference),
        ("DO", work.doi),
        ("UR", work.address),
        *(("KW", subject) for subject in work.subjects),
        ("AB", work.summary),
        ("LA", "en"),
    ]
    told = [f"{tag}  - {_line(value)}" for tag, value in fields if value]
    return "\r\n".join([*told, "ER  - ", ""])


def _line(text: str) -> str:
    """Text on one line."""
    return " ".join(text.split())
