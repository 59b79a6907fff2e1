"""Judges exercise 5.1: images go through the autoencoder and come back as pictures."""

import re

import keras
import numpy as np

from labutils.checks.student import kind_of, returned
from labutils.checks.verdict import Raised, Suspect, Wrong, accuse, same, span

PREPARE_HINTS = (
    "The model has learnt from preprocessed images and knows no others: what was done to those?",
    "Follow one image: its shape and range when it comes in, when the model sees it, and when the model is done.",
)
ANSWER_HINTS = (
    "What the model puts out is the answer, in 0 to 1: it needs another shape, and nothing else.",
    "Print the smallest and the largest pixel, and the shape, right behind the model and at the end of your function.",
)
PICTURE_HINTS = (
    "The model gives rows of numbers; pictures have rows and columns.",
    "How many images are there, and which shape has each of them on a screen?",
)
SINGLE_HINTS = (
    "One image is a stack of one.",
    "Which function removes every axis of length 1? Or is there a number of images in your code?",
)


SLOW = Wrong(
    "too-slow",
    "Your function was not done in time with 150 images, and the lab wants to show it 10,000.",
    "Either something goes on for ever, or the model is asked once for each image.",
    "A model takes a whole matrix as readily as one row of it. What goes into your loop, and is one needed?",
)


def reconstruct(student):
    """Judge ``reconstruct(model, images)``; returns what to say when it is right."""
    model = _model()
    rng = np.random.default_rng(8)
    images = rng.integers(0, 256, (150, 28, 28, 1), dtype=np.uint8)
    images[:, 0, :2, 0] = 0, 255
    weights = model.get_weights()
    pictures = _pictures_of(student, model, images)
    if not all(np.array_equal(a, b) for a, b in zip(weights, model.get_weights(), strict=True)):
        hints = ("To reconstruct is to use the model, not to train it.", "Which of your lines makes the model learn?")
        raise Wrong("model-changed", "Your function changes the weights of the model.", *hints)
    right = _through(model, _flat(images) / 255)
    _require_pictures(pictures, right, images)
    if pictures.dtype != np.float32:
        message = f"The values are right, but they are {pictures.dtype}; float32 is wanted."
        hints = (
            "What comes out of the model is float32 already.",
            "Which of your later steps changes the kind of number?",
        )
        raise Wrong("wrong-dtype", message, *hints)
    _judge_single(student, model, images[1:2] // 2)
    return "Each image comes back as 28 x 28 pixels from 0 to 1, as the model sees it."


def _model():
    """A small autoencoder whose output differs clearly from its input, with parts named as in the lab."""
    encoder = keras.Sequential([keras.Input((784,)), keras.layers.Dense(8)], name="encoder")
    decoder = keras.Sequential([keras.Input((8,)), keras.layers.Dense(784, activation="sigmoid")], name="decoder")
    model = keras.Sequential([keras.Input((784,)), encoder, decoder])
    model.compile(run_eagerly=True)  # no time goes into tracing
    rng = np.random.default_rng(9)
    model.set_weights([rng.normal(0, 1 if len(w.shape) == 1 else 0.15, w.shape) for w in model.weights])
    return model


def _flat(images):
    return images.reshape(len(images), -1).astype(np.float32)


def _through(model, rows):
    return np.asarray(model(np.float32(rows))).reshape(-1, 28, 28)


def _pictures_of(student, model, images):
    copy = images.copy()
    try:
        pictures = student.attempt(student.function, model, copy, when_up=SLOW, who="Your function stops")
    except Raised as raised:
        given = re.search(r"(?:incompatible shape|784, but received input with shape) (\(.*?\))", str(raised.error))
        if given:  # Keras hands over batches, so how many there are is not the student's number
            each = " x ".join(given[1].strip("(),").split(", ")[1:]) or "1"
            message = f"The model takes 784 numbers in a row for each image; what you give it has {each} for each."
            raise Wrong("wrong-input-shape", message, *PREPARE_HINTS) from None
        raise
    if not np.array_equal(copy, images):
        message = "Your function changes the images it is given; the next cell wants to show them."
        hints = (
            "Whoever called you still needs them.",
            "Which of your lines writes into an array instead of making a new one?",
        )
        raise Wrong("images-changed", message, *hints)
    returned(pictures)
    if isinstance(pictures, (list, tuple, dict)) or not hasattr(pictures, "shape"):
        message = f"You return {kind_of(pictures)}; one array of all pictures is wanted."
        raise Wrong("not-an-array", message, *PICTURE_HINTS)
    return np.asarray(pictures)


def _require_pictures(pictures, right, images):
    count, shape = len(images), pictures.shape
    as_rows = pictures.reshape(count, -1) if shape[:1] == (count,) else pictures
    if shape == (count, 8):
        raise Wrong(
            "only-encoded", f"You return the codes, of shape {shape}: the images are still folded up.", *ANSWER_HINTS
        )
    if shape[:1] != (count,):
        _refuse_count(shape, count)
    if as_rows.shape == (count, 784) and not same(as_rows.reshape(-1, 28, 28), right, 1e-3):
        _refuse_values(as_rows.reshape(-1, 28, 28), right, images)
    if shape == (count, 784):
        raise Wrong(
            "not-reshaped",
            f"The values are right, but the shape is {shape}: rows of numbers, not pictures.",
            *PICTURE_HINTS,
        )
    if shape != (count, 28, 28):
        code = "extra-dimension" if as_rows.shape == (count, 784) else "wrong-shape"
        raise Wrong(
            code, f"For {count} images you return the shape {shape}; ({count}, 28, 28) is wanted.", *PICTURE_HINTS
        )


def _refuse_count(shape, count):
    if shape in ((28, 28), (784,)):
        message = f"You were given {count} images and return one picture, of shape {shape}."
        raise Wrong("one-image", message, "All of them are wanted at once.", PICTURE_HINTS[1])
    if shape[1:] in ((28, 28), (784,), (28, 28, 1)) and shape[0] < count:
        message = f"You were given {count} images and return {shape[0]}."
        raise Wrong("images-lost", message, "Every image should come back.", "Where do only some of them go through?")
    message = f"For {count} images you return the shape {shape}; ({count}, 28, 28) is wanted."
    raise Wrong("wrong-shape", message, *PICTURE_HINTS)


def _refuse_values(pictures, right, images):
    rows, model_input = _flat(images), images[..., 0] / 255
    floats = pictures.astype(np.float64)
    suspects = [
        Suspect(model_input, "input-returned", "You hand back the images you were given: the model was not asked."),
        Suspect(images[..., 0], "input-returned", "You hand back the images you were given: the model was not asked."),
        Suspect(right * 255, "scaled-to-255", "Your pictures go up to 255; they should go up to 1."),
        Suspect(
            np.floor(right * 255),
            "scaled-to-255",
            "Your pictures are whole numbers up to 255; fractions up to 1 are wanted.",
        ),
        Suspect(
            np.rint(right * 255),
            "scaled-to-255",
            "Your pictures are whole numbers up to 255; fractions up to 1 are wanted.",
        ),
        Suspect(1 - right, "inverted", "Light and dark are exchanged in your pictures."),
        Suspect(right.transpose(0, 2, 1), "transposed", "Rows and columns of your pictures are exchanged."),
        Suspect(np.rint(right), "rounded", "Only 0 and 1 are left: the greys of the model are gone."),
        Suspect(np.floor(right), "rounded", "All values are 0: fractions are cut off."),
        Suspect(
            right / 255,
            "output-scaled-down",
            f"Your pictures go from {span(floats)} only: the output of the model is divided once more.",
        ),
    ]
    accuse(floats, [Suspect(s.value, s.code, s.message, ANSWER_HINTS) for s in suspects], 1e-3)
    if same(_by_brightness(floats), _by_brightness(right), 1e-4):
        hints = ("Whoever asked takes the first picture for that of the first image.", PREPARE_HINTS[1])
        raise Wrong("order-changed", "The pictures come back in another order than the images.", *hints)
    x = rows / 255
    model_of = {
        "not-scaled": (rows, "The model was given pixels from 0 to 255; it knows pixels from 0 to 1."),
        "scaled-twice": (rows / 255 / 255, "The pixels were divided by 255 twice: the model saw nearly black images."),
        "divided-by-256": (rows / 256, "The pixels were divided by 256, so the brightest is not 1."),
        "minus-one-to-one": (2 * x - 1, "The model was given pixels from -1 to 1; it knows pixels from 0 to 1."),
        "standardised": (
            (x - x.mean()) / x.std(),
            "The model was given standardised pixels; it knows pixels from 0 to 1.",
        ),
        "inverted": (1 - x, "The model was given images with light and dark exchanged."),
        "transposed": (
            x.reshape(-1, 28, 28).transpose(0, 2, 1).reshape(-1, 784),
            "The model was given images with rows and columns exchanged.",
        ),
        "binarised": (np.rint(x), "The model was given black and white images: the greys were gone."),
        "integer-division": (rows // 255, "The division cuts off fractions: only the very brightest pixels were left."),
    }
    raise _explained_by(model_of, floats, right)


def _by_brightness(pictures):
    return pictures[np.argsort(pictures.mean(axis=(1, 2)))]


def _explained_by(model_of, floats, right):
    model = _model()
    if same(255 * floats, _through(model, model_of["not-scaled"][0]), 1e-3):
        message = "You divide by 255 what the model gives; it is what the model is given that needs it."
        return Wrong("scaled-too-late", message, *PREPARE_HINTS)
    for code, (rows, message) in model_of.items():
        if same(floats, _through(model, rows), 1e-4):
            return Wrong(code, message, *PREPARE_HINTS)
    if not np.isfinite(floats).all():
        return Wrong("not-finite", "Some of your pixels are not numbers (nan or inf).", *PREPARE_HINTS)
    if same(np.sort(floats, axis=None), np.sort(right, axis=None), 1e-4):
        return Wrong("order-changed", "The right pixels, but not where they belong.", *ANSWER_HINTS)
    in_order = np.take_along_axis(floats.reshape(len(floats), -1), np.argsort(right.reshape(len(right), -1)), axis=1)
    if np.ptp(in_order, axis=1).all() and (np.diff(in_order) > -1e-5).all():
        message = (
            f"Your pictures go from {span(floats)}, what the model puts out from {span(right)}. From dark to light the "
            "pixels stand as the model has them, but their values are others: they are changed after the model."
        )
        return Wrong("output-changed", message, *ANSWER_HINTS)
    message = (
        f"Your pictures go from {span(floats)} and are not what the model makes of the preprocessed images; that goes "
        f"from {span(right)}."
    )
    return Wrong("wrong-values", message, *PREPARE_HINTS)


def _judge_single(student, model, images):
    """One image alone, and a pale one: shapes must not collapse, and scaling must not depend on the image."""
    try:
        pictures = _pictures_of(student, model, images)
    except Wrong as wrong:
        message = f"It works for 150 images, but not for a single one, of shape {images.shape}: {wrong.message}"
        raise Wrong("squeezed", message, *SINGLE_HINTS) from None
    if pictures.shape != (1, 28, 28):
        message = f"For a single image you return the shape {pictures.shape}; (1, 28, 28) is wanted."
        raise Wrong("squeezed", message, *SINGLE_HINTS)
    if same(pictures, _through(model, _flat(images) / images.max()), 1e-4):
        message = f"Images are scaled by their own brightest pixel: {images.max()} here, 255 before."
        raise Wrong("scaled-by-itself", message, *PREPARE_HINTS)
    if not same(pictures, _through(model, _flat(images) / 255), 1e-3):
        raise Wrong("wrong-values", "For many images it is right, for a single pale one it is not.", *PREPARE_HINTS)
