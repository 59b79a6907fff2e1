"""The student's version: nothing leaks, it runs unfilled, nbgrader takes it; a copy is never overwritten."""

import contextlib
import os
import re
import shutil
import sys
from types import SimpleNamespace

import nbformat
import pytest
from nbgrader.apps import NbGraderAPI
from nbgrader.nbgraderformat import MetadataValidator
from nbgrader.utils import compute_checksum
from notebook_cells import NOTEBOOKS, cells, exercises, names
from traitlets.config import Config

from labutils import checks, sources
from labutils import exercises as lab_exercises
from labutils.__main__ import main
from labutils.classroom.assign import STUB
from labutils.commands import assign as assign_command
from labutils.commands import lab as lab_command
from labutils.execution import execute
from labutils.sources import builtin_digits

EXERCISES = lab_exercises.found()
NAMES = ["00_start.ipynb", *(path.name for path in NOTEBOOKS)]


@pytest.fixture(scope="module")
def release(tmp_path_factory):
    """A release in its folder; not to be changed."""
    folder = tmp_path_factory.mktemp("assign") / "release"
    assert main(["assign", "--out", str(folder), "--deadline", "Friday, 18:00", "--course", "Networks 1"]) == 0
    return folder


@pytest.fixture(scope="module")
def released(release):
    """{exercise: (stub cell, check cell)} of the release."""
    marked = {
        cell.metadata.nbgrader.grade_id: cell
        for path in release.glob("*.ipynb")
        for cell in cells(path)
        if "nbgrader" in cell.metadata
    }
    return {name: (marked[name], marked[f"check-{name}"]) for name in exercises()}


def regions(source, kind):
    """The lines between the markers of one kind, without the short ones: brackets, ``return model``, ``verbose=2,``."""
    for region in re.findall(rf"### BEGIN {kind}\n(.*?)### END {kind}", source, re.DOTALL):
        yield from (line.strip() for line in region.splitlines() if len(line.strip()) > 20)


# ----- nothing leaks -----


def test_release_is_notebooks_and_nothing_else(release):
    assert sorted(path.name for path in release.rglob("*")) == NAMES


def leaks(text):
    """What gives something away in the text of a notebook."""
    secrets = [line for _, solution, _ in exercises().values() for line in regions(solution, "SOLUTION")]
    secrets += [line for _, _, check in exercises().values() for line in regions(check, "HIDDEN TESTS")]
    secrets += ["### BEGIN", "### END", "MARK SCHEME", "jupytext"]
    return [secret for secret in secrets if secret in text]


@pytest.mark.parametrize("name", NAMES)
def test_release_holds_no_solution_and_no_hidden_test(release, name):
    notebook = nbformat.read(release / name, as_version=4)
    text = "\n".join([str(notebook.metadata), *(f"{cell.source}\n{cell.metadata}" for cell in notebook.cells)])
    assert leaks(text) == []


def test_leaks_would_be_seen():
    complete = "\n".join(cell.source for path in NOTEBOOKS for cell in cells(path))
    found = leaks(complete)
    assert len(found) > 2 * len(exercises())
    assert {"### BEGIN", "assert result, result.message", "return pixels, pixels"} <= set(found)


@pytest.mark.parametrize("name", NAMES)
def test_release_holds_no_output(release, name):
    for cell in cells(release / name, "code"):
        assert cell.outputs == []
        assert cell.execution_count is None
    assert "widgets" not in nbformat.read(release / name, as_version=4).metadata


@pytest.mark.parametrize("name", EXERCISES)
def test_labs_own_version_is_not_named_before_the_exercise_is_checked(release, name):
    check, module = EXERCISES[name].check, EXERCISES[name].reference.removeprefix("labutils.")
    notebooks = ["\n".join(cell.source for cell in cells(path, "code")) for path in release.glob("*.ipynb")]
    (code,) = (code for code in notebooks if f"checks.{check}({name})" in code)
    before = code.partition(f"checks.{check}({name})")[0]
    assert not re.search(rf"\b{module}\.{name}\b|import .*\b{name}\b", before)


# ----- what a student gets -----


def test_cells_are_locked_as_they_should_be(released):
    for stub, check in released.values():
        assert stub.metadata["deletable"] is False
        assert stub.metadata.get("editable", True)
        assert check.metadata["deletable"] is False
        assert check.metadata["editable"] is False


def test_stub_keeps_what_explains_the_exercise(released):
    for name, (stub, check) in released.items():
        before, after = exercises()[name][1].split("    ### BEGIN SOLUTION")[0], stub.source
        assert after == before + "\n".join(f"    {line}" for line in STUB.splitlines())
        assert check.source.startswith("result = checks.")


def test_title_page(release):
    page = nbformat.read(release / "00_start.ipynb", as_version=4)
    prose = "\n".join(cell.source for cell in page.cells if cell.cell_type == "markdown")
    assert "# Networks 1: the autoencoder lab" in prose
    assert "Deadline: Friday, 18:00" in prose
    assert re.findall(r"\]\((.*?)\)", prose) == NAMES[1:]
    assert [f"{exercise.number}" in prose for exercise in EXERCISES.values()] == [True] * len(EXERCISES)
    assert re.findall(r"\| (\d*) \|$", prose, re.MULTILINE) == [
        re.search(r"about (\d+) minutes", cells(path)[0].source)[1] for path in NOTEBOOKS
    ]
    assert not any("nbgrader" in cell.metadata or not cell.metadata.get("editable", True) for cell in page.cells)
    name, progress = (cell.source for cell in page.cells if cell.cell_type == "code")
    assert name == 'name = ""'
    assert "checks.progress()" in progress


def test_title_page_without_course_and_deadline(tmp_path):
    assert main(["assign", "--out", str(tmp_path)]) == 0
    prose = "\n".join(cell.source for cell in cells(tmp_path / "00_start.ipynb", "markdown"))
    assert prose.startswith("# The autoencoder lab\n")
    assert "Deadline" not in prose
    assert "None" not in prose


def up_to_the_last_exercise(path):
    """The code of a notebook as far as it can tell who wrote the exercises, and its last cell."""
    comparing_optimizers = "try_optimizer"  # two trainings that no exercise has a part in
    code = [cell for cell in cells(path, "code") if comparing_optimizers not in cell.source]
    last = max((n for n, cell in enumerate(code) if any(f"{name}(" in cell.source for name in exercises())), default=0)
    return code[: last + 1] + code[max(last + 1, len(code) - 1) :]


@pytest.fixture
def few_digits(tmp_path, monkeypatch):
    """A data folder with some of the built-in digits: enough to learn from, and quick."""
    monkeypatch.setattr(builtin_digits, "VARIATIONS", {"train": 3, "test": 1})
    with contextlib.redirect_stdout(None):
        sources.prepare(which="builtin", data_dir=tmp_path / "few")
    return tmp_path / "few"


def test_release_runs_unfilled_and_says_so(release, tmp_path, few_digits, monkeypatch):
    everything = nbformat.v4.new_notebook()  # in one kernel, so that TensorFlow is imported once
    for path in [*sorted(release.glob("*.ipynb"))[1:], release / "00_start.ipynb"]:
        everything.cells += up_to_the_last_exercise(path)
    for number, cell in enumerate(everything.cells):
        cell.id = f"cell-{number}"
    nbformat.write(everything, tmp_path / "everything.ipynb")
    settings = {"LABUTILS_DIGITS": "builtin", "TFDS_DATA_DIR": few_digits, "LABUTILS_ARTIFACTS": tmp_path}
    for setting, value in settings.items():
        monkeypatch.setenv(setting, str(value))
    execution = execute(tmp_path / "everything.ipynb", 120)
    assert execution.failure is None
    outputs = [output for cell in execution.notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    shown = [output.data["text/plain"] for output in outputs if "data" in output]
    printed = "".join(output.text for output in outputs if output.output_type == "stream")
    for exercise in EXERCISES.values():
        assert any(f"Exercise {exercise.number} {exercise.name}: not attempted" in text for text in shown)
        assert f"{exercise.name}: the lab goes on with its own version (yours: not attempted)." in printed
    assert shown[-1].startswith(f"0 of {len(EXERCISES)} exercises passed")
    assert shown[-2] == shown[-1]  # at the end of the last notebook, and on the title page
    assert shown[-1].count("not attempted") == len(EXERCISES)


# ----- nbgrader -----


def test_release_is_valid_for_nbgrader(release):
    ids = []
    for path in release.glob("*.ipynb"):
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
        MetadataValidator().validate_nb(notebook)
        for cell in notebook.cells:
            mark = cell.metadata.get("nbgrader")
            if mark:
                assert mark.schema_version == 3
                assert mark.checksum == compute_checksum(cell)
                ids.append(mark.grade_id)
    assert len(ids) == len(set(ids)) == 2 * len(exercises())


@pytest.fixture(scope="module")
def by_nbgrader(tmp_path_factory):
    """{whose stub: folder}: what `nbgrader generate_assignment` makes of the same notebooks."""
    course = tmp_path_factory.mktemp("course")
    source = course / "source" / "autoencoder"
    source.mkdir(parents=True)
    for path in NOTEBOOKS:
        shutil.copy(path, source)
    folders = {}
    for kind, stub in {"ours": {"ClearSolutions": {"code_stub": {"python": STUB}}}, "nbgrader's": {}}.items():
        place = {"root": str(course), "release_directory": kind}
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("PATH", os.path.dirname(sys.executable), prepend=os.pathsep)  # it calls alembic by name
            result = NbGraderAPI(config=Config({"CourseDirectory": place, **stub})).generate_assignment("autoencoder")
        assert result["success"], result["error"]
        folders[kind] = course / kind / "autoencoder"
    return folders


def test_nbgrader_makes_the_same_of_the_same_notebooks(release, by_nbgrader):
    assert sorted(path.name for path in by_nbgrader["ours"].iterdir()) == NAMES[1:]
    for path in by_nbgrader["ours"].iterdir():
        for ours, theirs in zip(cells(release / path.name), cells(path), strict=True):
            assert ours.source == theirs.source
            assert ours.metadata.get("nbgrader") == theirs.metadata.get("nbgrader")


def test_stub_of_nbgrader_is_not_an_attempt_either(by_nbgrader):
    stubs = names()
    for path in sorted(by_nbgrader["nbgrader's"].iterdir()):
        for cell in cells(path, "code"):
            if cell.metadata.get("nbgrader", {}).get("solution"):
                assert "raise NotImplementedError()" in cell.source
                exec(cell.source, stubs)
    for name, exercise in EXERCISES.items():
        assert getattr(checks, exercise.check)(stubs[name]).code == "not-attempted"


# ----- where it goes -----


def test_untouched_release_is_replaced(tmp_path, capsys):
    folder = tmp_path / "deep" / "release"
    assert main(["assign", "--out", str(folder), "--deadline", "Friday"]) == 0
    assert main(["assign", "--out", str(folder), "--deadline", "Monday"]) == 0
    assert "Monday" in (folder / "00_start.ipynb").read_text("utf-8")
    assert [path.name for path in folder.parent.iterdir()] == ["release"]
    assert "05_reconstruction.ipynb  2 exercises" in capsys.readouterr().out


@pytest.mark.parametrize("work", ["a cell was run", "a cell was written", "another file", "another notebook"])
def test_what_was_not_made_here_is_never_overwritten(release, tmp_path, capsys, work):
    folder = shutil.copytree(release, tmp_path / "release")
    if work == "another file":
        (folder / "notes.txt").write_text("mine")
    elif work == "another notebook":
        nbformat.write(nbformat.v4.new_notebook(), folder / "mine.ipynb")
    else:
        edit(folder / "02_encoder_decoder.ipynb", work)
    before = contents(folder)
    assert main(["assign", "--out", str(folder)]) == 1
    assert "nothing was written" in capsys.readouterr().err
    assert contents(tmp_path) == {f"release/{name}": text for name, text in before.items()}


def test_full_disk_leaves_nothing_half_made(tmp_path, full_disk, capsys):
    with full_disk(10_000):
        assert main(["assign", "--out", str(tmp_path / "release")]) == 1
    assert "could not be written" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_run_left_is_swept_away(tmp_path):
    half = tmp_path / ".release.part" / "new"
    half.mkdir(parents=True)
    (half / "00_start.ipynb").write_text("{")
    assert main(["assign", "--out", str(tmp_path / "release")]) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["release"]


@pytest.mark.parametrize(
    ("slip", "answer"),
    [
        (("### END SOLUTION", ""), "no end solution"),
        (("### END HIDDEN TESTS", ""), "No end hidden tests"),
        (('"solution": true', '"solution": false'), "non-solution cell"),
        (('"check-build_encoder"', '"build_encoder"'), "build_encoder"),
        (('"cells"', '"cells'), "02_encoder_decoder.ipynb"),
    ],
)
def test_slip_in_a_notebook_is_named_and_nothing_is_released(complete, tmp_path, capsys, slip, answer):
    path = complete / "02_encoder_decoder.ipynb"
    path.write_text(path.read_text("utf-8").replace(*slip), "utf-8")
    assert main(["assign", "--out", str(tmp_path / "release")]) == 1
    said = capsys.readouterr().err
    assert "02_encoder_decoder.ipynb" in said
    assert answer in said
    assert not (tmp_path / "release").exists()


@pytest.fixture
def complete(tmp_path, monkeypatch):
    """A folder with the complete notebooks, without outputs, in place of the lab's; may be changed."""
    folder = tmp_path / "complete"
    folder.mkdir()
    for path in NOTEBOOKS:
        notebook = nbformat.read(path, as_version=4)
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
        nbformat.write(notebook, folder / path.name)
    monkeypatch.setattr(assign_command, "notebooks", lambda source=None: sorted(folder.iterdir()))
    return folder


# ----- a student's own copy -----


def contents(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def edit(path, work="a cell was written"):
    """Do what a student may have done to a notebook."""
    notebook = nbformat.read(path, as_version=4)
    cell = next(cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("solution"))
    if work == "a cell was run":
        cell.outputs = [nbformat.v4.new_output("stream", text="ran")]
    else:
        cell.source = cell.source.replace(STUB.splitlines()[-1], "return 1")
    nbformat.write(notebook, path)


@pytest.fixture
def open_copy(tmp_path, monkeypatch, capsys):
    """Call ``lab --exercises``; gives the exit code, what it says, and the command that it would become."""

    def call(*arguments):
        became = []
        monkeypatch.setattr(lab_command, "become", became.extend)
        code = main(["lab", "--exercises", *map(str, arguments)])
        output = capsys.readouterr()
        return SimpleNamespace(code=code, said=output.out + output.err, command=became)

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    return call


def test_copy_is_given_once_outside_the_lab_and_opened(complete, open_copy, tmp_path):
    copy = tmp_path / "autoencoder-exercises"
    first = open_copy("--no-browser", "--ip=0.0.0.0")
    assert sorted(path.name for path in copy.iterdir()) == NAMES
    assert str(copy) in first.said
    assert {f"--ServerApp.root_dir={copy}", "--LabApp.default_url=/lab/tree/00_start.ipynb"} <= set(first.command)
    assert first.command[-2:] == ["--no-browser", "--ip=0.0.0.0"]

    edit(copy / "01_preprocessing.ipynb")
    before = contents(copy)
    second = open_copy()
    assert contents(copy) == before
    assert second.said.strip() == ""
    assert f"--ServerApp.root_dir={copy}" in second.command


def test_copy_gets_what_is_new_beside_what_is_there(complete, open_copy, tmp_path):
    copy = tmp_path / "mine"
    open_copy(copy)
    edit(copy / "01_preprocessing.ipynb")
    before = contents(copy)

    path = complete / "01_preprocessing.ipynb"
    path.write_text(path.read_text("utf-8").replace("A dataset is a stream", "A dataset is a river"), "utf-8")
    update = open_copy(copy)
    after = contents(copy)
    assert before.items() <= after.items()
    (added,) = after.keys() - before.keys()
    assert re.fullmatch(r"new-\d{4}-\d\d-\d\d/01_preprocessing.ipynb", added)
    assert "A dataset is a river" in (copy / added).read_text("utf-8")
    assert f"{added}, changed in: A dataset is a river\n" in update.said
    assert "02_encoder" not in update.said

    edit(copy / added)
    worked_in = contents(copy)
    assert added in open_copy(copy).said  # still said, and not given again
    assert contents(copy) == worked_in

    path.write_text(path.read_text("utf-8").replace("A dataset is a river", "A dataset is a flood"), "utf-8")
    assert f"{added.split('/')[0]}-2/01_preprocessing.ipynb" in open_copy(copy).said
    assert worked_in.items() <= contents(copy).items()


def test_removed_notebook_comes_back(complete, open_copy, tmp_path):
    copy = tmp_path / "mine"
    open_copy(copy)
    before = contents(copy)
    edit(copy / "03_compilation.ipynb")
    (copy / "03_compilation.ipynb").rename(copy / "03 my first try.ipynb")
    assert "03_compilation.ipynb" in open_copy(copy).said
    assert before.items() <= contents(copy).items()
    assert "return 1" in (copy / "03 my first try.ipynb").read_text("utf-8")


def test_damaged_notebook_of_a_student_is_left_alone(complete, open_copy, tmp_path):
    copy = tmp_path / "mine"
    open_copy(copy)
    (copy / "04_training.ipynb").write_text("<<<<<<< HEAD")
    opened = open_copy(copy)
    assert opened.command
    assert "/04_training.ipynb" in opened.said
    assert (copy / "04_training.ipynb").read_text() == "<<<<<<< HEAD"


@pytest.mark.parametrize("what", ["a folder with other things", "the complete lab", "a file"])
def test_copy_goes_nowhere_else(complete, open_copy, tmp_path, what):
    place = complete if what == "the complete lab" else tmp_path / "mine"
    if what == "a file":
        place.write_text("mine")
    elif what == "a folder with other things":
        place.mkdir()
        (place / "thesis.txt").write_text("mine")
    before = contents(tmp_path)
    refused = open_copy(place)
    assert refused.code == 1
    assert "name a new folder" in refused.said
    assert not refused.command
    assert contents(tmp_path) == before
