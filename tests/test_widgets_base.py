"""An interactive shows widgets where there is a kernel, and its static twin where there is none."""

import io

import nbformat
import numpy as np
from IPython.core.formatters import DisplayFormatter
from ipywidgets import Image, Widget
from nbformat.v4 import new_code_cell, new_notebook
from PIL import Image as Picture

from labutils import figures
from labutils.execution import WIDGET_VIEW, execute
from labutils.widgets.base import CODE_PIXELS, Interactive, picture

SHOWN = """
import numpy as np
from ipywidgets import Image
from labutils import figures
from labutils.widgets.base import Interactive
Interactive([Image()], lambda: figures.code_walk(np.zeros((2, 28, 28))))
"""


def test_gives_widget_and_twin_with_alt_text():
    twin = figures.code_walk(np.zeros((2, 28, 28)))
    data, metadata = DisplayFormatter().format(Interactive([Image()], lambda: twin))
    assert {WIDGET_VIEW, "image/png", "text/plain"} <= set(data)
    assert metadata["image/png"]["alt"] == data["text/plain"] == twin.alt


def test_gives_both_with_ipywidgets_7_which_would_show_the_widgets_itself(monkeypatch):
    monkeypatch.delattr(Widget, "_repr_mimebundle_", raising=False)
    monkeypatch.setattr(Widget, "_ipython_display_", lambda self: print("the widgets alone"), raising=False)
    data, _ = DisplayFormatter().format(Interactive([Image()], lambda: figures.code_walk(np.zeros((2, 28, 28)))))
    assert {WIDGET_VIEW, "image/png"} <= set(data)


def test_twin_alone_is_left_when_the_kernel_is_gone(tmp_path):
    path = tmp_path / "shown.ipynb"
    nbformat.write(new_notebook(cells=[new_code_cell(SHOWN)]), path)
    execution = execute(path, cell_seconds=60)
    assert execution.failure is None
    (output,) = execution.notebook.cells[0].outputs
    assert "image/png" in output.data
    assert WIDGET_VIEW not in output.data


def test_picture_draws_each_number_as_a_square():
    drawn = np.array(Picture.open(io.BytesIO(picture([[0, 0.5], [1, 7]], zoom=3))).convert("L"))
    assert drawn.shape == (6, 6)
    assert [drawn[0, 0], drawn[0, 5], drawn[5, 0], drawn[5, 5]] == [0, 127, 255, 255]


def test_picture_takes_colours_and_limits():
    drawn = np.array(Picture.open(io.BytesIO(picture([[-1, 1]], CODE_PIXELS, (-1, 1), zoom=1))).convert("RGB"))
    np.testing.assert_array_equal(drawn[0], CODE_PIXELS[[0, 255]])


def test_picture_takes_an_array_that_is_all_the_same():
    assert picture(np.zeros((4, 8)), limits=(0, 0))
