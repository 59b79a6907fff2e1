"""Puts what a student wrote into the pristine release: solutions where they belong, helpers before them, no more.

Accidents with a notebook (a check deleted or doubled, metadata stripped, cells moved) so cost nobody marks.
"""

import re
from dataclasses import dataclass, field

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

from labutils.classroom import title_page
from labutils.classroom.assign import STUB, AssignError, make_release, read

LONGEST_CELL = 200_000  # characters; the longest solution that anybody would read is a hundredth of it


@dataclass
class Exercise:
    """An exercise as the lab has it."""

    name: str  # grade_id of its solution cell, and what the cell defines
    check: str  # grade_id of its check cell
    points: float
    stub: str  # what the student got
    test: str  # source of the check cell, hidden tests included


@dataclass
class Pristine:
    """A notebook of the release, with the hidden tests back in it."""

    name: str
    notebook: object
    exercises: list


@dataclass
class Transplanted:
    """What is graded of one notebook.

    Attributes
    ----------
    name : str
        File name in the release.
    cells : list of (kind, list of str)
        All code in order, checks left out; kind is "lab", "student" (a helper, or a cell of the lab that was changed)
        or the name of an exercise, with the pieces that the student wrote.
    notebook : NotebookNode
        The same as a notebook that nbgrader can grade.
    notes : list of str
    """

    name: str
    cells: list
    notebook: object
    notes: list = field(default_factory=list)


def load_release(folder, complete):
    """The release with the hidden tests that belong to it.

    Parameters
    ----------
    folder : Path
        As `assign` wrote it, or `nbgrader generate_assignment`.
    complete : list of Path
        The lab's complete notebooks, with solutions and hidden tests.

    Returns
    -------
    list of Pristine

    Raises
    ------
    AssignError
        There is no release in the folder, or it was made from other notebooks.
    """
    found = []
    for name, expected in make_release(complete).items():
        path = folder / name
        if name == title_page.FILE or not path.exists():
            continue
        released, source = read(path), nbformat.read(complete[0].with_name(name), as_version=4)
        if not _fits(released, expected):
            raise AssignError(
                f"{path} was made from another version of the notebook than {complete[0].with_name(name)}: the hidden "
                "tests of the one do not belong to the other. Check out the version that you handed out, or name the "
                "folder with its complete notebooks with --source."
            )
        found.append(_pristine(name, released, source))
    if not found:
        raise AssignError(f"{folder} holds no release: name the folder that `assign` wrote, with --release.")
    return found


def _fits(released, expected):
    """Whether the locked cells of a release are those that its source gives today."""

    def locked(notebook):
        return [(mark["grade_id"], cell.source) for cell in notebook.cells if (mark := _mark(cell)).get("locked")]

    return locked(released) == locked(expected)


def _pristine(name, released, source):
    full = {mark["grade_id"]: cell for cell in source.cells if (mark := _mark(cell))}
    exercises, solution = [], None
    for cell in released.cells:
        mark = _mark(cell)
        if mark.get("solution") and not mark.get("grade"):
            solution = cell
        elif mark.get("grade") and solution is not None:
            test = full[mark["grade_id"]]
            cell.source, cell.metadata.nbgrader.points = test.source, _mark(test)["points"]
            exercises.append(
                Exercise(_mark(solution)["grade_id"], mark["grade_id"], mark["points"], solution.source, test.source)
            )
            solution = None
    return Pristine(name, released, exercises)


def _mark(cell):
    metadata = cell.get("metadata")
    mark = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    return mark if isinstance(mark, dict) else {}


# ----- what a student handed in -----


def open_notebook(data):
    """The code cells of a student's file, of any version of the format.

    Raises
    ------
    ValueError
        It is no notebook.
    """
    try:
        text = data.decode("utf-8-sig")
        notebook = nbformat.convert(nbformat.reader.reads(text), 4)
        return [_clean(cell) for cell in notebook["cells"] if cell.get("cell_type") == "code"]
    except Exception as error:  # whatever the parsers and converters below nbformat say of a damaged file
        raise ValueError(f"no notebook that can be read ({type(error).__name__}: {str(error)[:100]})") from error


def _clean(cell):
    """What counts of a student's cell, whatever else another program made of it."""
    source, identity, grade_id = cell.get("source"), cell.get("id"), _mark(cell).get("grade_id")
    source = (source if isinstance(source, str) else "")[:LONGEST_CELL].encode("utf-8", "replace").decode()
    clean = new_code_cell(source)
    clean.id = identity if isinstance(identity, str) else None
    clean.metadata = nbformat.from_dict({"nbgrader": {"grade_id": grade_id}} if isinstance(grade_id, str) else {})
    return clean


def belongs_to(cells, name, release):
    """The notebook of the release that a student's one is: by its cells, else by its name, else by what it defines.

    Cells come first, as a name can be anything: "lab (1).ipynb", or that of another notebook.
    """

    def shared(pristine):
        return len(_identities(cells) & _identities(pristine.notebook.cells))

    def defined(pristine):
        return sum(1 for exercise in pristine.exercises if any(_defines(cell.source, exercise.name) for cell in cells))

    def named(pristine):
        return plain(pristine.name) in plain(name)

    def plain(text):
        return re.sub(r"\W|_", "", text.lower().removesuffix(".ipynb"))

    for likeness in (shared, named, defined):
        best = max(release, key=likeness)
        if likeness(best):
            return best
    return None


def _identities(cells):
    return {identity for cell in cells for identity in (_mark(cell).get("grade_id"), cell.get("id")) if identity}


def _defines(source, name):
    return re.search(rf"^(?:async )?(?:def|class) {name}\b|^{name}\s*=", source, re.MULTILINE) is not None


def written(cells, pristine):
    """How many exercises a student's notebook holds something for."""
    solutions, _ = _sort(cells, pristine)
    return sum(1 for exercise in pristine.exercises if _pieces(solutions[exercise.name], exercise))


def transplant(cells, pristine):
    """Put a student's code cells into the release.

    Parameters
    ----------
    cells : list of NotebookNode
        As from ``open_notebook``; empty if nothing was handed in.
    pristine : Pristine

    Returns
    -------
    Transplanted
    """
    solutions, helpers = _sort(cells, pristine)
    result = Transplanted(pristine.name, [], new_notebook(metadata=pristine.notebook.metadata, nbformat_minor=5))
    stubs = {exercise.name: exercise for exercise in pristine.exercises}
    for cell in pristine.notebook.cells:
        cell = nbformat.from_dict(cell)
        name = _mark(cell).get("grade_id")
        if name in stubs:
            for helper in helpers.pop(name, []):
                result.cells.append(("student", [helper]))
                result.notebook.cells.append(new_code_cell(helper))
            pieces = _pieces(solutions[name], stubs[name])
            if len(pieces) > 1:
                result.notes.append(f"{name} is written in {len(pieces)} cells")
            pieces = pieces or ([stubs[name].stub] if solutions[name] else [])
            result.cells.append((name, pieces))
            cell.source = "\n".join(pieces)
        elif cell.cell_type == "code" and not _mark(cell).get("grade"):
            result.cells.append(("lab", [cell.source]))
        result.notebook.cells.append(cell)
    for helper in [source for sources in helpers.values() for source in sources]:  # those after the last exercise
        result.cells.append(("student", [helper]))
        result.notebook.cells.append(new_code_cell(helper))
    return result


def _sort(cells, pristine):
    """({exercise: sources of its cells}, {exercise: sources of the student's own cells before it}).

    A solution is known by its grade_id, else by the id of its cell; where that gives nothing, by what it defines. What
    was the lab's and is as it was, or is a check whatever became of it, is left out.
    """
    exercises = {exercise.name: exercise for exercise in pristine.exercises}
    checks = {exercise.check for exercise in pristine.exercises}
    ids = {cell.get("id"): _mark(cell)["grade_id"] for cell in pristine.notebook.cells if _mark(cell)}
    known = {cell.source.strip() for cell in pristine.notebook.cells} | {_visible(e.test) for e in pristine.exercises}
    identities = [_mark(cell).get("grade_id") or ids.get(cell.get("id")) for cell in cells]
    for name, exercise in exercises.items():
        if not _pieces([cell.source for cell, own in zip(cells, identities, strict=True) if own == name], exercise):
            for number, cell in enumerate(cells):
                new = identities[number] not in {*exercises, *checks} and cell.source.strip() not in known
                if new and _defines(cell.source, name):
                    identities[number] = name
    solutions, helpers, waiting = {name: [] for name in exercises}, {}, []
    for cell, identity in zip(cells, identities, strict=True):
        if identity in solutions:
            solutions[identity].append(cell.source)
            helpers.setdefault(identity, []).extend(waiting)
            waiting = []
        elif identity not in checks and cell.source.strip() and cell.source.strip() not in known:
            waiting.append(cell.source)
    helpers[None] = waiting
    return solutions, helpers


def _visible(test):
    """A check as the student sees it."""
    return re.sub(r"### BEGIN HIDDEN TESTS.*?### END HIDDEN TESTS", "", test, flags=re.DOTALL).strip()


def _pieces(sources, exercise):
    """What a student wrote for an exercise: cells that are empty, or as they came, or there twice, do not count."""
    stub_lines = {line.strip() for line in STUB.splitlines()}
    emptied = "\n".join(line for line in exercise.stub.splitlines() if line.strip() not in stub_lines).strip()
    pieces = list(dict.fromkeys(source for source in sources if source.strip() not in ("", exercise.stub.strip())))
    return [] if [piece.strip() for piece in pieces] == [emptied] else pieces
