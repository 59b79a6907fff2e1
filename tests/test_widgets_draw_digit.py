"""A drawing is brought into MNIST's form, and shown as the network sees it, while it is drawn."""

import json

import numpy as np
import pytest
from interactives import colors, greys, memory, script, words

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


@pytest.fixture(scope="module")
def board(model, images):
    return draw_digit(model, images, np.arange(len(images)) % 10)


@pytest.fixture
def page(show, board):
    return show(board)


def canvas(page):
    return page.locator("canvas.page")


def drawn(page):
    """What is on the canvas: uint8 array (280, 280)."""
    return colors(canvas(page))[..., 0]


def said(page, text):
    """Wait until this is said: the page looks at a drawing once for each picture of the screen."""
    page.get_by_role("status").filter(has_text=text).wait_for()


def stroke(page, points, up=True, steps=4):
    """Draw with the mouse."""
    corner = canvas(page).bounding_box()
    first, *others = [(corner["x"] + 1 + x, corner["y"] + 1 + y) for x, y in points]  # inside its edge of 1
    page.mouse.move(*first)
    page.mouse.down()
    for place in others:
        page.mouse.move(*place, steps=steps)
    if up:
        page.mouse.up()


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


class TestInk:
    """What ink.js makes of a drawing is what mnist_from_drawing does, to a grey level."""

    FORM = "({inked, mnistFromDrawing}, [pixels, width]) => [...mnistFromDrawing(pixels, inked(pixels, width), width)]"

    def same(self, page, pixels):
        bytes_ = page.evaluate_handle("text => Uint8Array.from(JSON.parse(text))", json.dumps(pixels.ravel().tolist()))
        got = script(page, "ink.js").evaluate(self.FORM, [bytes_, pixels.shape[1]])
        np.testing.assert_allclose(np.reshape(got, (28, 28)), mnist_from_drawing(pixels)[..., 0].astype(int), atol=1)

    @pytest.mark.parametrize("strokes", DRAWINGS.values(), ids=DRAWINGS)
    def test_of_ready_drawings(self, page, strokes):
        self.same(page, Page(strokes).pixels)

    def test_of_random_strokes(self, page):
        rng = np.random.default_rng(0)
        for _ in range(20):
            count = rng.integers(1, 4)
            low = rng.integers(0, 150, 2)
            points = rng.integers(low, low + rng.integers(40, 130, 2), (count, 5, 2))
            self.same(page, Page([[(int(x), int(y)) for x, y in one] for one in points]).pixels)

    def test_of_greys(self, page):
        rng = np.random.default_rng(0)
        for _ in range(5):
            pixels = np.zeros((280, 280), np.uint8)
            top, left, high, wide = rng.integers((0, 0, 21, 21), (100, 100, 180, 180))
            pixels[top : top + high, left : left + wide] = rng.integers(0, 256, (high, wide))
            self.same(page, pixels)

    def test_of_what_is_gone_when_it_is_smaller(self, page):
        specks = np.zeros((280, 280), np.uint8)
        specks[[0, -1], [0, -1]] = 1
        self.same(page, specks)


class TestBoard:
    def test_says_that_nothing_is_drawn(self, page):
        assert not drawn(page).any()
        assert "Nothing is drawn" in words(page)

    def test_shows_what_the_network_makes_of_a_stroke(self, page, model, images):
        stroke(page, DRAWINGS["a seven"][0])
        said(page, "Squared error")
        page.wait_for_timeout(100)  # the last of it
        seen = mnist_from_drawing(drawn(page))
        np.testing.assert_allclose(greys(page, "as the network sees it"), seen[..., 0], atol=1)
        output = models.reconstruct(model, seen[None])
        np.testing.assert_allclose(greys(page, "reconstruction"), 255 * output[0], atol=1)
        error = metrics.reconstruction_error(seen[None, ..., 0] / 255, output)[0]
        errors = metrics.reconstruction_error(images[..., 0] / 255, models.reconstruct(model, images))
        told = float(words(page).split("error ")[1].split(":")[0])
        assert told == pytest.approx(error, abs=2e-4)
        better = np.sum(errors < told)
        share = "all" if better == len(errors) else f"{100 * better // len(errors)} %"
        assert f"worse than {share} of the {len(errors)} test images" in words(page)

    def test_draws_where_the_mouse_is_as_thick_as_the_pen(self, page):
        stroke(page, [(70, 140), (210, 140)])
        expected = Page([[(70, 140), (210, 140)]]).pixels
        assert np.mean(np.abs(drawn(page) - expected.astype(int)) > 128) < 0.006

    def test_shows_it_while_the_pen_moves(self, page):
        stroke(page, [(80, 80)], up=False)
        said(page, "too little ink")
        stroke(page, [(80, 80), (150, 200), (200, 200)], up=False)
        said(page, "Squared error")

    def test_moves_without_a_button_draw_nothing(self, page):
        stroke(page, [(20, 20), (60, 60)])
        before = drawn(page)
        corner = canvas(page).bounding_box()
        page.mouse.move(corner["x"] + 200, corner["y"] + 200)
        np.testing.assert_array_equal(drawn(page), before)

    def test_a_stroke_goes_on_where_the_mouse_comes_back(self, page):
        stroke(page, [(200, 80), (400, 80), (400, 200), (200, 200)], up=False)
        assert drawn(page)[200, 220] == 255
        page.mouse.up()

    @pytest.mark.parametrize("kind", ["touch", "pen"])
    def test_fingers_and_pens_draw_as_mice_do(self, show, board, kind):
        page = show(board, width=390, has_touch=True)
        draw_by(page, kind, [(70, 70), (200, 70), (120, 220)])
        said(page, "Squared error")
        assert drawn(page)[70, 150] == 255
        assert page.evaluate("scrollY") == 0

    def test_the_wheel_scrolls_the_page(self, show, board):
        page = show(board, width=390)
        page.evaluate("document.body.style.height = '3000px'")
        canvas(page).hover()
        page.mouse.wheel(0, 300)
        page.wait_for_function("scrollY > 0")

    def test_puts_images_and_drawings_on_the_canvas(self, page, images):
        names = page.locator("option").all_inner_texts()
        assert names[:2] == ["choose", "test image 0, a 0"]
        example = page.get_by_label("put on the canvas")
        example.select_option("test image 3, a 3")
        np.testing.assert_array_equal(drawn(page)[5::10, 5::10], images[3, ..., 0])
        said(page, "Squared error")
        np.testing.assert_allclose(greys(page, "as the network sees it"), images[3, ..., 0], atol=1)
        example.select_option("a house")
        assert np.mean(np.abs(drawn(page) - Page(DRAWINGS["a house"]).pixels.astype(int)) > 128) < 0.01

    def test_can_be_drawn_on_and_chosen_again(self, page):
        example = page.get_by_label("put on the canvas")
        example.select_option("a cross")
        before = drawn(page)
        stroke(page, [(10, 10), (20, 20)])
        assert example.evaluate("select => select.value") == "choose"
        example.select_option("a cross")
        np.testing.assert_array_equal(drawn(page), before)

    def test_clears_by_keyboard(self, page):
        page.get_by_label("put on the canvas").select_option("a cross")
        page.get_by_label("put on the canvas").focus()
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        said(page, "Nothing is drawn")
        assert not drawn(page).any()
        assert page.get_by_label("put on the canvas").evaluate("select => select.value") == "choose"

    def test_a_thousand_moves_leave_nothing_behind(self, page):
        def move(times):
            for i in range(times):
                stroke(page, [(i % 280, 7 * i % 280), (3 * i % 280, 50)], steps=50)
            page.get_by_role("button", name="Clear").click()

        move(4)
        bytes_before, nodes_before = memory(page)
        move(20)
        bytes_after, nodes_after = memory(page)
        assert bytes_after - bytes_before < 200_000
        assert nodes_after - nodes_before < 100

    def test_twin_names_each_drawing_with_its_error(self, board):
        alt = board.twin().alt
        assert all(f"{name} has a squared error of 0." in alt for name in DRAWINGS)

    def test_takes_errors_that_are_there_already(self, show, model, images):
        page = show(draw_digit(model, images, errors=np.full(len(images), 1.0)))
        page.get_by_label("put on the canvas").select_option("a cross")
        said(page, "worse than 0 % of the 12 test images")
        assert page.locator("option").all_inner_texts()[1] == "test image 0"

    def test_says_what_is_wrong_with_the_arguments(self, model, images):
        with pytest.raises(ValueError, match="one of errors for each image, got 3 for 12"):
            draw_digit(model, images, errors=[0, 0, 0])
        with pytest.raises(ValueError, match="uint8 images of shape"):
            draw_digit(model, images / 255)


def draw_by(page, kind, points):
    """Draw with a finger or a pen, as the browser gets it from the screen."""
    corner = canvas(page).bounding_box()
    places = [{"x": corner["x"] + x, "y": corner["y"] + y} for x, y in points]
    session = page.context.new_cdp_session(page)
    if kind == "touch":
        for event, place in zip(["touchStart", *["touchMove"] * len(places)], places, strict=False):
            session.send("Input.dispatchTouchEvent", {"type": event, "touchPoints": [place]})
        session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    else:
        pressed = {"button": "left", "buttons": 1, "pointerType": "pen", "clickCount": 1, "force": 0.5}
        for event, place in zip(["mousePressed", *["mouseMoved"] * len(places)], places, strict=False):
            session.send("Input.dispatchMouseEvent", {"type": event, **pressed, **place})
        session.send("Input.dispatchMouseEvent", {"type": "mouseReleased", **pressed, **places[-1]})
    session.detach()
