"""Exercise 3.1: the mean binary cross-entropy of two arrays."""

import numpy as np

from labutils.asking import rng
from labutils.exercises import Exercise
from labutils.judging import Thing, Wrong, accuse_of_all, kind_of, mistakes, require_returned, same

EXERCISE = Exercise(
    number="3.1",
    signature="pixel_cross_entropy(target, output)",
    check="pixel_cross_entropy",
    reference="labutils.metrics",
)

SHAPES = (3, 28, 28), (5,), (2, 10)  # besides (6, 784): one image, and images with rows and columns
MANY = "many", "other output", "other target"
KINDS = "float64", "float32"


def questions(seed):
    """Pairs of target and output, by name. In most no image is like another, nor is ink as frequent as paper."""
    random, darkness = rng(seed), np.linspace(0.3, 1, 6)[:, None]
    target, output = darkness * random.random((6, 784)), random.uniform(0.05, 0.9, (6, 784))
    pairs = {"many": (target, output), "other output": (target, output / 2), "other target": (target / 2, output)}
    for shape in SHAPES:
        pairs[str(shape)] = random.random(shape), random.uniform(0.05, 0.9, shape)
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
LOGITS_HINTS = (
    "The output is a probability already.",
    "Which step of yours, or option, is for outputs that are not?",
)
SHAPE_HINTS = (
    "The mean divides by as many values as there are.",
    "Is there a number such as 784, or an axis, in your code?",
)


def judge(answers, seed):
    asked = questions(seed)
    losses = [_loss(answers, name, asked) for name in MANY]
    rights = [_cross_entropy(*asked[name]) for name in MANY]
    if not same(losses, rights, 1e-4):
        accuse_of_all(losses, MISTAKES, [asked[name] for name in MANY])
        if losses[0] == losses[1] != losses[2]:
            message = f"Your loss is {losses[0]:.4f} whatever the output is: it depends on the target only."
            raise Wrong("output-ignored", message, *INPUT_HINTS)
        _refuse_value(losses[0], rights[0])
    for shape in SHAPES:
        _require_right(answers, str(shape), asked)
    for kind in KINDS:
        _require_edges(answers, kind, asked)
    return f"The mean over all pixels, finite everywhere: {losses[0]:.4f} where {rights[0]:.4f} is expected."


def _loss(answers, name, asked):
    """The answer to one of the pairs as one number."""
    target, _ = asked[name]
    loss = answers[name]
    if answers[f"{name} changed"]:
        raise Wrong(
            "arrays-changed",
            "Your function changes the arrays it is given, and other cells still need them.",
            "A measurement leaves what it measures alone.",
            "Which of your lines writes into an array instead of making a new one?",
        )
    require_returned(loss)
    items = loss.items if isinstance(loss, Thing) and loss.type in ("list", "tuple") else None
    if isinstance(loss, str) or (isinstance(loss, Thing) and items is None):
        hints = CALL_HINTS if isinstance(loss, Thing) and loss.length is None else MEAN_HINTS
        raise Wrong("not-a-number", f"You return {kind_of(loss)}; one number is wanted.", *hints)
    shape = np.shape(loss) if items is None else (loss.length,)
    if shape == ():
        return float(loss)
    if shape == target.shape:
        message = f"You return an array of shape {shape}: the loss of each pixel, not their mean."
        raise Wrong("not-averaged", message, *MEAN_HINTS)
    if shape == target.shape[:1]:
        message = f"You return {shape[0]} numbers, one for each image; one for all is wanted."
        raise Wrong("one-per-image", message, *MEAN_HINTS)
    what, hints = f"an array of shape {shape}" if items is None else kind_of(loss), MEAN_HINTS
    if np.prod(shape) == 1:  # a comma too many makes a tuple
        hints = (MEAN_HINTS[0], "There is something around your number: which bracket, comma or option puts it there?")
    raise Wrong("wrong-shape", f"You return {what}; one number is wanted.", *hints)


def _refuse_value(loss, right):
    if not np.isfinite(loss):
        raise Wrong("not-finite", f"For outputs between 0.05 and 0.9 your loss is {loss}.", *INSIDE_HINTS)
    if abs(loss - right) < 0.02 * right:
        message = f"Your loss is {loss:.4f} where {right:.4f} is expected: near, but not near enough."
        raise Wrong("inexact", message, EDGE_HINTS[1], "Do you round somewhere, or add something inside the logarithm?")
    raise Wrong("wrong-value", f"Your loss is {loss:.4f} where {right:.4f} is expected.", *FORMULA_HINTS)


def _require_right(answers, name, asked):
    """Arrays of another shape, as the text promises."""
    try:
        loss = _loss(answers, name, asked)
    except Wrong as wrong:
        message = f"For (6, 784) it works, but for arrays of shape {name}: {wrong.message}"
        raise Wrong("only-one-shape", message, *SHAPE_HINTS) from None
    right = _cross_entropy(*asked[name])
    if not same(loss, right):
        message = f"For (6, 784) it is right; for arrays of shape {name} it gives {loss:.4f}, not {right:.4f}."
        raise Wrong("only-one-shape", message, *SHAPE_HINTS)


def _require_edges(answers, kind, asked):
    """Outputs of exactly 0 and 1: nothing to pay where they are right, much but finite where they are wrong."""
    perfect, opposite = (_loss(answers, f"{which} {kind}", asked) for which in ("perfect", "opposite"))
    for where, loss in (("the same", perfect), ("the opposite", opposite)):
        if not np.isfinite(loss):
            code = "not-finite" if kind == "float64" else "epsilon-too-small"
            message = f"For outputs of exactly 0 and 1, where the target is {where}, your loss is {loss} ({kind})."
            raise Wrong(code, message, *EDGE_HINTS)
    if abs(perfect) > 0.01:
        message = f"A perfect output, 0 for 0 and 1 for 1, should cost nearly nothing; in your loss, {perfect:.4f}."
        raise Wrong("perfect-costs", message, *EDGE_HINTS)
    if not 2 < opposite < 1000:
        message = (
            f"An output of 0 where the target is 1 costs {opposite:.4g} in your loss; it should cost much, but not "
            "more than all others together."
        )
        raise Wrong("mistake-hidden", message, "Where is nan or inf replaced, and by what?", EDGE_HINTS[1])


# ----- the usual mistakes, of target t and output o, both (6, 784) and inside 0..1 -----


def _cross_entropy(t, o, logarithm=np.log):
    return -np.mean(t * logarithm(o) + (1 - t) * logarithm(1 - o))


def _ink(t, o):
    return -np.mean(t * np.log(o))


def _paper(t, o):
    return -np.mean((1 - t) * np.log(1 - o))


def _smoothed(share):
    words = "It gives {seen}: the targets are smoothed, so pure black and white would count as mistakes."
    return "label-smoothing", words, lambda t, o: _cross_entropy(t * (1 - share) + share / 2, o)


def _whole(function, how):
    words = f"It gives {{seen}}: the target is turned into black and white, {how}; its greys count as they are."
    return "target-rounded", words, lambda t, o: _cross_entropy(function(t), o)


def _cut(share):
    words = "It gives {seen}: you cut off too much at both ends, so ordinary outputs are changed."
    return "epsilon-too-large", words, lambda t, o: _cross_entropy(t, np.clip(o, share, 1 - share))


def _added(e):
    words = "It gives {seen}: what you add inside the logarithms is too much, so ordinary outputs are changed."
    return "inexact", words, lambda t, o: -np.mean(t * np.log(o + e) + (1 - t) * np.log(1 - o + e))


def _subtracted(sign):
    words = "It gives {seen}: one of your two terms is subtracted from the other."
    return "minus-between-terms", words, lambda t, o: sign * (_ink(t, o) - _paper(t, o))


_CLASSIFIER = "It gives {{seen}}: this is the loss of a classifier, where {}."

MISTAKES = [
    *mistakes(
        FORMULA_HINTS,
        ("negative", "It gives {seen}: better pictures would cost more.", lambda t, o: -_cross_entropy(t, o)),
        ("one-term", "It gives {seen}: only the ink counts; a picture full of ink would cost nothing.", _ink),
        ("one-term", "It gives {seen}: only the paper counts; painting nothing at all would cost nothing.", _paper),
        (
            "halved",
            "It gives {seen}, half of what it should be: two terms that belong to one pixel are averaged.",
            lambda t, o: _cross_entropy(t, o) / 2,
        ),
        _subtracted(1),
        _subtracted(-1),
        (
            "terms-multiplied",
            "It gives {seen}: your two terms are multiplied.",
            lambda t, o: -np.mean(t * np.log(o) * (1 - t) * np.log(1 - o)),
        ),
        (
            "output-inverted",
            "It gives {seen}: output and its counterpart are exchanged, ink is compared with paper.",
            lambda t, o: _cross_entropy(t, 1 - o),
        ),
        (
            "target-in-logarithm",
            "It gives {seen}: one of your logarithms is taken of the target; both are for the output.",
            lambda t, o: -np.mean(t * np.log(o) + (1 - t) * np.log(1 - t)),
        ),
        (
            "output-as-weight",
            "It gives {seen}: your second term is weighed by the output; both terms are weighed by the target.",
            lambda t, o: -np.mean(t * np.log(o) + (1 - o) * np.log(1 - o)),
        ),
        _whole(np.round, "by rounding"),
        _whole(np.floor, "so that all but the very brightest is 0"),
        _whole(np.ceil, "so that all but 0 is 1"),
        *map(_smoothed, (0.05, 0.1, 0.2)),
        (
            "squared-error",
            "It gives {seen}: this is the root of the mean squared error, not the cross-entropy.",
            lambda t, o: np.sqrt(np.mean((t - o) ** 2)),
        ),
        (
            "one-minus-log",
            "It gives {seen}: your second term takes 1 minus the logarithm, not the logarithm of 1 minus.",
            lambda t, o: -np.mean(t * np.log(o) + (1 - t) * (1 - np.log(o))),
        ),
        (
            "arguments-exchanged",
            "It gives {seen}: target and output are exchanged; the logarithm is for the output.",
            lambda t, o: _cross_entropy(o, t),
        ),
        (
            "squared-error",
            "It gives {seen}: this is the squared error, not the cross-entropy.",
            lambda t, o: np.mean((t - o) ** 2),
        ),
        (
            "absolute-error",
            "It gives {seen}: this is the absolute error, not the cross-entropy.",
            lambda t, o: np.mean(np.abs(t - o)),
        ),
        (
            "entropy-subtracted",
            "It gives {seen}: the cross-entropy minus that of the target with itself, the KL divergence.",
            lambda t, o: _cross_entropy(t, o) - _cross_entropy(t, t),
        ),
        (
            "categorical",
            _CLASSIFIER.format("only the ink counts, added up over the pixels"),
            lambda t, o: -np.mean(np.sum(t * np.log(o), axis=1)),
        ),
        (
            "categorical",
            _CLASSIFIER.format("the pixels compete for one sum of 1"),
            lambda t, o: -np.mean(np.sum(t * np.log(o / o.sum(axis=1, keepdims=True)), axis=1)),
        ),
    ),
    *mistakes(
        MEAN_HINTS,
        (
            "summed",
            "It gives {seen}: you add up all pixels of all images instead of taking their mean.",
            lambda t, o: _cross_entropy(t, o) * t.size,
        ),
        (
            "summed-over-pixels",
            "It gives {seen}: you add up the pixels of each image; the mean is taken over the images only.",
            lambda t, o: _cross_entropy(t, o) * t.shape[1],
        ),
        (
            "summed-over-images",
            "It gives {seen}: you add up the images; the mean is taken over the pixels only.",
            lambda t, o: _cross_entropy(t, o) * t.shape[0],
        ),
    ),
    *mistakes(
        IMAGE_HINTS,
        ("one-image", "It gives {seen}: only the first of 6 images counts.", lambda t, o: _cross_entropy(t[0], o[0])),
    ),
    *mistakes(
        BRACKET_HINTS,
        (
            "brackets",
            "It gives {seen}: your second logarithm ends too early, and the output is subtracted from it.",
            lambda t, o: -np.mean(t * np.log(o) - o),
        ),
        (
            "brackets",
            "It gives {seen}: your second term is 1 minus a product; the difference itself is the factor.",
            lambda t, o: -np.mean(t * np.log(o) + 1 - t * np.log(1 - o)),
        ),
    ),
    *mistakes(
        LOGARITHM_HINTS,
        ("base-2", "It gives {seen}: you count in bits, with base 2.", lambda t, o: _cross_entropy(t, o, np.log2)),
        ("base-10", "It gives {seen}: your logarithm has base 10.", lambda t, o: _cross_entropy(t, o, np.log10)),
    ),
    *mistakes(
        LOGITS_HINTS,
        (
            "from-logits",
            "It gives {seen}: your output is put through a sigmoid once more.",
            lambda t, o: _cross_entropy(t, 1 / (1 + np.exp(-o))),
        ),
    ),
    *mistakes(
        EDGE_HINTS,
        (
            "log1p",
            "It gives {seen}: you take the logarithm of 1 plus the value.",
            lambda t, o: _cross_entropy(t, o, np.log1p),
        ),
        *map(_cut, (0.05, 0.1, 0.2)),
        *map(_added, (0.01, 0.001)),
    ),
]
