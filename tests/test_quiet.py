"""``import labutils`` is quick, and TensorFlow's import quiet and quicker: nothing else is hidden."""

import subprocess
import sys

import nbclient
import pytest
from conftest import ROOT
from nbformat.v4 import new_code_cell, new_notebook

FAKE = """
import contextlib, os, warnings
with contextlib.suppress(OSError):
    os.write(2, b"a native line\\n")
warnings.warn("a warning of Python's")
if os.environ.get("FAIL"):
    raise ImportError("libmissing.so is not there")
VERSION = 7
"""


@pytest.fixture
def fake_tensorflow(tmp_path):
    """A folder with a package "tensorflow" that makes TensorFlow's kind of noise, and fails if FAIL is set."""
    (tmp_path / "tensorflow").mkdir()
    (tmp_path / "tensorflow" / "__init__.py").write_text(FAKE)
    (tmp_path / "tensorflow" / "part.py").write_text("NAME = 'part'")
    return tmp_path


def test_importing_labutils_is_quick_and_imports_nothing_heavy(python):
    result = python(
        "import sys, time; before = set(sys.modules); start = time.process_time()\n"
        "import labutils\n"
        "print(time.process_time() - start, *{name.split('.')[0] for name in set(sys.modules) - before})"
    )
    seconds, *loaded = result.stdout.split()
    assert float(seconds) < 0.3
    assert not {"tensorflow", "keras", "numpy", "tensorflow_datasets", "matplotlib", "sklearn"} & set(loaded)


def test_it_needs_nothing_that_is_to_be_installed():
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); import labutils; import tensorflow"
    result = subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, timeout=60)
    assert result.stderr.endswith("ModuleNotFoundError: No module named 'tensorflow'\n")


def test_native_lines_are_held_back_and_only_while_tensorflow_is_imported(python, fake_tensorflow):
    result = python(
        "import labutils, tensorflow.part, os\n"
        "os.write(2, b'afterwards')\n"
        "print(tensorflow.VERSION, tensorflow.part.NAME, tensorflow.__spec__.name)",
        PYTHONPATH=fake_tensorflow,
    )
    assert result.stdout == "7 part tensorflow\n"
    assert "a native line" not in result.stderr
    assert result.stderr.endswith("afterwards")


def test_warnings_of_python_are_shown(python, fake_tensorflow):
    result = python("import labutils, tensorflow", PYTHONPATH=fake_tensorflow)
    assert "__init__.py:5: UserWarning: a warning of Python's" in result.stderr


def test_everything_is_shown_if_the_import_fails(python, fake_tensorflow):
    result = python("import labutils, tensorflow", PYTHONPATH=fake_tensorflow, FAIL="yes")
    assert result.returncode == 1
    for line in ("a native line\n", "a warning of Python's\n", "ImportError: libmissing.so is not there\n"):
        assert line in result.stderr


def test_it_works_where_there_is_no_stderr(python, fake_tensorflow):
    code = "import os; os.close(2)\nimport labutils, tensorflow\nprint(tensorflow.VERSION)"
    result = python(code, PYTHONPATH=fake_tensorflow)
    assert result.stdout == "7\n"


@pytest.mark.parametrize("state", ["enable", "disable"])
@pytest.mark.parametrize("fail", ["", "yes"])
def test_the_garbage_collector_rests_meanwhile_and_is_as_before_afterwards(python, fake_tensorflow, state, fail):
    (fake_tensorflow / "tensorflow" / "__init__.py").write_text(f"import gc; assert not gc.isenabled()\n{FAKE}")
    result = python(
        f"import contextlib, gc, labutils; gc.{state}(); before = gc.get_freeze_count()\n"
        "with contextlib.suppress(ImportError):\n"
        "    import tensorflow\n"
        "print(gc.isenabled(), gc.get_freeze_count() > before)",
        PYTHONPATH=fake_tensorflow,
        FAIL=fail,
    )
    assert result.stdout == f"{state == 'enable'} {not fail}\n", result.stderr


def test_it_comes_too_late_without_harm(python, fake_tensorflow):
    result = python("import tensorflow, labutils, sys\nprint(tensorflow.VERSION)", PYTHONPATH=fake_tensorflow)
    assert result.stdout == "7\n"
    assert "a native line" in result.stderr


def test_no_advice_on_what_keras_traces_for_each_model_but_on_ones_own_function(python):
    told = python(
        "import labutils, keras, numpy, tensorflow\n"
        "for _ in range(6):\n"
        "    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])\n"
        "    model.predict(numpy.zeros((1, 2)), verbose=0)\n"
        "own = tensorflow.function(lambda number: number)\n"
        "print([int(own(number)) for number in range(6)])"
    )
    assert told.stdout == "[0, 1, 2, 3, 4, 5]\n", told.stderr
    assert "5 out of the last 5 calls to <function <lambda>" in told.stderr
    assert "TensorFlowTrainer" not in told.stderr


def test_in_a_notebook_a_warning_is_seen_and_nothing_else():
    cell = new_code_cell(
        "import labutils\nimport tensorflow as tf\nimport keras, tensorflow_datasets, warnings\n"
        "_ = tf.constant(1) + 1\nwarnings.warn('mind this')"
    )
    notebook = nbclient.execute(new_notebook(cells=[cell]), timeout=120, kernel_name="python3")
    outputs = notebook.cells[0].outputs
    assert "".join(output.get("text", "?") for output in outputs).count("\n") == 2
    assert "UserWarning: mind this" in outputs[0].text
