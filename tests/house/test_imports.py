"""No module needs, by however long a way round, a module that needs it."""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter

import grimp
import pytest

pytestmark = pytest.mark.once


def test_there_are_no_import_circles():
    graph = grimp.build_graph("concordat", exclude_type_checking_imports=True, cache_dir=None)
    needs = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as error:
        circle = error.args[1]
    else:
        circle = []
    assert not circle, " → ".join(circle)
