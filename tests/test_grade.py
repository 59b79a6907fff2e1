"""Grading: accidents cost nobody marks, attacks gain nothing, and the rest is nbgrader's."""

import csv
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from types import SimpleNamespace

import hostile
import nbformat
import psutil
import pytest
from conftest import ROOT
from nbformat.v4 import new_code_cell
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from notebook_cells import NOTEBOOKS, exercises
from traitlets.config import Config

from labutils import exercises as lab_exercises
from labutils.__main__ import main
from labutils.classroom import submissions

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="grading is for Linux")

SECONDS = 25  # for an exercise; what never ends takes them all
POINTS = {
    cell.metadata.nbgrader.grade_id.removeprefix("check-"): cell.metadata.nbgrader.points
    for path in NOTEBOOKS
    for cell in nbformat.read(path, as_version=4).cells
    if cell.metadata.get("nbgrader", {}).get("grade")
}
NAMES = [path.name for path in NOTEBOOKS]
ONE, TWO, THREE, FOUR, FIVE = NAMES


def has_sandbox():
    from labutils.classroom import sandbox

    return os.name == "posix" and sandbox.bubblewrap() is not None


needs_sandbox = pytest.mark.skipif(
    not has_sandbox(), reason="NO SANDBOX: bubblewrap is not here or does not work, so nothing is said about attacks"
)


# ----- what students hand in -----


@pytest.fixture(scope="module")
def release(tmp_path_factory):
    folder = tmp_path_factory.mktemp("grade") / "release"
    assert main(["assign", "--out", str(folder)]) == 0
    return folder


class Desk:
    """Writes submissions: the release with some exercises done."""

    def __init__(self, release, folder):
        self.release, self.folder = release, folder

    def hand_in(self, student, solved=(), code=None, only=NAMES, change=None):
        """A student's folder with the notebooks named.

        Solved are the lab's own solutions, code gives others; change(notebook) does the rest to the first notebook.
        """
        place = self.folder / student
        place.mkdir(parents=True, exist_ok=True)
        for number, name in enumerate(only):
            notebook = nbformat.read(self.release / name, as_version=4)
            for cell in notebook.cells:
                exercise = grade_id(cell)
                if exercise in (code or {}):
                    cell.source = code[exercise]
                elif exercise in solved:
                    cell.source = exercises()[exercise][1]
            if change and not number:
                change(notebook)
            (place / name).write_text(json.dumps(notebook), "utf-8")  # nbformat would mend what was done to it
        return place


def grade_id(cell):
    return cell.get("metadata", {}).get("nbgrader", {}).get("grade_id")


def of(*names):
    """The exercises in notebooks."""
    return [name for name, (notebook, _, _) in exercises().items() if f"{notebook}.ipynb" in names]


def find(notebook, exercise):
    return next(cell for cell in notebook.cells if grade_id(cell) == exercise)


def after(notebook, exercise, *sources):
    place = notebook.cells.index(find(notebook, exercise)) + 1
    notebook.cells[place:place] = [new_code_cell(source) for source in sources]


# ----- accidents, each to one notebook of somebody who solved everything -----


def checks_doubled(notebook):
    for cell in [cell for cell in notebook.cells if (grade_id(cell) or "").startswith("check-")]:
        notebook.cells.insert(notebook.cells.index(cell), nbformat.from_dict(json.loads(json.dumps(cell))))


def checks_deleted(notebook):
    notebook.cells = [cell for cell in notebook.cells if not (grade_id(cell) or "").startswith("check-")]


def metadata_stripped(notebook):
    notebook.metadata = nbformat.NotebookNode()
    for cell in notebook.cells:
        cell.metadata = nbformat.NotebookNode()


def ids_stripped(notebook):
    metadata_stripped(notebook)
    notebook.nbformat_minor = 0
    for cell in notebook.cells:
        del cell["id"]


def cells_moved(notebook):
    notebook.cells.reverse()


def helpers_added(notebook):
    """Functions in cells of their own, before and after, an import in the lab's cell, and a name of the lab's used."""
    find(notebook, "build_encoder").source = "def build_encoder():\n    return stack([784, HIDDEN, CODE], 'encoder')"
    find(notebook, "build_decoder").source = (
        "@functools.cache\ndef size():\n    return test_images[0].size\n\n\n"
        "def build_decoder():\n    return stack([CODE, HIDDEN, size()], 'decoder')"
    )
    notebook.cells.insert(1, new_code_cell("HIDDEN, CODE = 128, 32\nprint(no_such_name)"))
    first = next(cell for cell in notebook.cells if cell.cell_type == "code" and "import keras" in cell.source)
    first.source += "\nimport functools"
    after(
        notebook,
        "check-build_decoder",
        "def stack(sizes, name):\n    last = {'encoder': 'relu', 'decoder': 'sigmoid'}[name]\n"
        "    return keras.Sequential([keras.Input((sizes[0],)), layers.Dense(sizes[1], 'relu'),\n"
        "                             layers.Dense(sizes[2], last)], name=name)",
    )


def solution_split(notebook):
    """As the editor's own command does: both halves keep the metadata. One is cut between functions, one inside."""
    cell = find(notebook, "pixel_cross_entropy")
    head, body = cell.source.split("    ### BEGIN SOLUTION\n")
    cell.source = head
    second = nbformat.from_dict(json.loads(json.dumps(cell)))
    second.source, second.id = body, "second-half"
    notebook.cells.insert(notebook.cells.index(cell) + 1, second)
    cell = find(notebook, "compile_autoencoder")
    helper = nbformat.from_dict(json.loads(json.dumps(cell)))
    helper.source, helper.id = "def name():\n    return 'adam'", "a-helper"
    cell.source = cell.source.replace('"adam"', "name()")
    notebook.cells.insert(notebook.cells.index(cell), helper)


def much_printed(notebook):
    lines = "\n".join(f"step {number}" for number in range(200_000))
    cell = find(notebook, "steps_per_epoch")
    cell.outputs = [nbformat.v4.new_output("stream", text=lines)]
    cell.source += "\nfor number in range(200_000):\n    print('step', number)"


def magics(notebook):
    cell = find(notebook, "reconstruct")
    cell.source = f"%%time\n{cell.source}"
    cell = find(notebook, "reconstruction_error")
    cell.source = f"%matplotlib inline\n!true\n{cell.source}\nreconstruction_error(zeros, zeros)"


def solved_elsewhere(notebook):
    """The stub is left alone, and the function stands in a cell of its own."""
    for name in of(FOUR):
        stub = find(notebook, name)
        after(notebook, name, stub.source)
        stub.source = UNTOUCHED[name]


UNTOUCHED = {}
LAYERS_FAIL = """

import keras
keras.layers.Dense.call = None
"""
LAYERS_FATAL = """

import keras

def call(self, inputs):
    import os
    os._exit(0)

keras.layers.Dense.call = call
"""
HALVES = """\
def build_encoder():
    inputs = keras.Input((784,))
    hidden = layers.Concatenate()([layers.Dense(64, "relu")(inputs), layers.Dense(64, "relu")(inputs)])
    return keras.Model(inputs, layers.Dense(32, "relu")(hidden))
"""
BORROWED = """\
def pixel_cross_entropy(target, output):
    from labutils import metrics
    return metrics.pixel_cross_entropy(target, output)
"""


def to_version_3(path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.write(nbformat.convert(notebook, 3), path)


@pytest.fixture(scope="module")
def desk(release, tmp_path_factory):
    """Everybody's submissions; ``desk.rows``: (kind, what, student, exercises, state that they must get)."""
    for path in release.glob("0[1-5]*.ipynb"):
        for cell in nbformat.read(path, as_version=4).cells:
            UNTOUCHED[grade_id(cell)] = cell.source
    desk, everything = Desk(release, tmp_path_factory.mktemp("handed in")), list(exercises())
    rows = desk.rows = []

    def accident(what, student, notebook, change=None, code=None, state="passed"):
        desk.hand_in(student, everything, code, [notebook], change)
        rows.extend(("accident", what, student, name, state) for name in of(notebook))
        return desk.folder / student / notebook

    accident("checks doubled", "accidents-1", ONE, checks_doubled)
    accident("helpers in cells of their own, before and after", "accidents-1", TWO, helpers_added)
    accident("solutions split in two cells", "accidents-1", THREE, solution_split)
    accident("200,000 lines of output, stored and printed", "accidents-1", FOUR, much_printed)
    accident("magics in the cells", "accidents-1", FIVE, magics)
    shutil.copy(release / FIVE, desk.folder / "accidents-1" / f"{FIVE[:-6]} (1).ipynb")  # and the empty one as well
    (desk.folder / "accidents-1" / "numpy.py").write_text("raise ImportError('the wrong numpy')")
    rows.append(("accident", "a file numpy.py, and two files for one notebook", "accidents-1", "reconstruct", "passed"))

    accident("checks deleted", "accidents-2", ONE, checks_deleted)
    accident("metadata stripped, cells moved", "accidents-2", TWO, lambda n: (metadata_stripped(n), cells_moved(n)))
    path = accident("another editor's: no ids, no metadata, a byte order mark", "accidents-2", THREE, ids_stripped)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    path = accident("solved in new cells, stubs left alone", "accidents-2", FOUR, solved_elsewhere)
    to_version_3(path)
    rows.append(("accident", "saved in nbformat 3", "accidents-2", "steps_per_epoch", "passed"))
    path = accident("a notebook renamed to lab (1).ipynb", "accidents-2", FIVE)
    path.rename(path.with_name("lab (1).ipynb"))

    bad = {"compile_autoencoder": "def compile_autoencoder(model:\n    return model", "pixel_cross_entropy": BORROWED}
    desk.hand_in("accidents-3", everything, bad, [THREE])
    rows.append(("accident", "syntax error in one exercise: that one", "accidents-3", "compile_autoencoder", "not yet"))
    rows.append(("attack", "calls the lab's own version", "accidents-3", "pixel_cross_entropy", "no marks"))
    desk.hand_in("accidents-3", everything, {"build_encoder": HALVES}, [TWO])
    rows.append(("accident", "right, but kept in unusual weights", "accidents-3", "build_encoder", "needs a human"))
    rows.append(("accident", "unusual weights: the next exercise", "accidents-3", "build_decoder", "passed"))
    (desk.folder / "accidents-3" / FOUR).write_text('{"cells": [{"cell_type": "code", "sou')
    rows.append(("accident", "broken JSON", "accidents-3", "steps_per_epoch", "needs a human"))
    (desk.folder / "accidents-3" / FIVE).write_text("")
    rows.append(("accident", "an empty file", "accidents-3", "reconstruct", "needs a human"))

    extra = {"make_test_dataset": LAYERS_FAIL, "pixel_cross_entropy": LAYERS_FATAL}
    desk.hand_in("accidents-4", everything, {name: exercises()[name][1] + extra[name] for name in extra})
    what = "one exercise changes Keras, so that the next ones would fail or end their process"
    rows.extend(("accident", what, "accidents-4", name, "passed") for name in everything)
    return desk


@pytest.fixture(scope="module")
def marks(desk, tmp_path_factory):
    """Students whose marks are known beforehand: {student: {exercise: points}}."""
    everything = list(exercises())
    place = desk.hand_in("complete", everything)
    title_page = nbformat.read(desk.release / "00_start.ipynb", as_version=4)
    next(cell for cell in title_page.cells if cell.source.startswith("name =")).source = 'name = "=1+1 <b>Ann"'
    nbformat.write(title_page, place / "00_start.ipynb")
    desk.hand_in("untouched")
    desk.hand_in(
        "one-wrong", everything, {"preprocess": "def preprocess(image, label):\n    return image, label"}, [ONE]
    )
    return {
        "complete": POINTS,
        "untouched": dict.fromkeys(POINTS, 0),
        "one-wrong": {name: POINTS[name] if name in of(ONE) and name != "preprocess" else 0 for name in POINTS},
    }


MARK = f"mark-{os.getpid()}-{time.time_ns()}"


@pytest.fixture(scope="module")
def attackers(desk, out):
    """One exercise for each attack, as each that goes wrong has a process of its own."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        told = {"MARK": MARK, "PORT": server.getsockname()[1], "HOME": Path.home(), "OUT": out}
        for kind, attacks in {"fake": hostile.FAKES, "damage": hostile.DAMAGE}.items():
            pairs = list(zip(attacks.items(), [*POINTS, *POINTS], strict=False))
            for part, some in enumerate((pairs[: len(POINTS)], pairs[len(POINTS) :])):
                if some:
                    code = {name: hostile.attack(template, name, **told) for (_, template), name in some}
                    student = f"attacker-{kind}-{part + 1}"
                    desk.hand_in(student, (), code, sorted({f"{exercises()[name][0]}.ipynb" for name in code}))
                    desk.rows += [("attack", what, student, name, "no marks") for (what, _), name in some]
        poison = hostile.FAKES["puts its own function in the place of the check"].replace("WRONG", "")
        code = {"preprocess": poison + exercises()["preprocess"][1]}
        code |= {name: hostile.attack("WRONG", name) for name in ("make_train_dataset", "make_test_dataset")}
        desk.hand_in("attacker-later", (), code, [ONE])
        desk.rows += [
            ("attack", "solves one, and fakes the checks of the next", "attacker-later", name, state)
            for name, state in zip(code, ("passed", "not yet", "not yet"), strict=True)
        ]
        desk.hand_in("attacker-markup", (), {"steps_per_epoch": MARKUP}, [FOUR])
        desk.rows.append(
            ("attack", "markup and scripts in code and messages", "attacker-markup", "steps_per_epoch", "no marks")
        )
        _files_with_ill_intent(desk)
        yield desk


MARKUP = """\
def steps_per_epoch(examples, batch_size):
    # </code></pre><script>alert(1)</script>
    raise ValueError("</p><img src=x onerror=alert(2)>`<script>alert(3)</script>`")
"""


def _files_with_ill_intent(desk):
    """Links, names that lead out of a zip file, and a file that is huge once unpacked."""
    folder = desk.folder / "attacker-files"
    folder.mkdir()
    (folder / ONE).symlink_to(NOTEBOOKS[0])
    desk.rows.append(("attack", "a link to the solutions", "attacker-files", "preprocess", "no marks"))
    with zipfile.ZipFile(folder / "lab.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"../../../../{desk.folder}/complete/{TWO}", "{}")
        archive.writestr(THREE, b" " * 150_000_000)
    desk.rows.append(("attack", "a name that leads out of its zip file", "attacker-files", "build_encoder", "no marks"))
    desk.rows.append(
        ("attack", "a zip file that unpacks to 150 MB", "attacker-files", "pixel_cross_entropy", "no marks")
    )


# ----- grading it all once, killed half-way -----


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    return tmp_path_factory.mktemp("graded")


@pytest.fixture(scope="module")
def results(desk, marks, attackers, out, release, builtin_data_dir):
    """The whole class graded in the sandbox; killed after some, and called again."""
    command = ["grade", str(desk.folder), "--release", str(release), "--out", str(out), "--jobs", "2"]
    command += ["--seconds", str(SECONDS), "--memory", "2"]
    settings = {"LABUTILS_DIGITS": "builtin", "TFDS_DATA_DIR": str(builtin_data_dir)}
    builtin_data_dir.chmod(0o755)  # pytest makes folders for itself alone, and code in a sandbox is nobody's
    with pytest.MonkeyPatch.context() as patch:
        for setting, value in settings.items():
            patch.setenv(setting, value)
        killed = _killed_after(2, [sys.executable, "-m", "labutils", *command], out / "results")
        before = {path.name: path.stat().st_mtime_ns for path in (out / "results").glob("*.json")}
        assert main(command) == 0
    return SimpleNamespace(command=command, killed=killed, before=before, table=table(out), settings=settings)


def _killed_after(count, command, folder):
    """Run a command and kill -9 it when a folder holds so many results; returns its output."""
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        while process.poll() is None and len(list(folder.glob("*.json"))) < count:
            time.sleep(0.1)
        process.send_signal(signal.SIGKILL)
        return process.stdout.read()


def table(out):
    with open(out / "grades.csv", newline="", encoding="utf-8") as file:
        return {row["student"]: row for row in csv.DictReader(file)}


def state(out, student, exercise):
    """(state, code) of an exercise."""
    verdict = json.loads((out / "results" / f"{student}.json").read_text("utf-8"))["verdicts"][exercise]
    return verdict["state"], verdict["code"]


@needs_sandbox
def test_accidents_and_attacks(results, desk, out):
    artifacts = Path(os.environ["LABUTILS_ARTIFACTS"])
    lines = [
        "| kind | what | exercise | must get | got | code | points |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    wrong = []
    for kind, what, student, exercise, expected in desk.rows:
        got, code = state(out, student, exercise)
        points = results.table[student][exercise]
        fine = points in ("0", "") if expected == "no marks" else got == expected
        full = expected != "passed" or float(points) == POINTS[exercise]
        lines.append(f"| {kind} | {what} | {exercise} | {expected} | {got} | {code} | {points} of {POINTS[exercise]} |")
        if not (fine and full):
            wrong.append(lines[-1])
    artifacts.mkdir(parents=True, exist_ok=True)
    (artifacts / "grading.md").write_text("\n".join(lines) + "\n", "utf-8")
    assert len({what for _, what, *_ in desk.rows}) >= 40
    assert not wrong, "\n".join(wrong)


@needs_sandbox
def test_marks_are_those_known_beforehand(results, marks):
    for student, points in marks.items():
        row = results.table[student]
        assert {name: float(row[name]) for name in POINTS} == points, student
        assert float(row["total"]) == sum(points.values())
        assert float(row["of"]) == sum(POINTS.values())
        assert row["status"] == "ok"
        assert row["sandbox"] == "yes"


@needs_sandbox
def test_untouched_exercises_are_not_attempted(results, out):
    assert {state(out, "untouched", name) for name in POINTS} == {("not attempted", "not-attempted")}


@needs_sandbox
def test_killed_run_goes_on_where_it_stopped(results, out):
    assert "2/" in results.killed
    assert len(results.before) >= 2
    assert results.table.keys() == {path.stem for path in (out / "results").glob("*.json")}
    for name, time_written in results.before.items():
        if results.table[name.removesuffix(".json")]["status"] == "ok":
            assert (out / "results" / name).stat().st_mtime_ns == time_written


@needs_sandbox
def test_what_attacks_found(results, out):
    """They say it in the message of their error."""
    said = {}
    for path in (out / "results").glob("attacker-damage-*.json"):
        verdicts = json.loads(path.read_text("utf-8"))["verdicts"].values()
        said |= dict(re.findall(r"ValueError.*?: ([a-z ]+): (.*)", "\n".join(v["message"] for v in verdicts)))
    assert said == {"notebooks and grades": "0 []", "reached": "[]", "written": "[]"}


@needs_sandbox
def test_no_process_is_left_behind(results):
    commands = [" ".join(process.info["cmdline"] or []) for process in psutil.process_iter(["cmdline"])]
    assert not [command for command in commands if MARK in command]


@needs_sandbox
def test_suspicious_results_ask_for_a_look_and_give_nothing(results):
    rows = [row for student, row in results.table.items() if student.startswith("attacker-fake")]
    assert all(row["total"] == "0" for row in rows)
    assert any(row["status"].startswith("suspicious: ") for row in rows)
    assert any("no answer" in row["findings"] for row in rows)


@needs_sandbox
def test_a_call_of_the_labs_own_version_is_named(results, out):
    verdict = json.loads((out / "results" / "accidents-3.json").read_text("utf-8"))["verdicts"]["pixel_cross_entropy"]
    assert verdict["code"] == "raises"
    assert "out of reach, and your code names it" in verdict["message"]


@needs_sandbox
def test_name_on_the_title_page_is_text_everywhere(results, out):
    assert results.table["complete"]["name"] == "'=1+1 <b>Ann"  # no formula for a spreadsheet
    assert "=1+1 &lt;b&gt;Ann (complete)" in (out / "feedback" / "complete.html").read_text("utf-8")


@needs_sandbox
@pytest.mark.parametrize("student", ["attacker-markup", "attacker-damage-2", "accidents-1", "one-wrong"])
def test_feedback_page_is_text_without_scripts_network_and_hidden_tests(results, out, student):
    page = (out / "feedback" / f"{student}.html").read_text("utf-8")
    assert not re.search(r"<(script|img|link|iframe)|https?://|url\(|src=[^x]", page)
    assert "assert result" not in page
    assert "HIDDEN TESTS" not in page
    assert "default-src 'none'" in page


@needs_sandbox
def test_feedback_page_has_diagnosis_hints_and_own_code(results, out):
    page = (out / "feedback" / "one-wrong.html").read_text("utf-8")
    assert "return image, label" in page
    assert "<code>not-scaled</code>" in page
    verdict = json.loads((out / "results" / "one-wrong.json").read_text("utf-8"))["verdicts"]["preprocess"]
    for hint in verdict["hint"].splitlines():
        assert re.split("[`&<']", hint)[0] in page
    assert "5 of 28 points" in page
    assert "&lt;script&gt;alert(1)" in (out / "feedback" / "attacker-markup.html").read_text("utf-8")


# ----- nbgrader goes on from there -----


@needs_sandbox
def test_nbgrader_takes_the_course_and_gets_the_same(results, out, tmp_path, monkeypatch):
    """One student's notebook, executed by nbgrader as a whole; the release is nbgrader's own already."""
    course = shutil.copytree(out, tmp_path / "course")
    for setting, value in {**results.settings, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}.items():
        monkeypatch.setenv(setting, value)
    assert sorted(path.name for path in (course / "release" / "autoencoder").iterdir()) == NAMES

    nbgrader = NbGraderAPI(config=Config({"CourseDirectory": {"root": str(course)}}))
    for step in (nbgrader.autograde, nbgrader.generate_feedback):
        done = step("autoencoder", "one-wrong", force=True)
        assert done["success"], done["log"]
    feedback = course / "feedback" / "one-wrong" / "autoencoder" / ONE.replace("ipynb", "html")
    assert "not-scaled" in feedback.read_text("utf-8")
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        assert {
            grade.name.removeprefix("check-"): grade.auto_score
            for notebook in gradebook.find_submission("autoencoder", "one-wrong").notebooks
            for grade in notebook.grades
        } == {name: float(results.table["one-wrong"][name]) for name in POINTS}
    subprocess.run([sys.executable, "-m", "nbgrader", "export"], cwd=course, check=True, timeout=120)
    with open(course / "grades.csv", newline="", encoding="utf-8") as file:
        exported = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
    assert exported == {student: float(row["total"] or exported[student]) for student, row in results.table.items()}


@needs_sandbox
def test_teachers_own_score_stays(results, out, tmp_path, release):
    """Given by hand in formgrader, say; nothing but a changed submission is graded again."""
    course = shutil.copytree(out, tmp_path / "course")
    handed_in = tmp_path / "handed in"
    shutil.copytree(Path(results.command[1]) / "untouched", handed_in / "untouched")
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        gradebook.find_grade("check-preprocess", ONE[:-6], "autoencoder", "untouched").manual_score = 1.5
        gradebook.db.commit()
    assert main(["grade", str(handed_in), "--release", str(release), "--out", str(course)]) == 0
    assert table(course)["untouched"]["preprocess"] == "1.5"


def test_only_a_changed_submission_is_graded_again(release, tmp_path, monkeypatch):
    from labutils.classroom import examiner, grading, sandbox, transplant

    desk, pristine = Desk(release, tmp_path / "handed in"), transplant.load_release(release, NOTEBOOKS)
    asked = []

    def examine(papers, exercises, *others):
        asked.append(papers)
        passed = examiner.Verdict(examiner.PASSED, "ok")
        return {exercise.name: passed for those in exercises.values() for exercise in those}

    def grade(limits=None):
        handed_in = submissions.find(desk.folder, NAMES)
        settings = limits or sandbox.Limits(), 2, True, lambda graded, was_there: None
        return grading.grade(handed_in, pristine, lab_exercises.found(), tmp_path / "out", *settings)

    monkeypatch.setattr(examiner, "examine", examine)
    for student in ("ann", "ben"):
        desk.hand_in(student, ["steps_per_epoch"], only=[FOUR])
    first = grade()
    assert len(asked) == 2
    assert [graded.verdicts for graded in grade()] == [graded.verdicts for graded in first]
    assert len(asked) == 2
    desk.hand_in("ben", only=[FOUR])
    grade()
    assert len(asked) == 3
    grade(sandbox.Limits(seconds=7))  # who was stopped may get more time
    assert len(asked) == 5


# ----- without a sandbox, and when something fails -----


def test_without_a_sandbox_it_says_so_and_grades(release, tmp_path, capsys):
    desk = Desk(release, tmp_path / "handed in")
    fake = hostile.attack(hostile.FAKES["puts its own function in the place of the check"], "train_autoencoder")
    solved = {"steps_per_epoch": exercises()["steps_per_epoch"][1], "train_autoencoder": fake}
    desk.hand_in("ann", (), solved, [FOUR])
    command = [
        "grade",
        str(desk.folder),
        "--release",
        str(release),
        "--out",
        str(tmp_path / "out"),
        "--without-sandbox",
    ]
    assert main(command) == 0
    said = capsys.readouterr()
    assert "WITHOUT A SANDBOX" in said.err
    assert "WITHOUT A SANDBOX" in said.out
    row = table(tmp_path / "out")["ann"]
    assert row["sandbox"] == "NO"
    assert "graded without a sandbox" in row["status"]
    assert (row["steps_per_epoch"], row["train_autoencoder"]) == ("1", "0")


@pytest.fixture
def paper(release):
    """({notebook: Transplanted}, {notebook: exercises}) of somebody who did one exercise."""
    from labutils.classroom import transplant

    pristine = next(one for one in transplant.load_release(release, NOTEBOOKS) if one.name == FOUR)
    notebook = nbformat.read(release / FOUR, as_version=4)
    find(notebook, "steps_per_epoch").source = exercises()["steps_per_epoch"][1]
    cells = transplant.open_notebook(json.dumps(notebook).encode())
    return {FOUR: transplant.transplant(cells, pristine)}, {FOUR: pristine.exercises[:1]}


@pytest.fixture
def exam(tmp_path):
    from labutils.classroom import examiner, sandbox, stripped

    def make(**limits):
        package = stripped.copy(tmp_path)
        return examiner.Exam(lab_exercises.found(), sandbox.Limits(**limits), package, sandbox.bubblewrap() is not None)

    return make


@pytest.mark.parametrize("starts", [1, 2])
def test_failed_start_is_tried_again_and_then_left_to_a_human(paper, exam, monkeypatch, starts):
    """As when TensorFlow's import takes too long on a busy machine."""
    from labutils.classroom import examiner, sandbox

    start, tried = sandbox.Sandbox.start, []

    def fail_first(self, job):
        tried.append(job)
        if len(tried) <= starts:
            raise sandbox.Ended("start", "nothing was heard from it in time")
        start(self, job)

    monkeypatch.setattr(sandbox.Sandbox, "start", fail_first)
    verdict = examiner.examine(*paper, exam(), 0)["steps_per_epoch"]
    assert len(tried) == 2
    assert verdict.state == ("passed" if starts == 1 else "needs a human")
    assert verdict.score(1) == (1 if starts == 1 else None)


def test_start_that_takes_too_long_is_ended(paper, exam):
    from labutils.classroom import examiner

    verdict = examiner.examine(*paper, exam(start=0.2), 0)["steps_per_epoch"]
    assert verdict.state == "needs a human"
    assert "nothing was heard from it in time" in verdict.why


def test_release_of_other_notebooks_is_refused(release, tmp_path, capsys):
    other = shutil.copytree(release, tmp_path / "release")
    path = other / TWO
    path.write_text(path.read_text("utf-8").replace("checks.encoder(build_encoder)", "checks.encoder(None)"), "utf-8")
    (tmp_path / "ann").mkdir()
    shutil.copy(release / ONE, tmp_path / "ann" / ONE)
    assert main(["grade", str(tmp_path / "ann"), "--release", str(other), "--out", str(tmp_path / "out")]) == 1
    assert "another version of the notebook" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("what", ["missing", "empty"])
def test_nothing_to_grade_is_said(release, tmp_path, capsys, what):
    place = tmp_path / "handed in"
    if what == "empty":
        place.mkdir()
    assert main(["grade", str(place), "--release", str(release), "--out", str(tmp_path / "out")]) == 1
    assert str(place) in capsys.readouterr().err


@pytest.mark.parametrize("what", ["the submissions", "a course of nbgrader's", "a folder above"])
def test_what_was_not_made_here_is_never_written_over(release, tmp_path, capsys, what):
    """nbgrader, too, calls a folder `submitted`."""
    desk = Desk(release, tmp_path / "course" / "submitted")
    desk.hand_in("ann", only=[FOUR])
    before = (desk.folder / "ann" / FOUR).read_bytes()
    out = desk.folder if what == "the submissions" else tmp_path / "course" if "course" in what else tmp_path
    assert main(["grade", str(desk.folder), "--release", str(release), "--out", str(out)]) == 1
    assert "name a new folder" in capsys.readouterr().err
    assert (desk.folder / "ann" / FOUR).read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["course"]


# ----- how platforms export -----


def files(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)


def packed(path, *names):
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, name)


LAYOUTS = {
    "moodle": {
        "Anna Muster_12345_assignsubmission_file_/01_preprocessing.ipynb": ("Anna_Muster_12345", ONE),
        "Ben Beispiel_12346_assignsubmission_file_/sub/02_encoder_decoder.ipynb": ("Ben_Beispiel_12346", TWO),
    },
    "moodle without folders": {
        "Anna Muster_12345_assignsubmission_file_01_preprocessing.ipynb": ("Anna_Muster_12345", ONE),
        "Anna Muster_12345_assignsubmission_file_02_encoder_decoder.ipynb": ("Anna_Muster_12345", TWO),
    },
    "canvas": {
        "musteranna_45_7890_01_preprocessing-1.ipynb": ("musteranna_45", "01_preprocessing-1.ipynb"),
        "musteranna_LATE_45_7891_02_encoder_decoder.ipynb": ("musteranna_45", TWO),
    },
    "nbgrader": {
        "anna/autoencoder/01_preprocessing.ipynb": ("anna", ONE),
        "ben/autoencoder/lab.ipynb": ("ben", "lab.ipynb"),
    },
    "a file each": {"anna.ipynb": ("anna", "anna.ipynb"), "ben (1).ipynb": ("ben_1", "ben (1).ipynb")},
    "one student": {ONE: ("handed_in", ONE), TWO: ("handed_in", TWO)},
    "the same name twice": {"a b/x.ipynb": ("a_b", "x.ipynb"), "a_b/x.ipynb": ("a_b-2", "x.ipynb")},
}


WITH_FOLDERS = [layout for layout, names in LAYOUTS.items() if all("/" in name for name in names)]


@pytest.mark.parametrize(
    ("layout", "packing"),
    [*((layout, packing) for layout in LAYOUTS for packing in ("folder", "zip"))]
    + [(layout, "a zip file for each") for layout in WITH_FOLDERS],
)
def test_exports_of_platforms_are_understood(tmp_path, layout, packing):
    place, names = tmp_path / "handed in", LAYOUTS[layout]
    junk = ["__MACOSX/01_preprocessing.ipynb", ".DS_Store"]
    if packing == "folder":
        files(place, *names, *junk, "somebody/.ipynb_checkpoints/01_preprocessing.ipynb")
    elif packing == "zip":
        place = place.with_suffix(".zip")
        packed(place, *names, *junk)
    else:
        for top in {name.partition("/")[0] for name in names}:
            packed(
                place / f"{top}.zip", *(name.partition("/")[2] for name in names if name.startswith(f"{top}/")), *junk
            )
    found = {
        (submission.student, file.name): file.read().decode()
        for submission in submissions.find(place, NAMES)
        for file in submission.files
    }
    assert set(found) == set(names.values())
    assert {text.rpartition("/")[2] for text in found.values()} == {name.rpartition("/")[2] for name in names}


def test_what_could_lead_elsewhere_is_left_out(tmp_path):
    files(tmp_path, "secret.ipynb", "handed in/ann/01_preprocessing.ipynb")
    (tmp_path / "handed in" / "ann" / "link.ipynb").symlink_to(tmp_path / "secret.ipynb")
    (tmp_path / "handed in" / "ben").symlink_to(tmp_path)
    packed(tmp_path / "handed in" / "eve.zip", "../../secret.ipynb", "/etc/passwd.ipynb")
    found = {one.student: one for one in submissions.find(tmp_path / "handed in", NAMES)}
    assert [file.name for file in found["ann"].files] == [ONE]
    assert found["ann"].notes == ["link.ipynb is a link, and was not followed"]
    assert found["ben"].files == []
    assert [file.read() for file in found["eve"].files] == [b"../../secret.ipynb", b"/etc/passwd.ipynb"]
