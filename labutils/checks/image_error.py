"""Judges exercise 5.2: how far off each reconstruction is."""

import numpy as np

from labutils.checks.reconstruction import SINGLE_HINTS
from labutils.checks.student import kind_of, returned
from labutils.checks.verdict import Raised, Suspect, Wrong, accuse, same

MEAN_HINTS = (
    "One number for each image: how far off are its pixels, on average?",
    "Of the axes of the array, one counts images, the others pixels. Over which do you take the mean?",
)
FORMULA_HINTS = (
    "Mean, squared, error: three words, three steps. Which comes first?",
    "Try it on two numbers: an image (0, 1) and its reconstruction (0, 0.5).",
)


def reconstruction_error(student):
    """Judge ``reconstruction_error(images, reconstructions)``; returns what to say when it is right."""
    rng = np.random.default_rng(10)
    # Half of an image is black, and each has its own brightness: so it shows which pixels count, and what is compared.
    brightness = np.array([[0.8, 0.4, 1, 0.2, 0.6], [0.5, 0.9, 0.3, 0.7, 0.1]], np.float32)
    images, pictures = rng.random((2, 5, 28, 28), dtype=np.float32) * brightness[..., None, None]
    images[rng.random(images.shape) < 0.5] = 0
    error = _error_of(student, images, pictures)
    difference = images.astype(np.float64) - pictures
    right = np.mean(difference**2, axis=(1, 2))
    if not same(error, right, 1e-3):
        accuse(error, _usual_mistakes(images, pictures, difference), 1e-3)
        _refuse_shape(error, right)
        if same(error, right, 6e-3):  # two decimal places
            _refuse_inexact(error, right)
        worst = int(np.argmax(np.abs(error - right)))
        message = (
            f"For image {worst} of {len(right)}, counted from 0, you get {error[worst]:.4f} where {right[worst]:.4f} "
            "is expected."
        )
        raise Wrong("wrong-value", message, *FORMULA_HINTS)
    _judge_single(student, images[:1], pictures[:1])
    perfect = np.abs(_error_of(student, images, images)).max()
    if not perfect <= 1e-6:  # so little is left over where float32 adds and subtracts
        message = f"A perfect reconstruction has an error of {perfect:.3g} instead of 0."
        raise Wrong("perfect-costs", message, *FORMULA_HINTS)
    if not same(error, right, 1e-5):
        _refuse_inexact(error, right)
    return f"One mean squared error for each image: {', '.join(f'{e:.3f}' for e in error[:3])}, ..."


def _judge_single(student, image, picture):
    """One image alone: it must not lose its axis."""
    try:
        error = _error_of(student, image, picture)
    except Raised as raised:
        message = f"It works for 5 images, but not for a single one, of shape {image.shape}: {raised.message}"
        raise Wrong("squeezed", message, *SINGLE_HINTS) from None
    if error.shape != (1,):
        message = f"For a single image you return the shape {error.shape}; (1,) is wanted."
        raise Wrong("squeezed", message, *SINGLE_HINTS)


def _error_of(student, images, pictures):
    copies = images.copy(), pictures.copy()
    error = student(*copies)
    if not (np.array_equal(copies[0], images) and np.array_equal(copies[1], pictures)):
        message = "Your function changes the arrays it is given."
        hints = (
            "Whoever called you still needs them.",
            "Which of your lines writes into an array instead of making a new one?",
        )
        raise Wrong("arrays-changed", message, *hints)
    returned(error)
    if isinstance(error, (list, tuple, dict)):
        message = f"You return {kind_of(error)} of {len(error)}; an array of shape ({len(images)},) is wanted."
        raise Wrong(
            "not-an-array", message, "The next cell sorts the errors and draws them, as NumPy does it.", MEAN_HINTS[0]
        )
    if np.asarray(error).dtype.kind not in "fiub":
        what = f"{np.asarray(error).dtype} values" if hasattr(error, "shape") else kind_of(error)
        message = f"You return {what}; an array of {len(images)} numbers is wanted."
        raise Wrong("not-an-array", message, *MEAN_HINTS)
    return np.asarray(error)


def _usual_mistakes(images, pictures, difference):
    squared, right = difference**2, np.mean(difference**2, axis=(1, 2))
    pixels, count = (1, 2), len(images)
    clipped = np.clip(pictures, 1e-7, 1 - 1e-7)
    entropy = -(images * np.log(clipped) + (1 - images) * np.log(1 - clipped))
    ink = images > 0
    others = np.roll(pictures, 1, axis=0), np.roll(pictures, -1, axis=0), pictures[::-1], pictures[0]
    mixed = [*((images, other) for other in others), (images[0], pictures)]
    cancels = "Errors above and below cancel out: nothing is squared."
    each = "You square image and reconstruction before you subtract; it is the difference that is to be squared."
    is_sorted = "The errors are sorted: nobody knows any more whose they are."
    only_ink = "Only pixels with ink are counted; a reconstruction can be wrong where the image is black, too."
    pairs = "You compare images with the reconstructions of other images."
    by_mean = [
        (right.mean(), "one-number", f"You return one number, {right.mean():.4f}, for all {count} images."),
        (squared.sum(), "one-number", f"You return one number for all {count} images: the sum of all squared errors."),
        (squared.sum(pixels), "summed", "You add up the squared errors of an image instead of taking their mean."),
        (squared.mean(0), "averaged-over-images", "You average over the images: one number for each pixel is left."),
        (squared.mean((0, 1)), "wrong-axis", "You average over images and rows: one number for each column is left."),
        (squared.mean((0, 2)), "wrong-axis", "You average over images and columns: one number for each row is left."),
        (squared, "not-averaged", "You return the squared error of each pixel, not their mean."),
        (squared.mean(1), "one-axis", f"You average over rows only; {count} times 28 numbers are left."),
        (squared.mean(2), "one-axis", f"You average over columns only; {count} times 28 numbers are left."),
        (
            right[:, None],
            "extra-dimension",
            f"The values are right, but the shape is ({count}, 1); ({count},) is wanted.",
        ),
        (right[:, None, None], "extra-dimension", f"The values are right, but the shape is ({count}, 1, 1)."),
        (
            squared.sum(pixels) / count,
            "divided-by-images",
            f"You divide by the number of images ({count}), not of pixels (784).",
        ),
        (squared.sum(pixels) / 28, "divided-by-rows", "You divide by 28, the number of rows, not of pixels (784)."),
        (squared.sum(pixels) / ink.sum(pixels), "divided-by-ink", "You divide by the pixels with ink, not by all 784."),
        (np.mean(squared, pixels, where=ink), "only-ink", only_ink),
        (squared.max(pixels), "maximum", "This is the largest squared error of each image, not the mean."),
        (np.median(squared, pixels), "median", "This is the median, not the mean."),
        (np.sort(right), "order-changed", is_sorted),
        (np.sort(right)[::-1], "order-changed", is_sorted),
        (right[::-1], "order-changed", "The errors are right, but the last image comes first."),
        (np.roll(right, 1), "order-changed", "The errors are right, but each stands one place too late."),
        (np.roll(right, -1), "order-changed", "The errors are right, but each stands one place too early."),
        *((np.mean((image - picture) ** 2, pixels), "pairs-mixed", pairs) for image, picture in mixed),
    ]
    by_formula = [
        (np.abs(difference).mean(pixels), "absolute", "This is the mean absolute error: nothing is squared."),
        (np.sqrt(right), "root", "This is the root of the mean squared error: one step too many."),
        (np.sqrt(squared.sum(pixels)), "root", "This is the length of the difference: the root of the sum."),
        (-right, "negative", "The values are right but for their sign: an error cannot be below 0."),
        (difference.mean(pixels), "not-squared", cancels),
        (-difference.mean(pixels), "not-squared", cancels),
        (2 * difference.mean(pixels), "not-squared", "The difference is doubled, not squared."),
        (
            difference.mean(pixels) ** 2,
            "squared-too-late",
            "You square after taking the mean: errors have cancelled out.",
        ),
        (
            np.mean(images - pictures**2, pixels),
            "squared-too-soon",
            "Only the reconstruction is squared in your formula.",
        ),
        (np.mean(images**2 - pictures**2, pixels), "squared-too-soon", each),
        (
            difference.var(pixels),
            "variance",
            "This is the variance: the mean difference of an image is taken off first.",
        ),
        (difference.std(pixels), "variance", "This is the standard deviation: the mean difference is taken off first."),
        (right / 2, "halved", "Your errors are half of what they should be."),
        (
            right * 255**2,
            "scaled-to-255",
            "Your errors are 65,025 times too large: the images are in 0 to 1 already.",
        ),
        (right / 255**2, "scaled-down", "Your errors are 65,025 times too small: the images are in 0 to 1 already."),
        (entropy.mean(pixels), "cross-entropy", "This is the cross-entropy; the squared error is wanted."),
    ]
    return [
        Suspect(*row, hints) for rows, hints in ((by_mean, MEAN_HINTS), (by_formula, FORMULA_HINTS)) for row in rows
    ]


def _refuse_inexact(error, right):
    worst = int(np.argmax(np.abs(error - right)))
    message = (
        f"For image {worst} of {len(right)}, counted from 0, you get {error[worst]:.7f} where {right[worst]:.7f} is "
        "expected: near, but not near enough."
    )
    raise Wrong(
        "inexact",
        message,
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
