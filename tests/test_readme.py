"""What README, help and messages tell people to type works as written."""

import ast
import functools
import importlib
import os
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig

import nbformat
import pytest
from conftest import ROOT
from nbformat.v4 import new_code_cell, new_notebook
from notebook_cells import NOTEBOOKS

from labutils import bootstrap
from labutils.__main__ import COMMANDS, main
from labutils.execution import execute

README = (ROOT / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
FENCED = [block for language, block in BLOCKS if not language]  # command lines; the others are files
SPANS = re.findall(r"`([^`]+)`", re.sub(r"^```.*?^```$", "", README, flags=re.MULTILINE | re.DOTALL))
LINES = [line for text in [*SPANS, *FENCED] for line in text.splitlines()]

CALL = re.compile(r"python3?(?:\.\d+)? -m labutils(?= )[^\n`;,|)]*")
SHORT = re.compile(
    rf"(?<![\w-])(?<!labutils )(?:{'|'.join(COMMANDS)}) --[a-z][\w-]*(?: [\w./]+)?"
)  # "call sync --from py"
SETTING = re.compile(r"^(?:[A-Z_]+=\S+ )+")
OF_THE_ENVIRONMENT = {"pip", "pip3", *os.listdir(sysconfig.get_path("scripts"))} - {"python", "python3"}


def problem(line):
    """What is wrong with a command line of the lab, such as "sync --check"; None if it is understood.

    Where it ends in dots nothing but the command is looked at.
    """
    words = shlex.split(SETTING.sub("", line), comments=True)
    if re.fullmatch(r"python3?(\.\d+)?", words[0]) and words[1:3] == ["-m", "labutils"]:
        words = words[3:]
    if words[-1] == "...":
        return None if words[0] in COMMANDS else "no such command"
    understood = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bootstrap, "enter", lambda arguments: None)
        for name in COMMANDS:
            command = importlib.import_module(f"labutils.commands.{name}")
            patch.setattr(command, "main", lambda options: understood.append(options) or 0)
        try:
            code = main(words)
        except SystemExit as end:  # argparse, whose --help is no problem
            code = end.code
    if code or not understood:
        return code and f"exit code {code}"
    (options,) = understood
    if words[0] == "exec":
        program = ("labutils", "exec", options.command)
        if options.arguments[0].startswith("-"):
            return _unknown(options.arguments, program)
        return _no_subcommand(program, options.arguments[0]) or _unknown(
            options.arguments, (*program, options.arguments[0])
        )
    return _unknown(options.passed_on, {"lab": ["jupyterlab"], "test": ["pytest"]}.get(words[0]))


def _no_subcommand(program, name):
    """What is wrong with a name that follows a program's: its help is then that of the program, or an error."""
    return _help(*program, name) in ("", _help(*program)) and f"{program[-1]} has no {name}"


def _unknown(words, program):
    """The options among the words that the program's help does not have."""
    options = [word.split("=")[0] for word in words if word.startswith("-")]
    return options and set(options) - set(re.findall(r"--?[\w-]+", _help(*program)))


@functools.cache
def _help(*words):
    """What another program tells of itself, nothing if it fails."""
    command = [sys.executable, "-m", *words, "--help"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    return "" if done.returncode else done.stdout


def told():
    """Where a command line is told, and the command line."""
    for line in LINES:
        if line.split()[0] in COMMANDS and " -" in line:
            yield "README.md", line
    for path, text in texts():
        found = CALL.findall(text) + ([] if path.suffix == ".md" else SHORT.findall(text))
        yield from (
            (path.name, re.sub(r"(?<!\.)\.$", "", line))
            for line in found
            if not re.search("labutils (COMMAND|\N{HORIZONTAL ELLIPSIS}|$)", line)
        )


def texts():
    """What people are told, and in which file: README, notebooks, and every string of the package."""
    for path in (ROOT / "README.md", *NOTEBOOKS):
        yield path, path.read_text("utf-8")
    for path in sorted((ROOT / "labutils").rglob("*.py")):
        yield from ((path, text) for text in _strings(path))


def _strings(path):
    """The strings in a file, docstrings included; what an f-string puts in is an ellipsis."""
    parts = {}
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.JoinedStr):
            yield "".join(
                part.value if isinstance(part, ast.Constant) else "\N{HORIZONTAL ELLIPSIS}" for part in node.values
            )
            parts |= {id(part): part for part in node.values}
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in parts:
            yield node.value


@pytest.mark.parametrize(("place", "line"), dict.fromkeys(told()))
def test_a_command_line_is_understood(place, line, capsys):
    assert not problem(line), f"{place}: {line}\n{capsys.readouterr().err}"


@pytest.mark.parametrize(
    "line",
    [
        "python3 -m labutils rnu",
        "python3 -m labutils data --perpare",
        "python3 -m labutils grade SUBMISSIONS --relaese artifacts/release",
        "python3 -m labutils lab --ipp=0.0.0.0",
        "python3 -m labutils test -x --durationss",
        "python3 -m labutils exec nbgrdaer autograde",
        "python3 -m labutils exec nbgrader autogrde",
        "python3 -m labutils exec pip instal torch",
        "python3 -m labutils exec --inn grades jupyter lab",
        "TFDS_DATA_DIR=/srv/digits python3 -m labutils dat --mirror /media",
        "bench --only browserr",
        "sync --from ipy",
    ],
)
def test_a_slip_would_be_noticed(line, capsys):
    assert problem(line)


def test_options_that_the_readme_names_alone_are_there(capsys):
    helped = set()
    for name in COMMANDS:
        with pytest.raises(SystemExit):
            main([name, "--help"])
        helped |= set(re.findall(r"--[a-z-]+", capsys.readouterr().out))
    assert {span for span in SPANS if span.startswith("--")} <= helped


def test_no_program_that_only_the_labs_environment_has_is_called_without_exec():
    elsewhere = "pip wheel"  # on another machine, whose wheels are brought here
    modules = [(path.name, re.findall(rf"python3 -m (?!labutils|{elsewhere}).*", text)) for path, text in texts()]
    assert [module for module in modules if module[1]] == []
    programs = [SETTING.sub("", line).split() for line in LINES]
    assert [words for words in programs if words[1:] and words[0] in OF_THE_ENVIRONMENT] == []


def test_the_readmes_table_has_every_command():
    assert tuple(re.findall(r"^\| `python3 -m labutils (\w+)", README, re.MULTILINE)) == COMMANDS


# ----- run as written -----

# In this order, each in a fresh shell, in a fresh copy of the lab. What is not here takes minutes, a network or a
# browser, and other tests have it.
RUN = [
    "python3 -m labutils data",
    "python3 -m labutils sync",
    "python3 -m labutils assign",
    'python3 -m labutils assign --course "..." --deadline "..."',
    "python3 -m labutils grade SUBMISSIONS --release artifacts/release --out grades",
    "python3 -m labutils exec --in grades nbgrader generate_feedback autoencoder",
]


@pytest.fixture
def shell(tmp_path, builtin_data_dir):
    """Run a line in a fresh shell, in a copy of the lab, where python3 is this environment's."""
    lab, programs = tmp_path / "lab", tmp_path / "bin"
    for part in ("labutils", "notebooks", ".ci"):
        shutil.copytree(ROOT / part, lab / part, ignore=shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints"))
    for name in ("pyproject.toml", "requirements.txt", "README.md"):
        shutil.copy(ROOT / name, lab)
    programs.mkdir()
    (programs / "python3").write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    (programs / "python3").chmod(0o755)
    settings = {"PATH": f"{programs}:/usr/bin:/bin", "HOME": str(tmp_path), "TFDS_DATA_DIR": str(builtin_data_dir)}

    def run(line):
        environment = {**settings, "LABUTILS_DIGITS": "builtin"}
        return subprocess.run(
            ["sh", "-c", line], cwd=lab, env=environment, capture_output=True, text=True, timeout=300, check=False
        )

    return run


@pytest.mark.skipif(os.name != "posix", reason="the README's shell is that of Linux and macOS")
def test_lines_of_the_readme_run_as_written_one_after_the_other(shell, tmp_path):
    for line in RUN:
        assert line in README.replace("\n  ", " ")
        if "grade SUBMISSIONS" in line:
            handed_in = tmp_path / "lab" / "SUBMISSIONS" / "alice"
            handed_in.mkdir(parents=True)
            shutil.copy(tmp_path / "lab" / "artifacts" / "release" / NOTEBOOKS[-1].name, handed_in)
        done = shell(line)
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
    pages = sorted(path.name for path in (tmp_path / "lab" / "grades" / "feedback" / "alice").rglob("*.html"))
    assert pages == [NOTEBOOKS[-1].with_suffix(".html").name]


def first_cell(word):
    (cell,) = (block for block in FENCED if word in block)
    return cell


def outcome(folder, *cells):
    """Run cells in a kernel that knows nothing of labutils; what the last one prints."""
    path = folder / "tried.ipynb"
    nbformat.write(new_notebook(cells=[new_code_cell(cell) for cell in cells]), path)
    execution = execute(path, cell_seconds=120)
    assert execution.failure is None, execution.failure
    *earlier, last = [cell.outputs for cell in execution.notebook.cells]
    printed = "".join(output.get("text", "") for outputs in earlier for output in outputs)
    assert "ERROR" not in printed
    return last[0].text.strip()


FORGET = "import sys; sys.path[:] = [entry for entry in sys.path if entry not in {!r}]; sys.modules.pop('labutils', 0)"
WHERE = "import labutils; print(labutils.__file__)"


def test_a_cell_makes_an_existing_jupyter_find_labutils(tmp_path):
    for part in ("notebooks", "labutils"):
        (tmp_path / part).mkdir()
    (tmp_path / "labutils" / "__init__.py").touch()
    found = outcome(tmp_path / "notebooks", FORGET.format([str(ROOT)]), first_cell('".."'), WHERE)
    assert os.path.realpath(found) == str(tmp_path / "labutils" / "__init__.py")


@pytest.mark.skipif(shutil.which("git") is None or not (ROOT / ".git").exists(), reason="needs git, and a clone of it")
def test_the_cell_for_colab_works_in_a_kernel_that_runs(tmp_path):
    cell = first_cell("git clone {ADDRESS}")
    assert "https://..." in cell
    ours = FORGET.format([str(ROOT)])
    found = outcome(tmp_path, ours, cell.replace("https://...", ROOT.as_uri()), WHERE)
    assert os.path.realpath(found) == str(tmp_path / "lab" / "labutils" / "__init__.py")
