"""Judges what was seen of a model: its kind, sizes, activations, and whether it can learn."""

import itertools

import numpy as np

from labutils.asking.questions import FAR, PROBES, random_weights
from labutils.judging import Passed, Raised, Thing, Wrong, kind_of, refuse_class, require_returned, same, span

SIZE_HINTS = (
    "Each dense layer turns the numbers it gets into as many as it has units.",
    "Draw the chain of sizes from what comes in to what goes out; each arrow is one layer.",
)
MODEL_HINTS = (
    "A model is a whole that can be called, trained and looked at; its parts alone are not.",
    "Look at what stands behind `return`: is it the model, or one of the things it is made of?",
)
KNOWN_HINTS = (
    "A model trains the layers that it knows as its own.",
    "Where are your layers made, and where does `__init__` keep what `call` uses?",
)
WAY_BACK_HINTS = (
    "Training sends corrections backwards: from the output through every step to the weights that stand before it.",
    "Go through your steps from the end: which one gives numbers forwards, but cannot say how they came about?",
)
ACTIVATION_HINTS = (
    "Without an activation two dense layers in a row can do no more than one: what bends the line between them?",
    "Go through your layers one by one: which activation does each carry, and which does the exercise give it?",
)
STEP_HINTS = (
    "The exercise names dense layers and their activations, and nothing else.",
    "Follow the numbers from the input to what you return: is there a step between or behind the layers?",
)
OUTPUT_HINTS = (
    "The output is compared with pixels: which numbers can a pixel be?",
    "Which activation turns any number, however large or small, into one that a pixel can be, each by itself?",
)
UNSEEN = (
    " Your layers are put together in a way of their own: the check could not look at their activations. Compare them "
    "with the exercise yourself."
)


# ----- what was built -----


def require_model(answers, name="model"):
    """Raise ``Wrong`` unless a function built one Keras model, and left Keras as it was."""
    try:
        built = answers[name]
    except Raised as raised:
        accuse_builder(raised)
        raise
    for before, after in answers["settings"]:
        if after != before:
            raise Wrong(
                "floatx-changed",
                f"Your function sets Keras from {before} to {after}, for everything that is made after it.",
                "A function that builds a model should leave everything else as it was.",
                "Which of your lines does not speak of your model, but of Keras as a whole?",
            )
    require_returned(built)
    if isinstance(built, str) and built == "model":
        return
    if isinstance(built, dict) and "tensor of shape" in built:
        shape = tuple(built["tensor of shape"])
        message = f"You return a tensor, of shape {shape}: what comes out of the last layer, not the model."
        raise Wrong("tensor-returned", message, *MODEL_HINTS)
    if isinstance(built, dict) and "layer" in built:
        raise Wrong("layer-returned", f"You return a single layer ({built['layer']}), not a model.", *MODEL_HINTS)
    if isinstance(built, Thing) and built.type in ("list", "tuple", "dict"):
        message = f"You return {kind_of(built)} of {built.length}, where one model is wanted."
        raise Wrong("not-one-model", message, *MODEL_HINTS)
    raise Wrong("not-a-model", f"You return {kind_of(built)}; a Keras model is wanted.", *MODEL_HINTS)


def accuse_builder(raised):
    """Raise ``Wrong`` for the usual mistakes behind what Keras says where a model is built."""
    text = raised.failure.text
    if "to a shape" in text:
        hints = ("A shape is a tuple, even when it has one number.", "What makes a tuple in Python: the brackets?")
        raise Wrong("shape-not-a-tuple", raised.message, *hints) from None
    if "onnected" in text:  # Keras: "not connected to", older versions: "graph disconnected"
        raise Wrong(
            "disconnected",
            f"Keras finds no way from your input to your output. {raised.message}",
            "Every `Input` begins a way of its own, also one that looks just like another; so does every model.",
            "Follow the input you name through each call to the output you name: how many inputs does your code make? "
            "And which of the two does a `Model` want first?",
        ) from None
    if "to be a boolean" in text or "`name` must be" in text:  # for which Sequential takes all but its first argument
        message = "You give what belongs in the model one by one; Keras takes all but the first for settings."
        hints = (
            "A chain is one thing, however many links it has.",
            "Which brackets make several things one in Python?",
        )
        raise Wrong("list-missing", f"{message} {raised.message}", *hints) from None


def output_of(answers, name, size=None):
    """An output that was asked for; ``Wrong`` where the model does not take these inputs, or gives several."""
    try:
        output = answers[name]
    except Raised:
        ends = answers["ends"]
        if size and ends["input_shape"] and ends["input_shape"] != [size]:
            message = f"Your model takes inputs of shape {tuple(ends['input_shape'])}; they will have {(size,)}."
            hint = "What comes in has been made ready for the model before."
            raise Wrong("wrong-input-shape", message, hint, SIZE_HINTS[1]) from None
        if ends["inputs"] > 1:
            message = f"Your model takes {ends['inputs']} inputs; one is wanted."
            hints = ("One image goes in, and one thing comes out.", "How often does your code say `Input`?")
            raise Wrong("several-inputs", message, *hints) from None
        for activation in ends["activation classes"]:
            refuse_class(f"Your activation is the class `{activation}`, not something made from it.")
        raise
    if output is None:
        message = "Your model gives nothing back when it is called."
        raise Wrong("nothing-returned", message, "A model's `call` hands on only what it returns.", MODEL_HINTS[1])
    if isinstance(output, Thing):
        message = f"Your model gives {kind_of(output)} of {output.length}; one output on its own is wanted."
        raise Wrong("several-outputs", message, *MODEL_HINTS)
    return np.asarray(output)


def require_trainable(counts):
    """Raise ``Wrong`` if some weights are frozen."""
    if counts["trainable"] < counts["parameters"]:
        raise Wrong(
            "frozen",
            f"Of {counts['parameters']:,} parameters only {counts['trainable']:,} can be trained: the others are "
            "frozen.",
            "Training changes only what it is allowed to change.",
            "Is there a `trainable` somewhere in your code, or a layer that keeps numbers of its own?",
        )


def require_full_precision(kinds):
    """Raise ``Wrong`` if numbers of 16 bits are at work."""
    for kind in {*kinds} & {"float16", "bfloat16"}:
        raise Wrong(
            "half-precision",
            f"Your model computes with {kind}, numbers of three digits or so; float32 is wanted.",
            "The exercise says nothing about kinds of numbers: Keras has a good one by itself.",
            "Which of your lines, or of an earlier cell, names another?",
        )


def require_calm(answers):
    """Raise ``Wrong`` if the model does something else in training, such as dropout."""
    if not same(output_of(answers, "in training"), output_of(answers, "in use"), 1e-3):
        raise Wrong(
            "random-in-training",
            "In training your model gives another output than in use: some layer adds chance or statistics of its own.",
            "The exercise names all that the model consists of, and none of it adds chance.",
            "Go through your layers one by one: which of them does the exercise not name?",
        )


def require_learning(answers, passes_on=False):
    """Raise ``Wrong`` unless Keras can train the whole model, and what stands before it if it ``passes_on``."""
    try:
        reached = answers["reached"]
    except Raised as raised:
        raise Wrong(
            "only-on-numbers",
            raised.message,
            "Before it trains, Keras goes through your steps once, without numbers, and writes down what to do.",
            "Which step wants to see the numbers themselves? Which operation of Keras does the same without?",
        ) from None
    cut, total = sum(size for size, has_way in reached if not has_way), sum(size for size, _ in reached)
    if cut:
        message = f"Training would never change {cut:,} of your {total:,} parameters: no correction reaches them."
        raise Wrong("no-way-back", message, *WAY_BACK_HINTS)
    if passes_on and not answers["input reached"]:
        message = "No correction gets through your model to its input: what stands before it would never learn."
        raise Wrong("no-way-back", message, *WAY_BACK_HINTS)


# ----- two dense layers -----


def judge_part(answers, seed, sizes, other_part, require_activations):
    """Judge a model of two dense layers.

    Parameters
    ----------
    answers : judging.Answers
        As ``asking.models.ask_part`` writes them down.
    seed : int
    sizes : tuple of int
        Such as (784, 128, 32).
    other_part : str
        What the exercise does not ask for.
    require_activations : callable
        Called with the answers; raises ``Wrong``.

    Raises
    ------
    Wrong
    """
    require_model(answers)
    if answers["chain at first"] == [784, 128, 32, 128, 784]:
        message = f"This is the whole autoencoder, {_arrows([784, 128, 32, 128, 784])}; only one half is wanted here."
        raise Wrong("whole-autoencoder", message, f"The {other_part} has an exercise of its own.", SIZE_HINTS[1])
    output, counts = output_of(answers, "output", sizes[0]), answers["counts"]
    chain = counts["chain"]
    if not counts["weights"]:
        raise Wrong("weights-unknown", "Keras sees no parameters in your model: it could not train any.", *KNOWN_HINTS)
    if output.shape != (3, sizes[2]):
        if output.shape == (3, sizes[1]) and counts["kernels"] == sorted(map(list, itertools.pairwise(sizes))):
            message = f"Both layers are there, but you return the {sizes[1]} numbers of the hidden one."
            raise Wrong("last-layer-missing", message, *SIZE_HINTS)
        _refuse_output(output.shape, chain, sizes)
    _require_sizes(counts, chain, sizes)
    require_trainable(counts)
    require_full_precision([answers["kind of output"], *counts["kinds"]])
    require_calm(answers)
    if counts["same start"]:
        raise Wrong(
            "same-start",
            "All units of a layer start with the same weights, so they will all learn the same.",
            "Units can only share the work if they begin differently.",
            "What does Keras do when you do not say how weights start?",
        )
    require_model(answers, "again")
    if answers["shares weights"]:
        raise Wrong(
            "same-model-each-time",
            "Called twice, your function gives models that share their weights.",
            "To build means to make something new each time.",
            "Where are your layers made: inside the function, or in a cell above it?",
        )
    if answers["probed"]:
        require_activations(answers)
        _require_nothing_else(answers, seed, sizes)


def passed_part(answers, chain, parameters):
    """What to say of a right one; ``chain`` is such as "784 -> 128 ReLU -> 32"."""
    told = f"with {parameters:,} parameters, all of them trainable."
    if answers["probed"]:
        return Passed(f"{chain}, {told}")
    ends = chain.split(" -> ")
    sizes = f"{ends[0].split()[0]} -> {ends[-1].split()[0]}"
    return Passed(f"{sizes}, {told}{UNSEEN}", "its layers are put together in a way that could not be looked into")


def _arrows(chain):
    return " -> ".join(map(str, chain))


def _refuse_output(shape, chain, sizes):
    if len(shape) != 2:
        message = f"For 3 inputs your output has the shape {shape}; it should be (3, {sizes[2]})."
        code = "output-reshaped" if np.prod(shape[1:]) == sizes[2] else "wrong-output-shape"
        hint = "Vectors come in and vectors go out; pictures are made of them later."
        raise Wrong(code, message, hint, SIZE_HINTS[1])
    if sorted(chain[1:]) == sorted(sizes[1:]):
        raise Wrong("layers-exchanged", f"Your layers stand the wrong way round: {_arrows(chain)}.", *SIZE_HINTS)
    if chain == [*sizes[:2]]:
        raise Wrong("last-layer-missing", f"A layer is missing: {_arrows(chain)}, and then?", *SIZE_HINTS)
    message = f"Your model gives {shape[1]} numbers; {sizes[2]} are wanted. It is {_arrows(chain)}."
    raise Wrong("wrong-output-size", message, *SIZE_HINTS)


def _require_sizes(counts, chain, sizes):
    wanted = sum(a * b + b for a, b in itertools.pairwise(sizes))
    if counts["parameters"] == wanted:
        return
    unlike = not chain or chain[0] != sizes[0]
    if len(chain) == 2 and not unlike and chain[1] == sizes[2]:
        raise Wrong("hidden-layer-missing", f"There is only one layer: {_arrows(chain)}.", *SIZE_HINTS)
    if len(chain) > 3 and not unlike:
        raise Wrong("too-many-layers", f"Your chain is {_arrows(chain)}: one layer too many.", *SIZE_HINTS)
    if len(chain) == 3 and not unlike and chain[1] != sizes[1]:
        message = f"Your hidden layer has {chain[1]} units; {sizes[1]} are wanted."
        raise Wrong("wrong-hidden-size", message, *SIZE_HINTS)
    missing = wanted - counts["parameters"]
    if missing in (sizes[1], sizes[2], sizes[1] + sizes[2]):
        message = f"{missing} parameters are missing: the biases, one for each unit."
        raise Wrong("no-bias", message, "A unit weighs its inputs and adds a number of its own.", SIZE_HINTS[0])
    message = f"Your model has {counts['parameters']:,} parameters; {wanted:,} are wanted."
    raise Wrong("wrong-parameters", message, *SIZE_HINTS)


# ----- activations, from outputs for weights of which each shows one thing -----


def probed(answers, name):
    """The first numbers of what a probe gave, float64 (32,)."""
    return np.ravel(output_of(answers, f"probe {name}"))[: len(PROBES)].astype(np.float64)


def require_free_code(answers):
    """Raise ``Wrong`` if the code cannot grow as its input does. ReLU, a linear code and their relatives all can."""
    code = probed(answers, "last")
    if not code.max() > 5:
        raise Wrong(
            "code-activation",
            f"{_likeness(code, 'The 32 units of the code').rstrip('.')}: the code cannot leave {span(code)}.",
            "The code is not a picture: nothing says that its numbers have to stay in a narrow range.",
            ACTIVATION_HINTS[1],
        )
    large, code = FAR + PROBES, probed(answers, "last far")
    if not same(code, large, 1e-3):
        worst = np.argmax(np.abs(code - large))
        raise Wrong(
            "code-activation",
            f"The 32 units of the code change large numbers: {large[worst]:.4g} becomes {code[worst]:.4g}.",
            "The code is not a picture: its numbers may become as large as the layer before makes them.",
            ACTIVATION_HINTS[1],
        )


def require_plain_input(answers):
    """Raise ``Wrong`` if the input is scaled on its way to the first layer."""
    seen, pixels = probed(answers, "input") - FAR, np.linspace(0, 1, 784)[: len(PROBES)]
    if not same(seen, pixels, 1e-3):
        raise Wrong(
            "input-changed",
            f"Something happens to the input before the first layer: {pixels[31]:.4f} becomes {seen[31]:.4f}.",
            "The images arrive preprocessed: everything a pixel needs was done in exercise 1.1.",
            "Which of your layers stands before the first dense one, and what does it do to a pixel?",
        )


def require_relu(hidden):
    """Raise ``Wrong`` unless the hidden units, of which this is what they make of the probes, are ReLU."""
    relu = np.maximum(PROBES, 0)
    if same(hidden, relu, 1e-3):
        return
    scale = (hidden[-1] - hidden[0]) / relu[-1]
    if scale > 0 and same(hidden, hidden[0] + scale * relu, 1e-3):
        message = f"Your hidden units are ReLU, but something changes what they give: {relu[-1]:.3g} becomes"
        raise Wrong("something-else", f"{message} {hidden[-1]:.3g} before the last layer.", *STEP_HINTS)
    message = f"{_likeness(hidden, 'The 128 hidden units')} They should be ReLU."
    if same(hidden, PROBES, 1e-3):
        raise Wrong("no-activation", message, *ACTIVATION_HINTS)
    bend = "Every activation bends in its own way; this one lets through what is positive and nothing else."
    raise Wrong("hidden-activation", message, bend, ACTIVATION_HINTS[1])


def require_sigmoid(output):
    """Raise ``Wrong`` unless the output units, of which this is what they make of the probes, are sigmoid."""
    sigmoid = _sigmoid(PROBES)
    if same(output, sigmoid, 1e-3):
        return
    if same(output, 255 * sigmoid, 1e-3):
        message = "Your output goes up to 255; the images it is compared with go up to 1."
        raise Wrong("output-scaled", message, *OUTPUT_HINTS)
    if same(output, _sigmoid(sigmoid), 1e-3):
        message = f"The sigmoid is applied twice: your output stays within {span(output)}."
        raise Wrong("sigmoid-twice", message, "One step has been done once too often.", OUTPUT_HINTS[0])
    name = "softmax" if 0 < output.sum() < 0.1 else _named(output)  # 784 outputs share a sum of 1; these are 32
    code = f"output-{name}" if name in ("linear", "relu", "softmax", "tanh") else "output-activation"
    if code == "output-activation" and output.min() >= 0 and output.max() <= 1:
        worst = np.argmax(np.abs(output - sigmoid))
        raise Wrong(
            "output-activation",
            f"The 784 output units stay between 0 and 1, but turn {PROBES[worst]:.3g} into {output[worst]:.3g}; the "
            f"usual activation for pixels turns it into {sigmoid[worst]:.3g}.",
            "The range is right; what a number becomes within it matters as well: the loss is made for the usual way.",
            "Is another activation at work than the usual one, or is there a step before or behind it?",
        )
    subject = "The 784 output units"
    message = f"{subject} share a sum of 1" if name == "softmax" else _likeness(output, subject)
    raise Wrong(code, f"{message.rstrip('.')}, so an output can be {span(output)}.", *OUTPUT_HINTS)


def _require_nothing_else(answers, seed, sizes):
    """Raise ``Wrong`` if the model does more than its two layers with random weights and an input by chance.

    Where the last activation is one of the usual, its output is known; of any other it has to rise with its input.
    """
    output = np.ravel(output_of(answers, "probe whole")).astype(np.float64)
    inputs, hidden, hidden_bias, last, last_bias = random_weights(seed, sizes)
    before = np.maximum(inputs @ hidden + hidden_bias, 0) @ last + last_bias
    name = _named(probed(answers, "last"))
    rising = output[np.argsort(before)] if output.shape == before.shape else np.zeros(2)
    is_right = np.diff(rising).min() > -1e-3 and rising[-1] - rising[0] > 0.1
    if name in ("linear", "relu", "sigmoid"):
        is_right = same(output, ACTIVATIONS[name](before.astype(np.float64)), 1e-3)
    if not is_right:
        message = "Your layers are right, but your model does something else to the numbers as well."
        raise Wrong("something-else", message, *STEP_HINTS)


def _sigmoid(x):
    return 1 / (1 + np.exp(-x))


def _softplus(x):
    return np.log1p(np.exp(-np.abs(x))) + np.maximum(x, 0)


def _erf(x):
    """The error function to 1.5e-7: Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.26."""
    t = 1 / (1 + 0.3275911 * np.abs(x))
    terms = (0.254829592, -0.284496736, 1.421413741, -1.453152027, 1.061405429)
    return np.sign(x) * (1 - sum(a * t ** (i + 1) for i, a in enumerate(terms)) * np.exp(-(x**2)))


ACTIVATIONS = {  # as Keras defines them
    "linear": lambda x: x,
    "relu": lambda x: np.maximum(x, 0),
    "sigmoid": _sigmoid,
    "tanh": np.tanh,
    "softmax": lambda x: np.exp(x - x.max()) / np.exp(x - x.max()).sum(),
    "relu6": lambda x: np.clip(x, 0, 6),
    "elu": lambda x: np.where(x > 0, x, np.expm1(x)),
    "selu": lambda x: 1.05070098 * np.where(x > 0, x, 1.67326324 * np.expm1(x)),
    "leaky_relu": lambda x: np.where(x > 0, x, 0.2 * x),
    "gelu": lambda x: x * (1 + _erf(x / np.sqrt(2))) / 2,
    "silu": lambda x: x * _sigmoid(x),
    "softplus": _softplus,
    "softsign": lambda x: x / (1 + np.abs(x)),
    "exponential": np.exp,
    "hard_sigmoid": lambda x: np.clip(x / 6 + 0.5, 0, 1),
    "mish": lambda x: x * np.tanh(_softplus(x)),
    "hard_tanh": lambda x: np.clip(x, -1, 1),
    "log_softmax": lambda x: x - x.max() - np.log(np.exp(x - x.max()).sum()),
}


def _named(seen):
    """The name of the activation that makes this of the probes, or None."""
    probes = PROBES.astype(np.float64)
    return next((name for name, made in ACTIVATIONS.items() if same(seen, made(probes), 1e-3)), None)


def _likeness(seen, subject):
    name = _named(seen)
    if name == "linear":
        return f"{subject} carry no activation."
    return (
        f"{subject} act like `{name}`." if name else f"{subject} turn -6 into {seen[0]:.3g} and 8 into {seen[-1]:.3g}."
    )
