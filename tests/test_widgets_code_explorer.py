"""The code explorer shows what each number of a code does, with one redraw for each change."""

import gc
import io

import keras
import numpy as np
import pytest
from ipywidgets.widgets import widget
from matplotlib import _pylab_helpers
from PIL import Image

from labutils import models
from labutils.datasets import flatten
from labutils.widgets import code_explorer
from labutils.widgets.code_explorer import STEPS


@pytest.fixture(scope="module")
def images():
    return np.random.default_rng(0).integers(0, 256, (30, 28, 28, 1), np.uint8)


def build(code_activation):
    """An untrained autoencoder whose unit 5 is dead."""
    model = models.build_default(code_activation)
    layer = model.get_layer("encoder").layers[-1]
    kernel, bias = layer.get_weights()
    kernel[:, 5] = 0
    bias[5] = 0.5 if code_activation == "linear" else -1
    layer.set_weights([kernel, bias])
    return model


@pytest.fixture(scope="module", params=["relu", "linear"])
def model(request):
    return build(request.param)


@pytest.fixture
def explorer(model, images):
    return code_explorer(model, images[:20], np.arange(20) % 10, images)


def shown(pane):
    """The picture of a pane, one pixel for each number: floats 0..1."""
    picture = np.asarray(Image.open(io.BytesIO(pane.image.value)).convert("L"))
    return picture[:: len(picture) // 28, :: len(picture) // 28] / 255


def codes(model, images):
    return model.get_layer("encoder").predict(flatten(images), verbose=0)


def decoded(model, code):
    return model.get_layer("decoder").predict(code[None], verbose=0).reshape(28, 28)


def counted(explorer):
    """How often the decoded picture changes, as a list that grows."""
    changes = []
    explorer.decoded.image.observe(changes.append, "value")
    return changes


def test_begins_with_the_code_and_the_reconstruction_of_the_first_image(explorer, model, images):
    np.testing.assert_allclose(explorer.code, codes(model, images[:1])[0], rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(shown(explorer.decoded), decoded(model, explorer.code), atol=0.005)
    np.testing.assert_allclose(shown(explorer.original), images[0, ..., 0] / 255, atol=0.005)
    assert "test image 0 (a 0)" in explorer.words.value


def test_sliders_stand_where_the_numbers_are(explorer, model, images):
    low = np.minimum(0, codes(model, images).min(axis=0))
    high = np.maximum(0, codes(model, images).max(axis=0))
    alive = ~explorer.dead
    places = np.array([slider.value for slider in explorer.units])[alive] / STEPS
    np.testing.assert_allclose(low[alive] + places * (high - low)[alive], explorer.code[alive], atol=0.01 * high.max())


def test_a_slider_changes_its_number_and_the_picture(explorer, model):
    unit = int(np.argmax(explorer.high * ~explorer.dead))
    before, changes = explorer.code.copy(), counted(explorer)
    explorer.units[unit].value = STEPS if explorer.units[unit].value < STEPS else 0
    assert len(changes) == 1
    assert explorer.code[unit] in (explorer.high[unit], explorer.low[unit])
    np.testing.assert_array_equal(np.delete(explorer.code, unit), np.delete(before, unit))
    np.testing.assert_allclose(shown(explorer.decoded), decoded(model, explorer.code), atol=0.005)
    assert f"Unit {unit} at " in explorer.words.value


def test_dead_units_are_named_and_cannot_be_moved(explorer):
    assert np.flatnonzero(explorer.dead).tolist()[:1] == [5]
    for dead, slider in zip(explorer.dead, explorer.units, strict=True):
        assert slider.disabled == dead
        assert slider.description.endswith(" dead") == dead


def test_every_control_has_a_name(explorer):
    names = [slider.description.removesuffix(" dead") for slider in explorer.units]
    assert names == [f"<i>unit</i> {unit}" for unit in range(32)]
    assert all(control.description for control in (explorer.picked, explorer.goal, explorer.way, explorer.back))


def test_another_image_is_one_redraw(explorer, model, images):
    changes = counted(explorer)
    explorer.picked.value = 7
    assert len(changes) == 1
    np.testing.assert_allclose(explorer.code, codes(model, images[7:8])[0], rtol=1e-5, atol=1e-6)
    assert "test image 7 (a 7)" in explorer.words.value


def test_goes_back_to_the_code_of_the_image(explorer):
    before = explorer.code.copy()
    explorer.units[0].value = 100 - explorer.units[0].value
    explorer.units[9].value = 100 - explorer.units[9].value
    explorer.back.click()
    np.testing.assert_array_equal(explorer.code, before)


def test_walks_in_a_straight_line(explorer, model, images):
    explorer.picked.value, explorer.goal.value = 2, 3
    changes = counted(explorer)
    explorer.way.value = 0.5
    assert len(changes) == 1
    start, end = codes(model, images[2:4])
    np.testing.assert_allclose(explorer.code, (start + end) / 2, rtol=1e-5, atol=1e-6)
    assert "50% of the way" in explorer.words.value
    explorer.goal.value = 4
    assert len(changes) == 2
    np.testing.assert_allclose(explorer.code, (start + codes(model, images[4:5])[0]) / 2, rtol=1e-5, atol=1e-6)
    explorer.way.value = 1
    np.testing.assert_allclose(explorer.code, codes(model, images[4:5])[0], rtol=1e-5, atol=1e-6)
    explorer.back.click()
    assert explorer.way.value == 0


def test_random_codes_are_drawn_from_each_unit_and_come_again(model, images):
    seen = codes(model, images)
    drawn = []
    for seed in (1, 1, 2):
        explorer = code_explorer(model, images, seed=seed)
        explorer.random.click()
        assert all(np.abs(seen[:, unit] - number).min() < 1e-5 for unit, number in enumerate(explorer.code))
        drawn.append(explorer.code)
    np.testing.assert_array_equal(drawn[0], drawn[1])
    assert (drawn[0] != drawn[2]).any()


def test_a_thousand_moves_leave_nothing_behind(images):
    explorer = code_explorer(build("relu"), images)

    def move(times):
        for i in range(times):
            explorer.units[i % 32].value = (7 * i) % (STEPS + 1)
            explorer.way.value = i % 11 / 10
        explorer.picked.value = times % 20

    move(20)
    gc.collect()
    before = len(widget._instances), len(gc.get_objects())
    move(500)
    gc.collect()
    assert len(widget._instances) == before[0]
    assert abs(len(gc.get_objects()) - before[1]) < 200
    assert not _pylab_helpers.Gcf.figs


def test_twin_turns_the_unit_that_moves_most(explorer, model, images):
    unit = codes(model, images).std(axis=0).argmax()
    assert f"from unit {unit} at " in explorer.twin().alt


def test_works_with_a_convolutional_decoder_and_another_size(images):
    explorer = code_explorer(models.build_convolutional_autoencoder(code_size=6), images)
    assert len(explorer.units) == 6
    explorer.units[0].value = STEPS
    assert explorer.twin().alt


def test_says_what_is_wrong_with_the_arguments(model, images):
    with pytest.raises(ValueError, match=r"parts named 'encoder' and 'decoder'.*dense"):
        code_explorer(keras.Sequential([keras.Input((784,)), keras.layers.Dense(784, name="dense")]), images)
    with pytest.raises(ValueError, match=r"uint8 images of shape .* got float64"):
        code_explorer(model, images / 255)
    with pytest.raises(ValueError, match="at least one image"):
        code_explorer(model, images[:0])
    with pytest.raises(ValueError, match="30 images and 3 labels"):
        code_explorer(model, images, [1, 2, 3])
