"""A file, a function and a decision small enough to be read at one sitting."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.house.tree import ROOT, functions, python_files

pytestmark = pytest.mark.once

FILE, FUNCTION, COMPLEXITY = 400, 40, 10


def test_files_are_under_400_lines():
    lengths = {path: len((ROOT / path).read_text("utf-8").splitlines()) for path in python_files()}
    assert not {str(path): n for path, n in lengths.items() if n >= FILE}


def test_functions_are_under_40_lines():
    long = [
        f"{path}:{f.lineno} {f.name} has {f.end_lineno - f.lineno + 1} lines"
        for path in python_files()
        for f in functions(path)
        if f.end_lineno - f.lineno + 1 >= FUNCTION
    ]
    assert not long, "\n".join(long)


def test_complexity_is_under_10_and_nobody_is_excused():
    rule = f"lint.mccabe.max-complexity={COMPLEXITY - 1}"
    command = [sys.executable, "-m", "ruff", "check", "--select", "C901", "--ignore-noqa"]
    command += ["--output-format", "concise", "--no-cache", "--config", rule, "."]
    checked = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr
