"""Exercise 5.1: images go through the autoencoder and come back as pictures."""

import re

import numpy as np

from labutils.asking import rng
from labutils.exercises import Exercise
from labutils.judging import NeverEnds, Raised, Thing, Wrong, accuse, kind_of, mistakes, require_returned, same, span

EXERCISE = Exercise(
    number="5.1", signature="reconstruct(model, images)", check="reconstruct", reference="labutils.models"
)

IMAGES, CODE = 150, 8


def questions(seed):
    """Images, uint8 (150, 28, 28, 1), the first of whose pixels are 0 and 255; and a single one, pale."""
    images = rng(seed, "images").integers(0, 256, (IMAGES, 28, 28, 1), dtype=np.uint8)
    images[:, 0, :2, 0] = 0, 255
    return images, images[1:2] // 2


def weights(seed):
    """Kernels and biases of a small autoencoder whose output differs clearly from its input."""
    random = rng(seed, "weights")
    shapes = (784, CODE), (CODE,), (CODE, 784), (784,)
    return [random.normal(0, 1 if len(shape) == 1 else 0.1, shape).astype(np.float32) for shape in shapes]


def ask(student, seed):
    import keras

    encoder = keras.Sequential([keras.Input((784,)), keras.layers.Dense(CODE)], name="encoder")
    decoder = keras.Sequential([keras.Input((CODE,)), keras.layers.Dense(784, activation="sigmoid")], name="decoder")
    model = keras.Sequential([keras.Input((784,)), encoder, decoder])
    model.compile(run_eagerly=True)  # no time goes into tracing
    model.set_weights(weights(seed))
    for name, images in zip(("pictures", "single"), questions(seed), strict=True):
        copy = images.copy()
        student.answer(name, model, copy)
        student.note(f"{name} changed", not np.array_equal(copy, images))
        student.note("model changed", not all(map(np.array_equal, model.get_weights(), weights(seed))))


# ----- judging -----

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


def judge(answers, seed):
    images, pale = questions(seed)
    model = Model(seed)
    pictures = _pictures(answers, "pictures")
    if answers["model changed"]:
        hints = ("To reconstruct is to use the model, not to train it.", "Which of your lines makes the model learn?")
        raise Wrong("model-changed", "Your function changes the weights of the model.", *hints)
    _require_pictures(pictures, model, images)
    if pictures.dtype != np.float32:
        message = f"The values are right, but they are {pictures.dtype}; float32 is wanted."
        hint = "What comes out of the model is float32 already."
        raise Wrong("wrong-dtype", message, hint, "Which of your later steps changes the kind of number?")
    _judge_single(answers, model, pale)
    return "Each image comes back as 28 x 28 pixels from 0 to 1, as the model sees it."


class Model:
    """What the model makes of rows (n, 784): pictures (n, 28, 28)."""

    def __init__(self, seed):
        self._weights = weights(seed)

    def __call__(self, rows):
        kernel, bias, last_kernel, last_bias = self._weights
        codes = np.float32(rows) @ kernel + bias
        with np.errstate(over="ignore"):
            return (1 / (1 + np.exp(-(codes @ last_kernel + last_bias)))).reshape(-1, 28, 28)


def _flat(images):
    return images.reshape(len(images), -1).astype(np.float32)


def _pictures(answers, name):
    try:
        pictures = answers[name]
    except NeverEnds:
        raise Wrong(
            "too-slow",
            "Your function was not done in time with 150 images, and the lab wants to show it 10,000.",
            "Either something goes on for ever, or the model is asked once for each image.",
            "A model takes a whole matrix as readily as one row of it. What goes into your loop, and is one needed?",
        ) from None
    except Raised as raised:
        given = re.search(r"(?:incompatible shape|784, but received input with shape) (\(.*?\))", raised.failure.text)
        if given:  # Keras hands over batches, so how many there are is not the student's number
            each = " x ".join(given[1].strip("(),").split(", ")[1:]) or "1"
            message = f"The model takes 784 numbers in a row for each image; what you give it has {each} for each."
            raise Wrong("wrong-input-shape", message, *PREPARE_HINTS) from None
        raise
    if answers[f"{name} changed"]:
        message = "Your function changes the images it is given; the next cell wants to show them."
        hint = "Which of your lines writes into an array instead of making a new one?"
        raise Wrong("images-changed", message, "Other cells still need them.", hint)
    require_returned(pictures)
    if isinstance(pictures, Thing) or not hasattr(pictures, "shape"):
        message = f"You return {kind_of(pictures)}; one array of all pictures is wanted."
        raise Wrong("not-an-array", message, *PICTURE_HINTS)
    return pictures


def _require_pictures(pictures, model, images):
    count, shape = len(images), pictures.shape
    if shape == (count, CODE):
        message = f"You return the codes, of shape {shape}: the images are still folded up."
        raise Wrong("only-encoded", message, *ANSWER_HINTS)
    if shape[:1] != (count,):
        _refuse_count(shape, count)
    has_all_pixels = pictures.size == count * 784
    if has_all_pixels:
        _require_values(pictures.reshape(-1, 28, 28).astype(np.float64), model, images)
    if shape == (count, 784):
        message = f"The values are right, but the shape is {shape}: rows of numbers, not pictures."
        raise Wrong("not-reshaped", message, *PICTURE_HINTS)
    if shape != (count, 28, 28):
        code = "extra-dimension" if has_all_pixels else "wrong-shape"
        message = f"For {count} images you return the shape {shape}; ({count}, 28, 28) is wanted."
        raise Wrong(code, message, *PICTURE_HINTS)


def _refuse_count(shape, count):
    if shape in ((28, 28), (784,)):
        message = f"You were given {count} images and return one picture, of shape {shape}."
        raise Wrong("one-image", message, "All of them are wanted at once.", PICTURE_HINTS[1])
    if shape[1:] in ((28, 28), (784,), (28, 28, 1)) and shape[0] < count:
        message = f"You were given {count} images and return {shape[0]}."
        raise Wrong("images-lost", message, "Every image should come back.", "Where do only some of them go through?")
    message = f"For {count} images you return the shape {shape}; ({count}, 28, 28) is wanted."
    raise Wrong("wrong-shape", message, *PICTURE_HINTS)


def _require_values(pictures, model, images):
    rows = _flat(images)
    right = model(rows / 255)
    if same(pictures, right):
        return
    accuse(pictures, MISTAKES, right, images[..., 0])
    if np.abs(pictures - right * 255).max() < 1.01:
        message = "Your pictures are whole numbers up to 255; fractions up to 1 are wanted."
        raise Wrong("scaled-to-255", message, *ANSWER_HINTS)
    if same(_by_brightness(pictures), _by_brightness(right)):
        hint = "The next cell takes the first picture for that of the first image."
        raise Wrong("order-changed", "The pictures come back in another order than the images.", hint, PREPARE_HINTS[1])
    accuse(255 * pictures, SCALED_LATE, model, rows, tolerance=1e-3)
    accuse(pictures, MISTAKES_BEFORE, model, rows)
    if not np.isfinite(pictures).all():
        raise Wrong("not-finite", "Some of your pixels are not numbers (nan or inf).", *PREPARE_HINTS)
    if same(np.sort(pictures, axis=None), np.sort(right, axis=None)):
        raise Wrong("order-changed", "The right pixels, but not where they belong.", *ANSWER_HINTS)
    in_order = np.take_along_axis(
        pictures.reshape(len(pictures), -1), np.argsort(right.reshape(len(right), -1)), axis=1
    )
    if np.ptp(in_order, axis=1).all() and (np.diff(in_order) > -1e-5).all():
        message = (
            f"Your pictures go from {span(pictures)}, what the model puts out from {span(right)}. From dark to light "
            "the pixels stand as the model has them, but their values are others: they are changed after the model."
        )
        raise Wrong("output-changed", message, *ANSWER_HINTS)
    message = (
        f"Your pictures go from {span(pictures)} and are not what the model makes of the preprocessed images; that "
        f"goes from {span(right)}."
    )
    raise Wrong("wrong-values", message, *PREPARE_HINTS)


def _by_brightness(pictures):
    return pictures[np.argsort(pictures.mean(axis=(1, 2)))]


def _judge_single(answers, model, pale):
    """One image alone, and a pale one: shapes must not collapse, and scaling must not depend on the image."""
    try:
        pictures = _pictures(answers, "single")
    except Wrong as wrong:
        message = f"It works for 150 images, but not for a single one, of shape {pale.shape}: {wrong.message}"
        raise Wrong("squeezed", message, *SINGLE_HINTS) from None
    if pictures.shape != (1, 28, 28):
        message = f"For a single image you return the shape {pictures.shape}; (1, 28, 28) is wanted."
        raise Wrong("squeezed", message, *SINGLE_HINTS)
    if same(pictures, model(_flat(pale) / pale.max())):
        message = f"Images are scaled by their own brightest pixel: {pale.max()} here, 255 before."
        raise Wrong("scaled-by-itself", message, *PREPARE_HINTS)
    if not same(pictures, model(_flat(pale) / 255)):
        raise Wrong("wrong-values", "For many images it is right, for a single pale one it is not.", *PREPARE_HINTS)


# ----- the usual mistakes: after the model, of the right pictures and the images (n, 28, 28) -----

_SAME = "You hand back the images you were given: the model was not asked."

MISTAKES = mistakes(
    ANSWER_HINTS,
    ("input-returned", _SAME, lambda right, images: images / 255),
    ("input-returned", _SAME, lambda right, images: images),
    ("scaled-to-255", "Your pictures go up to 255; they should go up to 1.", lambda right, images: right * 255),
    ("inverted", "Light and dark are exchanged in your pictures.", lambda right, images: 1 - right),
    (
        "transposed",
        "Rows and columns of your pictures are exchanged.",
        lambda right, images: right.transpose(0, 2, 1),
    ),
    ("rounded", "Only 0 and 1 are left: the greys of the model are gone.", lambda right, images: np.rint(right)),
    ("rounded", "All values are 0: fractions are cut off.", lambda right, images: np.floor(right)),
    ("output-scaled-down", "The output of the model is divided by 255 once more.", lambda right, images: right / 255),
)

# ----- and before it, of rows (n, 784) from 0 to 255 -----

_LATE = "You divide by 255 what the model gives; it is what the model is given that needs it."
_KNOWS = "The model was given {}; it knows pixels from 0 to 1."


def _standardised(rows):
    return (rows / 255 - (rows / 255).mean()) / (rows / 255).std()


def _transposed(rows):
    return rows.reshape(-1, 28, 28).transpose(0, 2, 1).reshape(-1, 784)


SCALED_LATE = mistakes(PREPARE_HINTS, ("scaled-too-late", _LATE, lambda model, rows: model(rows)))
MISTAKES_BEFORE = mistakes(
    PREPARE_HINTS,
    ("not-scaled", _KNOWS.format("pixels from 0 to 255"), lambda model, rows: model(rows)),
    ("scaled-twice", "The pixels were divided by 255 twice.", lambda model, rows: model(rows / 255 / 255)),
    ("divided-by-256", "The pixels were divided by 256, not 255.", lambda model, rows: model(rows / 256)),
    ("minus-one-to-one", _KNOWS.format("pixels from -1 to 1"), lambda model, rows: model(rows / 127.5 - 1)),
    ("standardised", _KNOWS.format("standardised pixels"), lambda model, rows: model(_standardised(rows))),
    (
        "inverted",
        "The model was given images with light and dark exchanged.",
        lambda model, rows: model(1 - rows / 255),
    ),
    (
        "transposed",
        "The model was given images with rows and columns exchanged.",
        lambda model, rows: model(_transposed(rows / 255)),
    ),
    ("binarised", "The model was given black and white images.", lambda model, rows: model(np.rint(rows / 255))),
    ("integer-division", "The division cuts off fractions.", lambda model, rows: model(rows // 255)),
)
