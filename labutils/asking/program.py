"""Makes of an exercise a program of its own: what its cell and its check need of the notebook, and nothing else.

A notebook draws pictures and trains for minutes; an exercise needs imports, a helper or two, and perhaps the digits.
"""

import ast
import dis
import functools
import re
from dataclasses import dataclass

from IPython.core.inputtransformer2 import TransformerManager

_LOADS = {"LOAD_NAME", "LOAD_GLOBAL", "LOAD_FROM_DICT_OR_GLOBALS", "DELETE_NAME"}
_STORES = {"STORE_NAME", "STORE_GLOBAL"}
AWAIT = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT  # as notebooks do


@dataclass
class Statement:
    """A statement at the top level of a cell: the names that it needs from outside, and those that it defines."""

    cell: int
    kind: str  # "lab", "student", or an exercise
    source: str
    needs: frozenset
    defines: frozenset


@functools.cache
def to_python(source):
    """A cell as plain Python, magics turned into calls; `%%time` and its kin around a cell do not count."""
    source = re.sub(r"^\s*%%(time|timeit|capture|prun)\b.*", "", source)
    return TransformerManager().transform_cell(source)


def compiles(source):
    """The exception that keeps a cell from being run; None if it can be."""
    try:
        compile(to_python(source), "<cell>", "exec", flags=AWAIT, dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError) as error:
        return error
    return None


@functools.cache
def statements(cells):
    """The statements of all cells that can be run.

    Parameters
    ----------
    cells : tuple of (kind, tuple of str)
        A notebook's code in order, the pieces of each cell.

    Returns
    -------
    list of Statement
    """
    found = []
    for number, (kind, pieces) in enumerate(cells):
        for piece in pieces:
            if compiles(piece) is None:
                found += _statements(number, kind, to_python(piece))
    return found


def _statements(number, kind, source):
    lines = source.splitlines()
    for node in ast.parse(source).body:
        if isinstance(node, ast.Import | ast.ImportFrom) and len(node.names) > 1:
            names = node.names
            for node.names in ([name] for name in names):  # each by itself, as some that nobody needs take long
                yield from _statements(number, kind, ast.unparse(node))
            continue
        first = min([node.lineno, *(decorator.lineno for decorator in getattr(node, "decorator_list", []))])
        code = compile(ast.Module([node], []), "<cell>", "exec", AWAIT, dont_inherit=True)
        text = "\n".join(lines[first - 1 : node.end_lineno])
        yield Statement(number, kind, text, frozenset(needs(code)), frozenset(_defines(code, node)))


def needs(code):
    """The global names that a code object, and the functions in it, look up."""
    names = {step.argval for step in dis.get_instructions(code) if step.opname in _LOADS}
    return names.union(*(needs(inner) for inner in code.co_consts if hasattr(inner, "co_code")))


def _defines(code, node):
    names = {step.argval for step in dis.get_instructions(code) if step.opname in _STORES}
    if isinstance(
        node, ast.Assign | ast.AugAssign
    ):  # `table["a"] = f` and `model.rate = 1` are part of what they change
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        for target in targets:
            while isinstance(target, ast.Attribute | ast.Subscript):
                target = target.value
            if isinstance(target, ast.Name):
                names.add(target.id)
    return names


def before(found, number, own, wanted, exercises, passed):
    """What has to run before a cell so that it finds the names it looks up.

    Parameters
    ----------
    found : list of Statement
        Of the whole notebook.
    number : int
        The cell.
    own : str
        The exercise that it belongs to.
    wanted : set of str
        The names.
    exercises : collection of str
        The names of the notebook's exercises. Where another one is needed, it is the student's if it passed, and the
        lab's own if not, as in the notebook.
    passed : collection of str

    Returns
    -------
    sources : list of str
        In order.
    standing_in : set of str
        Exercises that the lab's own version has to stand in for.
    """
    chosen, standing_in, open_names, seen = set(), set(), set(wanted), set()
    chosen.update(index for index, statement in enumerate(found) if "import *" in statement.source)
    while open_names:
        name = open_names.pop()
        seen.add(name)
        usable = [
            index
            for index, statement in enumerate(found)
            if name in statement.defines and statement.cell != number and not _carries_on(statement, exercises)
        ]
        if name in exercises and name not in passed and name != own:
            standing_in.add(name)
            continue
        for index in [index for index in usable if found[index].cell < number] or usable:
            if index not in chosen:
                chosen.add(index)
                open_names |= found[index].needs - seen
    return [found[index].source for index in sorted(chosen)], standing_in


def _carries_on(statement, exercises):
    """Whether a statement puts something in the place of an exercise: `preprocess = checks.carry_on(preprocess)`."""
    names = statement.defines & frozenset(exercises)
    return (
        bool(names) and statement.kind not in exercises and (statement.kind == "lab" or bool(names & statement.needs))
    )
