"""The set-up, on a lab in miniature: the real bootstrap, one package of our own making, and no package index."""

import ast
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest
from packaging.specifiers import SpecifierSet

from labutils import bootstrap, pythons

LABUTILS = Path(bootstrap.__file__).parent
READ_BY_ANY_PYTHON = ("__init__.py", "__main__.py", "pythons.py")

# A build backend that needs nothing: hands out a wheel that is there, slowly if asked to.
BACKEND = """
import os, pathlib, shutil, time
def build_editable(wheel_directory, config_settings=None, metadata_directory=None):
    if "SLOW" in os.environ:
        pathlib.Path("building").touch()
        time.sleep(300)
    return os.path.basename(shutil.copy("wheels/labutils-1-py3-none-any.whl", wheel_directory))
"""

COMMAND = '''
"""Say where it runs."""
import sys
def add_arguments(parser):
    parser.add_argument("--code", type=int, default=0)
def main(options):
    import tiny
    print("tiny", tiny.VERSION, "in", sys.prefix)
    return options.code
'''


def make_wheel(folder, name, version, files):
    info = f"{name}-{version}.dist-info"
    files = files | {
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{file},,\n" for file in [*files, f"{info}/RECORD"])
    with zipfile.ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as wheel:
        for file, text in [*files.items(), (f"{info}/RECORD", record)]:
            wheel.writestr(file, text)


def make_lab(root):
    (root / "wheels").mkdir(parents=True)
    for version in (1, 2):
        make_wheel(root / "wheels", "tiny", version, {"tiny.py": f"VERSION = {version}\n"})
    make_wheel(root / "wheels", "labutils", 1, {"labutils.pth": f"{root}\n"})
    (root / "backend.py").write_text(BACKEND)
    (root / "pyproject.toml").write_text(
        '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
        '[project]\nname = "labutils"\nversion = "1"\ndependencies = ["tiny>=1"]\n'
    )
    ask_for(root, version=1)
    (root / "labutils" / "commands").mkdir(parents=True)
    for name in (*READ_BY_ANY_PYTHON, "_quiet.py", "_settings.py", "files.py", "bootstrap.py", "commands/__init__.py"):
        shutil.copy(LABUTILS / name, root / "labutils" / name)
    (root / "labutils" / "commands" / "data.py").write_text(COMMAND)
    return root


def ask_for(root, version):
    (root / "requirements.txt").write_text(f"--no-index\n--find-links wheels\ntiny=={version}\n")


def start(root, *arguments, python=sys.executable, **environment):
    environment = {**os.environ, **environment}
    environment.pop("PYTHONPATH", None)
    return subprocess.Popen(
        [python, "-m", "labutils", "data", *arguments],
        cwd=root,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def finish(process):
    output, _ = process.communicate(timeout=180)
    return process.returncode, output


def call(root, *arguments, **options):
    return finish(start(root, *arguments, **options))


def runs_in_its_own(root, output, version=1):
    return f"tiny {version} in {root / '.venv'}" in output


@pytest.fixture(scope="module")
def wrong_pythons():
    """Pythons that the lab does not run on, from the oldest."""
    names = ["python2.7", *(f"python3.{minor}" for minor in range(6, 20) if f"3.{minor}" not in pythons.PYTHONS)]
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"), "versions")
    here = [next(iter(pyenv.glob(f"{name.removeprefix('python')}.*/bin/{name}")), name) for name in names]
    here = [str(python) for python in here if pythons.ask([str(python)])]
    if not here:
        pytest.skip(f"neither the PATH nor {pyenv} has any of {', '.join(names)}")
    return here


@pytest.fixture(scope="module")
def first_calls(tmp_path_factory):
    """A lab that was just fetched, and what two calls in it at once came to."""
    root = make_lab(tmp_path_factory.mktemp("lab with a space").resolve())
    processes = [start(root), start(root)]
    return root, [finish(process) for process in processes]


@pytest.fixture
def lab(first_calls):
    """A lab that is set up. Every test leaves it so, which is what bootstrap is for."""
    return first_calls[0]


def test_two_first_calls_at_once_both_succeed_and_one_installs(first_calls):
    root, outcomes = first_calls
    for code, output in outcomes:
        assert code == 0, output
        assert runs_in_its_own(root, output)
    said = "".join(output for _, output in outcomes)
    assert said.count("Setting up") == 1
    assert said.count("waiting for it") == 1


def test_next_call_starts_at_once_and_hands_over_the_exit_code(lab):
    assert call(lab, "--code", "7") == (7, f"tiny 1 in {lab / '.venv'}\n")


def test_its_own_python_finds_it_from_elsewhere(lab, tmp_path):
    process = start(tmp_path, python=str(bootstrap._venv_python(lab)))
    code, output = finish(process)
    assert code == 0
    assert runs_in_its_own(lab, output)


def test_changed_requirements_are_installed(lab):
    ask_for(lab, version=2)
    code, output = call(lab)
    assert code == 0
    assert runs_in_its_own(lab, output, version=2)
    assert "Setting up" not in output  # brought up to date, not made anew
    ask_for(lab, version=1)
    assert runs_in_its_own(lab, call(lab)[1], version=1)


def test_packages_that_cannot_be_had_end_in_advice_and_cost_nothing(lab):
    ask_for(lab, version=3)
    code, output = call(lab)
    assert code == 2
    assert "could not be installed" in output
    assert "Traceback" not in output
    ask_for(lab, version=1)
    assert call(lab) == (0, f"tiny 1 in {lab / '.venv'}\n")


@pytest.mark.skipif(os.name != "posix", reason="kills a process group")
def test_killed_set_up_is_mended(lab):
    ask_for(lab, version=2)
    process = start(lab, SLOW="yes")
    building = lab / "building"
    deadline = time.monotonic() + 60
    while not building.exists():
        assert time.monotonic() < deadline, "the slow installation never began"
        time.sleep(0.1)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    building.unlink()
    ask_for(lab, version=1)
    code, output = call(lab)
    assert code == 0
    assert runs_in_its_own(lab, output)


@pytest.mark.skipif(os.name != "posix", reason="sends Ctrl-C to a process group")
def test_ctrl_c_during_set_up_is_one_line_and_130(lab):
    ask_for(lab, version=2)
    process = start(lab, SLOW="yes")
    building = lab / "building"
    deadline = time.monotonic() + 60
    while not building.exists():
        assert time.monotonic() < deadline, "the slow installation never began"
        time.sleep(0.1)
    os.killpg(process.pid, signal.SIGINT)
    code, output = finish(process)
    building.unlink()
    ask_for(lab, version=1)
    assert call(lab)[0] == 0
    assert code == 130
    assert output.strip().endswith("Stopped.")


def test_environment_whose_python_is_gone_is_made_anew(lab):
    bootstrap._venv_python(lab).unlink()
    code, output = call(lab)
    assert code == 0
    assert runs_in_its_own(lab, output)


def test_environment_of_a_moved_lab_is_made_anew(lab):
    moved = lab.with_name("moved")
    try:
        lab.rename(moved)
        code, output = call(moved)
    finally:
        moved.rename(lab)
    assert code == 0
    assert runs_in_its_own(moved, output)


def test_environment_made_by_the_user_is_filled_not_wiped(lab):
    (lab / ".venv" / bootstrap.STAMP).unlink()
    keepsake = lab / ".venv" / "keepsake"
    keepsake.touch()
    ask_for(lab, version=3)
    assert call(lab)[0] == 2
    ask_for(lab, version=1)
    code, output = call(lab)
    assert code == 0
    assert runs_in_its_own(lab, output)
    assert keepsake.exists()


def test_environment_made_by_the_user_with_a_wrong_python_is_left_alone(tmp_path, wrong_pythons):
    root = make_lab(tmp_path)
    subprocess.run([wrong_pythons[-1], "-m", "venv", "--without-pip", root / ".venv"], check=True)
    code, output = call(root)
    assert code == 2
    assert "rename or delete" in output
    assert bootstrap._venv_python(root).exists()


def test_environment_that_has_the_packages_is_used_as_it_is(tmp_path):
    root = make_lab(tmp_path.resolve())
    (root / "tiny.py").write_text("VERSION = 1\n")
    pyproject = root / "pyproject.toml"
    pyproject.write_text(pyproject.read_text().replace("tiny>=1", "pytest>=1"))
    code, output = call(root)
    assert code == 0
    assert output.strip() == f"tiny 1 in {sys.prefix}"
    assert not (root / ".venv").exists()


def test_too_little_disk_is_said_before_anything_is_installed(tmp_path, monkeypatch):
    root = make_lab(tmp_path)
    monkeypatch.setattr(bootstrap.shutil, "disk_usage", lambda _: SimpleNamespace(free=1.5e9))
    with pytest.raises(bootstrap.BootstrapError, match=r"needs about 4 GB .* has 1\.5 GB") as told:
        bootstrap.make_ready(root)
    assert "\n" not in str(told.value)
    assert not list(root.glob(".venv/**/pip"))


def test_the_long_silence_in_which_pip_unpacks_is_filled(tmp_path, monkeypatch, capsys):
    root = make_lab(tmp_path)
    told = []

    def pip(command, **_):
        if "-r" in command:
            where = next((root / ".venv").glob("[Ll]ib/python*" if os.name == "posix" else "Lib"), root / ".venv")
            for name in ("one", "two"):
                (where / "site-packages" / f"{name}-1.dist-info").mkdir()
            deadline = time.monotonic() + 30
            while not any("packages in place: 2" in text for text in told) and time.monotonic() < deadline:
                time.sleep(0.05)
                told.append(capsys.readouterr().out)
        return 0

    monkeypatch.setattr(bootstrap, "TELL_SECONDS", 0.05)
    monkeypatch.setattr(bootstrap.subprocess, "call", pip)
    bootstrap.make_ready(root)
    assert any("packages in place: 2" in text for text in told)
    capsys.readouterr()
    time.sleep(0.2)
    assert capsys.readouterr().out == ""


def test_python_without_ensurepip_is_told_what_to_install(tmp_path, monkeypatch):
    root = make_lab(tmp_path)
    monkeypatch.setattr(bootstrap.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(bootstrap.BootstrapError, match=r"apt install python3\.\d+-venv"):
        bootstrap.make_ready(root)


@pytest.mark.skipif(os.name != "posix", reason="such scripts are those of Linux and macOS")
def test_nothing_is_installed_into_another_python_by_way_of_a_script(tmp_path, monkeypatch):
    """As pyenv's: a script named python, which starts another one."""
    root, called = make_lab(tmp_path), []
    shim = tmp_path / "shim"
    shim.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    shim.chmod(0o755)
    monkeypatch.setattr(sys, "_base_executable", str(shim))
    monkeypatch.setattr(bootstrap.subprocess, "call", lambda *command, **options: called.append(command) or 0)
    with pytest.raises(bootstrap.BootstrapError, match="does not run in that folder"):
        bootstrap.make_ready(root)
    assert not called


def test_file_in_the_way_is_named(tmp_path):
    root = make_lab(tmp_path)
    (root / ".venv").touch()
    with pytest.raises(bootstrap.BootstrapError, match=r"\.venv could not be made"):
        bootstrap.make_ready(root)


def test_wrong_python_is_told_in_one_sentence(monkeypatch):
    monkeypatch.setattr(pythons, "ask", lambda call: None)
    message = pythons.advice(version=(3, 10, 4))
    assert "\n" not in message
    for part in ("3.10.4", "3.11, 3.12 or 3.13", "python.org"):
        assert part in message


def test_wrong_python_is_told_which_right_one_is_there(monkeypatch):
    monkeypatch.setattr(pythons, "ask", lambda call: call == ["python3.12"] or None)
    advice = pythons.advice(["run", "04", "--out", "a folder"], version=(3, 14, 0))
    quoted = "'a folder'" if os.name == "posix" else '"a folder"'
    assert advice.endswith(f": call python3.12 -m labutils run 04 --out {quoted}.")


def test_real_wrong_pythons_get_their_sentence_and_nothing_else(tmp_path, wrong_pythons):
    root = make_lab(tmp_path)
    for python in wrong_pythons:
        code, output = call(root, python=python)
        assert code == 2, output
        assert output.startswith("This is Python "), output
        assert output.count("\n") == 1, output
    assert not (root / ".venv").exists()


@pytest.mark.parametrize("name", READ_BY_ANY_PYTHON)
def test_what_any_python_reads_has_nothing_that_python_2_cannot_read(name):
    text = (LABUTILS / name).read_text("utf-8")
    assert text.isascii()  # beyond that it wants a declaration
    new = ast.JoinedStr, ast.NamedExpr, ast.AnnAssign, ast.Nonlocal, ast.AsyncFunctionDef
    for node in ast.walk(ast.parse(text)):
        assert not isinstance(node, new), f"line {node.lineno}"
        assert not (isinstance(node, ast.List | ast.Tuple) and any(isinstance(each, ast.Starred) for each in node.elts))
        assert not (isinstance(node, ast.Raise) and node.cause), f"line {node.lineno}"
        assert not (isinstance(node, ast.arguments) and (node.kwonlyargs or node.posonlyargs))


def test_pythons_agree_with_pyproject():
    import tomllib

    project = tomllib.loads((bootstrap.ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    accepted = SpecifierSet(project["requires-python"])
    assert {f"3.{minor}" for minor in range(8, 20) if f"3.{minor}.1" in accepted} == set(pythons.PYTHONS)
