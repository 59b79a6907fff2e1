"""Exercise 3.1: the mean binary cross-entropy of two arrays."""

import numpy as np

from labutils.asking import rng
from labutils.exercises import Exercise
from labutils.judging import Thing, Wrong, kind_of, mistakes, require_returned, same
from labutils.judging.cross_entropy import (
    EDGE_HINTS,
    absolute_error,
    classifier_loss,
    cross_entropy,
    from_logits,
    smoothed,
    squared_error,
)

EXERCISE = Exercise(
    number="3.1",
    signature="pixel_cross_entropy(target, output)",
    check="pixel_cross_entropy",
    reference="labutils.metrics",
)

MANY = "many", "other output", "other target"
SHAPES = (3, 28, 28), (5,), (2, 10)  # besides (6, 784): images with rows and columns, one image
KINDS = "float64", "float32"


def questions(seed):
    """Pairs of target and output in 0..1, by name.

    In the first no image is like another, nor is ink as frequent as paper; in the last all pixels are exactly 0 or 1.
    """
    random, darkness = rng(seed), np.linspace(0.3, 1, 6)[:, None]
    target, output = darkness * random.random((6, 784)), random.uniform(0.05, 0.9, (6, 784))
    pairs = dict(zip(MANY, [(target, output), (target, output / 2), (target / 2, output)], strict=True))
    for shape in SHAPES:
        gamma = random.uniform(0.2, 5)  # some dark, some bright, so that no one number is near to all losses
        pairs[str(shape)] = random.random(shape) ** gamma, random.uniform(0.05, 0.9, shape)
    for kind in KINDS:
        ends = np.array([[0, 1, 1, 0]], kind)
        pairs |= {f"perfect {kind}": (ends, ends), f"opposite {kind}": (ends, 1 - ends)}
    return pairs


def ask(student, seed):
    for name, (target, output) in questions(seed).items():
        copies = target.copy(), output.copy()
        student.answer(name, *copies)
        student.note(f"{name} changed", not (np.array_equal(copies[0], target) and np.array_equal(copies[1], output)))


# ----- judging -----

FORMULA_HINTS = (
    "For each pixel two questions are asked: how surprised are we by its ink, and how surprised by its paper?",
    "Say the formula aloud, term by term, and point at the place in your code: which logarithm, of what, times what?",
)
MEAN_HINTS = (
    "The loss is one number: what a pixel costs on average.",
    "Over which of the axes of the array does your last step go?",
)
CALL_HINTS = (
    "What you return can work out a loss, but nobody has asked it to yet.",
    "A class in front of brackets makes an object, and what is in them are its settings. How does that object get to "
    "see target and output?",
)
INPUT_HINTS = (
    "A loss compares: a better output has to cost less than a worse one.",
    "Print the smallest and the largest number that goes into each of your logarithms: are they still the output's?",
)
INSIDE_HINTS = (
    "The logarithm of 0 is infinite and that of less is not a number, and these outputs are all above 0 and below 1.",
    "Print the smallest number that goes into each of your logarithms: which of your lines made it so small?",
)
SHAPE_HINTS = (
    "The mean divides by as many values as there are.",
    "Is there a number such as 784, or an axis, in your code?",
)


def judge(answers, seed):
    asked = questions(seed)
    many = [asked[name] for name in MANY]
    losses = [_loss(answers, name, target) for name, (target, _) in zip(MANY, many, strict=True)]
    rights = [cross_entropy(*pair) for pair in many]
    right = rights[0]
    if not same(losses, rights, 2e-4):
        for mistake in MISTAKES:
            if same(losses, [mistake.wrong(*pair) for pair in many]):
                message = f"{mistake.message} It gives {losses[0]:.4f} where {right:.4f} is expected."
                raise Wrong(mistake.code, message, *mistake.hints)
        _refuse_loss(losses, right)
    for shape in map(str, SHAPES):
        _require_right(answers, shape, *asked[shape])
    for kind in KINDS:
        _require_edges(answers, kind, asked)
    return f"The mean over all pixels, finite everywhere: {losses[0]:.4f} where {right:.4f} is expected."


def _loss(answers, name, target):
    """The loss of one pair, as one number."""
    loss = answers[name]
    if answers[f"{name} changed"]:
        raise Wrong(
            "arrays-changed",
            "Your function changes the arrays it is given, and the code that called it still needs them.",
            "A measurement leaves what it measures alone.",
            "Which of your lines writes into an array instead of making a new one?",
        )
    require_returned(loss)
    is_list = isinstance(loss, Thing) and loss.type in ("list", "tuple")
    if isinstance(loss, Thing | str) and not is_list:
        hints = CALL_HINTS if isinstance(loss, Thing) and loss.length is None else MEAN_HINTS
        raise Wrong("not-a-number", f"You return {kind_of(loss)}; one number is wanted.", *hints)
    shape = (loss.length,) if is_list else np.shape(loss)
    if shape == ():
        return float(loss)
    if shape == target.shape:
        message = f"You return an array of shape {shape}: the loss of each pixel, not their mean."
        raise Wrong("not-averaged", message, *MEAN_HINTS)
    if shape == target.shape[:1]:
        message = f"You return {len(target)} numbers, one for each image; one for all is wanted."
        raise Wrong("one-per-image", message, *MEAN_HINTS)
    hints = MEAN_HINTS
    if np.prod(shape, dtype=float) == 1:  # one comma too many makes a tuple
        hints = (MEAN_HINTS[0], "There is something around your number: which bracket, comma or option puts it there?")
    what = kind_of(loss) if is_list else f"an array of shape {shape}"
    raise Wrong("wrong-shape", f"You return {what}; one number is wanted.", *hints)


def _refuse_loss(losses, right):
    """Raise ``Wrong`` for what none of the usual mistakes explains."""
    loss, with_other_output, with_other_target = losses
    if loss == with_other_output != with_other_target:
        message = f"Your loss is {loss:.4f} whatever the output is: it depends on the target only."
        raise Wrong("output-ignored", message, *INPUT_HINTS)
    if not np.isfinite(loss):
        raise Wrong("not-finite", f"For outputs between 0.05 and 0.9 your loss is {loss}.", *INSIDE_HINTS)
    message = f"Your loss is {loss:.4f} where {right:.4f} is expected"
    if abs(loss - right) < 0.02 * right:
        hint = "Do you round somewhere, or add something inside the logarithm?"
        raise Wrong("inexact", f"{message}: near, but not near enough.", EDGE_HINTS[1], hint)
    raise Wrong("wrong-value", f"{message}.", *FORMULA_HINTS)


def _require_right(answers, shape, target, output):
    """Arrays of another shape, as the text promises."""
    try:
        loss = _loss(answers, shape, target)
    except Wrong as wrong:
        message = f"For (6, 784) it works, but for arrays of shape {shape}: {wrong.message}"
        raise Wrong("only-one-shape", message, *SHAPE_HINTS) from None
    right = cross_entropy(target, output)
    if not same(loss, right, 1e-3):
        message = f"For (6, 784) it is right; for arrays of shape {shape} it gives {loss:.4f}, not {right:.4f}."
        raise Wrong("only-one-shape", message, *SHAPE_HINTS)


def _require_edges(answers, kind, asked):
    """Outputs of exactly 0 and 1: next to nothing to pay where they are right, much but finite where they are wrong."""
    names = f"perfect {kind}", f"opposite {kind}"
    perfect, opposite = (_loss(answers, name, asked[name][0]) for name in names)
    for where, loss in (("the same", perfect), ("the opposite", opposite)):
        if not np.isfinite(loss):
            code = "not-finite" if kind == "float64" else "epsilon-too-small"
            message = f"For outputs of exactly 0 and 1, where the target is {where}, your loss is {loss} ({kind})."
            raise Wrong(code, message, *EDGE_HINTS)
    if abs(perfect) > 0.01:
        message = f"A perfect output, 0 for 0 and 1 for 1, should cost nearly nothing; in your loss, {perfect:.4f}."
        raise Wrong("perfect-costs", message, *EDGE_HINTS)
    if not 2 < opposite < 1000:
        message = f"An output of 0 where the target is 1 costs {opposite:.4g} in your loss; it should cost much, "
        message += "but not more than all others together."
        raise Wrong("mistake-hidden", message, "Where is nan or inf replaced, and by what?", EDGE_HINTS[1])


# ----- the usual mistakes, for targets t and outputs o, float64 (6, 784), in 0..1; outputs not at the very ends -----


def _ink(t, o):
    return -np.mean(t * np.log(o))


def _paper(t, o):
    return -np.mean((1 - t) * np.log(1 - o))


def _with_target(changed):
    return lambda t, o: cross_entropy(changed(t), o)


def _cut_off(share):
    return lambda t, o: cross_entropy(t, np.clip(o, share, 1 - share))


def _with_added(tiny):
    return lambda t, o: -np.mean(t * np.log(o + tiny) + (1 - t) * np.log(1 - o + tiny))


_SUBTRACTED = "One of your two terms is subtracted from the other."
_ROUNDED = "The target is turned into black and white, {}; its greys count as they are."
_SMOOTHED = "The targets are smoothed: pure black and white would count as mistakes."
_CUT_OFF = "You cut off too much at both ends, so that ordinary outputs are changed."
_ADDED = "What you add inside the logarithms is too much, so that ordinary outputs are changed."
_BRACKET = "Your second logarithm ends too early: it is taken of 1, and the output is subtracted from that."
_WEIGHT = "Your second term is weighted by the output; both terms are weighted by the target."
_INVERTED = "Output and its counterpart are exchanged: ink is compared with paper."
_HALVED = "Your loss is half of what it should be: two terms that belong to one pixel are averaged."
_DIVERGENCE = "This is the cross-entropy minus that of the target with itself, the KL divergence."
_ONE_MINUS = "Your second term takes 1 minus the logarithm, not the logarithm of 1 minus."
_PER_IMAGE = "You add up the pixels of each image; the mean is taken over the images only."
_PER_PIXEL = "You add up the images; the mean is taken over the pixels only."

MISTAKES = [
    *mistakes(
        FORMULA_HINTS,
        ("negative", "The sign is wrong: better pictures would cost more.", lambda t, o: -cross_entropy(t, o)),
        ("one-term", "Only the ink counts: a picture full of ink would cost nothing.", _ink),
        ("one-term", "Only the paper counts: painting nothing at all would cost nothing.", _paper),
        ("halved", _HALVED, lambda t, o: cross_entropy(t, o) / 2),
        ("minus-between-terms", _SUBTRACTED, lambda t, o: _ink(t, o) - _paper(t, o)),
        ("minus-between-terms", _SUBTRACTED, lambda t, o: _paper(t, o) - _ink(t, o)),
        (
            "terms-multiplied",
            "Your two terms are multiplied.",
            lambda t, o: -np.mean(t * np.log(o) * (1 - t) * np.log(1 - o)),
        ),
        ("output-inverted", _INVERTED, lambda t, o: cross_entropy(t, 1 - o)),
        (
            "target-in-logarithm",
            "One of your logarithms is taken of the target; both are for the output.",
            lambda t, o: -np.mean(t * np.log(o) + (1 - t) * np.log(1 - t)),
        ),
        ("output-as-weight", _WEIGHT, lambda t, o: -np.mean(t * np.log(o) + (1 - o) * np.log(1 - o))),
        ("target-rounded", _ROUNDED.format("by rounding"), _with_target(np.round)),
        ("target-rounded", _ROUNDED.format("so that all but the very brightest is 0"), _with_target(np.floor)),
        ("target-rounded", _ROUNDED.format("so that all but 0 is 1"), _with_target(np.ceil)),
        *(("label-smoothing", _SMOOTHED, smoothed(share)) for share in (0.05, 0.1, 0.2)),
        ("squared-error", "This is the squared error, not the cross-entropy.", squared_error),
        (
            "squared-error",
            "This is the root of the mean squared error, not the cross-entropy.",
            lambda t, o: np.sqrt(squared_error(t, o)),
        ),
        ("absolute-error", "This is the absolute error, not the cross-entropy.", absolute_error),
        ("one-minus-log", _ONE_MINUS, lambda t, o: -np.mean(t * np.log(o) + (1 - t) * (1 - np.log(o)))),
        (
            "arguments-exchanged",
            "Target and output are exchanged: the logarithm is for the output.",
            lambda t, o: cross_entropy(o, t),
        ),
        ("entropy-subtracted", _DIVERGENCE, lambda t, o: cross_entropy(t, o) - cross_entropy(t, t)),
        (
            "categorical",
            "This is the loss of a classifier: only the ink counts, added up over the pixels.",
            lambda t, o: -np.mean(np.sum(t * np.log(o), axis=1)),
        ),
        ("categorical", "This is the loss of a classifier: the pixels compete for a sum of 1.", classifier_loss),
    ),
    *mistakes(
        MEAN_HINTS,
        ("summed", "You add up all pixels of all images; take the mean.", lambda t, o: cross_entropy(t, o) * t.size),
        ("summed-over-pixels", _PER_IMAGE, lambda t, o: cross_entropy(t, o) * 784),
        ("summed-over-images", _PER_PIXEL, lambda t, o: cross_entropy(t, o) * 6),
    ),
    *mistakes(
        (
            "The mean goes over all pixels of all images.",
            "Is there a `return` inside a loop, or an index that picks one image?",
        ),
        ("one-image", "Only the first of 6 images counts.", lambda t, o: cross_entropy(t[0], o[0])),
    ),
    *mistakes(
        (
            "Python multiplies before it subtracts, and a function takes only what stands in its brackets.",
            "Follow each opening bracket to the one that closes it: what stands between the two?",
        ),
        ("brackets", _BRACKET, lambda t, o: -np.mean(t * np.log(o) - o)),
        (
            "brackets",
            "Your second term is 1 minus a product; the difference itself is the factor.",
            lambda t, o: -np.mean(t * np.log(o) + 1 - t * np.log(1 - o)),
        ),
    ),
    *mistakes(
        (
            "Logarithms differ by their base, and a loss in another base is the same thing in another unit.",
            "Which logarithm do Keras and the text above use?",
        ),
        ("base-2", "You count in bits: your logarithm has base 2.", lambda t, o: cross_entropy(t, o, np.log2)),
        ("base-10", "Your logarithm has base 10.", lambda t, o: cross_entropy(t, o, np.log10)),
    ),
    *mistakes(
        ("The output is a probability already.", "Which step of yours, or option, is for outputs that are not?"),
        ("from-logits", "Your output is put through a sigmoid once more.", from_logits),
    ),
    *mistakes(
        EDGE_HINTS,
        ("log1p", "You take the logarithm of 1 plus the value.", lambda t, o: cross_entropy(t, o, np.log1p)),
        *(("epsilon-too-large", _CUT_OFF, _cut_off(share)) for share in (0.05, 0.1, 0.2)),
        *(("inexact", _ADDED, _with_added(tiny)) for tiny in (0.01, 0.001)),
    ),
]
