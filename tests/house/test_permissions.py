"""Every permission is held by somebody and asked for somewhere, and so is every role."""

from __future__ import annotations

import ast
import importlib

import pytest

from concordat.kernel.access.roles import all_permissions, all_roles, roles_with
from tests.house.tree import parsed, python_files

pytestmark = pytest.mark.once


def _source(*, policies: bool):
    for path in python_files(tests=False):
        if path.parts[0] == "src" and (path.stem == "policy") == policies:
            yield path


def _enums():
    """Each enum of permissions in a policy.py, as (module, enum)."""
    for path in _source(policies=True):
        module = ".".join(path.with_suffix("").parts[1:])
        can = getattr(importlib.import_module(module), "Can", None)
        if can is not None:
            yield module, can


def test_every_permission_is_held_by_some_role():
    assert not {name for name in all_permissions() if not roles_with(name)}


def test_every_permission_is_declared_to_the_kernel():
    declared = {str(member) for _, can in _enums() for member in can}
    assert declared == all_permissions()


def test_every_permission_is_asked_for_somewhere():
    asked = set()
    for path in _source(policies=False):
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Attribute):
                asked.add(node.attr)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                asked.add(node.value)
    unasked = {
        f"{module}.{member.name}"
        for module, can in _enums()
        for member in can
        if not {member.name, str(member)} & asked
    }
    assert not unasked, "a permission that nothing asks for protects nothing"


def test_every_role_holds_something():
    assert all(all_roles().values())
