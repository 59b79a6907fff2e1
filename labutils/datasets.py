"""tf.data pipelines from digits to batches: the plain ones, an image at a time, and the fast ones, a batch at a time.

All give pairs (input, target), and an autoencoder's target is its input.
"""

import numpy as np
import tensorflow as tf

from labutils.tuning import untuned


def preprocess(image, label):
    """Turn one image into an autoencoder's (input, target). The label is not used.

    Parameters
    ----------
    image : uint8 tensor (28, 28, 1), values 0..255
    label : int64 tensor ()

    Returns
    -------
    (pixels, pixels) : the same float32 tensor (784,), values 0..1, twice
    """
    pixels = tf.cast(image, tf.float32) / 255
    pixels = tf.reshape(pixels, (784,))
    return pixels, pixels


def make_train_dataset(dataset, batch_size=128):
    """Preprocess, shuffle, batch and repeat.

    Parameters
    ----------
    dataset : tf.data.Dataset of (image uint8 (28, 28, 1), label)
    batch_size : int

    Returns
    -------
    tf.data.Dataset of (float32 (batch_size, 784), the same), without an end; the last batch of a pass can be smaller.
    Shuffled with a buffer of 1,024 images, anew in each pass.
    """
    return dataset.map(preprocess).shuffle(1024, seed=0).batch(batch_size).repeat()


def make_test_dataset(dataset, batch_size=128):
    """Preprocess and batch: in order, once. Parameters and batches as in ``make_train_dataset``."""
    return dataset.map(preprocess).batch(batch_size)


def fast_train_dataset(images, batch_size=128, seed=0):
    """What ``make_train_dataset`` makes, much faster: shuffle row numbers, gather whole batches.

    Every pass is an exact shuffle of all images. It is repeated before it is batched, so every batch is full, and a
    compiled model meets one shape only. Images that do not fit into memory need ``make_train_dataset``.

    Parameters
    ----------
    images : uint8 array (n, 28, 28, 1), values 0..255
    batch_size : int
    seed : int
        The same seed gives the same order.

    Returns
    -------
    tf.data.Dataset of (float32 (batch_size, 784), the same), without an end; a batch can span two passes.
    """
    rows = tf.data.Dataset.range(len(images)).shuffle(len(images), seed=seed)
    return _gather(images, rows.repeat().batch(batch_size))


def fast_test_dataset(images, batch_size=128):
    """What ``make_test_dataset`` makes, faster: in order, once. Parameters as in ``fast_train_dataset``."""
    return _gather(images, tf.data.Dataset.range(len(images)).batch(batch_size))


def flatten(images):
    """Many images as an autoencoder's input.

    Parameters
    ----------
    images : uint8 array (n, 28, 28, 1) or (n, 28, 28), values 0..255

    Returns
    -------
    float32 array (n, 784), values 0..1

    Raises
    ------
    ValueError
        If the images are no such array: scaling them twice would go unnoticed otherwise.
    """
    images = np.asarray(images)
    if images.dtype != np.uint8 or images.shape[1:3] != (28, 28) or images[:1].size not in (0, 784):
        raise ValueError(
            f"flatten takes uint8 images of shape (n, 28, 28, 1), got {images.dtype} {images.shape}. "
            "Pass the images as they come from the source, before any scaling."
        )
    return images.reshape(len(images), 784).astype(np.float32) / 255


def _gather(images, batches_of_rows):
    pixels = tf.constant(np.reshape(images, (len(images), -1)))  # uint8: a quarter of float32's memory

    def batch(rows):
        batch = tf.cast(tf.gather(pixels, rows), tf.float32) / 255
        return batch, batch

    return untuned(batches_of_rows.map(batch).prefetch(2))
