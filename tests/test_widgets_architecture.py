"""Architecture: counts are Keras's, bars are to scale, and all of it follows the sliders."""

import numpy as np
import pytest
from interactives import slider, words

from labutils import figures, models
from labutils.widgets import architecture


def move(page, hidden, code):
    slider(page, "Hidden units").fill(str(hidden))
    slider(page, "Code size").fill(str(code))


def test_counts_as_many_parameters_as_keras(show):
    page = show(architecture())
    for hidden, code in [(128, 32), (1, 1), (300, 7), (784, 784)]:
        move(page, hidden, code)
        encoder, decoder = models.build_encoder(hidden, code), models.build_decoder(hidden, code)
        counts = [part.count_params() for part in (encoder, decoder)]
        told = f"{sum(counts):,} parameters, encoder {counts[0]:,} and decoder {counts[1]:,}."
        assert told in words(page)
        assert told in page.get_by_role("img").get_attribute("aria-label")
        shown = page.locator("svg text").all_text_contents()
        assert {f"{layer.count_params():,}" for layer in (*encoder.layers, *decoder.layers)} <= set(shown)


def test_bars_are_to_scale(show):
    page = show(architecture(hidden_size=392, code_size=98))
    bars = [float(bar.get_attribute("height")) for bar in page.locator("svg rect").all()]
    np.testing.assert_allclose(np.array(bars) / bars[0], np.array([784, 392, 98, 392, 784]) / 784, rtol=0.01)


def test_tells_how_much_a_code_compresses(show):
    page = show(architecture())
    assert "784 / 32 = 24.5; a code is 128 bytes as float32, an image 784 bytes" in words(page)
    move(page, 128, 196)
    assert "784 / 196 = 4.0; a code is 784 bytes" in words(page)


def test_words_stay_inside_the_drawing_on_a_phone(show):
    page = show(architecture(784, 784), width=390)
    edge = page.locator("svg").bounding_box()
    for words_ in page.locator("svg text").all():
        box = words_.bounding_box()
        assert box["x"] >= edge["x"] - 1, words_.inner_html()
        assert box["x"] + box["width"] <= edge["x"] + edge["width"] + 1, words_.inner_html()
        assert box["y"] >= edge["y"] - 1, words_.inner_html()


def test_twin_is_the_drawing_of_the_sizes():
    alt = architecture(64, 100).twin().alt
    assert alt == figures.autoencoder_drawing(64, 100).alt
    assert "784, 64, 100, 64, 784 values" in alt


def test_twin_agrees_with_the_drawing_of_the_model():
    model = models.build_autoencoder(models.build_encoder(50, 60), models.build_decoder(50, 60))
    assert figures.autoencoder_drawing(50, 60).alt.startswith(figures.model_drawing(model).alt[:-1])


@pytest.mark.parametrize("size", [0, 785, 3.5, "32", None])
def test_a_size_that_cannot_be_is_refused(size):
    with pytest.raises(ValueError, match=r"code_size is .*pass a whole number from 1 to 784"):
        architecture(128, size)
