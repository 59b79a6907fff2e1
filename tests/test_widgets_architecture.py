"""Architecture: counts are Keras's, bars are to scale, and all of it follows the sliders."""

import re

import numpy as np
import pytest
from interactives import changes, controls, described, leaked, pages, words

from labutils import figures
from labutils.widgets import architecture


def move(shown, hidden, code):
    controls(shown)["Hidden units"].value, controls(shown)["Code size"].value = hidden, code


@pytest.mark.parametrize(("hidden", "code"), [(128, 32), (1, 1), (300, 7), (784, 784)])
def test_counts_as_many_parameters_as_keras(hidden, code):
    from labutils import models

    shown = architecture()
    move(shown, hidden, code)
    encoder, decoder = models.build_encoder(hidden, code), models.build_decoder(hidden, code)
    counts = [part.count_params() for part in (encoder, decoder)]
    told = f"{sum(counts):,} parameters, encoder {counts[0]:,} and decoder {counts[1]:,}."
    assert told in words(shown)
    assert told in described(shown)
    for layer in (*encoder.layers, *decoder.layers):
        assert f">{layer.count_params():,}</text>" in pages(shown)


def test_bars_are_to_scale():
    shown = architecture(hidden_size=392, code_size=98)
    bars = [float(height) for height in re.findall(r'<rect [^>]*height="([\d.]+)"', pages(shown))]
    np.testing.assert_allclose(np.array(bars) / bars[0], np.array([784, 392, 98, 392, 784]) / 784, rtol=0.01)


def test_tells_how_much_a_code_compresses():
    shown = architecture()
    assert "784 / 32 = 24.5; a code is 128 bytes as float32, an image 784 bytes" in words(shown)
    move(shown, 128, 196)
    assert "784 / 196 = 4.0; a code is 784 bytes" in words(shown)


def test_a_move_draws_once():
    shown = architecture()
    assert changes(shown, lambda: move(shown, 129, 32)) == [1, 1]  # the words and the drawing


def test_a_thousand_moves_leave_nothing_behind():
    shown = architecture()
    assert leaked(lambda n: move(shown, 100, 1 + n % 784)) == 0
    assert changes(shown, lambda: move(shown, 500, controls(shown)["Code size"].value)) == [1, 1]


def test_twin_is_the_drawing_of_the_sizes_that_are_set():
    shown = architecture()
    move(shown, 64, 100)
    assert shown.twin().alt == figures.autoencoder_drawing(64, 100).alt
    assert "784, 64, 100, 64, 784 values" in shown.twin().alt


def test_twin_agrees_with_the_drawing_of_the_model():
    from labutils import models

    model = models.build_autoencoder(models.build_encoder(50, 60), models.build_decoder(50, 60))
    assert figures.autoencoder_drawing(50, 60).alt.startswith(figures.model_drawing(model).alt[:-1])


def test_controls_can_be_told_apart():
    assert list(controls(architecture())) == ["Hidden units", "Code size"]


@pytest.mark.parametrize("size", [0, 785, 3.5, "32", None])
def test_a_size_that_cannot_be_is_refused(size):
    with pytest.raises(ValueError, match=r"code_size is .*pass a whole number from 1 to 784"):
        architecture(128, size)
