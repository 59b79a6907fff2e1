"""Writes nbgrader's gradebook, and a course around it that nbgrader's own commands and formgrader can go on with."""

import contextlib
import os
import shutil
import sys
import warnings
from pathlib import Path

import nbformat
from nbformat.v4 import new_output
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from sqlalchemy.exc import SAWarning
from traitlets.config import Config

from labutils import files
from labutils.classroom.assign import STUB, AssignError
from labutils.classroom.examiner import OPEN, PASSED, SUSPICIOUS

CONFIG = """\
# Settings of nbgrader for this course. Written by `labutils grade` once; change it as you like.
c = get_config()
c.ClearSolutions.code_stub = {{"python": {stub!r}}}
c.ExecutePreprocessor.timeout = 600
c.ExecutePreprocessor.startup_timeout = 300
c.ExecutePreprocessor.iopub_timeout = 60  # TensorFlow is silent for a while when it starts
"""


def make_course(out, assignment, complete, own):
    """Make the folder a course of nbgrader with this assignment in it; does nothing if it is there as it should be.

    Parameters
    ----------
    out : Path
    assignment : str
    complete : list of Path
        The complete notebooks.
    own : dict of str to str
        The instructor's own exercises, as from ``assign.own_exercises``.

    Raises
    ------
    AssignError
        nbgrader does not take them.
    """
    (out / "results").mkdir(parents=True, exist_ok=True)  # the mark of a folder that is ours
    source = out / "source" / assignment
    notebooks = {path.name: path.read_bytes() for path in complete}
    notebooks |= {f"exercises/{name}": text.encode() for name, text in own.items()}
    there = [*source.glob("*.ipynb"), *source.glob("exercises/*.py")]
    there = {path.relative_to(source).as_posix(): path.read_bytes() for path in there}
    if there == notebooks and (out / "gradebook.db").exists() and (out / "nbgrader_config.py").exists():
        return
    (source / "exercises" if own else source).mkdir(parents=True, exist_ok=True)
    if not (out / "nbgrader_config.py").exists():
        (out / "nbgrader_config.py").write_text(CONFIG.format(stub=STUB), "utf-8")
    for name in there.keys() - notebooks.keys():
        (source / name).unlink()
    for name, data in notebooks.items():
        (source / name).write_bytes(data)
    with _own_programs_first():
        result = _nbgrader(out).generate_assignment(assignment, create=True, force=True)
    if not result["success"]:
        shutil.rmtree(source)
        last = [line for line in (result.get("error") or result.get("log") or "").splitlines() if line.strip()][-1:]
        raise AssignError(
            f"nbgrader does not take these notebooks into {out}: {''.join(last)}. If exercises were added or dropped "
            "since others were graded there, name a new folder with --out."
        )


def _nbgrader(out):
    course = {"root": str(out), "course_id": ""}
    return NbGraderAPI(
        config=Config(
            {
                "CourseDirectory": course,
                "ClearSolutions": {"code_stub": {"python": STUB}},
                "Application": {"log_level": "ERROR"},
            }
        )
    )


@contextlib.contextmanager
def _own_programs_first():
    """nbgrader calls alembic by its name."""
    before = os.environ.get("PATH", "")
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), before])
    try:
        yield
    finally:
        os.environ["PATH"] = before


def save(out, assignment, release, everybody):
    """Write everybody's results into the gradebook, and their notebooks beside it.

    A score that a teacher gave by hand stays.

    Returns
    -------
    dict of str to dict of str to (float or None)
        The score for each student and exercise, the teacher's where there is one.
    """
    scores = {}
    with warnings.catch_warnings(), Gradebook(f"sqlite:///{out / 'gradebook.db'}") as gradebook:
        warnings.simplefilter("ignore", SAWarning)  # of how nbgrader makes a new submission
        for graded in everybody:
            gradebook.update_or_create_student(graded.student, last_name=graded.name or None)
            gradebook.update_or_create_submission(assignment, graded.student)
            scores[graded.student] = {}
            for pristine in release:
                _save_notebook(out, assignment, pristine, graded)
                for exercise in pristine.exercises:
                    grade = _save_grade(gradebook, assignment, pristine, exercise, graded)
                    by_hand = grade.manual_score is not None
                    score = grade.manual_score if by_hand else grade.auto_score
                    scores[graded.student][exercise.name] = None if score is None else score + (grade.extra_credit or 0)
        gradebook.db.commit()
    return scores


def _save_grade(gradebook, assignment, pristine, exercise, graded):
    verdict, notebook = graded.verdicts[exercise.name], pristine.name.removesuffix(".ipynb")
    grade = gradebook.find_grade(exercise.check, notebook, assignment, graded.student)
    grade.auto_score = verdict.score(exercise.points)
    grade.needs_manual_grade = verdict.state in (OPEN, SUSPICIOUS) and grade.manual_score is None
    comment = gradebook.find_comment(exercise.name, notebook, assignment, graded.student)
    comment.auto_comment = f"{verdict.state}: {verdict.message}"
    return grade


def _save_notebook(out, assignment, pristine, graded):
    """Write a notebook as it was handed in, in the release's form, and once more with the results as outputs."""
    for step in ("submitted", "autograded"):
        path = out / step / graded.student / assignment / pristine.name
        if pristine.name not in graded.papers:
            path.unlink(missing_ok=True)
            continue
        notebook = graded.papers[pristine.name].notebook
        if step == "autograded":
            notebook = nbformat.from_dict(notebook)
            for exercise in pristine.exercises:
                _show(notebook, exercise, graded.verdicts[exercise.name])
        with files.replacing(path) as unfinished:
            nbformat.write(notebook, unfinished)


def _show(notebook, exercise, verdict):
    """Give a check cell the output from which nbgrader reads what we found."""
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == exercise.check:
            if verdict.state == PASSED:
                cell.outputs = [new_output("stream", text=f"{verdict.state}: {verdict.message}")]
            else:
                words = f"{verdict.message} {verdict.why}".strip()
                cell.outputs = [new_output("error", ename=verdict.state, evalue=words, traceback=[words])]
