"""The README's worked example of an instructor's own exercise, from an empty folder to graded submissions."""

import contextlib
import csv
import json
import re

import nbformat
import pytest
from conftest import ROOT

from labutils import checks, exercises
from labutils.__main__ import main
from labutils.classroom import sandbox

ANSWERS = {  # by the code that they must get
    "ok": "return start + np.arange(steps)[:, None] / (steps - 1) * (end - start)",
    "end-missing": "return np.linspace(start, end, steps, endpoint=False)",
    "start-missing": "return np.linspace(start, end, steps + 1)[1:]",
    "ends-missing": "return np.linspace(start, end, steps + 2)[1:-1]",
    "one-too-many": "return np.linspace(start, end, steps + 1)",
    "backwards": "return np.linspace(end, start, steps)",
    "start-not-added": "return np.linspace(0 * start, end - start, steps)",
    "transposed": "return np.linspace(start, end, steps).T",
    "unequal-steps": "return start + np.linspace(0, 1, steps)[:, None] ** 2 * (end - start)",
    "wrong-values": "return np.tile((start + end) / 2, (steps, 1))",
    "wrong-shape": "return (start + end) / 2",
    "not-an-array": "return list(np.linspace(start, end, steps))",
    "nothing-returned": "np.linspace(start, end, steps)",
    "raises": "return np.linspace(start, end)[steps + 100]",
}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """What the README says to write, and its notebook made."""
    import jupytext

    folder = tmp_path_factory.mktemp("instructor")
    readme = (ROOT / "README.md").read_text("utf-8")
    for name, source in re.findall(r"<!-- (course/\S+) -->\n```python\n(.*?)```", readme, re.DOTALL):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source, "utf-8")
    jupytext.write(jupytext.read(folder / "course" / "01_walk.py"), folder / "course" / "01_walk.ipynb")
    return folder / "course"


@pytest.fixture(scope="module")
def release(course):
    assert main(["assign", "--source", str(course), "--out", str(course.parent / "walk")]) == 0
    return course.parent / "walk"


def function(body):
    return f"def interpolate(start, end, steps):\n    {body}\n"


def test_the_check_finds_the_exercise_beside_the_notebook(course, monkeypatch):
    import numpy as np

    monkeypatch.chdir(course)
    for code, body in ANSWERS.items():
        names = {"np": np}
        exec(function(body), names)
        with contextlib.redirect_stdout(None):
            result = checks.interpolate(names["interpolate"])
        assert result.code == code, result
        assert result.passed == (code == "ok")
        assert code == "ok" or len(result.hint.splitlines()) >= 2
    assert "1.1 interpolate" in str(checks.progress())


def test_elsewhere_there_is_no_such_check(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(AttributeError, match="interpolate"):
        checks.interpolate  # noqa: B018


def test_the_release_brings_the_exercise_along(course, release):
    assert (release / "exercises" / "interpolate.py").read_text("utf-8") == (
        course / "exercises" / "interpolate.py"
    ).read_text("utf-8")
    assert "linspace" not in (release / "01_walk.ipynb").read_text("utf-8")
    assert main(["assign", "--source", str(course), "--out", str(release)]) == 0  # as nobody has worked in it


def test_submissions_are_graded_by_the_same_judge(course, release, tmp_path, monkeypatch):
    for student, body in ANSWERS.items():
        notebook = nbformat.read(release / "01_walk.ipynb", as_version=4)
        for cell in notebook.cells:
            if cell.metadata.get("nbgrader", {}).get("grade_id") == "interpolate":
                cell.source = function(body)
        (tmp_path / "submissions" / student).mkdir(parents=True)
        nbformat.write(notebook, tmp_path / "submissions" / student / "01_walk.ipynb")
    command = ["grade", str(tmp_path / "submissions"), "--release", str(release), "--source", str(course)]
    unprotected = [] if sandbox.bubblewrap() else ["--without-sandbox"]
    assert main([*command, "--out", str(tmp_path / "grades"), *unprotected]) == 0
    with open(tmp_path / "grades" / "grades.csv", newline="", encoding="utf-8") as file:
        table = {row["student"]: row for row in csv.DictReader(file)}
    for student in ANSWERS:
        results = json.loads((tmp_path / "grades" / "results" / f"{student}.json").read_text("utf-8"))
        assert results["verdicts"]["interpolate"]["code"] == student
        assert table[student]["interpolate"] == ("2" if student == "ok" else "0")
        assert "1.1 interpolate" in (tmp_path / "grades" / "feedback" / f"{student}.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("EXERCISE = 1\n", "is no exercise"),
        ("EXERCISE =\n", "is no exercise"),
        ("from labutils.exercises import Exercise\nEXERCISE = Exercise('1.1', 'f(x)', 'f')\n", "no attribute 'ask'"),
    ],
)
def test_a_file_that_is_no_exercise_is_named(tmp_path, text, sentence):
    (tmp_path / "exercises").mkdir()
    (tmp_path / "exercises" / "broken.py").write_text(text)
    with pytest.raises(exercises.ExerciseError, match="broken.py.*" + sentence):
        exercises.found(tmp_path)


def test_two_exercises_of_one_name_are_refused(tmp_path):
    (tmp_path / "exercises").mkdir()
    theirs = (exercises.FOLDER / "reconstruction_error.py").read_text("utf-8")
    (tmp_path / "exercises" / "mine.py").write_text(theirs, "utf-8")
    with pytest.raises(exercises.ExerciseError, match="rename one"):
        exercises.found(tmp_path)


def test_other_files_of_a_students_are_left_alone(tmp_path):
    (tmp_path / "exercises").mkdir()
    (tmp_path / "exercises" / "notes.py").write_text("raise SystemExit", "utf-8")
    (tmp_path / "exercises" / "data.txt").write_text("EXERCISE", "utf-8")
    assert exercises.found(tmp_path).keys() == exercises.found().keys()
