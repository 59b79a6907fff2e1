"""Every figure is drawn, described from its data, legible, and leaves pyplot and the reader's own style alone."""

import base64
import inspect
import io
import itertools
import re
import subprocess
import sys
import types
import warnings
from unittest import mock

import matplotlib
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text
from PIL import Image

from labutils import figures

LADDER = {"untrained": 0.6931, "constant": 0.3912, "mean image": 0.2625, "PCA": 0.1175, "floor": 0.0581}


def made(seed, size):
    """Digits, codes and errors of no meaning: other ones for each seed."""
    rng = np.random.default_rng(seed)
    images = rng.integers(0, 256, (size, 28, 28, 1), dtype=np.uint8)
    images[rng.random(images.shape) < 0.7 + seed / 20] = 0  # MNIST is black for the most part, too
    codes = rng.gamma(2, 2 + seed, (size, 32))
    codes[:, seed] = 0
    return types.SimpleNamespace(
        images=images,
        labels=rng.permutation(np.arange(size) % 10),
        outputs=rng.random((size, 28, 28)),
        codes=codes,
        health={"dead": codes.std(axis=0) == 0, "spread": codes.std(axis=0), "active": (codes > 0).mean(axis=0)},
        errors=rng.gamma(2, 0.01, size),
        ladder={name: value * (1 + seed / 20) for name, value in LADDER.items()},
        history={
            "loss": list(0.1 + 0.1 / np.arange(1, 11) + seed / 50),
            "val_loss": list(0.099 + 0.05 / np.arange(1, 11) + seed / 50),
        },
    )


def dense(seed):
    """What ``model_drawing`` reads of a Keras model, without waiting for Keras."""
    hidden = 128 + seed

    def layer(inputs, units, activation):
        return types.SimpleNamespace(
            activation=types.SimpleNamespace(__name__=activation),
            compute_output_shape=lambda shape: (*shape[:-1], units),
            count_params=lambda: (inputs + 1) * units,
        )

    def chain(name, *layers):
        return types.SimpleNamespace(
            name=name,
            layers=layers,
            input_shape=(None, 784),
            compute_output_shape=lambda shape: layers[-1].compute_output_shape(shape),
            count_params=lambda: sum(layer.count_params() for layer in layers),
        )

    encoder = chain("encoder", layer(784, hidden, "relu"), layer(hidden, 32, "linear"))
    decoder = chain("decoder", layer(32, hidden, "relu"), layer(hidden, 784, "sigmoid"))
    return chain("autoencoder", encoder, decoder)


FIGURES = {
    "sample_grid": lambda d: figures.sample_grid(d.images[:30], d.labels[:30], title="Thirty digits"),
    "compare_sources": lambda d: figures.compare_sources({"MNIST": d.images, "built-in digits": d.images[::-1]}),
    "pixel_grid": lambda d: figures.pixel_grid(d.images[0]),
    "pixel_histogram": lambda d: figures.pixel_histogram(d.images, source="MNIST"),
    "autoencoder_drawing": lambda d: figures.autoencoder_drawing(128, 8 + int(d.labels[0])),
    "model_drawing": lambda d: figures.model_drawing(dense(int(d.labels[0]))),
    "cross_entropy_curves": lambda d: figures.cross_entropy_curves((0, d.ladder["floor"], 0.5, 1)),
    "loss_ladder": lambda d: figures.loss_ladder(d.ladder, d.history["val_loss"][-1], source="MNIST"),
    "learning_curve": lambda d: figures.learning_curve(d.history, d.ladder, source="MNIST"),
    "compare_curves": lambda d: figures.compare_curves({"ReLU": d.history, "linear": d.history}, d.ladder, "MNIST"),
    "reconstructions": lambda d: figures.reconstructions(d.images, d.codes, d.outputs, title="Random"),
    "best_and_worst": lambda d: figures.best_and_worst(d.images, d.outputs, d.errors),
    "error_by_digit": lambda d: figures.error_by_digit(d.errors, d.labels, source="MNIST"),
    "error_examples": lambda d: figures.error_examples(d.images[:3], ["original", "shifted\nby one", "half\nblank"]),
    "code_spread": lambda d: figures.code_spread(d.health, d.codes),
    "code_walk": lambda d: figures.code_walk(d.outputs[:9]),
    "code_atoms": lambda d: figures.code_atoms(d.codes[:32, 2:3, None] * (d.outputs[:32] - 0.5), title="Atoms"),
    "code_map": lambda d: figures.code_map(d.codes[:, 2:4], d.labels, title="Map"),
}


@pytest.fixture(scope="module", params=FIGURES)
def name(request):
    return request.param


@pytest.fixture(scope="module")
def figure(name):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return FIGURES[name](made(1, 120))


@pytest.fixture(scope="module")
def bundle(figure):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return figure._repr_mimebundle_()


def texts(figure):
    """(text, box in dots) of all that gets written when a figure is drawn."""
    with mock.patch.object(Text, "draw", autospec=True, side_effect=Text.draw) as draw:
        FigureCanvasAgg(figure).draw()
    written = [call.args[0] for call in draw.call_args_list]
    written = [text for text in written if text.get_text().strip() and text.get_visible()]
    return [(text.get_text(), Text.get_window_extent(text)) for text in written]  # without an annotation's arrow


def overlaps(boxes):
    return [
        (one, other)
        for (one, a), (other, b) in itertools.combinations(boxes, 2)
        if min(a.x1, b.x1) - max(a.x0, b.x0) > 1 and min(a.y1, b.y1) - max(a.y0, b.y0) > 1
    ]


def test_every_public_function_is_tried():
    functions = {name for name in figures.__all__ if inspect.isfunction(getattr(figures, name))}
    assert functions == set(FIGURES)


class TestEveryFigure:
    def test_is_a_figure(self, figure):
        assert isinstance(figure, figures.Figure)

    def test_shows_itself_as_a_crisp_and_small_png(self, bundle):
        data, metadata = bundle
        picture = Image.open(io.BytesIO(base64.b64decode(data["image/png"])))
        width = metadata["image/png"]["width"]
        assert picture.width // 2 == width <= 800
        assert len(data["image/png"]) < 200_000
        assert picture.convert("RGB").getpixel((1, 1)) == (255, 255, 255)

    def test_is_described(self, figure, bundle):
        data, metadata = bundle
        assert data["text/plain"] == metadata["image/png"]["alt"] == figure.alt
        assert re.search(r"\d", figure.alt)
        assert figure.alt.endswith(".")

    def test_description_follows_the_data(self, name, figure):
        assert FIGURES[name](made(2, 120)).alt != figure.alt
        assert FIGURES[name](made(1, 120)).alt == figure.alt

    def test_nothing_written_overlaps(self, figure):
        assert overlaps(texts(figure)) == []

    def test_nothing_written_is_too_small(self, figure):
        assert min(text.get_fontsize() for text in figure.findobj(Text) if text.get_text()) >= 8


class TestLearningCurve:
    @pytest.mark.parametrize("final", [0.0582, 0.09, 0.1174, 0.1175, 0.2])
    def test_names_of_curves_and_rungs_stay_apart(self, final):
        history = {"loss": [0.2, final], "val_loss": [0.2, final]}
        assert overlaps(texts(figures.learning_curve(history, LADDER))) == []

    def test_tells_rungs_and_excess_over_the_floor(self):
        figure = figures.learning_curve({"loss": [0.2, 0.1], "val_loss": [0.19, 0.0981]}, LADDER)
        written = " ".join(text for text, _ in texts(figure))
        assert "0.0400 above the floor" in written
        assert "higher up: untrained 0.693, constant 0.391 and mean image 0.263" in written
        assert {"PCA 0.1175", "floor 0.0581"} <= {text for text, _ in texts(figure)}
        assert "0.0400 above the floor" in figure.alt

    def test_takes_one_epoch_without_test_images_or_ladder(self):
        figure = figures.learning_curve({"loss": [0.3]})
        assert "1 epoch," in figure.alt
        assert "0.3000" in figure.alt

    def test_takes_a_keras_history(self):
        losses = {"loss": [0.3, 0.2], "val_loss": [0.25, 0.15]}
        by_keras = figures.learning_curve(types.SimpleNamespace(history=losses))
        assert by_keras.alt == figures.learning_curve(losses).alt

    def test_refuses_what_is_not_a_number(self):
        with pytest.raises(ValueError, match=r"not all finite numbers.*scaled"):
            figures.learning_curve({"loss": [0.3, float("nan")]})


def test_loss_ladder_puts_the_model_where_it_belongs():
    figure = figures.loss_ladder(LADDER, loss=0.1)
    names = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert names == ["untrained", "constant", "mean image", "PCA", "your model", "floor"]
    assert "0.0419 above the floor" in figure.alt


def test_histogram_counts_the_ends():
    images = np.zeros((4, 28, 28, 1), np.uint8)
    images[0] = 255
    figure = figures.pixel_histogram(images)
    assert {"exactly 0: 75.0 %", "exactly 255: 25.0 %", "exactly 1: 25.0 %"} <= {text for text, _ in texts(figure)}


def test_best_and_worst_show_the_right_images():
    images = np.arange(10, dtype=np.uint8)[:, None, None, None] + np.zeros((1, 28, 28, 1), np.uint8)
    errors = np.array([5, 3, 9, 1, 7, 2, 8, 4, 6, 0]) / 100
    figure = figures.best_and_worst(images, images[..., 0] / 255, errors, count=3)
    originals = [round(255 * shown.get_array().mean()) for shown in figure.axes[0].images[::3]]
    assert originals == [9, 3, 5, 2, 6, 4]


def test_error_by_digit_names_the_hardest():
    labels = np.repeat([3, 5, 8], 4)
    alt = figures.error_by_digit(np.repeat([0.02, 0.03, 0.01], 4), labels).alt
    assert "hardest digit is 5 with 0.0300" in alt
    assert "easiest 8 with 0.0100" in alt


def test_dead_units_are_named():
    spread = np.array([1.5, 0, 2.5, 0])
    alt = figures.code_spread({"dead": spread == 0, "spread": spread}).alt
    assert "2 dead (1 and 3)" in alt
    assert "1.50 to 2.50" in alt


def test_centres_of_a_map_stay_readable():
    points = np.random.default_rng(0).normal(size=(200, 2))
    figure = figures.code_map(points, np.arange(200) % 10)
    digits = [box for box in texts(figure) if re.fullmatch(r"\d", box[0]) and box[1].height > 20]
    assert len(digits) == 10
    assert overlaps(digits) == []


def test_drawing_counts_the_parameters_and_stays_to_scale():
    figure = figures.model_drawing(dense(0))
    bars = [patch.get_height() for patch in figure.axes[0].patches if hasattr(patch, "get_height")]
    np.testing.assert_allclose(np.array(bars) / bars[0], np.array([784, 128, 32, 128, 784]) / 784)
    for told in ("encoder 104,608", "decoder 105,360", "together 209,968"):
        assert told in figure.alt
    assert {"784\nsigmoid", "32\nlinear", "100,480"} <= {text for text, _ in texts(figure)}


@pytest.mark.parametrize("images", [np.zeros((28, 28)), np.zeros((0, 28, 28)), np.zeros((3, 784))])
def test_what_is_no_stack_of_images_is_refused(images):
    with pytest.raises(ValueError, match=re.escape(f"got {images.shape}")):
        figures.sample_grid(images)


def test_the_readers_own_style_is_left_alone_and_left_out():
    ladder = figures.loss_ladder(LADDER)._repr_mimebundle_()[0]["image/png"]
    with matplotlib.rc_context({"font.size": 30, "axes.facecolor": "black"}):
        assert figures.loss_ladder(LADDER)._repr_mimebundle_()[0]["image/png"] == ladder
        assert matplotlib.rcParams["font.size"] == 30


def test_neither_pyplot_nor_tensorflow_is_needed():
    script = (
        "import sys; from labutils import figures; figures.cross_entropy_curves()._repr_mimebundle_();"
        "sys.exit('matplotlib.pyplot' in sys.modules or 'tensorflow' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script], timeout=60).returncode == 0
