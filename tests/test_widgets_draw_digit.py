"""A drawing is brought into MNIST's form, and shown as the network sees it, while it is drawn."""

import gc

import numpy as np
import pytest
from ipywidgets.widgets import widget

from labutils import metrics, models, sources
from labutils.widgets import draw_digit, mnist_from_drawing
from labutils.widgets.ink import DRAWINGS, Page


@pytest.fixture(scope="module")
def images():
    """Drawings in MNIST's form, and what is left of them when they are thinned."""
    drawn = np.stack([mnist_from_drawing(Page(strokes).pixels) for strokes in DRAWINGS.values()])
    return np.concatenate([drawn, drawn // 2])


@pytest.fixture(scope="module")
def model():
    return models.build_default()


@pytest.fixture
def board(model, images):
    return draw_digit(model, images, np.arange(len(images)) % 10)


def stroke(board, points):
    """Draw with the mouse, as a front end tells of it."""
    for event, (x, y) in zip(["mouse_down", *["mouse_move"] * (len(points) - 1)], points, strict=True):
        tell(board, event, x=x, y=y)
    tell(board, "mouse_up", x=points[-1][0], y=points[-1][1])


def tell(board, event, **content):
    board.canvas._handle_custom_msg({"event": event, **content}, [])


def large(image, scale, top, left):
    page = np.zeros((400, 400), np.uint8)
    enlarged = np.kron(image[..., 0], np.ones((scale, scale), np.uint8))
    page[top : top + 28 * scale, left : left + 28 * scale] = enlarged
    return page


class TestMnistFromDrawing:
    @pytest.mark.parametrize(("scale", "top", "left"), [(10, 0, 0), (10, 120, 55), (4, 3, 250), (1, 371, 0)])
    def test_brings_mnist_back_exactly(self, mnist_data_dir, scale, top, left):
        for image in sources.load("mnist", data_dir=mnist_data_dir, quiet=True).arrays("test")[0][:40]:
            np.testing.assert_array_equal(mnist_from_drawing(large(image, scale, top, left)), image)

    def test_keeps_the_shape_and_centres_the_mass(self):
        pixels = np.zeros((100, 200), np.uint8)
        pixels[10:20, 20:140] = 255
        image = mnist_from_drawing(pixels)[..., 0]
        assert np.flatnonzero(image.any(axis=0)).tolist() == list(range(4, 24))
        assert np.ptp(np.flatnonzero(image.any(axis=1))) + 1 == 2
        centre = (image.sum(axis=1) @ np.arange(28)) / image.sum()
        assert abs(centre - 14) <= 0.5  # MNIST's own middle, counted from 0

    def test_smooths_what_it_makes_smaller(self):
        stripes = np.zeros((280, 280), np.uint8)
        stripes[:, ::2] = 200
        assert set(np.unique(mnist_from_drawing(stripes))) <= {0, *range(80, 121)}

    def test_takes_no_ink_and_a_single_dot(self):
        assert not mnist_from_drawing(np.zeros((280, 280), np.uint8)).any()
        dot = np.zeros((280, 280), np.uint8)
        dot[0, 279] = 255
        assert (mnist_from_drawing(dot)[4:24, 4:24] == 255).all()

    def test_takes_ink_that_is_gone_when_it_is_smaller(self):
        specks = np.zeros((280, 280), np.uint8)
        specks[[0, -1], [0, -1]] = 1
        assert not mnist_from_drawing(specks).any()

    def test_is_never_outside_the_field(self):
        heavy = np.zeros((200, 200), np.uint8)
        heavy[:20], heavy[:, 0] = 255, 1
        image = mnist_from_drawing(heavy)
        assert image.shape == (28, 28, 1)
        assert image.dtype == np.uint8
        assert image.any()

    @pytest.mark.parametrize("pixels", [np.zeros((28, 28)), np.zeros((28, 28, 1), np.uint8)])
    def test_says_what_it_wants(self, pixels):
        with pytest.raises(ValueError, match=r"uint8 array \(height, width\).* got "):
            mnist_from_drawing(pixels)


class TestBoard:
    def test_says_that_nothing_is_drawn(self, board):
        assert not board.pixels.any()
        assert "Nothing is drawn" in board.words.value

    def test_shows_what_the_network_makes_of_a_stroke(self, board, model, images):
        points = DRAWINGS["a seven"][0]
        stroke(board, points)
        np.testing.assert_array_equal(board.pixels, Page([points]).pixels)
        seen = mnist_from_drawing(board.pixels)[None]
        error = metrics.reconstruction_error(seen[..., 0] / 255, models.reconstruct(model, seen))[0]
        errors = metrics.reconstruction_error(images[..., 0] / 255, models.reconstruct(model, images))
        assert f"Squared error {error:.4f}" in board.words.value
        better = np.sum(errors < error)
        share = "all" if better == len(errors) else f"{100 * better // len(errors)} %"
        assert f"worse than {share} of the {len(errors)} test images" in board.words.value

    def test_shows_it_while_the_pen_moves(self, board):
        tell(board, "mouse_down", x=80, y=80)
        assert "too little ink" in board.words.value
        tell(board, "mouse_move", x=150, y=200)
        board._looked = 0  # as if the pen had moved for some time
        tell(board, "mouse_move", x=200, y=200)
        assert "Squared error" in board.words.value

    def test_moves_without_a_button_draw_nothing(self, board):
        tell(board, "mouse_move", x=80, y=80)
        stroke(board, [(20, 20), (40, 40)])
        before = board.pixels.copy()
        tell(board, "mouse_move", x=200, y=200)
        np.testing.assert_array_equal(board.pixels, before)

    def test_leaving_the_canvas_ends_the_stroke(self, board):
        tell(board, "mouse_down", x=80, y=80)
        tell(board, "mouse_out", x=280, y=80)
        before = board.pixels.copy()
        tell(board, "mouse_move", x=200, y=200)
        np.testing.assert_array_equal(board.pixels, before)

    def test_fingers_draw_as_mice_do(self, board):
        def touches(x, y):
            return [{"x": x, "y": y}]

        tell(board, "touch_start", touches=touches(70, 70))
        tell(board, "touch_move", touches=touches(200, 70))
        tell(board, "touch_end", touches=[])
        np.testing.assert_array_equal(board.pixels, Page([[(70, 70), (200, 70)]]).pixels)

    def test_puts_images_and_drawings_on_the_canvas(self, board, images):
        names = [name for name, _ in board.example.options]
        assert names[:2] == ["choose", "test image 0, a 0"]
        board.example.label = "test image 3, a 3"
        np.testing.assert_array_equal(board.pixels[5::10, 5::10], images[3, ..., 0])
        board.example.label = "a house"
        np.testing.assert_array_equal(board.pixels, Page(DRAWINGS["a house"]).pixels)
        assert "Squared error" in board.words.value

    def test_can_be_drawn_on_and_chosen_again(self, board):
        board.example.label = "a cross"
        stroke(board, [(10, 10), (20, 20)])
        assert board.example.label == "choose"
        board.example.label = "a cross"
        np.testing.assert_array_equal(board.pixels, Page(DRAWINGS["a cross"]).pixels)

    def test_clears(self, board):
        board.example.label = "a cross"
        board.clear.click()
        assert not board.pixels.any()
        assert board.example.label == "choose"
        assert "Nothing is drawn" in board.words.value

    def test_tab_leads_on_from_the_canvas(self, board, monkeypatch):
        focused = []
        for control in (board.example, board.clear):
            monkeypatch.setattr(type(control), "focus", lambda self: focused.append(self))
        for shift in (False, True):
            tell(board, "key_down", key="Tab", shift_key=shift, ctrl_key=False, meta_key=False)
        assert focused == [board.clear, board.example]

    def test_a_new_front_end_gets_the_drawing(self, board, monkeypatch):
        board.example.label = "a cross"
        painted = []
        monkeypatch.setattr(type(board.canvas), "put_image_data", lambda self, pixels: painted.append(pixels))
        tell(board, "client_ready")
        np.testing.assert_array_equal(painted[0][..., 0], board.pixels)

    def test_a_thousand_moves_leave_nothing_behind(self, board):
        def move(times):
            for i in range(times):
                stroke(board, [(i % 280, 7 * i % 280), (3 * i % 280, 50), (140, i % 280)])
            board.clear.click()

        move(10)
        gc.collect()
        before = len(widget._instances), len(gc.get_objects())
        move(250)  # of four events each
        gc.collect()
        assert len(widget._instances) == before[0]
        assert abs(len(gc.get_objects()) - before[1]) < 200

    def test_twin_names_each_drawing_with_its_error(self, board):
        alt = board.twin().alt
        assert all(f"{name} has a squared error of 0." in alt for name in DRAWINGS)

    def test_takes_errors_that_are_there_already(self, model, images):
        board = draw_digit(model, images, errors=np.full(len(images), 1.0))
        board.example.label = "a cross"
        assert "worse than 0 % of the 12 test images" in board.words.value
        assert [name for name, _ in board.example.options][1] == "test image 0"

    def test_says_what_is_wrong_with_the_arguments(self, model, images):
        with pytest.raises(ValueError, match="one of errors for each image, got 3 for 12"):
            draw_digit(model, images, errors=[0, 0, 0])
        with pytest.raises(ValueError, match="uint8 images of shape"):
            draw_digit(model, images / 255)
