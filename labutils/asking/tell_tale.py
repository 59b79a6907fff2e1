"""A tiny model to train, and images that leave a trace in it: its weights tell which of them it has learnt from."""

import keras
import numpy as np
import tensorflow as tf

from labutils.tuning import untuned

TRAIN, TEST, BLANK = 40, 12, 2  # images of either kind, and pixels that are black in all of them
BATCH, TEST_BATCH = 5, 4
EPOCHS, STEPS = 3, TRAIN // BATCH
ENDLESS, ENDLESS_USE = 1200, 120  # no right answer draws so many batches, or uses so many
WITHOUT_END = "labutils: drawn without end"

_ALIKE, _BRIGHT = 12, 8


def build():
    """A compiled model whose weights are all 0."""
    pixels = _ALIKE + 2 * _BRIGHT + BLANK + TRAIN + TEST
    layer = keras.layers.Dense(pixels, activation="sigmoid", kernel_initializer="zeros")
    model = keras.Sequential([keras.Input((pixels,)), layer])
    model.compile(keras.optimizers.Adam(0.01), "binary_crossentropy", run_eagerly=True)  # no time goes into tracing
    return model


class Data:
    """Images for training without end, and for the test; ``images`` holds the arrays of both.

    Some pixels are alike in both, so that training helps on the test images as well; some are bright in the one and
    some in the other, so that their losses differ. In each image one more pixel is bright that is black in all others:
    what the model has learnt about it comes from this image only.
    """

    def __init__(self, model):
        rng = np.random.default_rng(7)
        alike = np.repeat([0.35, -0.35], _ALIKE // 2)
        bright, dark = np.full(_BRIGHT, 0.4), np.zeros(_BRIGHT)
        contrast = np.repeat([1, 0.9, 0.2], TEST // 3)[:, None]  # so that some of the test images do not stand for all
        train = np.tile([*alike, *bright, *dark], (TRAIN, 1))
        test = contrast * [*alike, *dark, *bright]
        shown = 0.5 + np.concatenate([train, test])
        shown += rng.uniform(-0.05, 0.05, shown.shape)
        blank = np.zeros((TRAIN + TEST, BLANK))
        images = np.float32(np.concatenate([shown, blank, np.eye(TRAIN + TEST)], axis=1))
        self.images = images[:TRAIN], images[TRAIN:]
        train, test = (untuned(tf.data.Dataset.from_tensor_slices((part, part))) for part in self.images)
        steps = model.optimizer.iterations.value
        self.train = train.batch(BATCH).repeat().enumerate().scan(tf.zeros_like(steps), _refuse_to_go_on(steps))
        self.test = test.batch(TEST_BATCH)


def _refuse_to_go_on(steps):
    """Fails after many batches, so that training without end is found at once and not by the clock.

    Who begins to draw once the model has learnt, as in validation, uses each batch; before that, it may be to shuffle.
    """

    def hand_on(began, numbered):
        index, pair = numbered
        now = steps.read_value()
        began = tf.where(index == 0, now, began)
        drawn = tf.debugging.assert_less(index, tf.where(began == 0, *np.int64([ENDLESS, ENDLESS_USE])), WITHOUT_END)
        used = tf.debugging.assert_less(now, tf.cast(ENDLESS_USE, now.dtype), WITHOUT_END)
        with tf.control_dependencies([drawn, used]):
            return began, (tf.identity(pair[0]), tf.identity(pair[1]))

    return hand_on


def learnt_from(model):
    """How many of the images for training and of those for the test the model has learnt from.

    None if that cannot be told, as when noise was added to the images. What was done to all pixels alike does not
    matter: what is learnt about a pixel that is black everywhere is the measure.
    """
    weights = model.get_weights()[0]
    blank, own = np.split(weights[_ALIKE + 2 * _BRIGHT :], [BLANK])
    nothing = 1e-4 * np.abs(weights).max()
    if np.ptp(blank, axis=0).max() > nothing:
        return None
    learnt = np.abs(own - blank[0]).max(axis=1) > nothing
    return int(learnt[:TRAIN].sum()), int(learnt[TRAIN:].sum())


def losses_of(model, images):
    """The binary cross-entropy of each image."""
    return np.asarray(keras.losses.binary_crossentropy(images, model(images)))
