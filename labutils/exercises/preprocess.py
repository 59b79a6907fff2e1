"""Exercise 1.1: one image and its label become input and target."""

import re

import numpy as np

from labutils.asking import rng
from labutils.exercises import Exercise
from labutils.judging import Raised, Thing, Unreadable, Wrong, accuse, kind_of, require_returned, same, span
from labutils.judging.scaling import MISTAKES, SCALED_BY_ITSELF, unlike_expected, wrong_scale

EXERCISE = Exercise(
    number="1.1", signature="preprocess(image, label)", check="preprocess", reference="labutils.datasets"
)

MAPPING_SECONDS = 5  # code that goes through the image pixel by pixel gives TensorFlow a lot to write down


def questions(seed):
    """Two images that differ in every pixel, uint8 (28, 28, 1): one uses 0..255, the other 10..200."""
    random = rng(seed)
    full = np.uint8(256 * random.random((28, 28, 1)) ** 2)  # more paper than ink: no mean in the middle of the range
    full[0, :2, 0] = 0, 255
    narrow = random.integers(10, 201, (28, 28, 1), dtype=np.uint8)
    narrow[0, :2, 0] = 10, 200
    return full, narrow


def ask(student, seed):
    """One call by itself, and then as it will be used, by ``map``."""
    import tensorflow as tf

    from labutils.tuning import untuned

    images = questions(seed)
    pair = student.answer("pair", tf.constant(images[0]), tf.constant(7, tf.int64))
    if not isinstance(pair, tuple | list) or len(pair) != 2 or not all(hasattr(part, "shape") for part in pair):
        return
    source, who = (
        untuned(tf.data.Dataset.from_tensor_slices((np.stack(images), np.array([7, 3])))),
        "Your function stops",
    )
    mapped = student.attempt("mapped", source.map, student.function, seconds=MAPPING_SECONDS, who=who)
    pairs = student.attempt("mapped", list, mapped, seconds=MAPPING_SECONDS, who=who)
    arrays = [[np.asarray(part) for part in pair] for pair in pairs]
    student.note("kinds", [part.dtype.name for part in arrays[0]])
    student.note(
        "mapped", [[part.astype(np.float32) if part.dtype.kind == "V" else part for part in pair] for pair in arrays]
    )
    student.note("shapes known", all(spec.shape.is_fully_defined() for spec in mapped.element_spec))


# ----- judging -----

SHAPE_HINTS = (
    "The model takes one long row of pixels, without rows, columns or channels.",
    "How many pixels has an image of 28 by 28? There is a function that gives a tensor another shape.",
)
TARGET_HINTS = (
    "What should an autoencoder give back when it is shown an image?",
    "Input and target are a pair: compare the two things behind your `return`, in shape, kind of number and range.",
)
PAIR_HINTS = (
    "Training needs pairs: what the model sees, and what it should give back.",
    "Two values behind one `return`, separated by a comma, make a tuple.",
)
STEP_HINTS = (
    "NumPy, PyTorch, Keras and TensorFlow have the same steps under different names, and so have old versions.",
    "Which two or three things does an image need here? Look for each of them in TensorFlow's list of functions.",
)
GRAPH_HINTS = (
    "`map` runs your function once, with a stand-in for the image that has a shape and a dtype, but no numbers yet.",
    "Look in each line for what belongs to NumPy or wants to see numbers: TensorFlow has a function of its own for it.",
)
ONLY_IN_MAP = [  # what TensorFlow's message contains, what that means, and hints
    (
        ("must be rank 1 but is rank 0",),
        "The shape you ask for is a single number. A shape is a list or a tuple, even of one number.",
        (
            "Outside `map` TensorFlow guesses what you mean; inside it takes you at your word.",
            "Print the shape of an image: what stands around its numbers? Round brackets alone make no tuple.",
        ),
    ),
    (
        ("Unable to lift tensor", "singleton tf.Variables"),
        "Something in it makes a new variable for each image, and `map` allows none.",
        (
            "A variable is for what training changes. Is a pixel of that kind?",
            "Which line makes a `tf.Variable`, or a layer that brings some? A tensor needs neither.",
        ),
    ),
]


def judge(answers, seed):
    full, narrow = questions(seed)
    pair = _pair(answers)
    (first, target), (second, second_target) = _mapped(answers)
    input_kind, target_kind = answers["kinds"]
    _judge_input(first, input_kind, full, is_random=not same(first, pair.items[0], 1e-3))
    _judge_target(target, target_kind, first, full)
    x = _flat(narrow)
    if not same(second, x / 255, 1e-3):
        accuse(second, SCALED_BY_ITSELF, x, tolerance=1e-3)
        raise unlike_expected(second, x, is_random=not same(first, pair.items[0], 1e-3))
    _judge_target(second_target, target_kind, second, narrow)
    return "Input and target are the same 784 numbers, float32, from 0 to 1."


def _flat(image):
    return image.reshape(-1).astype(np.float64)


def _pair(answers):
    """The answer to a single image, if it is a tuple of two tensors; `map` makes one of a list."""
    try:
        pair = answers["pair"]
    except Raised as raised:
        _accuse_error(raised)
        raise
    require_returned(pair)
    if not isinstance(pair, Thing):
        value = f"one tensor, of shape {pair.shape}" if isinstance(pair, np.ndarray) else kind_of(pair)
        raise Wrong("one-value", f"You return {value}; two values are wanted: (input, target).", *PAIR_HINTS)
    if pair.type == "dict":
        raise Wrong(
            "not-a-tuple",
            f"You return {kind_of(pair)}. `map` does not take that as a pair of input and target.",
            "A dictionary gives its values names; training goes by their order.",
            PAIR_HINTS[1],
        )
    if not pair.items:
        raise Wrong("one-value", f"You return {kind_of(pair)}; two values are wanted: (input, target).", *PAIR_HINTS)
    if pair.length != 2:
        message = f"You return {pair.length} values; two are wanted: (input, target)."
        raise Wrong("wrong-number-of-values", message, *PAIR_HINTS)
    for name, value in zip(("input", "target"), pair.items, strict=True):
        if value is None:
            raise Wrong("nothing-returned", f"The {name} you return is `None`.", *TARGET_HINTS)
        if not isinstance(value, np.ndarray) and "mapped" not in answers:
            raise Wrong("not-a-tensor", f"The {name} you return is {kind_of(value)}, not a tensor.", *PAIR_HINTS)
    return pair


def _accuse_error(raised):
    text, said = raised.failure.text, _sentence(raised.message.split(" If you are")[0])
    if missing := re.match(r"module '(\S+)' has no attribute '(\w+)'", text):
        message = f"{said.split(': module')[0]}: `{missing[1]}` has no function called `{missing[2]}`."
        raise Wrong("no-such-function", message, *STEP_HINTS)
    if "AttributeError" in raised.failure.bases and "has no attribute" in text:
        raise Wrong(
            "numpy-method",
            f"{said} The image is a TensorFlow tensor, not a NumPy array.",
            "Tensors have few methods: what NumPy writes behind a dot, TensorFlow writes as a function.",
            "Look for functions of `tf` that cast and reshape, and hand them the image.",
        )
    if "is a tensor with 1 values" in text:
        message = f"The second argument is the label, one number, and you treat it as the image. {said}"
        raise Wrong("label-as-input", message, "In which order do the image and its label come in?", *TARGET_HINTS[:1])
    if "expected to be a string tensor" in text:
        raise Wrong(
            "decoded-already",
            f"{said} It wants the text or the bytes of a file, and your image is a tensor of pixels already.",
            "Files are read and decoded long before: what comes in is a grid of numbers.",
            "Print the shape and the dtype of the image: which of your lines does something that is done by then?",
        )
    mixed = "must have the same dtype" in text or "Cannot convert" in text or "cannot compute" in text
    if mixed and "uint8" in text:
        raise Wrong(
            "mixed-types",
            f"{said} The image holds whole numbers (uint8), and TensorFlow does not mix them with fractions.",
            "NumPy would change the kind of number for you; TensorFlow wants you to say so.",
            "Which step has to come before the division, so that both sides are of one kind?",
        )


def _sentence(text):
    return text if text.endswith((".", "?", "!")) else f"{text}."


def _mapped(answers):
    """What `map` made of the images: two pairs of arrays."""
    try:
        pairs = answers["mapped"]
    except Raised as raised:
        raise _only_in_map(raised) from None
    if not answers["shapes known"]:
        raise Wrong(
            "shape-unknown",
            "The numbers are right, but TensorFlow no longer knows the shape: inside `map` it cannot look into "
            "Python or NumPy code. Keras refuses to train on data of unknown shape.",
            "Operations of TensorFlow itself keep track of shapes.",
            "Can you do without calling NumPy? If not: a tensor can be told its shape afterwards.",
        )
    if not all(isinstance(part, np.ndarray) for pair in pairs for part in pair):
        raise Unreadable("pairs of something else than arrays")
    if any(part.dtype.name != kind for part, kind in zip(pairs[0], answers["kinds"], strict=True) if kind == "float32"):
        raise Unreadable("arrays of another kind than was said")
    return pairs


def _only_in_map(raised):
    """The finding for what works on one image, but raises inside `map`."""
    text = raised.failure.text
    message = f"It works on one image, but not inside `map`, where it will be used: {_sentence(raised.message)}"
    for signs, meaning, hints in ONLY_IN_MAP:
        if any(sign in text for sign in signs):
            return Wrong("fails-in-map", f"{message} {meaning}", *hints)
    is_numpy = "numpy" in text.lower() or "symbolic" in text.lower()
    return Wrong("numpy-in-map" if is_numpy else "fails-in-map", message, *GRAPH_HINTS)


def _judge_input(seen, kind, image, is_random):
    """Shape and values of the input for the image that uses the whole range."""
    x = _flat(image)
    if seen.shape in ((), (10,)):
        raise Wrong(
            "label-as-input",
            f"Your input has the shape {seen.shape}: that is the label, not the image.",
            "An autoencoder never gets to see the label.",
            *TARGET_HINTS,
        )
    if seen.size == 784 and not same(seen.reshape(-1), x / 255, 1e-3):
        accuse(seen.reshape(-1), MISTAKES, x, tolerance=1e-3)
    _require_shape(seen, "input", "")
    if kind != "float32" and same(seen, x / 255, 4e-3):  # bfloat16 keeps two to three digits
        _refuse_kind(kind, "input", "wrong-dtype")
    if not same(seen, x / 255, 1e-3):
        raise unlike_expected(seen, x, is_random)
    dark, bright = seen[np.argmin(x)], seen[np.argmax(x)]
    if abs(dark) > 1e-6 or abs(bright - 1) > 1e-6:
        raise wrong_scale(dark, bright)
    if not same(seen, x / 255, 1e-4):
        raise unlike_expected(seen, x, is_random)


def _require_shape(seen, name, prefix):
    if seen.shape == (784,):
        return
    if seen.shape in ((28, 28, 1), (28, 28), (1, 28, 28), (1, 28, 28, 1)):
        message = f"Your {name} still has the shape {seen.shape}, not (784,)."
        raise Wrong(f"{prefix}not-flattened", message, *SHAPE_HINTS)
    if seen.size == 784:
        raise Wrong(
            f"{prefix}extra-dimension",
            f"Your {name} has the shape {seen.shape}; it should be (784,), with one dimension.",
            "Batches come later: here there is one image at a time.",
            "How many numbers stand in the shape you ask for, and how many should there be?",
        )
    message = f"Your {name} has the shape {seen.shape}, {seen.size} numbers; 784 are wanted."
    raise Wrong(f"{prefix}wrong-shape", message, *SHAPE_HINTS)


def _refuse_kind(kind, name, code):
    raise Wrong(
        code,
        f"The values of your {name} are right, but they are {kind}; the model works in float32.",
        "A number can be stored in more or fewer bits; Keras uses 32 of them.",
        "Say the kind of number where you convert, or convert once more at the end.",
    )


def _judge_target(target, kind, seen, image):
    """The target has to be what the input is."""
    if target.shape in ((), (10,)):
        message = "Your target is the label. That would train a classifier, not an autoencoder."
        raise Wrong("label-as-target", message, *TARGET_HINTS)
    if target.size == 784 and same(target.reshape(-1), _flat(image)):
        message = f"Your input is scaled, but your target still goes from {span(target)}."
        raise Wrong("target-not-scaled", message, *TARGET_HINTS)
    _require_shape(target, "target", "target-")
    if kind != "float32" and same(target, seen, 2e-3):
        _refuse_kind(kind, "target", "target-dtype")
    if not same(target, seen, 1e-3):
        worst = int(np.argmax(np.abs(target - seen)))
        message = f"Input and target differ: where the input has {seen[worst]:.3f}, the target has {target[worst]:.3f}."
        raise Wrong("target-differs", message, *TARGET_HINTS)
