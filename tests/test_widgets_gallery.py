"""The gallery sorts reconstructions by error, filters them by digit, and enlarges the one that is taken."""

import gc
import io

import numpy as np
import pytest
from ipywidgets.widgets import widget
from PIL import Image

from labutils.widgets import gallery
from labutils.widgets.gallery import ALL, PAGE


@pytest.fixture(scope="module")
def parts():
    """60 images, each of one grey, their labels, reconstructions, codes and errors."""
    rng = np.random.default_rng(0)
    images = np.broadcast_to(np.arange(60, dtype=np.uint8)[:, None, None, None] * 4, (60, 28, 28, 1))
    outputs = rng.random((60, 1, 1)) * np.ones((60, 28, 28))
    errors = np.mean((images[..., 0] / 255 - outputs) ** 2, axis=(1, 2))
    return images, np.arange(60) % 3, outputs, rng.normal(size=(60, 32)), errors


@pytest.fixture
def shown(parts):
    return gallery(*parts)


def pixels(png):
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))


def chosen(shown):
    """The thumbnails that look chosen, counted from 0."""
    return [place for place, thumbnail in enumerate(shown.thumbnails) if "labutils-chosen" in thumbnail._dom_classes]


def test_begins_with_the_highest_error(shown, parts):
    images, labels, outputs, _, errors = parts
    worst = errors.argmax()
    assert f"Number 1 of 60 digits, highest error first: image {worst}, a {labels[worst]}." in shown.words.value
    assert f"Squared error {errors[worst]:.4f}" in shown.words.value
    assert pixels(shown.original.image.value)[0, 0, 0] == images[worst, 0, 0, 0]
    assert pixels(shown.reconstruction.image.value)[0, 0, 0] == int(255 * outputs[worst, 0, 0])
    assert chosen(shown) == [0]


def test_sorts_the_other_way(shown, parts):
    shown.order.label = "lowest error first"
    assert f"image {parts[-1].argmin()}," in shown.words.value


def test_thumbnails_are_named_in_order(shown, parts):
    order = np.argsort(-parts[-1])
    assert [thumbnail.description for thumbnail in shown.thumbnails] == [
        f"{rank + 1}: a {parts[1][index]}" for rank, index in enumerate(order[:PAGE])
    ]
    assert f"squared error {parts[-1][order[3]]:.4f}" in shown.thumbnails[3].tooltip


def test_a_thumbnail_is_enlarged(shown, parts):
    shown.thumbnails[5].click()
    assert shown.rank.value == 6
    assert f"image {np.argsort(-parts[-1])[5]}," in shown.words.value
    assert chosen(shown) == [5]


def test_turns_pages_to_the_last(shown, parts):
    assert (shown.earlier.disabled, shown.later.disabled) == (True, False)
    shown.later.click()
    shown.later.click()
    assert (shown.earlier.disabled, shown.later.disabled) == (False, True)
    assert shown.rank.value == 2 * PAGE + 1
    assert "Page 3 of 3" in shown.words.value
    visible = [thumbnail.layout.visibility == "visible" for thumbnail in shown.thumbnails]
    assert visible == [place < 60 - 2 * PAGE for place in range(PAGE)]
    shown.earlier.click()
    assert shown.rank.value == PAGE + 1


def test_rank_opens_its_page(shown, parts):
    shown.rank.value = 60
    assert f"image {parts[-1].argmin()}," in shown.words.value
    assert "Page 3 of 3" in shown.words.value
    assert chosen(shown) == [60 - 2 * PAGE - 1]


def test_filters_by_digit(shown, parts):
    shown.rank.value = 60
    _, labels, *_, errors = parts
    shown.digit.value = 2
    worst = np.flatnonzero(labels == 2)[errors[labels == 2].argmax()]
    assert f"Number 1 of 20 of digit 2, highest error first: image {worst}, a 2." in shown.words.value
    assert shown.rank.max == 20
    assert all(thumbnail.description.endswith(": a 2") for thumbnail in shown.thumbnails[:20])
    shown.digit.value = ALL
    assert shown.rank.max == 60


@pytest.mark.parametrize(
    "change",
    [
        lambda shown: setattr(shown.digit, "value", 1),
        lambda shown: setattr(shown.order, "value", 1),
        lambda shown: setattr(shown.rank, "value", 30),
        lambda shown: shown.later.click(),
    ],
)
def test_a_change_is_one_redraw(shown, change):
    shown.rank.value = 3
    changes = []
    shown.words.observe(changes.append, "value")
    change(shown)
    assert len(changes) == 1


def test_difference_is_in_words_and_colours(shown, parts):
    images, _, outputs, _, errors = parts
    index = errors.argmax()
    difference = outputs[index, 0, 0] - images[index, 0, 0, 0] / 255
    words = f"adds {max(difference, 0):.3f} per pixel and leaves out {max(-difference, 0):.3f}"
    assert words in shown.words.value
    red, _, blue = pixels(shown.difference.image.value)[0, 0].astype(int)
    assert (red > blue) == (difference > 0)  # orange where ink was added


def test_two_galleries_keep_their_own_thumbnails(shown, parts):
    other = gallery(*parts)
    names = [set(one.thumbnails[0].model_id and one._grid._dom_classes) for one in (shown, other)]
    assert len(names[0] & names[1]) == len(names[0]) - 1
    (own,) = names[0] - names[1]
    assert f".{own} " in shown._sheet.value


def test_a_thousand_moves_leave_nothing_behind(shown):
    def move(times):
        for i in range(times):
            shown.rank.value = i % 60 + 1
            if i % 10 == 0:
                shown.digit.value = (ALL, 0, 1, 2)[i // 10 % 4]

    move(100)
    gc.collect()
    before = len(widget._instances), len(gc.get_objects())
    move(1000)
    gc.collect()
    assert len(widget._instances) == before[0]
    assert abs(len(gc.get_objects()) - before[1]) < 200


def test_twin_shows_best_and_worst(shown, parts):
    assert f"{parts[-1].max():.4f}" in shown.twin().alt


def test_takes_float_images(parts):
    images, *others = parts
    shown = gallery(images[..., 0] / 255, *others)
    assert "Number 1 of 60" in shown.words.value


def test_says_what_is_wrong_with_the_arguments(parts):
    images, labels, outputs, codes, errors = parts
    with pytest.raises(ValueError, match="got 60 images, 60 labels, 60 reconstructions, 5 codes, 60 errors"):
        gallery(images, labels, outputs, codes[:5], errors)
    with pytest.raises(ValueError, match=r"Images of shape \(n, 28, 28, 1\)"):
        gallery(images, labels, outputs.reshape(60, 784), codes, errors)
    with pytest.raises(ValueError, match="at least one"):
        gallery(*(part[:0] for part in parts))
