"""The digits that need no network: MNIST's form, MNIST's statistics, no original in both splits."""

import numpy as np
import pytest
from scipy import ndimage
from sklearn.datasets import load_digits

from labutils import sources
from labutils.sources import builtin_digits
from labutils.sources.builtin_digits import vary


@pytest.fixture(scope="module")
def builtin(builtin_data_dir):
    return sources.load("builtin", data_dir=builtin_data_dir, quiet=True)


def test_no_iterator_over_them_waits_for_a_tuner_at_its_end(builtin):
    for split in ("train", "test"):
        assert builtin.dataset(split).options().autotune.enabled is False


def test_they_have_the_features_and_splits_of_mnist(builtin, builtin_data_dir):
    import tensorflow_datasets as tfds

    info, mnist = builtin.builder.info, tfds.builder_cls("mnist")(data_dir=builtin_data_dir).info
    assert repr(info.features) == repr(mnist.features)
    assert info.supervised_keys == mnist.supervised_keys
    assert set(info.splits) == {"train", "test"}
    image, label = next(iter(builtin.dataset("test")))
    assert (image.shape, image.dtype, label.shape, label.dtype) == ((28, 28, 1), "uint8", (), "int64")
    assert str(builtin) == (
        "built-in digits: 18,000 training and 1,485 test images, scikit-learn's, enlarged and varied."
    )


@pytest.mark.parametrize(("split", "size"), [("train", 18000), ("test", 1485)])
def test_they_look_like_mnist_in_numbers(builtin, split, size):
    images, labels = builtin.arrays(split)
    assert (images.shape, images.dtype, labels.shape, labels.dtype) == ((size, 28, 28, 1), np.uint8, (size,), np.int64)
    assert np.bincount(labels, minlength=10).min() > 0.08 * size
    pixels = images[..., 0] / np.float32(255)
    assert 0.10 < pixels.mean() < 0.17
    assert 0.27 < pixels.std() < 0.35
    assert (pixels.min(), pixels.max()) == (0, 1)
    centres = np.array([ndimage.center_of_mass(image) for image in pixels[::10]])
    assert np.abs(centres - 13.5).max() < 2.5
    assert np.abs(centres.mean(axis=0) - 13.5).max() < 0.3


def test_no_original_is_in_both_splits(monkeypatch, tmp_path):
    monkeypatch.setattr(builtin_digits, "vary", lambda original, rng: np.zeros((28, 28), np.uint8))
    splits = builtin_digits.BuiltinDigits(data_dir=tmp_path)._split_generators(None)  # as TFDS calls it
    keys = {split: {key for key, _ in examples} for split, examples in splits.items()}
    originals = {split: {key.split("-")[0] for key in keys[split]} for split in keys}
    assert {split: len(keys[split]) for split in keys} == {"train": 18000, "test": 1485}
    assert not originals["train"] & originals["test"]
    assert len(originals["train"] | originals["test"]) == len(load_digits().images)


def test_they_are_the_same_wherever_they_are_prepared(builtin, monkeypatch, tmp_path):
    monkeypatch.setattr(builtin_digits, "VARIATIONS", {"train": 1, "test": 5})
    again = sources.load("builtin", data_dir=tmp_path, quiet=True)
    for array, same in zip(builtin.arrays("test"), again.arrays("test"), strict=True):
        np.testing.assert_array_equal(array, same)


def test_a_variation_is_another_picture_of_the_same_digit():
    digits = load_digits()

    def draw(seed):
        variations = [vary(digits.images[n] / 16, np.random.default_rng([n, seed])) for n in range(200)]
        return np.array(variations) / 255

    first, second = draw(1), draw(2)
    np.testing.assert_array_equal(first, draw(1))
    distances = ((first[:, None] - second[None]) ** 2).sum(axis=(2, 3))
    assert distances.diagonal().min() > 1
    nearest = distances.argmin(axis=1)
    assert np.mean(digits.target[nearest] == digits.target[:200]) > 0.9
