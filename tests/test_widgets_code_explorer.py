"""The code explorer shows what each number of a code does."""

import numpy as np
import pytest
from interactives import greys, slider, words

from labutils import models
from labutils.datasets import flatten
from labutils.widgets import code_explorer
from labutils.widgets.code_explorer import SHOWN

DEAD = 5


@pytest.fixture(scope="module")
def images():
    return np.random.default_rng(0).integers(0, 256, (30, 28, 28, 1), np.uint8)


@pytest.fixture(scope="module", params=["relu", "linear"])
def model(request):
    """An untrained autoencoder with a dead unit."""
    model = models.build_default(request.param)
    layer = model.get_layer("encoder").layers[-1]
    kernel, bias = layer.get_weights()
    kernel[:, DEAD] = 0
    bias[DEAD] = 0.5 if request.param == "linear" else -1
    layer.set_weights([kernel, bias])
    return model


@pytest.fixture(scope="module")
def explorer(model, images):
    return code_explorer(model, images[:20], np.arange(20) % 10, images)


@pytest.fixture
def page(show, explorer):
    return show(explorer)


def codes(model, images):
    return model.get_layer("encoder").predict(flatten(images), verbose=0)


def decoded(model, code):
    return 255 * model.get_layer("decoder").predict(code[None], verbose=0).reshape(28, 28)


def shows(page, model, code):
    """Whether the decoder's picture is that of this code, to a grey level."""
    return np.abs(greys(page, "decoded") - decoded(model, code)).max() <= 1


def limits(model, images):
    seen = codes(model, images)
    return np.minimum(0, seen.min(axis=0)), np.maximum(0, seen.max(axis=0))


def test_begins_with_the_code_and_the_reconstruction_of_the_first_image(page, model, images):
    assert shows(page, model, codes(model, images[:1])[0])
    np.testing.assert_array_equal(greys(page, "original"), images[0, ..., 0])
    assert words(page).startswith("The code of test image 0 (a 0).")


def test_sliders_stand_where_the_numbers_are(page, model, images):
    (low, high), code = limits(model, images), codes(model, images[:1])[0]
    for unit in np.flatnonzero(np.arange(32) != DEAD):
        handle = page.locator(".unit input").nth(unit)
        place = float(handle.input_value()) / 100
        assert low[unit] + place * (high - low)[unit] == pytest.approx(code[unit], abs=float(0.01 * (high - low)[unit]))
        assert float(handle.get_attribute("aria-valuetext")) == pytest.approx(code[unit], abs=0.06)


@pytest.mark.parametrize("key", ["Home", "End"])
def test_a_slider_changes_its_number_and_the_picture(page, model, images, key):
    ends, code = dict(zip(("Home", "End"), limits(model, images), strict=True)), codes(model, images[:1])[0]
    unit = int(np.argmax(ends["End"] - ends["Home"]))
    slider(page, f"unit {unit}").focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press(key)
    code[unit] = ends[key][unit]
    assert shows(page, model, code)
    low, high = ends["Home"][unit], ends["End"][unit]
    assert words(page).startswith(f"Unit {unit} at {code[unit]:.1f}, of {low:.1f} to {high:.1f}.")


def test_dead_units_are_named_and_cannot_be_moved(page):
    assert slider(page, f"unit {DEAD}, dead").is_disabled()
    dead = page.locator(".unit.dead")
    assert dead.count() == page.get_by_role("slider", name=", dead").count()
    assert f"{DEAD}\ndead" in [each.inner_text().rsplit("\n", 1)[0] for each in dead.all()]  # not run together


def test_every_unit_has_a_slider_with_its_name(page):
    names = page.locator(".unit input").evaluate_all("all => all.map(one => one.getAttribute('aria-label'))")
    assert [name.removesuffix(", dead") for name in names] == [f"unit {unit}" for unit in range(32)]


def test_another_image_can_be_picked(page, model, images):
    page.get_by_role("spinbutton", name="test image").fill("7")
    assert shows(page, model, codes(model, images[7:8])[0])
    np.testing.assert_array_equal(greys(page, "original"), images[7, ..., 0])
    assert "test image 7 (a 7)" in words(page)


def test_goes_back_to_the_code_of_the_image(page, model, images):
    for unit in (0, 9):
        slider(page, f"unit {unit}").fill("100")
    page.get_by_role("button", name="Back").click()
    assert shows(page, model, codes(model, images[:1])[0])


def test_walks_in_a_straight_line(page, model, images):
    page.get_by_role("spinbutton", name="test image").fill("2")
    page.get_by_label("walk to image").fill("3")
    start, *ends = codes(model, images[2:5])
    way = slider(page, "share of the way")
    way.fill("0.5")
    assert shows(page, model, (start + ends[0]) / 2)
    assert words(page).startswith("50 % of the way from test image 2 (a 2) to test image 3 (a 3).")
    page.get_by_label("walk to image").fill("4")
    assert shows(page, model, (start + ends[1]) / 2)
    way.fill("1")
    assert shows(page, model, ends[1])
    page.get_by_role("button", name="Back").click()
    assert way.input_value() == "0"


def test_random_codes_are_drawn_from_each_unit_and_come_again(show, model, images):
    drawn = []
    for seed in (1, 1, 2):
        page = show(code_explorer(model, images, seed=seed))
        page.get_by_role("button", name="Random code").click()
        drawn.append([float(shown) for shown in page.locator(".unit > span:last-child").all_inner_texts()])
        assert words(page).startswith("A random code:")
    for unit, number in enumerate(drawn[0]):
        assert np.abs(codes(model, images)[:, unit] - number).min() < 0.06
    assert drawn[0] == drawn[1]
    assert drawn[0] != drawn[2]


def test_twin_turns_the_unit_that_moves_most(explorer, model, images):
    unit = codes(model, images).std(axis=0).argmax()
    assert f"from unit {unit} at " in explorer.twin().alt


def test_works_with_another_size(show, images):
    model = models.build_autoencoder(models.build_encoder(50, 6), models.build_decoder(50, 6))
    page = show(code_explorer(model, images))
    assert page.locator(".unit").count() == 6


def test_a_page_takes_no_more_than_200(model):
    explorer = code_explorer(model, np.zeros((SHOWN + 5, 28, 28, 1), np.uint8), np.zeros(SHOWN + 5, int))
    assert len(explorer.data["images"]) == len(explorer.data["labels"]) == SHOWN == 200


def test_says_what_is_wrong_with_the_arguments(model, images):
    with pytest.raises(ValueError, match=r"uint8 images of shape .* got float64"):
        code_explorer(model, images / 255)
    with pytest.raises(ValueError, match="at least one image"):
        code_explorer(model, images[:0])
    with pytest.raises(ValueError, match="30 images and 3 labels"):
        code_explorer(model, images, [1, 2, 3])
