"""The lab in a real browser: every notebook runs in JupyterLab, its interactives answer mouse and keyboard, for all.

Left out where there is no Chromium, Chrome or Edge.
"""

import contextlib
import itertools
import re

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from notebook_cells import NOTEBOOKS

from labutils.browser.access import keyboard_stops, violations
from labutils.browser.chromium import LAPTOP, NoBrowser, chromium
from labutils.browser.interactives import INTERACTIVES
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

LONG = """
import time
time.sleep(3)
"""

TRAINING = """
from labutils import datasets, metrics, sources, training, widgets

digits = sources.load()
images, _ = digits.arrays("test")
dashboard = widgets.training_dashboard(images, metrics.loss_ladder(digits.arrays("train")[0], images))
model, history = training.train_default(digits, 1000, callbacks=[dashboard])
"""

NO_BROWSER = """
from labutils.browser import chromium
chromium.NAMES = chromium.CHANNELS = ()
try:
    with chromium.chromium():
        print("there is one")
except chromium.NoBrowser as none:
    print(none)
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
def server(request, browser, tmp_path_factory):
    """JupyterLab on the lab's notebooks, the exercises, and a few small notebooks of our own."""
    data_dir = request.getfixturevalue("builtin_data_dir")  # only now, when a browser is there
    folder = tmp_path_factory.mktemp("lab")
    copy_notebooks(NOTEBOOKS, folder)
    write_release(make_release(NOTEBOOKS), folder / "exercises")
    metadata = nbformat.read(NOTEBOOKS[0], as_version=4).metadata  # the same kernel
    for name, source in {"slider": SLIDER, "long": LONG, "training": TRAINING, "cards": CARDS}.items():
        nbformat.write(new_notebook(cells=[new_code_cell(source)], metadata=metadata), folder / f"{name}.ipynb")
    artifacts = tmp_path_factory.mktemp("artifacts")
    with jupyterlab(folder, LABUTILS_DIGITS="builtin", TFDS_DATA_DIR=data_dir, LABUTILS_ARTIFACTS=artifacts) as started:
        yield started


@pytest.fixture(scope="module")
def show(browser, server):
    """``show("01_preprocessing")`` gives that notebook, open and run; what was shown before is closed."""
    shown = {}
    with contextlib.ExitStack() as stack:

        def show(name, run=True):
            if name not in shown:
                stack.close()
                shown.clear()
                shown[name] = stack.enter_context(opened(browser, server, f"{name}.ipynb", LAPTOP))
                if run:
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


def test_a_notebook_is_run_once_even_if_its_kernel_is_said_to_be_idle(show, monkeypatch):
    monkeypatch.setattr("labutils.browser.notebook.BEGIN", 1500)
    notebook = show("long", run=False)
    kernel = "jupyterapp.shell.currentWidget.sessionContext.session.kernel"
    notebook.page.evaluate(f"() => Object.defineProperty({kernel}, 'status', {{get: () => 'idle'}})")
    notebook.run_all(60)
    assert notebook.ask("get_ipython().execution_count") == "2"  # the number of the cell to come


def test_without_a_browser_one_is_told_how_to_get_it(python, tmp_path):
    told = python(NO_BROWSER, PLAYWRIGHT_BROWSERS_PATH=tmp_path)
    assert "python3 -m labutils exec playwright install chromium" in told.stdout, told.stderr


# ----- the notebooks and their interactives -----


def test_every_notebook_is_seen():
    assert {held.notebook for held in INTERACTIVES} == {path.stem for path in NOTEBOOKS}


@pytest.mark.parametrize("held", INTERACTIVES, ids=lambda held: held.name, scope="module")  # all tests of one, then
class TestInteractive:  # all of the next: each notebook is run once
    def test_shows_when_all_cells_are_run(self, show, held):
        notebook = show(held.notebook)
        assert notebook.errors() == []
        assert notebook.broken() == 0
        assert notebook.interactive(held.name).is_visible()

    def test_a_move_changes_the_picture(self, show, held):
        notebook = show(held.notebook)
        with held.moving(notebook) as move:
            assert notebook.milliseconds_to_picture(notebook.interactive(held.name), move)

    def test_the_mouse_moves_a_slider(self, show, held):
        if held.role != "slider":
            pytest.skip("has none")
        notebook = show(held.notebook)
        root = notebook.interactive(held.name)
        assert notebook.milliseconds_to_picture(root, lambda: drag(notebook.page, held.find(root), held.keys[0]))

    def test_a_thousand_moves_leave_nothing_behind(self, show, held):  # or 200 strokes of the pen, which take as long
        notebook = show(held.notebook)
        before = left_behind(notebook, held)
        with held.moving(notebook) as move:
            for _ in range(1000 if held.role else 200):
                move()
        assert left_behind(notebook, held) == before

    def test_the_keyboard_goes_through_it_in_reading_order(self, show, held):
        notebook = show(held.notebook)
        stops, count = keyboard_stops(notebook.page, notebook.interactive(held.name))
        assert [stop["number"] for stop in stops] == list(range(count))
        for one, other in itertools.pairwise(stops):
            backwards = other["bottom"] <= one["top"] and other["left"] < one["right"]
            assert not backwards, f"from {one['html']} to {other['html']}"

    def test_can_be_read_and_used_by_all(self, show, held):
        notebook = show(held.notebook)
        for theme in ("dark", "light"):
            notebook.use_theme(theme)
            assert violations(notebook.page, f".{held.name}") == [], theme

    def test_went_through_all_this_without_errors(self, show, held):
        assert show(held.notebook).errors() == []


def drag(page, handle, key):
    """Drag a slider's handle with the mouse, the way that a key would move it."""
    place = handle.bounding_box()
    x, y = place["x"] + place["width"] / 2, place["y"] + place["height"] / 2
    right, down = {"ArrowRight": (1, 0), "ArrowLeft": (-1, 0), "ArrowUp": (0, -1), "ArrowDown": (0, 1)}[key]
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 20 * right, y + 20 * down, steps=5)
    page.mouse.up()


def left_behind(notebook, held):
    """What may not grow: widgets and figures in the kernel, pictures in the page."""
    widgets = notebook.ask("len(__import__('ipywidgets').widgets.widget._instances)")
    figures = notebook.ask("len(__import__('matplotlib.pyplot').pyplot.get_fignums())")
    return widgets, figures, notebook.interactive(held.name).locator("img, svg, canvas").count()


def test_a_digit_is_seen_while_it_is_drawn(show):
    notebook = show("05_reconstruction")
    page, root = notebook.page, notebook.interactive("labutils-draw-digit")
    said = root.get_by_role("status")
    root.get_by_role("button", name="Clear").click()
    said.filter(has_text="Nothing is drawn").wait_for()
    canvas = root.locator("canvas").first
    canvas.scroll_into_view_if_needed()
    corner = canvas.bounding_box()
    (first, *others) = [(corner["x"] + x, corner["y"] + y) for x, y in [(75, 70), (205, 70), (120, 220)]]
    page.mouse.move(*first)
    page.mouse.down()
    for place in others:
        page.mouse.move(*place, steps=10)
    said.filter(has_text="worse than").wait_for()  # the button is still down
    page.mouse.up()
    painted = canvas.evaluate("canvas => canvas.getContext('2d').getImageData(140, 70, 1, 1).data[0]")
    assert painted == 255
    assert notebook.errors() == []


# ----- a training to hold -----


def test_a_training_is_paused_goes_on_and_stops(show, server):
    notebook = show("training", run=False)
    notebook.start_all()
    page, root = notebook.page, notebook.interactive("labutils-dashboard")
    state = root.get_by_role("status")
    state.filter(has_text="epoch 2").wait_for(timeout=120_000)
    root.get_by_role("button", name="Pause").click()
    state.filter(has_text="paused").wait_for()
    told = state.inner_text()
    page.wait_for_timeout(1500)
    assert state.inner_text() == told
    root.get_by_role("button", name="Go on").click()
    state.filter(has_not_text="paused").wait_for()
    root.get_by_role("button", name="Stop").click()
    state.filter(has_text="stopped").wait_for()
    notebook.wait_until_run(60)
    assert notebook.errors() == []
    epochs = int(notebook.ask("len(history['loss'])"))
    assert int(re.search(r"epoch (\d+)", told)[1]) < epochs < 1000
    assert notebook.ask("bool(training.evaluate(model, datasets.fast_test_dataset(images)) < 0.4)") == "True"


# ----- what students see -----


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_cards_can_be_read_and_used_by_all(show, theme):
    notebook = show("cards")
    assert notebook.errors() == []
    notebook.use_theme(theme)
    cards = notebook.page.locator("section[role=group]")
    assert [card.get_attribute("aria-label") for card in cards.all()] == [
        "Exercise 1.1 preprocess: not attempted",
        "Exercise 1.1 preprocess: not yet",
        "Exercise 4.1 steps_per_epoch: passed",
    ]
    assert violations(notebook.page, ".jp-OutputArea-output") == []


def test_a_hint_opens_by_keyboard(show):
    card = show("cards").page.get_by_role("group", name="not yet")
    hint = card.locator("details > p").first
    assert not hint.is_visible()
    card.get_by_text("Show a hint").press("Enter")
    assert hint.is_visible()
    card.get_by_text("Show a hint").press("Enter")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_title_page_opens_and_says_how_far_one_is(show, theme):
    notebook = show("exercises/00_start")
    assert notebook.errors() == []
    notebook.use_theme(theme)
    assert notebook.page.get_by_role("heading", name="The autoencoder lab").is_visible()
    assert "5.2 reconstruction_error" in notebook.page.locator(".jp-OutputArea-output").last.inner_text()
    assert violations(notebook.page, ".jp-OutputArea-output") == []
