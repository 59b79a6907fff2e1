"""The plain and the fast pipelines deliver the same: every image once a pass, in the order that was asked for."""

import numpy as np
import pytest
import tensorflow as tf

from labutils.datasets import (
    fast_test_dataset,
    fast_train_dataset,
    flatten,
    make_test_dataset,
    make_train_dataset,
    preprocess,
)

IMAGES = np.random.default_rng(0).integers(0, 256, (300, 28, 28, 1), np.uint8)
STEPS = 3  # 128 + 128 + 44 images


def pairs(images):
    return tf.data.Dataset.from_tensor_slices((images, np.zeros(len(images), np.int64)))


TRAIN = {"plain": lambda images, **options: make_train_dataset(pairs(images), **options), "fast": fast_train_dataset}
TEST = {"plain": lambda images, **options: make_test_dataset(pairs(images), **options), "fast": fast_test_dataset}
shuffled = pytest.mark.parametrize("make", TRAIN.values(), ids=TRAIN)
in_order = pytest.mark.parametrize("make", TEST.values(), ids=TEST)


def batches(dataset, count):
    """The inputs of so many batches, as arrays; each must be its own target."""
    taken = []
    for inputs, targets in dataset.take(count):
        np.testing.assert_array_equal(inputs, targets)
        assert inputs.dtype == tf.float32
        taken.append(inputs.numpy())
    return taken


def rows(taken, images=IMAGES):
    """Which image each row of the batches is, by its number."""
    number = {image.tobytes(): number for number, image in enumerate(images)}
    return [number[np.round(row * 255).astype(np.uint8).tobytes()] for row in np.concatenate(taken)]


def test_preprocess_gives_a_vector_between_0_and_1_twice():
    image = np.arange(784, dtype=np.uint8).reshape(28, 28, 1)
    for function in (preprocess, tf.function(preprocess)):
        inputs, targets = function(tf.constant(image), tf.constant(7, tf.int64))
        assert (inputs.shape, inputs.dtype) == ((784,), tf.float32)
        np.testing.assert_array_equal(inputs, targets)
        np.testing.assert_allclose(inputs, image.ravel() / 255, rtol=1e-6)
        assert (inputs.numpy().min(), inputs.numpy().max()) == (0, 1)


@pytest.mark.parametrize(("kind", "sizes"), [("plain", [128, 128, 44] * 3), ("fast", [128] * 8)])
def test_a_pass_through_train_is_every_image_once_in_an_order_of_its_own(kind, sizes):
    taken = batches(TRAIN[kind](IMAGES), len(sizes))
    assert [len(batch) for batch in taken] == sizes
    order = rows(taken)
    passes = [order[start : start + 300] for start in (0, 300, 600)]
    for one in passes:
        assert sorted(one) == list(range(300))
    assert len({tuple(one) for one in [*passes, range(300)]}) == 4


@shuffled
def test_train_has_no_end(make):
    assert make(IMAGES).cardinality() == tf.data.INFINITE_CARDINALITY


@shuffled
def test_the_order_of_train_is_the_same_in_every_run(make):
    assert rows(batches(make(IMAGES), 2 * STEPS)) == rows(batches(make(IMAGES), 2 * STEPS))


def test_another_seed_is_another_order():
    assert rows(batches(fast_train_dataset(IMAGES, seed=1), STEPS)) != rows(batches(fast_train_dataset(IMAGES), STEPS))


def test_the_fast_shuffle_reaches_all_images_at_once():
    numbers = np.arange(6000, dtype=np.uint16)
    images = np.zeros((6000, 28, 28, 1), np.uint8)
    images[:, 0, :2, 0] = numbers.view(np.uint8).reshape(-1, 2)
    first = rows(batches(fast_train_dataset(images), 1), images)
    plain = rows(batches(TRAIN["plain"](images), 1), images)
    assert np.histogram(first, 4, (0, 6000))[0].min() > 15  # of 128: about 32 from each quarter
    assert max(plain) < 1024 + 128  # what a buffer of 1,024 can reach


@in_order
def test_test_is_in_order_and_ends(make):
    taken = batches(make(IMAGES), -1)
    assert rows(taken) == list(range(300))
    assert [len(batch) for batch in taken] == [128, 128, 44]
    assert make(IMAGES).cardinality() == STEPS


@pytest.mark.parametrize("make", [*TRAIN.values(), *TEST.values()])
def test_the_batch_size_can_be_chosen(make):
    assert [len(batch) for batch in batches(make(IMAGES, batch_size=100), 3)] == [100, 100, 100]


def test_plain_and_fast_give_the_same_numbers():
    for plain, fast in zip(batches(TEST["plain"](IMAGES), -1), batches(TEST["fast"](IMAGES), -1), strict=True):
        np.testing.assert_allclose(plain, fast, rtol=1e-6)
        np.testing.assert_allclose(fast.max(), 1)
    np.testing.assert_allclose(flatten(IMAGES[:128]), batches(TEST["plain"](IMAGES), 1)[0], rtol=1e-6)


def test_fast_takes_memory_mapped_arrays(tmp_path):
    np.save(tmp_path / "images.npy", IMAGES)
    mapped = np.load(tmp_path / "images.npy", mmap_mode="r")
    assert rows(batches(fast_train_dataset(mapped), STEPS)) == rows(batches(fast_train_dataset(IMAGES), STEPS))


def test_flatten():
    for images in (IMAGES, IMAGES[..., 0]):
        vectors = flatten(images)
        assert (vectors.shape, vectors.dtype) == ((300, 784), np.float32)
        np.testing.assert_allclose(vectors, images.reshape(300, 784) / 255, rtol=1e-6)
    assert flatten(IMAGES[:0]).shape == (0, 784)


@pytest.mark.parametrize(
    "images",
    [
        IMAGES / 255,
        IMAGES.astype(np.float32),
        IMAGES.astype(np.int64),
        IMAGES[0],
        IMAGES.reshape(300, 784),
        np.zeros((3, 28, 28, 3), np.uint8),
        np.zeros((3, 32, 32, 1), np.uint8),
        np.uint8(3),
    ],
    ids=["scaled", "float", "int64", "one image", "flat already", "colour", "larger", "a number"],
)
def test_flatten_names_what_it_cannot_take(images):
    with pytest.raises(ValueError, match=r"uint8 images of shape \(n, 28, 28, 1\)") as error:
        flatten(images)
    assert f"got {images.dtype} {images.shape}." in str(error.value)


def test_no_iterator_waits_for_a_tuner_at_its_end():
    for dataset in (fast_train_dataset(IMAGES), fast_test_dataset(IMAGES)):
        assert dataset.options().autotune.enabled is False
