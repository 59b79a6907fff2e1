"""What a loss means: cross-entropy as Keras has it, the ladder, and the health of a code."""

import keras
import numpy as np
import pytest

from labutils import sources
from labutils.metrics import latent_health, loss_ladder, pixel_cross_entropy, reconstruction_error

RUNGS = ["untrained", "constant", "mean image", "PCA", "floor"]


def test_cross_entropy_is_keras_s():
    rng = np.random.default_rng(0)
    target, output = rng.random((2, 50, 784), np.float32)
    wanted = float(np.mean(keras.losses.binary_crossentropy(target, output)))
    assert pixel_cross_entropy(target, output) == pytest.approx(wanted, rel=1e-5)
    assert isinstance(pixel_cross_entropy(target, output), float)


def test_cross_entropy_is_finite_at_0_and_1():
    ends = np.array([0.0, 1.0])
    assert pixel_cross_entropy(ends, ends) == pytest.approx(0, abs=1e-6)
    assert pixel_cross_entropy(ends, 1 - ends) == pytest.approx(-np.log(1e-7))
    assert pixel_cross_entropy(ends.astype(np.float32), np.float32(1) - ends.astype(np.float32)) < 17


def test_cross_entropy_of_a_grey_pixel_is_least_at_its_own_value_and_not_0():
    outputs = np.linspace(0.01, 0.99, 99)
    losses = [pixel_cross_entropy([0.3], [output]) for output in outputs]
    assert outputs[np.argmin(losses)] == pytest.approx(0.3)
    assert min(losses) == pytest.approx(-0.3 * np.log(0.3) - 0.7 * np.log(0.7))


def test_reconstruction_error_is_one_number_for_each_image():
    images = np.zeros((3, 28, 28))
    reconstructions = images.copy()
    reconstructions[1] = 0.5
    reconstructions[2, 0, 0] = 1
    np.testing.assert_allclose(reconstruction_error(images, reconstructions), [0, 0.25, 1 / 784])


@pytest.mark.parametrize("function", [pixel_cross_entropy, reconstruction_error])
def test_other_shapes_are_named(function):
    with pytest.raises(ValueError, match=r"got \(3, 28, 28, 1\) and \(3, 28, 28\)"):
        function(np.zeros((3, 28, 28, 1)), np.zeros((3, 28, 28)))


def test_the_ladder_leads_down(builtin_data_dir):
    digits = sources.load("builtin", data_dir=builtin_data_dir, quiet=True)
    train, test = digits.arrays("train")[0][:2000], digits.arrays("test")[0]
    ladder = loss_ladder(train, test)
    assert list(ladder) == RUNGS
    assert all(isinstance(loss, float) for loss in ladder.values())
    losses = list(ladder.values())
    assert losses == sorted(losses, reverse=True)
    assert ladder["untrained"] == pytest.approx(np.log(2))
    assert ladder["floor"] == pytest.approx(pixel_cross_entropy(test / 255, test / 255))
    assert ladder["PCA"] < loss_ladder(train, test, code_size=8)["PCA"]


def test_the_ladder_of_mnist(mnist_data_dir):
    digits = sources.load("mnist", data_dir=mnist_data_dir, quiet=True)
    ladder = loss_ladder(digits.arrays("train")[0], digits.arrays("test")[0])
    assert list(ladder) == RUNGS
    wanted = {"untrained": 0.6931, "constant": 0.3912, "mean image": 0.2625, "PCA": 0.1175, "floor": 0.0581}
    assert ladder == pytest.approx(wanted, abs=1e-4)


def test_health_of_a_code():
    rng = np.random.default_rng(0)
    codes = np.zeros((1000, 4), np.float32)
    codes[:, 1] = 3  # never moves: as dead as a unit that is always 0
    codes[:, 2] = rng.normal(0, 2, 1000)
    codes[:250, 3] = 1
    health = latent_health(codes)
    assert list(health) == ["dead", "spread", "active"]
    assert health["dead"].tolist() == [True, True, False, False]
    assert health["dead"].dtype == bool
    np.testing.assert_allclose(health["spread"], codes.std(axis=0))
    np.testing.assert_allclose(health["active"], [0, 1, 1, 0.25])
