"""Judges exercise 3.1: the mean binary cross-entropy of two arrays."""

import numpy as np

from labutils.checks.student import kind_of, returned
from labutils.checks.verdict import Suspect, Wrong, accuse, same

FORMULA_HINTS = (
    "For each pixel two questions are asked: how surprised are we by its ink, and how surprised by its paper?",
    "Say the formula aloud, term by term, and point at the place in your code: which logarithm, of what, times what?",
)
MEAN_HINTS = (
    "The loss is one number: what a pixel costs on average.",
    "Over which of the axes of the array does your last step go?",
)
LOGARITHM_HINTS = (
    "Logarithms differ by their base, and a loss in another base is the same thing in another unit.",
    "Which logarithm do Keras and the text above use?",
)
CALL_HINTS = (
    "What you return can work out a loss, but nobody has asked it to yet.",
    "A class in front of brackets makes an object, and what is in them are its settings. How does that object get to "
    "see target and output?",
)
IMAGE_HINTS = (
    "The mean goes over all pixels of all images.",
    "Is there a `return` inside a loop, or an index that picks one image?",
)
BRACKET_HINTS = (
    "Python multiplies before it subtracts, and a function takes only what stands in its brackets.",
    "Follow each opening bracket to the one that closes it: what stands between the two?",
)
INPUT_HINTS = (
    "A loss compares: a better output has to cost less than a worse one.",
    "Print the smallest and the largest number that goes into each of your logarithms: are they still the output's?",
)
INSIDE_HINTS = (
    "The logarithm of 0 is infinite and that of less is not a number, and these outputs are all above 0 and below 1.",
    "Print the smallest number that goes into each of your logarithms: which of your lines made it so small?",
)
EDGE_HINTS = (
    "The logarithm of 0 is not a number. An output can be exactly 0 or exactly 1.",
    "Keep the output a tiny step away from both ends before you take logarithms. How tiny may it be, so that float32 "
    "still sees a difference from 1?",
)


def pixel_cross_entropy(student):
    """Judge ``pixel_cross_entropy(target, output)``; returns what to say when it is right."""
    rng = np.random.default_rng(4)
    darkness = np.linspace(0.3, 1, 6)[:, None]  # no image is like another, nor is ink as frequent as paper
    target, output = darkness * rng.random((6, 784)), rng.uniform(0.05, 0.9, (6, 784))
    loss = _loss_of(student, target, output)
    right = _cross_entropy(target, output)
    if not same(loss, right, 1e-3):
        accuse(loss, _usual_mistakes(target, output), 1e-4)
        _refuse_output_ignored(student, target, output, loss)
        _refuse_value(loss, right)
    _require_any_shape(student, rng)
    _require_edges(student)
    return f"The mean over all pixels, finite everywhere: {loss:.4f} where {right:.4f} is expected."


def _loss_of(student, target, output):
    """The student's loss as one number; makes sure that it leaves the arrays alone."""
    copies = target.copy(), output.copy()
    loss = student(*copies)
    if not (np.array_equal(copies[0], target) and np.array_equal(copies[1], output)):
        raise Wrong(
            "arrays-changed",
            "Your function changes the arrays it is given; whoever called it still needs them.",
            "A measurement leaves what it measures alone.",
            "Which of your lines writes into an array instead of making a new one?",
        )
    returned(loss)
    try:
        if np.asarray(loss).dtype.kind not in "fiub":
            raise TypeError
        numbers = np.asarray(loss, np.float64)
    except (TypeError, ValueError):
        message = f"You return {kind_of(loss)}; one number is wanted."
        raise Wrong("not-a-number", message, *(CALL_HINTS if callable(loss) else MEAN_HINTS)) from None
    if numbers.shape == ():
        return float(numbers)
    if numbers.shape == target.shape:
        message = f"You return an array of shape {numbers.shape}: the loss of each pixel, not their mean."
        raise Wrong("not-averaged", message, *MEAN_HINTS)
    if numbers.shape == target.shape[:1]:
        message = f"You return {len(numbers)} numbers, one for each image; one for all is wanted."
        raise Wrong("one-per-image", message, *MEAN_HINTS)
    what, hints = f"an array of shape {numbers.shape}", MEAN_HINTS
    if numbers.size == 1:  # a comma too many makes a tuple
        what = kind_of(loss) if isinstance(loss, (list, tuple)) else what
        hints = (MEAN_HINTS[0], "There is something around your number: which bracket, comma or option puts it there?")
    raise Wrong("wrong-shape", f"You return {what}; one number is wanted.", *hints)


def _cross_entropy(target, output, logarithm=np.log):
    return -np.mean(target * logarithm(output) + (1 - target) * logarithm(1 - output))


def _usual_mistakes(t, o):
    """What the usual mistakes make of target ``t`` and output ``o``, both (n, 784) and inside 0..1."""
    right, log, images = _cross_entropy(t, o), np.log, len(t)
    ink, paper = -np.mean(t * log(o)), -np.mean((1 - t) * log(1 - o))
    formula, mean = FORMULA_HINTS, MEAN_HINTS
    both = f"It gives {{:.4f}} where {right:.4f} is expected."
    probabilities = o / o.sum(axis=1, keepdims=True)

    def suspect(value, code, message, hints=formula):
        return Suspect(value, code, f"{message} {both.format(value)}", hints)

    return [
        suspect(-right, "negative", "Your loss has the wrong sign: better pictures would cost more."),
        suspect(right * t.size, "summed", "You add up all pixels of all images instead of taking their mean.", mean),
        suspect(
            right * t.size / images,
            "summed-over-pixels",
            "You add up the pixels of each image; the mean is taken over the images only.",
            mean,
        ),
        suspect(
            right * images, "summed-over-images", "You add up the images; the mean is taken over the pixels only.", mean
        ),
        suspect(ink, "one-term", "Only the ink counts in your loss: a picture full of ink would cost nothing."),
        suspect(paper, "one-term", "Only the paper counts in your loss: painting nothing at all would cost nothing."),
        suspect(
            right / 2,
            "halved",
            "Your loss is half of what it should be: two terms that belong to one pixel are averaged.",
        ),
        suspect(ink - paper, "minus-between-terms", "One of your two terms is subtracted from the other."),
        suspect(paper - ink, "minus-between-terms", "One of your two terms is subtracted from the other."),
        suspect(-np.mean(t * log(o) * (1 - t) * log(1 - o)), "terms-multiplied", "Your two terms are multiplied."),
        suspect(
            -np.mean(t * log(1 - o) + (1 - t) * log(o)),
            "output-inverted",
            "Output and its counterpart are exchanged: ink is compared with paper.",
        ),
        suspect(
            -np.mean(t * log(o) + (1 - t) * log(1 - t)),
            "target-in-logarithm",
            "One of your logarithms is taken of the target; both are for the output.",
        ),
        suspect(
            -np.mean(t * log(o) + (1 - o) * log(1 - o)),
            "output-as-weight",
            "Your second term is weighed by the output; both terms are weighed by the target.",
        ),
        *(
            suspect(
                _cross_entropy(whole(t), o),
                "target-rounded",
                f"The target is turned into black and white, {how}; its greys count as they are.",
            )
            for whole, how in (
                (np.round, "by rounding"),
                (np.floor, "so that all but the very brightest is 0"),
                (np.ceil, "so that all but 0 is 1"),
            )
        ),
        *(
            suspect(
                _cross_entropy(t * (1 - s) + s / 2, o),
                "label-smoothing",
                "The targets are smoothed: pure black and white would count as mistakes.",
            )
            for s in (0.05, 0.1, 0.2)
        ),
        suspect(_cross_entropy(t[0], o[0]), "one-image", f"Only the first of {images} images counts.", IMAGE_HINTS),
        suspect(
            -np.mean(t * log(o) - o),
            "brackets",
            "Your second logarithm ends too early: it is taken of 1, and the output is subtracted from that.",
            BRACKET_HINTS,
        ),
        suspect(
            -np.mean(t * log(o) + 1 - t * log(1 - o)),
            "brackets",
            "Your second term is 1 minus a product; the difference itself is the factor.",
            BRACKET_HINTS,
        ),
        suspect(
            np.sqrt(np.mean((t - o) ** 2)),
            "squared-error",
            "This is the root of the mean squared error, not the cross-entropy.",
        ),
        suspect(
            -np.mean(t * log(o) + (1 - t) * (1 - log(o))),
            "one-minus-log",
            "Your second term takes 1 minus the logarithm, not the logarithm of 1 minus.",
        ),
        suspect(right / log(2), "base-2", "You count in bits: your logarithm has base 2.", LOGARITHM_HINTS),
        suspect(right / log(10), "base-10", "Your logarithm has base 10.", LOGARITHM_HINTS),
        suspect(_cross_entropy(t, o, np.log1p), "log1p", "You take the logarithm of 1 plus the value.", EDGE_HINTS),
        suspect(
            _cross_entropy(o, t),
            "arguments-exchanged",
            "Target and output are exchanged: the logarithm is for the output.",
        ),
        suspect(np.mean((t - o) ** 2), "squared-error", "This is the squared error, not the cross-entropy."),
        suspect(np.mean(np.abs(t - o)), "absolute-error", "This is the absolute error, not the cross-entropy."),
        suspect(
            np.mean(np.log1p(np.exp(o)) - t * o),
            "from-logits",
            "Your output is put through a sigmoid once more.",
            ("The output is a probability already.", "Which step of yours, or option, is for outputs that are not?"),
        ),
        suspect(
            right - _cross_entropy(t, t),
            "entropy-subtracted",
            "This is the cross-entropy minus that of the target with itself, the KL divergence.",
        ),
        suspect(
            -np.mean(np.sum(t * log(o), axis=1)),
            "categorical",
            "This is the loss of a classifier: only the ink counts, added up over the pixels.",
        ),
        suspect(
            -np.mean(np.sum(t * log(probabilities), axis=1)),
            "categorical",
            "This is the loss of a classifier: the pixels compete for one sum of 1.",
        ),
        *(
            suspect(
                _cross_entropy(t, np.clip(o, e, 1 - e)),
                "epsilon-too-large",
                "You cut off too much at both ends, so ordinary outputs are changed.",
                EDGE_HINTS,
            )
            for e in (0.05, 0.1, 0.2)
        ),
        *(
            suspect(
                -np.mean(t * log(o + e) + (1 - t) * log(1 - o + e)),
                "inexact",
                "What you add inside the logarithms is too much, so ordinary outputs are changed.",
                EDGE_HINTS,
            )
            for e in (0.01, 0.001)
        ),
    ]


def _refuse_output_ignored(student, target, output, loss):
    if loss == _loss_of(student, target, output / 2) != _loss_of(student, target / 2, output):
        message = f"Your loss is {loss:.4f} whatever the output is: it depends on the target only."
        raise Wrong("output-ignored", message, *INPUT_HINTS)


def _refuse_value(loss, right):
    if not np.isfinite(loss):
        raise Wrong("not-finite", f"For outputs between 0.05 and 0.9 your loss is {loss}.", *INSIDE_HINTS)
    if abs(loss - right) < 0.02 * right:
        message = f"Your loss is {loss:.4f} where {right:.4f} is expected: near, but not near enough."
        raise Wrong("inexact", message, EDGE_HINTS[1], "Do you round somewhere, or add something inside the logarithm?")
    raise Wrong("wrong-value", f"Your loss is {loss:.4f} where {right:.4f} is expected.", *FORMULA_HINTS)


def _require_any_shape(student, rng):
    """Arrays of other shapes, as the text promises: one image, and images with rows and columns."""
    for shape in ((3, 28, 28), (5,), (2, 10)):
        target, output = rng.random(shape), rng.uniform(0.05, 0.9, shape)
        hints = (
            "The mean divides by as many values as there are.",
            "Is there a number such as 784, or an axis, in your code?",
        )
        try:
            loss = _loss_of(student, target, output)
        except Wrong as wrong:
            message = f"For (6, 784) it works, but for arrays of shape {shape}: {wrong.message}"
            raise Wrong("only-one-shape", message, *hints) from None
        right = _cross_entropy(target, output)
        if not same(loss, right, 1e-3):
            message = f"For (6, 784) it is right; for arrays of shape {shape} it gives {loss:.4f}, not {right:.4f}."
            raise Wrong("only-one-shape", message, *hints)


def _require_edges(student):
    """Outputs of exactly 0 and 1: nothing to pay where they are right, much but finite where they are wrong."""
    for kind in (np.float64, np.float32):
        ends = np.array([[0.0, 1.0, 1.0, 0.0]], kind)
        perfect, opposite = _loss_of(student, ends, ends), _loss_of(student, ends, 1 - ends)
        for name, loss in (("where the target is the same", perfect), ("where the target is the opposite", opposite)):
            if not np.isfinite(loss):
                code = "not-finite" if kind is np.float64 else "epsilon-too-small"
                message = f"For outputs of exactly 0 and 1, {name}, your loss is {loss} ({kind.__name__})."
                raise Wrong(code, message, *EDGE_HINTS)
        if perfect > 0.01 or perfect < -0.01:
            message = f"A perfect output, 0 for 0 and 1 for 1, should cost nearly nothing; in your loss, {perfect:.4f}."
            raise Wrong("perfect-costs", message, *EDGE_HINTS)
        if not 2 < opposite < 1000:
            message = (
                f"An output of 0 where the target is 1 costs {opposite:.4g} in your loss; it should cost much, but "
                "not more than all others together."
            )
            raise Wrong("mistake-hidden", message, "Where is nan or inf replaced, and by what?", EDGE_HINTS[1])
