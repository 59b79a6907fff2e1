"""Pixels: the numbers are the image's, and every pixel is followed to its place in the vector."""

import re

import numpy as np
import pytest
from interactives import slider, words

from labutils import figures
from labutils.widgets import pixels

IMAGES = np.random.default_rng(0).integers(0, 256, (4, 28, 28, 1), np.uint8)
IMAGES[:, :6] = 0
IMAGES[1, 3, 5] = 255
LABELS = [7, 1, 4, 9]
DIGITS = pixels(IMAGES, LABELS)


@pytest.fixture
def page(show):
    return show(DIGITS)


def numbers(page):
    """What stands in the squares."""
    return page.locator(".grid text").all_text_contents()


def described(page):
    return page.get_by_role("img").get_attribute("aria-label")


def pixel(page, row, column):
    """The middle of a pixel on the screen."""
    grid = page.locator(".grid").bounding_box()
    size = grid["width"] / 28
    return grid["x"] + (column + 0.5) * size, grid["y"] + (row + 0.5) * size


def test_shows_the_numbers_of_the_image_that_is_picked(page):
    for number in (0, 2):
        slider(page, "Image").fill(str(number))
        assert [*map(int, numbers(page))] == IMAGES[number].ravel().tolist()
        assert words(page).startswith(f"Image {number}, labelled {LABELS[number]}: ")


def test_scales_the_numbers_and_the_axes(page):
    page.get_by_label("Scale to 0..1").check()
    np.testing.assert_allclose([*map(float, numbers(page))], IMAGES[0].ravel() / 255, atol=0.01)
    assert "numbers from 0 to 1," in described(page)
    assert page.get_by_text("784 values from 0 to 1,").is_visible()
    page.get_by_label("Scale to 0..1").uncheck()
    assert [*map(int, numbers(page))] == IMAGES[0].ravel().tolist()


def test_follows_a_pixel_into_the_vector(page):
    for name, value in {"Image": 1, "Row": 3, "Column": 5}.items():
        slider(page, name).fill(str(value))
    assert "row 3, column 5 is 255. It goes to place 28 · 3 + 5 = 89 of the vector" in words(page)
    assert "255 / 255 = 1.000" in words(page)
    assert page.locator(".vector .full").get_attribute("x") == "88"  # three wide, its middle on place 89
    assert page.locator(".vector .thin").get_attribute("x") == str(3 * 28)


@pytest.mark.parametrize("width", [1000, 390])
def test_a_pixel_that_is_pointed_at_is_followed(show, width):
    page = show(DIGITS, width=width)
    for row, column in [(0, 0), (13, 20), (27, 27)]:
        page.mouse.move(*pixel(page, row, column))
        assert f"the pixel in row {row}, column {column} is {IMAGES[0, row, column, 0]}." in words(page)
        assert slider(page, "Row").input_value() == str(row)
        assert slider(page, "Column").input_value() == str(column)


def test_a_finger_points_as_well(show):
    page = show(DIGITS, width=390, has_touch=True)
    page.touchscreen.tap(*pixel(page, 20, 9))
    assert f"row 20, column 9 is {IMAGES[0, 20, 9, 0]}." in words(page)


def test_starts_at_a_bright_pixel(page):
    assert f"is {IMAGES[0].max()}." in words(page)


def test_describes_the_image_in_words(page):
    zeros, whites = np.sum(IMAGES[0] == 0), np.sum(IMAGES[0] == 255)
    assert f"{zeros} are 0, {whites} are 255, {784 - zeros - whites} between" in described(page)
    assert page.get_by_text(f"{zeros} at 0, {whites} at 255").is_visible()


def test_draws_a_bar_for_each_value_of_the_vector_that_is_not_0(page):
    bars = re.findall(r"M(\d+) [\d.]+v-[\d.]+h1V", page.locator(".vector").inner_html())
    assert [*map(int, bars)] == np.flatnonzero(IMAGES[0]).tolist()


def test_numbers_can_be_read_on_their_pixels(show):
    page = show(pixels(np.resize(np.arange(256, dtype=np.uint8), (1, 28, 28))))
    inks, papers = (
        page.locator(f".grid {tag}:not(.mark)").evaluate_all("all => all.map(one => getComputedStyle(one).fill)")
        for tag in ("text", "rect")
    )
    for ink, paper in zip(inks, papers, strict=True):
        darker, lighter = sorted(luminance(int(re.match(r"rgb\((\d+)", color)[1])) for color in (ink, paper))
        assert (lighter + 0.05) / (darker + 0.05) >= 4.5


def luminance(grey):
    """As WCAG defines it, of a grey from 0 to 255."""
    return grey / 255 / 12.92 if grey <= 10 else ((grey / 255 + 0.055) / 1.055) ** 2.4


def test_twin_is_the_grid_of_the_first_image():
    assert pixels(IMAGES).twin().alt == figures.pixel_grid(IMAGES[0]).alt


def test_takes_one_image_of_shares_without_a_label(show):
    page = show(pixels(IMAGES[:1, ..., 0] / 255))
    assert [*map(int, numbers(page))] == IMAGES[0].ravel().tolist()
    assert words(page).startswith("Image 0: ")
    assert slider(page, "Image").count() == 0


def test_a_page_takes_no_more_than_200():
    assert pixels(np.zeros((300, 28, 28)), range(300)).data["images"].shape == (200, 28, 28)


@pytest.mark.parametrize("images", [np.zeros((28, 28)), np.zeros((0, 28, 28)), np.zeros((3, 784))])
def test_what_is_no_stack_of_images_is_refused(images):
    with pytest.raises(ValueError, match=r"Images of shape \(n, 28, 28, 1\)"):
        pixels(images)


def test_labels_for_other_images_are_refused():
    with pytest.raises(ValueError, match="4 images and 3 labels; pass a label for each image"):
        pixels(IMAGES, [1, 2, 3])
