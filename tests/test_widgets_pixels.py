"""Pixels: the numbers are the image's, and every pixel is followed to its place in the vector."""

import re

import numpy as np
import pytest
from interactives import changes, controls, described, leaked, pages, words

from labutils import figures
from labutils.widgets import pixels

IMAGES = np.random.default_rng(0).integers(0, 256, (4, 28, 28, 1), np.uint8)
IMAGES[:, :6] = 0
IMAGES[1, 3, 5] = 255


@pytest.fixture
def shown():
    return pixels(IMAGES, [7, 1, 4, 9])


def grid(shown):
    """(what is told of it, the number in it) of each pixel."""
    return re.findall(r'<i [^>]*data-told="([^"]*)">([^<]+)</i>', pages(shown))


def move(shown, **values):
    for name, value in values.items():
        controls(shown)[name].value = value


def test_shows_the_numbers_of_the_image_that_is_picked(shown):
    for number in (0, 2):
        move(shown, Image=number)
        assert [int(value) for _, value in grid(shown)] == IMAGES[number].ravel().tolist()
        assert words(shown).startswith(f"Image {number}, labelled {[7, 1, 4, 9][number]}: ")


def test_scales_the_numbers_and_the_axes(shown):
    controls(shown)["Scale to 0..1"].value = True
    np.testing.assert_allclose([float(value) for _, value in grid(shown)], IMAGES[0].ravel() / 255, atol=0.01)
    assert "numbers from 0 to 1," in described(shown)
    assert "784 values from 0 to 1," in pages(shown)


def test_follows_a_pixel_into_the_vector(shown):
    move(shown, Image=1, Row=3, Column=5)
    assert "row 3, column 5 is 255. It goes to place 28 · 3 + 5 = 89 of the vector" in words(shown)
    assert "255 / 255 = 1.000" in words(shown)
    (told,) = re.findall(r'<i class="marked"[^>]*--column:5" data-told="([^"]*)"></i>', pages(shown))
    assert told.startswith("row 3, column 5: 255&#10;place 28 · 3 + 5 = 89&#10;")
    assert 'class="line marked" style="--row:3"' in pages(shown)


def test_tells_of_every_pixel_what_a_pointer_over_it_shows(shown):
    vector = IMAGES[0].ravel()
    for place, (told, _) in enumerate(grid(shown)):
        row, column = divmod(place, 28)
        assert told.startswith(
            f"row {row}, column {column}: {vector[place]}&#10;place 28 · {row} + {column} = {place}&"
        )
        assert told.endswith(f"{vector[place]} / 255 = {vector[place] / 255:.3f}")


def test_starts_at_a_bright_pixel(shown):
    assert f"is {IMAGES[0].max()}." in words(shown)


def test_describes_the_image_in_words(shown):
    zeros, whites = np.sum(IMAGES[0] == 0), np.sum(IMAGES[0] == 255)
    assert f"{zeros} are 0, {whites} are 255, {784 - zeros - whites} between" in described(shown)


def test_draws_a_bar_for_each_value_of_the_vector_that_is_not_0(shown):
    bars = re.findall(r"M(\d+) 0v-\d+h1V0", pages(shown))
    assert [int(place) for place in bars] == np.flatnonzero(IMAGES[0]).tolist()


def test_numbers_can_be_read_on_their_pixels():
    greys = np.resize(np.arange(256, dtype=np.uint8), (1, 28, 28))
    page = pages(pixels(greys))
    inks = {kind or "light": ink for kind, ink in re.findall(r"\bi(?:\.(\w+))? \{[^}]*?\bcolor: #(\w)", page)}
    cells = re.findall(r'<i class="(\w+)"[^>]*>(\d+)</i>', page)
    assert len(cells) == 784
    for kind, number in cells:
        darker, lighter = sorted(map(luminance, (int(inks[kind] * 2, 16), int(number))))
        assert (lighter + 0.05) / (darker + 0.05) >= 4.5


def luminance(grey):
    """As WCAG defines it, of a grey from 0 to 255."""
    return grey / 255 / 12.92 if grey <= 10 else ((grey / 255 + 0.055) / 1.055) ** 2.4


def test_a_move_draws_once_and_only_what_it_moves(shown):
    assert changes(shown, lambda: move(shown, Row=9)) == [1, 1]  # the marks and the words
    assert changes(shown, lambda: move(shown, Image=3)) == [1, 1, 1]  # the numbers as well


def test_a_thousand_moves_leave_nothing_behind(shown):
    assert leaked(lambda n: move(shown, **({"Row": n % 28} if n % 4 else {"Image": n // 4 % 4}))) == 0
    assert changes(shown, lambda: move(shown, Row=9)) == [1, 1]


def test_twin_is_the_grid_of_the_image_that_is_picked(shown):
    move(shown, Image=2)
    assert shown.twin().alt == figures.pixel_grid(IMAGES[2]).alt


def test_takes_one_image_of_shares_without_a_label():
    shown = pixels(IMAGES[:1, ..., 0] / 255)
    assert [int(value) for _, value in grid(shown)] == IMAGES[0].ravel().tolist()
    assert words(shown).startswith("Image 0: ")
    assert "Image" not in controls(shown)


def test_controls_can_be_told_apart(shown):
    assert list(controls(shown)) == ["Image", "Scale to 0..1", "Row", "Column"]


@pytest.mark.parametrize("images", [np.zeros((28, 28)), np.zeros((0, 28, 28)), np.zeros((3, 784))])
def test_what_is_no_stack_of_images_is_refused(images):
    with pytest.raises(ValueError, match=r"Images of shape \(n, 28, 28, 1\)"):
        pixels(images)


def test_labels_for_other_images_are_refused():
    with pytest.raises(ValueError, match="4 images and 3 labels; pass a label for each image"):
        pixels(IMAGES, [1, 2, 3])
