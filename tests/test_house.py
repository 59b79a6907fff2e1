"""labutils is a house of floors, small and tidy."""

import ast
import subprocess
import sys

import pytest
from conftest import ROOT

PACKAGE = ROOT / "labutils"
# From the roof to the ground; a file imports only from floors below its own, and within a folder of its own name.
FLOORS = [
    {"__main__"},
    {"commands"},
    {"bench"},
    {"browser"},
    {"execution"},
    {"bootstrap"},
    {"classroom"},
    {"checks"},
    {"exercises"},
    {"judging"},
    {"asking"},
    {"widgets"},
    {"figures"},
    {"distributed"},
    {"training"},
    {"models"},
    {"metrics"},
    {"datasets"},
    {"sources"},
    {"opening"},
    {"_quiet", "_settings", "files", "tuning", "pythons"},
]
HEIGHT = {name: -number for number, floor in enumerate(FLOORS) for name in floor}
FILES = sorted(PACKAGE.rglob("*.py"))


def name(path):
    """A file as a part of the package, such as "checks.parts"."""
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__")


def imported(path):
    """The parts of labutils that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            below = [f"{node.module}.{alias.name}" for alias in node.names]
            names = below if node.module == "labutils" else [node.module]
        else:
            continue
        yield from (full.removeprefix("labutils.") for full in names if full.startswith("labutils."))


@pytest.mark.parametrize("path", FILES, ids=name)
def test_a_file_imports_only_from_floors_below(path):
    own = name(path).split(".")[0]
    if own == "__init__":
        assert list(imported(path)) == ["_quiet", "_settings"]
        return
    for other in imported(path):
        floor = other.split(".")[0]
        assert floor in HEIGHT, f"{other} stands on no floor"
        assert floor == own or HEIGHT[floor] < HEIGHT[own], f"{name(path)} imports {other}, which is not below it"


def test_every_file_stands_on_a_floor():
    assert {name(path).split(".")[0] for path in FILES} - {"__init__"} <= set(HEIGHT)


@pytest.mark.parametrize("path", FILES, ids=name)
def test_a_file_says_what_it_is_for(path):
    first_lines = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))).split("\n\n")[0]
    assert len(first_lines.splitlines()) <= 2


def test_ruff_has_nothing_to_say():
    result = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--no-cache", "--output-format=concise", "."],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert result.returncode == 0, result.stdout + result.stderr
