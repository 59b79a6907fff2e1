"""The lab in a real browser: every notebook runs in JupyterLab, its interactives answer mouse and keyboard, for all.

Left out where there is no Chromium, Chrome or Edge.
"""

import contextlib

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from notebook_cells import NOTEBOOKS

from labutils.browser.access import violations
from labutils.browser.chromium import LAPTOP, NoBrowser, chromium
from labutils.browser.jupyterlab import copy_notebooks, jupyterlab
from labutils.browser.notebook import opened
from labutils.classroom.assign import make_release, write_release

SLIDER = """
import numpy as np
from ipywidgets import Image, IntSlider, Output
from labutils import figures
from labutils.widgets.base import Interactive, picture

slider, shown = IntSlider(max=9), Image(value=picture([[0, 1]]))

def show(change):
    shown.value = picture([[change.new / 9, 1]])
    if change.new == 9:
        raise ValueError("nine is too much")

slider.observe(show, "value")
Interactive([slider, shown], lambda: figures.code_walk(np.zeros((2, 28, 28))))
"""

CARDS = """
from labutils import checks

def preprocess(image, label):
    raise NotImplementedError

display(checks.preprocess(preprocess))
display(checks.preprocess(lambda image, label: image))
display(checks.steps_per_epoch(lambda examples, batch_size: -(-examples // batch_size)))
checks.progress()
"""


@pytest.fixture(scope="module")
def browser():
    try:
        with chromium() as started:
            yield started
    except NoBrowser as none:
        pytest.skip(str(none))


@pytest.fixture(scope="module")
def server(browser, tmp_path_factory, builtin_data_dir):
    """JupyterLab on the lab's notebooks, the exercises, and two small notebooks of our own."""
    folder = tmp_path_factory.mktemp("lab")
    copy_notebooks(NOTEBOOKS, folder)
    write_release(make_release(NOTEBOOKS), folder / "exercises")
    metadata = nbformat.read(NOTEBOOKS[0], as_version=4).metadata  # the same kernel
    for name, source in {"slider": SLIDER, "cards": CARDS}.items():
        nbformat.write(new_notebook(cells=[new_code_cell(source)], metadata=metadata), folder / f"{name}.ipynb")
    artifacts = tmp_path_factory.mktemp("artifacts")
    with jupyterlab(
        folder, LABUTILS_DIGITS="builtin", TFDS_DATA_DIR=builtin_data_dir, LABUTILS_ARTIFACTS=artifacts
    ) as started:
        yield started


@pytest.fixture(scope="module")
def show(browser, server):
    """``show("01_preprocessing")`` gives that notebook, open and run; what was shown before is closed."""
    shown = {}
    with contextlib.ExitStack() as stack:

        def show(name):
            if name not in shown:
                stack.close()
                shown.clear()
                shown[name] = stack.enter_context(opened(browser, server, f"{name}.ipynb", LAPTOP))
                shown[name].run_all(300)
            return shown[name]

        yield show


# ----- the harness itself -----


def test_an_interactive_answers_and_its_errors_are_noticed(show):
    notebook = show("slider")
    interactive = notebook.interactive("labutils-interactive")
    handle = interactive.get_by_role("slider")
    handle.focus()
    assert notebook.milliseconds_to_picture(interactive, lambda: notebook.page.keyboard.press("ArrowRight")) > 0
    assert notebook.ask("slider.value") == "1"
    assert notebook.errors() == []
    notebook.page.keyboard.press("End")
    notebook.page.wait_for_function("labutils.errors.length")
    assert notebook.errors() == ["ValueError: nine is too much"]


# ----- the notebooks -----


@pytest.mark.parametrize("name", [path.stem for path in NOTEBOOKS])
def test_a_notebook_runs_without_errors(show, name):
    assert show(name).errors() == []


# ----- for all -----


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_cards_can_be_read_and_used_by_all(show, theme):
    notebook = show("cards")
    assert notebook.errors() == []
    notebook.use_theme(theme)
    assert violations(notebook.page, "section[role=group]") == []
