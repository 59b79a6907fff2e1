"""Exercise 5.2: how far off is each reconstruction?"""

import numpy as np

from labutils.asking import rng
from labutils.exercises import Exercise
from labutils.judging import Raised, Wrong, accuse, mistakes, require_array, same

EXERCISE = Exercise(
    number="5.2",
    signature="reconstruction_error(images, reconstructions)",
    check="reconstruction_error",
    reference="labutils.metrics",
)


def questions(seed):
    """Images and reconstructions, float32 (5, 28, 28), in 0..1.

    Half of an image is black, and each has its own brightness: so it shows which pixels count, and what is compared.
    """
    brightness = np.array([[0.8, 0.4, 1, 0.2, 0.6], [0.5, 0.9, 0.3, 0.7, 0.1]], np.float32)
    images, pictures = rng(seed).random((2, 5, 28, 28), dtype=np.float32) * brightness[..., None, None]
    images[rng(seed, "ink").random(images.shape) < 0.5] = 0
    return images, pictures


def ask(student, seed):
    images, pictures = questions(seed)
    pairs = {"error": (images, pictures), "single": (images[:1], pictures[:1]), "perfect": (images, images)}
    for name, (image, picture) in pairs.items():
        copies = image.copy(), picture.copy()
        student.answer(name, *copies)
        student.note(f"{name} changed", not (np.array_equal(copies[0], image) and np.array_equal(copies[1], picture)))


# ----- judging -----

MEAN_HINTS = (
    "One number for each image: how far off are its pixels, on average?",
    "Of the axes of the array, one counts images, the others pixels. Over which do you take the mean?",
)
FORMULA_HINTS = (
    "Mean, squared, error: three words, three steps. Which comes first?",
    "Try it on two numbers: an image (0, 1) and its reconstruction (0, 0.5).",
)
SINGLE_HINTS = (
    "One image is a stack of one.",
    "Which function removes every axis of length 1? Or is there a number of images in your code?",
)


def judge(answers, seed):
    images, pictures = questions(seed)
    error = _array(answers, "error")
    x, y = images.astype(np.float64), pictures.astype(np.float64)
    right = _mse(x - y)
    if not same(error, right, 1e-3):
        accuse(error, MISTAKES, x, y, x - y, tolerance=1e-3)
        _refuse_shape(error, right)
        if same(error, right, 6e-3):  # two decimal places
            _refuse_inexact(error, right)
        worst = int(np.argmax(np.abs(error - right)))
        message = (
            f"For image {worst} of {len(right)}, counted from 0, you get {error[worst]:.4f} where {right[worst]:.4f} "
            "is expected."
        )
        raise Wrong("wrong-value", message, *FORMULA_HINTS)
    _judge_single(answers)
    perfect = np.abs(_array(answers, "perfect")).max()
    if not perfect <= 1e-6:  # so little is left over where float32 adds and subtracts
        message = f"A perfect reconstruction has an error of {perfect:.3g} instead of 0."
        raise Wrong("perfect-costs", message, *FORMULA_HINTS)
    if not same(error, right, 1e-5):
        _refuse_inexact(error, right)
    return f"One mean squared error for each image: {', '.join(f'{e:.3f}' for e in error[:3])}, ..."


def _array(answers, name):
    """One of the answers, if it is an array of numbers."""
    error = answers[name]
    if answers[f"{name} changed"]:
        raise Wrong(
            "arrays-changed",
            "Your function changes the arrays it is given.",
            "Other cells still need them.",
            "Which of your lines writes into an array instead of making a new one?",
        )
    return require_array(error)


def _judge_single(answers):
    """One image alone must not lose its axis."""
    try:
        error = _array(answers, "single")
    except Raised as raised:
        message = f"It works for 5 images, but not for a single one, of shape (1, 28, 28): {raised.message}"
        raise Wrong("squeezed", message, *SINGLE_HINTS) from None
    if error.shape != (1,):
        message = f"For a single image you return the shape {error.shape}; (1,) is wanted."
        raise Wrong("squeezed", message, *SINGLE_HINTS)


def _refuse_inexact(error, right):
    worst = int(np.argmax(np.abs(error - right)))
    raise Wrong(
        "inexact",
        f"For image {worst} of {len(right)}, counted from 0, you get {error[worst]:.7f} where {right[worst]:.7f} is "
        "expected: near, but not near enough.",
        "Two images may differ in their errors by less than that.",
        "Do you round somewhere, or divide by another number than that of the pixels?",
    )


def _refuse_shape(error, right):
    if error.shape == right.shape:
        return
    if error.ndim == 0:
        message = f"You return one number, {float(error):.4g}, for all {len(right)} images."
        raise Wrong("one-number", message, *MEAN_HINTS)
    message = f"For {len(right)} images you return the shape {error.shape}; ({len(right)},) is wanted."
    raise Wrong("wrong-shape", message, *MEAN_HINTS)


# ----- the usual mistakes, for images x, reconstructions y and their difference d, float64 (5, 28, 28) -----

PIXELS = (1, 2)


def _cross_entropy(x, y, d):
    y = np.clip(y, 1e-7, 1 - 1e-7)
    return -np.mean(x * np.log(y) + (1 - x) * np.log(1 - y), PIXELS)


def _mse(d):
    return np.mean(d**2, PIXELS)


_LEFT = "You average over images and {}: one number for each {} is left."
_AXIS = "You average over {} only; 5 times 28 numbers are left."
_SORTED = "The errors are sorted: it is lost which image each belongs to."
_SHIFTED = "The errors are right, but each stands one place too {}."
_PAIRS = "You compare images with the reconstructions of other images."
_INK = "Only pixels with ink are counted; a reconstruction can be wrong where the image is black, too."
_EACH = "You square image and reconstruction before you subtract; it is the difference that is to be squared."
_CANCELS = "Errors above and below cancel out: nothing is squared."
_MEAN_OFF = "the mean difference of an image is taken off first."
_FACTOR = "Your errors are 65,025 times too {}: the images are in 0 to 1 already."

MISTAKES = mistakes(
    MEAN_HINTS,
    ("one-number", "You return one number, {seen}, for all 5 images.", lambda x, y, d: np.mean(d**2)),
    ("one-number", "You return one number, the sum of all squared errors.", lambda x, y, d: np.sum(d**2)),
    ("summed", "You add up the squared errors of an image; take their mean.", lambda x, y, d: np.sum(d**2, PIXELS)),
    (
        "averaged-over-images",
        "You average over the images: one number for each pixel is left.",
        lambda x, y, d: np.mean(d**2, 0),
    ),
    ("wrong-axis", _LEFT.format("rows", "column"), lambda x, y, d: np.mean(d**2, (0, 1))),
    ("wrong-axis", _LEFT.format("columns", "row"), lambda x, y, d: np.mean(d**2, (0, 2))),
    ("not-averaged", "You return the squared error of each pixel, not their mean.", lambda x, y, d: d**2),
    ("one-axis", _AXIS.format("rows"), lambda x, y, d: np.mean(d**2, 1)),
    ("one-axis", _AXIS.format("columns"), lambda x, y, d: np.mean(d**2, 2)),
    ("extra-dimension", "The values are right, but the shape is (5, 1), not (5,).", lambda x, y, d: _mse(d)[:, None]),
    ("extra-dimension", "The shape is (5, 1, 1), not (5,).", lambda x, y, d: _mse(d)[:, None, None]),
    ("divided-by-images", "You divide by the number of images (5), not of pixels.", lambda x, y, d: _mse(d) * 784 / 5),
    ("divided-by-rows", "You divide by 28, the number of rows, not of pixels (784).", lambda x, y, d: _mse(d) * 28),
    (
        "divided-by-ink",
        "You divide by the pixels with ink.",
        lambda x, y, d: np.sum(d**2, PIXELS) / (x > 0).sum(PIXELS),
    ),
    ("only-ink", _INK, lambda x, y, d: np.mean(d**2, PIXELS, where=x > 0)),
    ("maximum", "This is the largest squared error of each image.", lambda x, y, d: np.max(d**2, PIXELS)),
    ("median", "This is the median, not the mean.", lambda x, y, d: np.median(d**2, PIXELS)),
    ("order-changed", _SORTED, lambda x, y, d: np.sort(_mse(d))),
    ("order-changed", _SORTED, lambda x, y, d: np.sort(_mse(d))[::-1]),
    ("order-changed", "The errors are right, but the last image comes first.", lambda x, y, d: _mse(d)[::-1]),
    ("order-changed", _SHIFTED.format("late"), lambda x, y, d: np.roll(_mse(d), 1)),
    ("order-changed", _SHIFTED.format("early"), lambda x, y, d: np.roll(_mse(d), -1)),
    ("pairs-mixed", _PAIRS, lambda x, y, d: _mse(x - np.roll(y, 1, axis=0))),
    ("pairs-mixed", _PAIRS, lambda x, y, d: _mse(x - np.roll(y, -1, axis=0))),
    ("pairs-mixed", _PAIRS, lambda x, y, d: _mse(x - y[::-1])),
    ("pairs-mixed", _PAIRS, lambda x, y, d: _mse(x - y[0])),
    ("pairs-mixed", _PAIRS, lambda x, y, d: _mse(x[0] - y)),
) + mistakes(
    FORMULA_HINTS,
    ("absolute", "This is the mean absolute error: nothing is squared.", lambda x, y, d: np.mean(np.abs(d), PIXELS)),
    ("root", "This is the root of the mean squared error: one step too many.", lambda x, y, d: np.sqrt(_mse(d))),
    ("root", "This is the length of the difference: the root of the sum.", lambda x, y, d: 28 * np.sqrt(_mse(d))),
    ("negative", "The values are right but for their sign: an error cannot be below 0.", lambda x, y, d: -_mse(d)),
    ("not-squared", _CANCELS, lambda x, y, d: np.mean(d, PIXELS)),
    ("not-squared", _CANCELS, lambda x, y, d: np.mean(-d, PIXELS)),
    ("not-squared", "The difference is doubled, not squared.", lambda x, y, d: np.mean(2 * d, PIXELS)),
    ("squared-too-late", "You square the mean: errors have cancelled out.", lambda x, y, d: np.mean(d, PIXELS) ** 2),
    ("squared-too-soon", "Only the reconstruction is squared.", lambda x, y, d: np.mean(x - y**2, PIXELS)),
    ("squared-too-soon", _EACH, lambda x, y, d: np.mean(x**2 - y**2, PIXELS)),
    ("variance", f"This is the variance: {_MEAN_OFF}", lambda x, y, d: np.var(d, PIXELS)),
    ("variance", f"This is the standard deviation: {_MEAN_OFF}", lambda x, y, d: np.std(d, PIXELS)),
    ("halved", "Your errors are half of what they should be.", lambda x, y, d: _mse(d) / 2),
    ("scaled-to-255", _FACTOR.format("large"), lambda x, y, d: _mse(255 * d)),
    ("scaled-down", _FACTOR.format("small"), lambda x, y, d: _mse(d / 255)),
    ("cross-entropy", "This is the cross-entropy; the squared error is wanted.", _cross_entropy),
)
