"""The pages of ``run`` in a browser: a front door and a page for each notebook, for all, and no request leaves them."""

import html
import shutil
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from labutils import figures
from labutils.browser.access import keyboard_stops, violations
from labutils.browser.chromium import NoBrowser, chromium
from labutils.commands import pages
from labutils.execution import Execution
from labutils.widgets import pixel_loss

OPENING = """\
# {title}

An *opening* of {title}.

**Takes** about 20 minutes.\
"""
SOURCE = "total = 0\nfor n in range(10):  # a loop\n    total += n if n not in (1, 2) else 0.5"
REASON = f"MNIST (a mirror; {'none prepared in a folder with a long name; ' * 5}no answer within 3 s)"
RUNGS = [("untrained", 0.6931), ("this model", 0.0861), ("floor", 0.0581)]


@pytest.fixture(scope="module")
def browser():
    """A Chromium; the tests that need one are left out where there is none."""
    try:
        with chromium() as started:
            yield started
    except NoBrowser as none:
        pytest.skip(str(none))


def result(shown):
    data, metadata = shown._repr_mimebundle_(), {}
    if isinstance(data, tuple):
        data, metadata = data
    return new_output("execute_result", data, metadata=metadata, execution_count=1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """What ``run`` writes of three notebooks: with a figure, with an interactive, and one that is no notebook."""
    lab, out = tmp_path_factory.mktemp("notebooks"), tmp_path_factory.mktemp("pages")
    shown = {"01_one": figures.cross_entropy_curves(), "02_two": pixel_loss()}
    paths, executions = [lab / f"{name}.ipynb" for name in (*shown, "03_three")], []
    for path, (title, output) in zip(paths, {"1. First & best": "01_one", "2. Second": "02_two"}.items(), strict=False):
        cells = [
            new_markdown_cell(OPENING.format(title=title)),
            new_markdown_cell("## Exercise 1.1: write\n\n## Exercise 1.2: read"),
            new_code_cell(SOURCE, execution_count=1, outputs=[result(shown[output])]),
        ]
        nbformat.write(new_notebook(cells=cells), path)
        executions.append(Execution(path.stem, nbformat.read(path, 4), 12.3))
    paths[2].write_text("<<<<<<< HEAD")
    executions.append(Execution("03_three", None, 0, "cannot be read as a notebook: <<<"))
    for execution, path, following in zip(executions[:2], paths, paths[1:], strict=False):
        pages.write(execution.notebook, path, following, out)
    pages.write_index(executions, [("Digits", REASON), ("Test loss", "0.0861")], RUNGS, out)
    return out


@pytest.fixture
def visit(browser, folder):
    """``visit(name)`` gives a page; nothing may go wrong in it, and no request leave the folder."""
    wrong, contexts = [], []

    def visit(name, theme="light", width=1000):
        contexts.append(browser.new_context(viewport={"width": width, "height": 800}, color_scheme=theme))
        page = contexts[-1].new_page()
        page.set_default_timeout(10_000)
        allowed = (folder.as_uri(), "data:", "blob:")
        page.on("request", lambda request: None if request.url.startswith(allowed) else wrong.append(request.url))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto((folder / name).as_uri())
        return page

    yield visit
    for context in contexts:
        context.close()
    assert wrong == []


def test_one_comes_from_the_front_door_to_every_page_and_back(visit):
    page = visit("index.html")
    page.get_by_role("link", name="1. First & best").click()
    page.get_by_role("heading", name="1. First & best").wait_for()
    assert page.title() == "1. First & best"
    page.get_by_role("link", name="Next: 2. Second").click()
    page.get_by_role("slider", name="Output").press("ArrowRight")  # alive here as well
    page.get_by_role("status").filter(has_text="output 0.61").wait_for()
    assert page.get_by_role("link", name="Next").count() == 0  # what follows is no notebook
    page.get_by_role("link", name="The autoencoder lab").click()
    page.get_by_role("heading", name="The autoencoder lab").wait_for()


def test_the_front_door_says_what_the_lab_is_and_how_the_run_went(visit):
    page = visit("index.html")
    entries = page.get_by_role("listitem")
    assert "An opening of 1. First & best." in entries.nth(0).inner_text()
    assert "20 minutes, exercises 1.1, 1.2" in entries.nth(0).inner_text()
    alts = [entries.nth(i).get_by_role("img").get_attribute("alt") for i in (0, 1)]
    assert alts == [figures.cross_entropy_curves().alt, pixel_loss().twin().alt]
    assert entries.nth(2).get_by_role("link").count() == 0
    rows = [row.inner_text().split("\t") for row in page.get_by_role("row").all()]
    assert ["Digits", REASON] in rows
    assert ["this model", "0.0861"] in rows
    assert ["01_one", "done", "12 s"] in rows
    assert ["03_three", "failed, cannot be read as a notebook: <<<", "0 s"] in rows


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", ["index.html", "01_one.html", "02_two.html"])
def test_pages_are_for_all(visit, name, theme):
    for width in (1000, 390):
        page = visit(name, theme, width)
        page.wait_for_timeout(200)  # an interactive comes alive
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert violations(page, "body") == []
        red = int(page.evaluate("getComputedStyle(document.body).backgroundColor").split("(")[1].split(",")[0])
        assert (red > 200) == (theme == "light")
        stops, count = keyboard_stops(page, page.locator("body"))
        assert [stop["number"] for stop in stops] == list(range(count))


def test_a_page_of_an_earlier_run_is_not_taken_for_this_one_s(folder, tmp_path):
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    notebook = new_notebook(cells=[new_code_cell()])
    notebook.cells[0].metadata.tags = 3  # nbconvert wants a list
    with pytest.raises(nbformat.ValidationError):
        pages.write(notebook, Path("01_one.ipynb"), None, tmp_path)
    index = pages.write_index([Execution("01_one", notebook, 0, "its page ...")], [], [], tmp_path)
    assert "01_one.html" not in html.unescape(index.read_text("utf-8"))
