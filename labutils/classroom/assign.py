"""Makes the student's version of the notebooks, a valid nbgrader release: stubs for solutions, nothing hidden in it."""

import hashlib
import json
import re
import shutil

import nbformat
from nbgrader import preprocessors
from nbgrader.nbgraderformat import MetadataValidator

from labutils import exercises
from labutils.classroom import title_page

STUB = '# Your code here, in place of the next line.\nraise NotImplementedError("This exercise is not done yet.")'

STEPS = [  # those of `nbgrader generate_assignment`; checksums are of what the student gets, so they come last
    preprocessors.LockCells(),
    preprocessors.ClearSolutions(code_stub={"python": STUB}),
    preprocessors.ClearOutput(),
    preprocessors.ClearHiddenTests(),
    preprocessors.ClearMarkScheme(),
    preprocessors.ComputeChecksums(),
]


class AssignError(Exception):
    """A release or a copy cannot be made. The message says why, and what to do."""


def make_release(paths, course=None, deadline=None):
    """The student's version of the lab, nothing written yet.

    Parameters
    ----------
    paths : list of Path
        The complete notebooks (.ipynb), in order.
    course, deadline : str, optional
        For the title page, in the instructor's words.

    Returns
    -------
    dict of str to NotebookNode
        By file name, the title page first. Each carries its ``stamp``.

    Raises
    ------
    AssignError
        There is no notebook, or one cannot be read, its exercises are not marked as nbgrader wants it, or it calls a
        check that does not exist.
    """
    if not paths:
        raise AssignError("There is no notebook to make a student's version of.")
    notebooks = {path.name: _student_version(path) for path in paths}
    _require_checks(notebooks, paths[0].parent)
    release = {title_page.FILE: title_page.make(notebooks, course, deadline), **notebooks}
    for notebook in release.values():
        notebook.metadata.labutils = {"release": fingerprint(notebook)}
    return release


def _student_version(path):
    try:
        notebook = nbformat.read(path, as_version=4)
        # Nothing of jupytext, which would look for the paired script, and nothing that is meant for our own tests.
        notebook.metadata = _only(notebook.metadata, "kernelspec", "language_info")
        for cell in notebook.cells:
            cell.metadata = _only(cell.metadata, "nbgrader")
        for step in STEPS:
            notebook, _ = step.preprocess(notebook, {})
        MetadataValidator().validate_nb(notebook)
    except Exception as error:  # nbformat lets those of the parsers below it through, nbgrader raises what it likes
        raise AssignError(f"{path.name} cannot be made a student's version: {error}") from error
    return notebook


def _require_checks(notebooks, folder):
    known = {exercise.check for exercise in exercises.found(folder).values()}
    for name, notebook in notebooks.items():
        for cell in notebook.cells:
            called = re.findall(r"\bchecks\.(\w+)\(", cell.source) if cell.metadata.get("nbgrader") else []
            if missing := set(called) - known - {"carry_on", "progress"}:
                raise AssignError(
                    f"{name} calls checks.{min(missing)}, and no exercise has a check of that name: there is no such "
                    f"file in {exercises.FOLDER}, nor in {folder / 'exercises'}."
                )


def own_exercises(folder):
    """The instructor's own exercises beside the notebooks in a folder: {file name: source}."""
    own = [exercise.path for exercise in exercises.found(folder).values() if exercise.path.parent != exercises.FOLDER]
    return {path.name: path.read_text("utf-8") for path in own}


def _only(metadata, *names):
    return nbformat.NotebookNode({name: metadata[name] for name in names if name in metadata})


def fingerprint(notebook):
    """str: stands for all that is to be seen in a notebook, its text, code and outputs."""
    seen = [[cell.cell_type, cell.source, cell.get("outputs", [])] for cell in notebook.cells]
    return hashlib.sha256(json.dumps(seen, sort_keys=True).encode()).hexdigest()


def stamp(notebook):
    """str or None: the fingerprint that a notebook had when it was released, whatever was done with it since."""
    return notebook.metadata.get("labutils", {}).get("release")


def read(path):
    """NotebookNode, an empty one if the file is no notebook that can be read."""
    try:
        return nbformat.read(path, as_version=4)
    except Exception:  # whatever the parsers below nbformat say of a damaged file
        return nbformat.v4.new_notebook()


def write_release(release, folder, own=()):
    """Write a release: the folder is there with all of it, or stays as it was.

    Parameters
    ----------
    release : dict of str to NotebookNode
        As from ``make_release``.
    folder : Path
    own : dict of str to str
        As from ``own_exercises``.

    Raises
    ------
    AssignError
        The folder holds something else than a release that nobody has changed.
    OSError
    """
    if folder.exists() and not folder.is_dir():
        raise AssignError(f"{folder} is a file: name a folder for the release.")
    kept = [path.name for path in sorted(folder.glob("*")) if not _is_untouched(path)]
    if kept:
        others = f" and {len(kept) - 1} more" if len(kept) > 1 else ""
        raise AssignError(
            f"{folder} holds {kept[0]}{others}, not made here or changed since: nothing was written. Name another "
            "folder with --out, or remove this one."
        )
    beside = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(beside, ignore_errors=True)  # one that was killed may have left it
    try:
        new = beside / "new"
        new.mkdir(parents=True)
        for name, notebook in release.items():
            nbformat.write(notebook, new / name)
        if own:
            (new / "exercises").mkdir()
        for name in own:
            (new / "exercises" / name).write_text(own[name], "utf-8")
        if folder.exists():
            folder.rename(beside / "old")
        new.rename(folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _is_untouched(path):
    """Whether a file is just as a release had it, or is what Jupyter and Python keep beside such files."""
    if path.name == ".ipynb_checkpoints":
        return all(map(_is_untouched, path.glob("*")))
    if path.name == "exercises" and path.is_dir():  # the instructor's own
        return all(exercises.is_exercise(each) or each.name == "__pycache__" for each in path.iterdir())
    notebook = read(path)
    return stamp(notebook) is not None and stamp(notebook) == fingerprint(notebook)
