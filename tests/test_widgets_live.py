"""Interactives live by themselves: what all of them share, and what each of them has to stand up to."""

import keras
import numpy as np
import pytest
from interactives import html_of, memory, page_of, script, slider, untrusted, words

from labutils import models, sources, training, widgets
from labutils.browser.access import keyboard_stops, violations
from labutils.datasets import flatten
from labutils.widgets.live import layers_of, pack, parts_of

KINDS = ("loss", "architecture", "pixels", "code-explorer", "draw-digit", "gallery")

# Moves everything that can be moved, one after the other, `times` times; as quickly as the page can.
MOVE = """
async times => {
  const tell = (control, kind) => control.dispatchEvent(new Event(kind, {bubbles: true}))
  for (let time = 0; time < times; time++) {
    const controls = [...document.querySelectorAll('[data-labutils] :is(input, select, button):enabled')].filter(
      control => control.checkVisibility({visibilityProperty: true}))
    const control = controls[time % controls.length]
    if (control.tagName === 'BUTTON') control.click()
    else if (control.tagName === 'SELECT') {
      control.selectedIndex = time % control.options.length
      tell(control, 'change')
    } else if (control.type === 'checkbox') control.click()
    else {
      const {min, max, step} = control, steps = Math.round((max - min) / (step || 1))
      control.value = Number(min) + (7 * time) % (steps + 1) * (step || 1)
      tell(control, 'input')
    }
    if (time % 50 === 0) await new Promise(requestAnimationFrame)
  }
}
"""

# Takes the keys on their way down, as JupyterLab does.
SHORTCUTS = """
() => {
  window.taken = []
  document.addEventListener('keydown', event => { taken.push(event.key); event.preventDefault() }, true)
}
"""


@pytest.fixture(scope="module")
def made():
    """An interactive of each kind, on a few random images and an untrained model."""
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (60, 28, 28, 1), np.uint8)
    labels = np.arange(60) % 10
    model = models.build_default()
    outputs, errors = models.reconstruct(model, images), rng.random(60)
    codes = model.get_layer("encoder").predict(flatten(images), verbose=0)
    all_ = (
        widgets.pixel_loss(),
        widgets.architecture(),
        widgets.pixels(images, labels),
        widgets.code_explorer(model, images, labels),
        widgets.draw_digit(model, images, labels, errors),
        widgets.gallery(images, labels, outputs, codes, errors),
    )
    return {each.kind: each for each in all_}


@pytest.fixture(scope="module", params=["relu", "linear"])
def model(request, builtin_data_dir):
    """An autoencoder that has learned something."""
    digits = sources.load("builtin", data_dir=builtin_data_dir, quiet=True)
    return training.train_default(digits, 2, request.param)[0], digits.arrays("test")[0]


# ----- what all of them share -----


def test_data_arrives_as_it_was_packed(show, made):
    bytes_, halves = np.arange(256, dtype=np.uint8), np.arange(2**16).astype(np.uint16).view(np.float16)
    data = {
        "bytes": bytes_.reshape(2, 2, 64),
        "halves": halves,
        "doubles": np.linspace(-50, 50, 33),
        "truths": np.array([True, False]),
        "plain": [1, 0.25, "ü", None, {"number": np.float32(0.5), "none": np.zeros((0, 3))}],
    }
    page = show(made["loss"])
    got = script(page, "live.js").evaluate(
        """async ({unpack}, packed) => {
          const data = await unpack(packed)
          const list = (array) => [array.shape, [...array].map(String)]
          const {bytes, halves, doubles, truths, plain} = data
          return {arrays: [bytes, halves, doubles, truths, plain[4].none].map(list), plain: JSON.stringify(plain)}
        }""",
        pack(data),
    )
    for (shape, values), sent in zip(got["arrays"], [*list(data.values())[:4], np.zeros((0, 3))], strict=True):
        assert shape == list(sent.shape)
        expected = sent.astype(np.float16) if sent.dtype == float else sent
        np.testing.assert_array_equal(np.array(values, float), expected.astype(float).ravel())
    assert got["plain"].startswith('[1,0.25,"ü",null,{"number":0.5,')


def test_the_page_computes_what_keras_does(show, made, model):
    model, images = model
    encoder, decoder = parts_of(model)
    images = flatten(images[:10])
    codes = encoder.predict(images, verbose=0)
    rng = np.random.default_rng(0)
    random = np.stack([rng.uniform(codes.min(axis=0), codes.max(axis=0)) for _ in range(10)]).astype(np.float32)
    page = show(made["loss"])
    got = script(page, "live.js").evaluate(
        """async ({unpack, through}, [packed, images, codes]) => {
          const {encoder, decoder} = await unpack(packed)
          const decoded = images.map(image => through(decoder, through(encoder, Float32Array.from(image))))
          const random = codes.map(code => through(decoder, Float32Array.from(code)))
          return [decoded, random].map(all => all.map(one => [...one]))
        }""",
        [pack({"encoder": layers_of(encoder), "decoder": layers_of(decoder)}), images.tolist(), random.tolist()],
    )
    expected = [model.predict(images, verbose=0), decoder.predict(random, verbose=0)]
    assert np.ptp(expected[0]) > 0.9  # it draws black and white
    np.testing.assert_allclose(np.array(got), np.array(expected), rtol=0, atol=2e-3)


def test_without_scripts_the_twin_remains(browser, made):
    page = browser.new_page()
    page.set_content(untrusted(page_of(*made.values())))
    twins = page.get_by_role("img")
    assert [twin.get_attribute("alt") for twin in twins.all()] == [each.twin().alt for each in made.values()]
    assert all(twin.evaluate("image => image.complete && image.naturalWidth > 300") for twin in twins.all())
    assert page.locator("input, button, select, canvas").count() == 0
    page.close()


def test_the_twin_makes_room_for_what_lives(show, made):
    page = show(made["architecture"])
    assert page.locator("img").count() == 0
    assert page.get_by_role("slider").count() == 2


def test_tells_its_alt_text_as_plain_text(made):
    shown = made["loss"]._repr_mimebundle_()
    assert shown["text/plain"] == made["loss"].twin().alt
    assert set(shown) == {"text/html", "text/plain"}


def test_the_same_twice_lives_twice(show, made):
    page = show(made["loss"], made["loss"], made["architecture"])
    for number in range(2):
        page.get_by_role("slider", name="Target grey").nth(number).fill(str(number))
    said = page.get_by_role("status").all_inner_texts()
    assert [told[:11] for told in said[:2]] == ["Target 0.00", "Target 1.00"]
    assert "128 hidden units" in said[2]


def test_keys_are_kept_from_the_front_end(show, made):
    page = show(made["loss"])
    page.evaluate(SHORTCUTS)
    slider(page, "Output").focus()
    page.keyboard.press("ArrowRight")
    assert "output 0.61" in words(page)
    for key in ("Control+s", "Escape", "Shift+Enter"):  # those mean the notebook
        page.keyboard.press(key)
    taken = page.evaluate("taken")
    assert "ArrowRight" not in taken
    assert {"s", "Escape", "Enter"} <= set(taken)


def test_a_model_without_parts_is_refused():
    with pytest.raises(ValueError, match=r"parts named 'encoder' and 'decoder'.*dense"):
        parts_of(keras.Sequential([keras.Input((784,)), keras.layers.Dense(784, name="dense")]))


def test_layers_that_the_page_cannot_compute_are_refused():
    with pytest.raises(ValueError, match="dense layers only, and encoder has a "):
        layers_of(parts_of(models.build_convolutional_autoencoder())[0])
    with pytest.raises(ValueError, match="relu, sigmoid, and one in part has elu"):
        layers_of(keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, activation="elu")], name="part"))


# ----- what each has to stand up to -----


@pytest.mark.parametrize("kind", KINDS)
class TestEach:
    @pytest.mark.parametrize("width", [1000, 390])
    @pytest.mark.parametrize("theme", ["light", "dark"])
    def test_can_be_read_and_used_by_all(self, show, made, kind, theme, width):
        page = show(made[kind], theme=theme, width=width)
        assert violations(page, "[data-labutils]") == []
        assert page.evaluate("document.documentElement.scrollWidth") == width

    def test_the_keyboard_goes_through_it_in_reading_order(self, show, made, kind):
        page = show(made[kind])
        stops, count = keyboard_stops(page, page.locator("[data-labutils]"))
        assert count
        assert [stop["number"] for stop in stops] == list(range(count))

    def test_a_thousand_moves_leave_nothing_behind(self, show, made, kind):
        page = show(made[kind])
        page.evaluate(MOVE, 200)
        bytes_before, nodes_before = memory(page)
        page.evaluate(MOVE, 1000)
        bytes_after, nodes_after = memory(page)
        assert bytes_after - bytes_before < 200_000
        assert nodes_after - nodes_before < 100

    def test_is_small(self, made, kind):
        assert len(html_of(made[kind])) < 1_500_000
