"""The gallery sorts reconstructions by error, filters them by digit, and enlarges the one that is taken."""

import numpy as np
import pytest
from interactives import colors, greys, words

from labutils.widgets import gallery
from labutils.widgets.gallery import SHARE

PAGE = 24


def parts_of(count):
    """Images, each of one grey, their labels, reconstructions, codes and errors."""
    rng = np.random.default_rng(0)
    greys = np.arange(count) % 60 * 4
    images = np.broadcast_to(greys.astype(np.uint8)[:, None, None, None], (count, 28, 28, 1))
    outputs = rng.random((count, 1, 1)) * np.ones((count, 28, 28))
    errors = np.mean((images[..., 0] / 255 - outputs) ** 2, axis=(1, 2))
    return images, np.arange(count) % 3, outputs, rng.normal(size=(count, 32)), errors


@pytest.fixture(scope="module")
def parts():
    return parts_of(60)


@pytest.fixture(scope="module")
def sixty(parts):
    return gallery(*parts)


@pytest.fixture
def page(show, sixty):
    return show(sixty)


def rank(page):
    return page.get_by_label("enlarge no.")


def thumbnails(page):
    return page.get_by_role("button", name="enlarge")


def chosen(page):
    """The thumbnails that are marked, counted from 0."""
    marks = thumbnails(page).evaluate_all("all => all.map(one => one.getAttribute('aria-current'))")
    return [place for place, mark in enumerate(marks) if mark == "true"]


def test_begins_with_the_highest_error(page, parts):
    images, labels, outputs, _, errors = parts
    worst = errors.argmax()
    assert f"Number 1 of 60 digits, highest error first: image {worst}, a {labels[worst]}." in words(page)
    assert f"Squared error {errors[worst]:.4f}; the" in words(page)
    assert greys(page, "original")[0, 0] == images[worst, 0, 0, 0]
    assert abs(int(greys(page, "reconstruction")[0, 0]) - 255 * outputs[worst, 0, 0]) <= 0.5
    assert chosen(page) == [0]


def test_sorts_the_other_way(page, parts):
    page.get_by_label("order").select_option("lowest error first")
    assert f"image {parts[-1].argmin()}," in words(page)


def test_thumbnails_are_named_in_order(page, parts):
    images, labels, _, _, errors = parts
    order = np.argsort(-errors)
    assert [thumbnail.get_attribute("aria-label") for thumbnail in thumbnails(page).all()] == [
        f"{place + 1}: a {labels[index]}, squared error {errors[index]:.4f}: enlarge"
        for place, index in enumerate(order[:PAGE])
    ]
    assert colors(thumbnails(page).nth(3).locator("canvas"))[0, 0, 0] == images[order[3], 0, 0, 0]


def test_a_thumbnail_is_enlarged(page, parts):
    thumbnails(page).nth(5).click()
    assert rank(page).input_value() == "6"
    assert f"image {np.argsort(-parts[-1])[5]}," in words(page)
    assert chosen(page) == [5]


def test_turns_pages_to_the_last(page):
    earlier, later = (page.get_by_role("button", name=f"{name} page") for name in ("Earlier", "Later"))
    assert (earlier.is_disabled(), later.is_disabled()) == (True, False)
    later.click()
    later.click()
    assert (earlier.is_disabled(), later.is_disabled()) == (False, True)
    assert rank(page).input_value() == str(2 * PAGE + 1)
    assert "Page 3 of 3" in words(page)
    assert thumbnails(page).count() == 60 - 2 * PAGE
    earlier.click()
    assert rank(page).input_value() == str(PAGE + 1)


def test_rank_opens_its_page(page, parts):
    rank(page).fill("60")
    assert f"image {parts[-1].argmin()}," in words(page)
    assert "Page 3 of 3" in words(page)
    assert chosen(page) == [60 - 2 * PAGE - 1]


def test_a_rank_that_cannot_be_is_taken_back(page):
    rank(page).fill("7")
    for wrong in ("61", "0", ""):
        rank(page).fill(wrong)
        assert words(page).startswith("Number 7 of 60")
        rank(page).blur()
        assert rank(page).input_value() == "7"


def test_filters_by_digit(page, parts):
    rank(page).fill("60")
    _, labels, *_, errors = parts
    page.get_by_label("digit").select_option("2")
    worst = np.flatnonzero(labels == 2)[errors[labels == 2].argmax()]
    assert f"Number 1 of 20 of digit 2, highest error first: image {worst}, a 2." in words(page)
    assert rank(page).get_attribute("max") == "20"
    assert all(": a 2," in thumbnail.get_attribute("aria-label") for thumbnail in thumbnails(page).all())
    page.get_by_label("digit").select_option("all")
    assert rank(page).get_attribute("max") == "60"


def test_difference_is_in_words_and_colours(page, parts):
    images, _, outputs, _, errors = parts
    index = errors.argmax()
    difference = outputs[index, 0, 0] - images[index, 0, 0, 0] / 255
    added, missing = (float(words(page).split(name)[1].split()[0].strip(".")) for name in ("adds", "leaves out"))
    assert added == pytest.approx(max(difference, 0), abs=0.003)
    assert missing == pytest.approx(max(-difference, 0), abs=0.003)
    red, _, blue = colors(page.locator("figure canvas").nth(2))[0, 0].astype(int)
    assert (red > blue) == (difference > 0)  # orange where ink was added


def test_of_many_a_selection_goes_into_the_page_which_says_so(show):
    images, labels, outputs, codes, errors = parts_of(600)
    page = show(gallery(images, labels, outputs, codes, errors))
    assert page.get_by_text(
        f"These are {9 * SHARE} of 600 images: of each digit up to {3 * SHARE}, the {SHARE} with the highest errors, "
        f"the {SHARE} with the lowest, and {SHARE} of the others at random."
    ).is_visible()
    for order, sign in {"highest error first": -1, "lowest error first": 1}.items():
        page.get_by_label("order").select_option(order)
        ranked = np.argsort(sign * errors, kind="stable")
        for place in (1, SHARE):  # as many as this come of each digit, so none of the first is missing
            rank(page).fill(str(place))
            assert f"{order}: image {ranked[place - 1]}, a {labels[ranked[place - 1]]}." in words(page)
            assert f"{errors[ranked[place - 1]]:.4f}, number {place} of all 600;" in words(page)
    rank(page).fill(str(9 * SHARE))
    assert "number 600 of all 600;" in words(page)


def test_the_selection_is_the_same_each_time_and_comes_from_all():
    one, other = (gallery(*parts_of(2000)).data["numbers"] for _ in range(2))
    assert one == other
    _, labels, *_, errors = parts_of(2000)
    for digit in range(3):
        places = np.searchsorted(np.sort(errors[labels == digit]), errors[[n for n in one if labels[n] == digit]])
        assert len(places) == 3 * SHARE
        between = np.sort(places)[SHARE:-SHARE]
        assert between.min() < 150
        assert between.max() > 510


def test_twin_shows_best_and_worst(sixty, parts):
    assert f"{parts[-1].max():.4f}" in sixty.twin().alt


def test_takes_float_images(parts):
    images, *others = parts
    np.testing.assert_array_equal(gallery(images[..., 0] / 255, *others).data["images"], images[..., 0])


def test_says_what_is_wrong_with_the_arguments(parts):
    images, labels, outputs, codes, errors = parts
    with pytest.raises(ValueError, match="got 60 images, 60 labels, 60 reconstructions, 5 codes, 60 errors"):
        gallery(images, labels, outputs, codes[:5], errors)
    with pytest.raises(ValueError, match=r"Images of shape \(n, 28, 28, 1\)"):
        gallery(images, labels, outputs.reshape(60, 784), codes, errors)
    with pytest.raises(ValueError, match="at least one"):
        gallery(*(part[:0] for part in parts))
