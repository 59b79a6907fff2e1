"""What the tests share: the mirror that was named reaches every process of a run, and no test sees a setting."""

import os
import shutil
import subprocess
import sys

import pytest
from conftest import ROOT

TESTS = """
import os

import pytest

@pytest.mark.parametrize("number", range(4))
def test_mirror(mnist_mirror, number):
    assert mnist_mirror == "somewhere"

def test_settings():
    assert not {"LABUTILS_DIGITS", "LABUTILS_MNIST_MIRROR"} & set(os.environ)
"""


@pytest.fixture
def run_tests(tmp_path):
    """Run TESTS with the conftest.py of these tests, in a folder that has no MNIST beside it; give the output."""
    folder = tmp_path / "lab" / "tests"
    folder.mkdir(parents=True)
    for name in ("conftest.py", "tiny_mnist.py"):
        shutil.copy(ROOT / "tests" / name, folder)
    (folder / "test_it.py").write_text(TESTS)

    def run(*options, **environment):
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "LABUTILS_DIGITS": "builtin", **environment}
        command = [sys.executable, "-m", "pytest", "-q", "-rs", "-p", "no:cacheprovider", *options]
        return subprocess.run(
            command, cwd=folder.parent, env=environment, capture_output=True, text=True, timeout=120
        ).stdout

    return run


@pytest.mark.parametrize("options", [[], ["-n", "2"], ["-p", "no:xdist"]])
def test_the_mirror_that_was_named_is_used_in_every_process(run_tests, options):
    output = run_tests(*options, LABUTILS_MNIST_MIRROR="somewhere")
    assert "5 passed" in output, output


@pytest.mark.parametrize("options", [[], ["-n", "2"]])
def test_without_a_mirror_the_reason_is_said(run_tests, options):
    output = run_tests(*options)
    assert "1 passed, 4 skipped" in output, output
    assert "and LABUTILS_MNIST_MIRROR is not set" in output
