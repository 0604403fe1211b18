"""The structure of the house: no circle, no catch-all, no file with two subjects."""

import ast
from collections import defaultdict
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import grimp
import pytest

HOUSE = Path(__file__).parents[2]
ROOMS = ("practice", "clients", "messaging", "homework", "alliance")
WRITTEN = [
    path
    for place in (*ROOMS, "scripts", "benchmarks", "tests", "static/js")
    for path in sorted((HOUSE / place).rglob("*"))
    if path.suffix in {".py", ".js"} and "migrations" not in path.parts
]
MODULES = [path for path in WRITTEN if path.suffix == ".py" and path.relative_to(HOUSE).parts[0] in ROOMS]
CATCH_ALLS = {
    "base", "common", "commons", "constants", "core", "extras", "functions", "general", "generic", "helper", "helpers",
    "lib", "manager", "managers", "misc", "miscellaneous", "mixins", "other", "others", "service", "services", "shared",
    "stuff", "tools", "util", "utilities", "utils", "various",
}  # fmt: skip
EDGES = {"views", "api", "admin.py"}  # many doors to one subject: they share nothing but what they lead to
LONGEST, SUBJECT = 400, 60  # lines


def circle(edges):
    """The modules of a circle of imports, or nothing."""
    try:
        TopologicalSorter(edges).prepare()
    except CycleError as error:
        return error.args[1]
    return []


def test_no_module_imports_itself_by_any_way():
    """Also within a function, for the sake of a type alone, and between a package and what lies in it."""
    graph = grimp.build_graph(*ROOMS, cache_dir=None)
    assert len(graph.modules) > 400
    assert circle({name: graph.find_modules_directly_imported_by(name) for name in graph.modules}) == []


def test_no_file_or_folder_is_a_catch_all():
    paths = {path.relative_to(HOUSE) for path in WRITTEN}
    named = {path for path in paths if {path.stem.strip("_"), *path.parts[:-1]} & CATCH_ALLS}
    assert sorted(map(str, named)) == []


def subjects(source):
    """Line counts of the groups of definitions in a module that have nothing to do with each other."""
    defined = {}
    for node in ast.parse(source).body:
        targets = [node, *getattr(node, "targets", []), getattr(node, "target", node)]
        for name in (getattr(target, "name", getattr(target, "id", "")) for target in targets):
            if name:
                defined[name] = node
    groups = {name: {name} for name in defined}
    for name, node in defined.items():
        for other in {part.id for part in ast.walk(node) if isinstance(part, ast.Name)} & defined.keys():
            groups[name] |= groups[other]
            for member in groups[name]:
                groups[member] = groups[name]
    lines = defaultdict(int)
    for name, node in defined.items():
        if not isinstance(node, ast.Assign | ast.AnnAssign):
            lines[id(groups[name])] += node.end_lineno - node.lineno + 1
    return sorted(lines.values(), reverse=True)


def below_the_edges():
    return [path for path in MODULES if not EDGES & set(path.relative_to(HOUSE).parts)]


def test_no_file_has_two_subjects():
    many = {str(path.relative_to(HOUSE)): subjects(path.read_text()) for path in below_the_edges()}
    assert {name: found for name, found in many.items() if sum(lines > SUBJECT for lines in found) > 1} == {}


def test_no_file_is_so_long_that_nobody_reads_it():
    assert [str(path) for path in MODULES if len(path.read_text().splitlines()) > LONGEST] == []


def test_every_file_says_what_lives_in_it():
    silent = [
        path for path in MODULES if path.read_text().strip() and not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert sorted(str(path.relative_to(HOUSE)) for path in silent) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("def a():\n    return 1\n\ndef b():\n    return 2\n", [2, 2]),
        ("def a():\n    return 1\n\ndef b():\n    return a()\n", [4]),
        ("N: int = 1\n\ndef a():\n    return N\n\ndef b():\n    return N\n", [4]),
    ],
    ids=["apart", "called", "shared"],
)
def test_planted_subjects_are_counted(source, found):
    assert subjects(source) == found


def test_a_planted_circle_is_found():
    assert circle({"a": {"b"}, "b": {"c"}, "c": {"a"}})
    assert not circle({"a": {"b"}, "b": {"c"}})
