"""The commands, called as a user calls them, on a lab in miniature beside the real package."""

import importlib.metadata
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
import threading
import time
import urllib.error
import urllib.request

import jupytext
import nbformat
import psutil
import pytest
from jupyter_server.services.contents.largefilemanager import LargeFileManager
from jupytext.sync_contentsmanager import build_sync_jupytext_contents_manager_class
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from tornado.web import HTTPError

from labutils import execution
from labutils.__main__ import COMMANDS, main
from labutils.bootstrap import ROOT

# In place of labutils.sources: the commands are tried here, not TFDS.
SOURCES = """
class SourceError(Exception):
    pass
def describe():
    return "seven digits (a test)."
def prepare(mirror=None):
    if mirror == "nowhere":
        raise SourceError("There is no folder nowhere.")
    print("prepared from", mirror)
"""

TRAINS = """
import json, pathlib
folder = pathlib.Path("../artifacts/autoencoder")
folder.mkdir(parents=True, exist_ok=True)
summary = {"data": "Seven digits", "reason": "a test", "test_loss": 0.1, "epochs": 3, "seed": 0,
           "ladder": {"untrained": 0.693, "PCA": 0.118, "floor": 0.058}}
(folder / "training.json").write_text(json.dumps(summary))
"""


def make_lab(root):
    shutil.copytree(ROOT / "labutils", root / "labutils", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "requirements.txt"):
        shutil.copy(ROOT / name, root)
    shutil.rmtree(root / "labutils" / "sources")
    (root / "labutils" / "sources.py").write_text(SOURCES)
    (root / "notebooks").mkdir()
    (root / "tests").mkdir()
    return root


@pytest.fixture
def lab(tmp_path):
    return make_lab(tmp_path)


def write_notebook(lab, name, *cells):
    """Write a notebook; cells are code, or prose where they begin with '#'."""
    cells = [new_markdown_cell(cell) if cell.startswith("#") else new_code_cell(cell) for cell in cells]
    path = lab / "notebooks" / f"{name}.ipynb"
    nbformat.write(new_notebook(cells=cells), path)
    return path


def start(lab, *arguments, python=(sys.executable,), **environment):
    inherited = {name: value for name, value in os.environ.items() if name != "LABUTILS_ARTIFACTS"}
    return subprocess.Popen(
        [*python, "-m", "labutils", *arguments],
        cwd=lab,
        env={**inherited, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        start_new_session=True,
    )


def call(lab, *arguments, **options):
    process = start(lab, *arguments, **options)
    output, _ = process.communicate(timeout=180)
    assert "Traceback" not in output
    return process.returncode, output


# ----- help and mistakes -----


@pytest.mark.parametrize("arguments", [[], ["--help"], *([name, "--help"] for name in COMMANDS)])
def test_help_needs_no_package_at_all(arguments):
    without_packages = (sys.executable, "-S", "-E")
    code, output = call(ROOT, *arguments, python=without_packages)
    assert code == 0
    assert output.startswith("usage: python3 -m labutils")


def test_help_answers_within_half_a_second():
    seconds = []
    for _ in range(5):
        began = time.perf_counter()
        call(ROOT, "--help")
        seconds.append(time.perf_counter() - began)
    assert min(seconds) < 0.5


def test_help_lists_every_command():
    _, output = call(ROOT, "--help")
    assert re.findall(r"^  (\w+)  ", output, re.MULTILINE) == list(COMMANDS)


@pytest.mark.parametrize(
    ("arguments", "answer"),
    [
        (["rnu"], "did you mean 'run'"),
        (["data", "--perpare"], "--perpare"),
        (["run", "07"], "no notebook 07"),
        (["run", "--cell-timeout", "0"], "a whole number from 1 on, not '0'"),
        (["run", "--cell-timeout", "-5"], "a whole number from 1 on, not '-5'"),
        (["lab", "--port", "99999"], "a whole number from 1 to 65535, not '99999'"),
        (["lab", "--prot=8890"], "Neither lab nor JupyterLab has an option --prot; did you mean --port?"),
        (["lab", "-port", "8890"], "an option -port; did you mean --port?"),
        (["lab", "--exercise"], "did you mean --exercises?"),
        (["lab", "--allow-roots"], "did you mean --allow-root?"),
        (["grade", "here", "--release", "there", "--jobs", "0"], "a whole number from 1 on, not '0'"),
        (["grade", "here", "--release", "there", "--seconds", "-1"], "a number from 1 on, not '-1'"),
        (["grade", "here", "--release", "there", "--memory", "nan"], "a number from 0.5 on, not 'nan'"),
    ],
)
def test_mistakes_are_answered_with_exit_code_2(lab, arguments, answer):
    write_notebook(lab, "01_one", "1")
    code, output = call(lab, *arguments)
    assert code == 2
    assert answer in output


@pytest.mark.parametrize("command", ["run", "bench", "pictures"])
@pytest.mark.parametrize("place", ["file", "file/below"])
def test_a_file_where_a_folder_is_wanted_is_named(lab, command, place):
    write_notebook(lab, "01_one", "1")
    (lab / "file").touch()
    code, output = call(lab, command, "--out", place)
    assert code == 2
    assert output == (
        f"Nothing can be written to the folder {lab / place}: {lab / 'file'} is a file. Name another with --out.\n"
    )


@pytest.mark.parametrize("command", ["run", "bench"])
def test_artifacts_that_are_a_file_are_named(lab, command):
    write_notebook(lab, "01_one", "1")
    (lab / "artifacts").touch()
    code, output = call(lab, command)
    assert code == 2
    assert f"{lab / 'artifacts'} is a file" in output


@pytest.mark.skipif(sys.platform != "linux", reason="there is no /sys, where nobody may write")
@pytest.mark.parametrize("place", ["/sys", "/sys/below"])
def test_a_folder_that_cannot_be_written_to_is_named(lab, place):
    write_notebook(lab, "01_one", "1")
    code, output = call(lab, "run", "--out", place)
    assert code == 2
    assert output.startswith(f"Nothing can be written to the folder {place}: ")


# As `python`, let a shell do this with stdout or stderr.
CLOSED = ("sh", "-c", 'exec "$0" "$@" >&-', sys.executable)
ALL_CLOSED = ("sh", "-c", 'exec "$0" "$@" <&- >&- 2>&-', sys.executable)
FULL = ("sh", "-c", 'exec "$0" "$@" >/dev/full', sys.executable)
READ_ONCE = ("sh", "-c", '{ "$0" "$@"; echo "code $?" >&2; } | head -n 1', sys.executable)
needs_sh = pytest.mark.skipif(os.name != "posix", reason="asks a POSIX shell")


@needs_sh
@pytest.mark.parametrize("python", [CLOSED, ALL_CLOSED])
def test_run_does_its_work_also_where_it_can_say_nothing(lab, python):
    write_notebook(lab, "01_one", "print('one')")
    assert call(lab, "run", python=python) == (0, "")
    assert "one" in (lab / "artifacts" / "run" / "01_one.html").read_text("utf-8")


@needs_sh
def test_run_ends_quietly_when_nobody_reads_on(lab):
    write_notebook(lab, "01_one", "import pathlib; pathlib.Path('ran').touch()")
    _, output = call(lab, "run", python=READ_ONCE)
    assert output == "01_one  starting\ncode 141\n"
    assert not (lab / "notebooks" / "ran").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="there is no /dev/full")
def test_what_the_system_refuses_is_said_in_a_sentence(lab):
    code, output = call(lab, "data", python=FULL)
    assert code == 1
    assert output == "The command could not go on: [Errno 28] No space left on device\n"


# ----- run -----


def test_run_executes_all_in_order_and_sums_up(lab):
    first = write_notebook(lab, "01_one", "# One", "print('first')")
    write_notebook(lab, "02_two", "# Two", TRAINS)
    before = first.read_bytes()
    code, output = call(lab, "run")
    assert code == 0
    assert output.index("01_one  cell 1/1") < output.index("02_two  cell 1/1")
    for part in ("Seven digits (a test)", "0.1000 after 3 epochs, seed 0"):
        assert part in output
    rungs = re.findall(r"0\.\d{4}  (untrained|PCA|this model|floor)", output)
    assert rungs == ["untrained", "PCA", "this model", "floor"]
    assert first.read_bytes() == before
    pages = lab / "artifacts" / "run"
    assert "first" in (pages / "01_one.html").read_text("utf-8")
    index = (pages / "index.html").read_text("utf-8")
    assert set(re.findall(r'href="([^"#:]+)"', index)) == {"01_one.html", "02_two.html"}
    assert "0.1000 after 3 epochs" in index
    assert "Seven digits (a test)" in index


def test_run_says_when_nothing_was_trained_rather_than_show_old_numbers(lab):
    write_notebook(lab, "01_one", "1")
    write_notebook(lab, "02_two", TRAINS)
    old = lab / "artifacts" / "autoencoder" / "training.json"
    old.parent.mkdir(parents=True)
    old.write_text('{"test_loss": 0.1}')
    code, output = call(lab, "run", "01")
    assert code == 0
    assert "none in this run" in output
    assert "0.1000" not in output
    assert "02_two" not in output


def test_run_names_notebook_cell_and_error_and_goes_on(lab):
    broken = write_notebook(lab, "01_one", "# One", "x = 1", "x.shape  # no array", "print('never')")
    notebook = nbformat.read(broken, 4)
    notebook.cells[-1].outputs = [nbformat.v4.new_output("stream", text="from long ago")]
    nbformat.write(notebook, broken)
    write_notebook(lab, "02_two", "print('second')")
    code, output = call(lab, "run")
    assert code == 1
    failure = "01_one  failed, cell 2 (x.shape  # no array): AttributeError: 'int' object has no attribute 'shape'"
    assert failure in output
    assert "\x1b" not in output
    page = (lab / "artifacts" / "run" / "01_one.html").read_text("utf-8")
    assert "AttributeError" in page
    assert "from long ago" not in page
    assert "second" in (lab / "artifacts" / "run" / "02_two.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("options", "settings"), [(["--out=~/own/run"], {}), ([], {"LABUTILS_ARTIFACTS": os.path.join("~", "own")})]
)
def test_run_takes_1_for_01_and_knows_where_home_is(lab, options, settings):
    write_notebook(lab, "01_one", "1")
    write_notebook(lab, "11_eleven", "1")
    home = {"HOME": str(lab / "home"), "USERPROFILE": str(lab / "home")}
    code, output = call(lab, "run", "1", *options, **home, **settings)
    assert code == 0, output
    assert "eleven" not in output
    assert (lab / "home" / "own" / "run" / "01_one.html").exists()


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("import time; time.sleep(300)", "not done after 2 s"),
        ("import os; os._exit(1)", "the kernel died"),
    ],
)
def test_run_ends_what_does_not(lab, source, reason):
    write_notebook(lab, "01_one", source)
    code, output = call(lab, "run", "--cell-timeout", "2")
    assert code == 1
    assert reason in output


def test_run_names_a_file_that_is_no_notebook(lab):
    (lab / "notebooks" / "01_one.ipynb").write_text("<<<<<<< HEAD")
    code, output = call(lab, "run")
    assert code == 1
    assert "01_one  failed, cannot be read as a notebook" in output


def test_run_takes_a_notebook_whose_widgets_have_no_state(lab):
    """Colab writes the models of its widgets where Jupyter has a "state" with them."""
    path = write_notebook(lab, "01_one", "'one'")
    notebook = nbformat.read(path, 4)
    notebook.metadata.widgets = {"application/vnd.jupyter.widget-state+json": {"a1b2": {"model_name": "FloatProgress"}}}
    nbformat.write(notebook, path)
    code, output = call(lab, "run")
    assert code == 0, output
    page = (lab / "artifacts" / "run" / "01_one.html").read_text("utf-8")
    assert "unpkg.com" not in page


def test_a_page_that_cannot_be_written_does_not_stop_the_others(lab):
    write_notebook(lab, "01_one", "1")
    write_notebook(lab, "02_two", "print('second')")
    (lab / "artifacts" / "run" / "01_one.html").mkdir(parents=True)
    code, output = call(lab, "run")
    assert code == 1
    assert "01_one  failed, its page cannot be written: " in output
    assert "01_one.html" in output
    assert "second" in (lab / "artifacts" / "run" / "02_two.html").read_text("utf-8")
    index = (lab / "artifacts" / "run" / "index.html").read_text("utf-8")
    assert set(re.findall(r'href="([^"#:]+)"', index)) == {"02_two.html"}


def test_run_pages_hold_pictures_and_formulas_and_fetch_nothing(lab):
    picture = "import matplotlib.pyplot as plt\nplt.plot([1, 2]);"
    write_notebook(lab, "01_one", "# Of $x$", r"# $$\frac{1}{n}\sum_i \hat{x}_i$$", r"# For $\left( 3$", picture)
    assert call(lab, "run", "--out", "elsewhere")[0] == 0
    page = (lab / "elsewhere" / "01_one.html").read_text("utf-8")
    assert "data:image/png;base64," in page
    assert page.count("<math") == 2
    assert r"$\left( 3$" in page
    assert not re.search(r"<(script|link|img|iframe)[^>]*(src|href)=\"(?!data:)", page)
    assert not re.search(r"url\(\"?https?:|@import|import\(", page)


def test_run_uses_this_python_and_this_package_whatever_kernels_the_user_has(lab, tmp_path_factory):
    kernels = tmp_path_factory.mktemp("jupyter")
    (kernels / "kernels" / "python3").mkdir(parents=True)
    kernel = {"argv": ["no-such-python", "{connection_file}"], "display_name": "Decoy", "language": "python"}
    (kernels / "kernels" / "python3" / "kernel.json").write_text(json.dumps(kernel))
    write_notebook(lab, "01_one", "import labutils, sys\nprint(labutils.__file__, sys.prefix)")
    code, output = call(lab, "run", JUPYTER_DATA_DIR=str(kernels))
    assert code == 0, output
    executed = nbformat.read(lab / "artifacts" / "run" / "01_one.ipynb", 4)
    assert executed.cells[0].outputs[0].text.split() == [str(lab / "labutils" / "__init__.py"), sys.prefix]


@pytest.mark.skipif(os.name != "posix", reason="sends Ctrl-C to a process group")
@pytest.mark.parametrize(("moment", "times"), [("starting", 1), ("cell 1/1", 1), ("cell 1/1", 2)])
def test_run_is_stopped_by_ctrl_c(lab, moment, times):
    write_notebook(lab, "01_one", "import time; time.sleep(300)")
    write_notebook(lab, "02_two", "1")
    process = start(lab, "run")
    for line in process.stdout:
        if moment in line:
            break
    time.sleep(1)  # let the kernel start, or the cell begin
    kernels = psutil.Process(process.pid).children(recursive=True)
    for _ in range(times):
        os.killpg(process.pid, signal.SIGINT)
        time.sleep(0.02)
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 130
    assert output.split("\n")[-2:] == ["Stopped.", ""]
    assert "failed" not in output
    assert "02_two" not in output
    assert kernels
    assert psutil.wait_procs(kernels, timeout=30)[1] == []


def test_a_notebook_that_takes_too_long_is_ended_and_called_so(lab, monkeypatch):
    monkeypatch.setattr(execution, "NOTEBOOK_SECONDS", 5)
    endless = write_notebook(lab, "01_one", "import time; time.sleep(300)")
    failure = execution.execute(endless, cell_seconds=300).failure
    assert failure == "cell 1 (import time; time.sleep(300)): the notebook was not done after 5 s"


# ----- sync -----


def git(lab, *arguments):
    subprocess.run(["git", "-c", "user.name=t", "-c", "user.email=t@t", *arguments], cwd=lab, check=True)


@pytest.fixture(scope="module")
def committed_pair(tmp_path_factory):
    """A lab with a pair in agreement, with an output, committed."""
    lab = make_lab(tmp_path_factory.mktemp("pair"))
    path = write_notebook(lab, "01_one", "# One", "x = 1\nprint(x)")
    notebook = nbformat.read(path, 4)
    notebook.cells[1].outputs = [nbformat.v4.new_output("stream", text="1\n")]
    nbformat.write(notebook, path)
    assert call(lab, "sync")[0] == 0
    if shutil.which("git"):
        git(lab, "init", "-q")
        git(lab, "add", "notebooks")
        git(lab, "commit", "-qm", "a pair")
    return lab


@pytest.fixture
def pair(lab, committed_pair):
    shutil.copytree(committed_pair, lab, dirs_exist_ok=True)
    return lab / "notebooks" / "01_one.py", lab / "notebooks" / "01_one.ipynb"


needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not here")


def replace(path, old, new):
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")


def test_sync_makes_the_missing_partner_and_then_agrees(lab, pair):
    script, _ = pair
    assert "x = 1" in script.read_text("utf-8")
    assert call(lab, "sync", "--check") == (0, "1 of 1 pairs agree.\n")
    script.unlink()
    code, output = call(lab, "sync", "--check")
    assert code == 1
    assert "notebooks/01_one: .py is missing" in output
    assert not script.exists()


@needs_git
@pytest.mark.parametrize("side", [0, 1])
def test_sync_takes_the_edited_side_even_if_it_is_the_older_file(lab, pair, side):
    ids = [cell.id for cell in nbformat.read(pair[1], 4).cells]
    replace(pair[side], "print(x)", "print(x, x)")
    os.utime(pair[side], (1e9, 1e9))
    assert call(lab, "sync", "--check") == (1, "notebooks/01_one: .py and .ipynb do not agree\n0 of 1 pairs agree.\n")
    assert call(lab, "sync")[0] == 0
    assert all("print(x, x)" in path.read_text("utf-8") for path in pair)
    assert [cell.id for cell in nbformat.read(pair[1], 4).cells] == ids


@needs_git
def test_sync_keeps_outputs_and_does_not_take_new_ones_for_an_edit(lab, pair):
    script, notebook = pair
    replace(notebook, '"1\\n"', '"one\\n"')
    replace(script, "# # One", "# # Number one")
    assert call(lab, "sync")[0] == 0
    cells = nbformat.read(notebook, 4).cells
    assert cells[0].source == "# Number one"
    assert cells[1].outputs[0].text == "one\n"


def test_sync_refuses_when_both_sides_were_edited_until_told(lab, pair):
    script, notebook = pair
    replace(script, "x = 1", "x = 2")
    replace(notebook, "x = 1", "x = 3")
    before = script.read_bytes(), notebook.read_bytes()
    code, output = call(lab, "sync")
    assert code == 1
    assert "notebooks/01_one: both sides may hold changes" in output
    assert (script.read_bytes(), notebook.read_bytes()) == before
    assert call(lab, "sync", "--from", "ipynb")[0] == 0
    assert "x = 3" in script.read_text("utf-8")


def test_sync_names_a_damaged_file_and_goes_on(lab, pair):
    other = write_notebook(lab, "02_two", "1")
    pair[1].write_text("{")
    code, output = call(lab, "sync")
    assert code == 1
    assert "notebooks/01_one: Notebook does not appear to be JSON" in output
    assert other.with_suffix(".py").exists()


TORN = "<<<<<<< HEAD\n{0}\n=======\n{0} + 1\n>>>>>>> theirs\n"  # as git leaves a file where two changed the same line


def tear(path):
    """Leave git's conflict markers in a script, or in a notebook."""
    line = next(line for line in path.read_text("utf-8").splitlines() if "x = 1" in line)
    replace(path, line + "\n", TORN.format(line))


@needs_git
def test_sync_from_a_script_mends_a_notebook_with_conflict_markers_and_keeps_its_outputs(lab, pair):
    script, notebook = pair
    replace(script, "x = 1", "x = 2")
    tear(notebook)
    code, output = call(lab, "sync")
    assert code == 1
    assert (
        "notebooks/01_one: git left conflict markers (<<<<<<<) in 01_one.ipynb: see that 01_one.py is right" in output
    )
    assert call(lab, "sync", "--from", "py")[0] == 0
    cell = nbformat.read(notebook, 4).cells[1]
    assert cell.source == "x = 2\nprint(x)"
    assert cell.outputs[0].text == "1\n"


@pytest.mark.parametrize("torn", [[0], [0, 1]])
@pytest.mark.parametrize("arguments", [[], ["--check"], ["--from", "py"]])
def test_sync_copies_no_conflict_markers(lab, pair, torn, arguments):
    for side in torn:
        tear(pair[side])
    before = [path.read_bytes() for path in pair]
    code, output = call(lab, "sync", *arguments)
    assert code == 1
    assert f"git left conflict markers (<<<<<<<) in {' and '.join(pair[side].name for side in torn)}: edit" in output
    assert [path.read_bytes() for path in pair] == before


def test_sync_finds_conflict_markers_that_an_editor_took_into_a_cell(lab, pair):
    tear(pair[0])
    jupytext.write(jupytext.read(pair[0]), pair[1])
    for side in ("py", "ipynb"):
        code, output = call(lab, "sync", "--from", side)
        assert code == 1
        assert "in 01_one.py and 01_one.ipynb: edit 01_one.py" in output


def test_a_notebook_that_is_saved_gets_a_script_if_sync_gave_it_one_and_only_then(lab, pair):
    scratch = write_notebook(lab, "scratch", "1")
    released = lab / "artifacts" / "release" / "01_one.ipynb"
    code, output = call(lab, "assign")
    assert code == 0, output
    for path in (pair[1], scratch, released):
        save_in_jupyter(path, lab)
    assert sorted(path.name for path in lab.rglob("*.py") if "labutils" not in path.parts) == ["01_one.py"]
    assert call(lab, "sync", "--check") == (0, "1 of 1 pairs agree.\n")
    code, output = call(lab, "assign")
    assert code == 0, output


def save_in_jupyter(path, root):
    """Open and save a notebook as JupyterLab's server does."""
    manager = jupyter(root)
    name = path.relative_to(root).as_posix()
    manager.save(manager.get(name), name)
    manager.create_checkpoint(name)


def jupyter(root):
    """What JupyterLab's server opens and saves notebooks through."""
    return build_sync_jupytext_contents_manager_class(LargeFileManager)(root_dir=str(root))


@needs_git
def test_sync_lets_jupyter_open_a_notebook_whose_script_was_edited_earlier_and_elsewhere(lab, pair):
    script, _ = pair
    replace(script, "x = 1", "x = 2")
    os.utime(script, (1e9, 1e9))
    with pytest.raises(HTTPError, match="is more recent than"):  # README's table has these words
        jupyter(lab).get("notebooks/01_one.ipynb")
    assert call(lab, "sync")[0] == 0
    assert jupyter(lab).get("notebooks/01_one.ipynb")["content"]["cells"][1]["source"] == "x = 2\nprint(x)"


def test_the_labs_own_pairs_agree():
    code, output = call(ROOT, "sync", "--check")
    assert code == 0, output


# ----- exec -----


def test_exec_runs_programs_of_this_environment_where_it_is_told_to_and_hands_over_the_exit_code(lab, tmp_path_factory):
    folder = tmp_path_factory.mktemp("grades")
    code = "import os, sys; print(sys.prefix, os.getcwd()); sys.exit(7)"
    assert call(lab, "exec", "--in", str(folder), "python", "-c", code) == (7, f"{sys.prefix} {folder}\n")
    if os.name == "posix":
        here = "python -c 'import sys; print(sys.prefix)'; jupytext --version; pwd"
        code, output = call(lab, "exec", "sh", "-c", here)
        assert code == 0
        assert output.split() == [sys.prefix, importlib.metadata.version("jupytext"), str(lab)]
    assert call(lab, "exec", "pip", "--version")[1].startswith("pip ")
    assert call(lab, "exec", "nbgrader", "autograde", "--help")[1].startswith("Autograde a notebook")


@pytest.mark.parametrize(
    ("arguments", "answer"),
    [
        (["nbgradr", "autograde"], "There is no command 'nbgradr'"),
        (["--in", "nowhere", "nbgrader"], "cannot be run in nowhere"),
        ([], "COMMAND"),
    ],
)
def test_exec_says_in_a_sentence_what_it_cannot_run(lab, arguments, answer):
    code, output = call(lab, "exec", *arguments)
    assert code == 2
    assert answer in output


# ----- data, test, lab -----


def test_data_says_which_prepares_and_reports_in_a_sentence(lab):
    assert call(lab, "data") == (0, "seven digits (a test).\n")
    assert call(lab, "data", "--mirror", "somewhere") == (0, "prepared from somewhere\n")
    assert call(lab, "data", "--prepare") == (0, "prepared from None\n")
    assert call(lab, "data", "--mirror", "nowhere") == (1, "There is no folder nowhere.\n")


def test_test_runs_pytest_here_and_hands_over_its_verdict(lab):
    (lab / "tests" / "test_it.py").write_text("def test_good(): pass\ndef test_bad(): assert False\n")
    code, output = call(lab, "test")
    assert code == 1
    assert "seven digits" in output
    assert "1 failed, 1 passed" in output
    code, output = call(lab, "test", "-q", "-k", "good")
    assert code == 0
    assert "1 passed, 1 deselected" in output


@pytest.fixture
def opened_lab(lab, tmp_path_factory):
    """The lines that `lab` prints up to its address, the address of its server, and a function that asks it."""
    write_notebook(lab, "01_preprocessing", "1")
    settings = tmp_path_factory.mktemp("settings")
    own = {name: str(settings) for name in ("HOME", "JUPYTER_CONFIG_DIR", "JUPYTERLAB_SETTINGS_DIR")}
    process = start(lab, "lab", "--no-browser", "--port", "8890", **own)
    end = threading.Timer(120, process.kill)
    end.start()
    lines = []
    try:
        for line in process.stdout:
            lines.append(line)
            if found := re.search(r"(http://127[^/]+)(/lab/tree/\S+)\?token=(\w+)", line):
                break
        assert found, "".join(lines)
        server, page, token = found.groups()
        yield lines, page, lambda path: ask(f"{server}{path}?token={token}")
        stop = urllib.request.Request(f"{server}/api/shutdown?token={token}", method="POST")
        urllib.request.urlopen(stop, timeout=30).close()
        assert process.wait(timeout=60) == 0
    finally:
        end.cancel()
        process.kill()
        process.communicate()


def test_lab_opens_jupyterlab_on_the_first_notebook_and_nothing_gets_in_the_way(opened_lab):
    lines, page, answer = opened_lab
    assert page == "/lab/tree/notebooks/01_preprocessing.ipynb"
    assert answer("/api/contents/notebooks/01_preprocessing.ipynb")["type"] == "notebook"
    assert "WARNING" not in "".join(lines)
    news = answer("/lab/api/settings/@jupyterlab/apputils-extension:notification")
    assert news["schema"]["properties"]["fetchNews"]["default"] == "false"  # else JupyterLab asks in a pop-up


def test_terminals_in_jupyterlab_find_the_programs_of_this_environment(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("labutils.commands.lab.become", lambda command: None)
    for name in ("PATH", "VIRTUAL_ENV", "JUPYTER_CONFIG_PATH"):
        monkeypatch.setenv(name, "elsewhere")
    main(["lab"])
    assert os.environ["PATH"] == os.pathsep.join([sysconfig.get_path("scripts"), "elsewhere"])


def ask(address):
    """Ask a server that may be starting."""
    for _ in range(60):
        try:
            with urllib.request.urlopen(address, timeout=30) as answer:
                return json.load(answer)
        except ConnectionError:
            pass
        except urllib.error.URLError as error:
            if not isinstance(error.reason, ConnectionError):
                raise
        time.sleep(0.5)
    raise TimeoutError(address)


def test_paths_in_the_settings_are_meant_from_where_the_command_is_called(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TFDS_DATA_DIR", "somewhere")
    monkeypatch.setenv("LABUTILS_MNIST_MIRROR", "https://digits.example/mnist")
    main(["sync", "--check"])
    assert os.environ["TFDS_DATA_DIR"] == str(tmp_path / "somewhere")
    assert os.environ["LABUTILS_MNIST_MIRROR"] == "https://digits.example/mnist"
