"""Exercise 3.2: a model is given an optimiser and a loss."""

import numpy as np

from labutils.asking import rng
from labutils.asking.values import seen
from labutils.exercises import Exercise
from labutils.judging import Raised, Wrong, accuse, kind_of, mistakes, refuse_class, require_returned, same
from labutils.judging.training import HIGHEST_RATE, LOWEST_RATE

EXERCISE = Exercise(
    number="3.2", signature="compile_autoencoder(model)", check="compiled", reference="labutils.training"
)

STEPS = (0, 1, 10, 100, 500, 1000, 2000, 5000, 10_000)  # at which a schedule is asked for its rate
COMPILING_SECONDS = 4  # code that asks TensorFlow whether XLA works waits for the answer
ADAM_STEPS = 3  # enough for a schedule that begins at 0
IMAGES = 4


def batches(seed):
    """Targets and outputs, float32 (4, 784) each: some in between, and some at the very ends."""
    random = rng(seed)
    pairs = {"loss": [random.uniform(0.02, highest, (IMAGES, 784)) for highest in (0.5, 0.7)]}
    pairs["edges"] = [np.tile(ends, (1, 196)) for ends in ([0, 0, 1, 1], [0, 1, 0, 1])]
    return {name: np.float32(pair) for name, pair in pairs.items()}


def lesson(seed):
    """For a model of one layer: its kernel (16, 16), and images (4, 16), all alike, whose gradients differ much."""
    random = rng(seed, "lesson")
    image = np.where(np.arange(16) % 2, random.uniform(0.9, 1, 16), random.uniform(0.02, 0.06, 16))
    return random.normal(0, 0.5, (16, 16)).astype(np.float32), np.tile(np.float32(image), (IMAGES, 1))


def ask(student, seed):
    import keras

    model = _small_autoencoder(seed)
    images = rng(seed, "images").random((2, 784), dtype=np.float32)
    weights, output = model.get_weights(), np.asarray(model(images))
    result = student.call("returned", model, seconds=COMPILING_SECONDS)
    another = "another model" if isinstance(result, keras.Model) else seen(result)
    student.note("returned", "the model" if result is model else another)
    student.note("compiled", bool(model.compiled))
    if result is not model or not model.compiled:
        return
    after = model.get_weights()
    is_same = len(after) == len(weights) and all(map(np.array_equal, after, weights))
    now = student.attempt("output", lambda: np.asarray(model(images)))
    student.note("output", now)
    student.note("changed", [not is_same, now.shape != output.shape or not np.allclose(now, output, atol=1e-4)])
    student.note("frozen", len(model.trainable_weights) < len(model.weights))
    _ask_loss(student, model, seed)
    _ask_optimiser(student, model.optimizer)
    student.attempt("metrics", model.compute_metrics, images, images, images)  # Keras looks at their names only now
    student.note("metrics", "as Keras wants them")
    _ask_lesson(student, seed)


def _small_autoencoder(seed):
    from keras import Input, Model, Sequential
    from keras.layers import Dense

    encoder = Sequential([Input((784,)), Dense(8, "relu"), Dense(4, "relu")], name="encoder")
    decoder = Sequential([Input((4,)), Dense(8, "relu"), Dense(784, "sigmoid")], name="decoder")
    inputs = Input((784,))
    model = Model(inputs, decoder(encoder(inputs)), name="autoencoder")
    random = rng(seed, "weights")
    model.set_weights([random.normal(0, 0.1, weight.shape) for weight in model.weights])
    return model


def _ask_loss(student, model, seed):
    import keras

    loss = model.loss
    name = _name(loss)
    kind = "metric" if isinstance(loss, keras.metrics.Metric) else "class" if isinstance(loss, type) else ""
    several = [_name(each) for each in loss] if isinstance(loss, list | tuple) else []
    student.note("loss is", {"missing": loss is None, "kind": kind, "name": name, "several": several})
    if loss is None or kind or len(several) > 1:
        return
    for name, (target, output) in batches(seed).items():
        tensors = [keras.ops.convert_to_tensor(each) for each in (target, output)]
        value, slope = student.attempt(name, _loss_and_slope, model, *tensors)
        student.note(name, [np.asarray(value), None if slope is None else np.asarray(slope)])


def _loss_and_slope(model, target, output):
    """The loss as training computes it, and its gradient for the output, None if it has none."""
    import tensorflow as tf

    @tf.function(autograph=False)
    def compute(target, output):
        with tf.GradientTape() as tape:
            tape.watch(output)
            loss = model.compute_loss(target, target, output)
        return loss, tape.gradient(loss, output)

    return compute(target, output)


def _ask_optimiser(student, optimizer):
    import keras

    is_adam = isinstance(optimizer, keras.optimizers.Adam)
    student.note("optimiser", {"name": _name(optimizer), "is Adam": is_adam})
    if is_adam:
        student.note("rates", student.attempt("rates", _rates, optimizer))
        settings = ("beta_1", "beta_2", "epsilon")
        student.note("settings", {name: float(getattr(optimizer, name)) for name in settings})


def _rates(optimizer):
    """The learning rate at several steps, as a schedule may change it."""
    now, rates = int(optimizer.iterations), []
    for step in STEPS:
        optimizer.iterations.assign(step)
        rates.append(float(optimizer.learning_rate))
    optimizer.iterations.assign(now)
    return rates


def _ask_lesson(student, seed):
    """A second model, of one layer, is compiled and takes some steps."""
    import keras

    kernel, images = lesson(seed)
    inputs = keras.Input((16,))
    model = keras.Model(inputs, keras.layers.Dense(16, "sigmoid", name="decoder")(inputs))  # a loss may go by its name
    model.set_weights([kernel, np.zeros(16)])
    student.call("kernel", model, seconds=COMPILING_SECONDS)

    def step():
        return [model.train_step((images, images))["loss"] for _ in range(ADAM_STEPS)]  # `train_on_batch` is slower

    student.note("first loss", float(student.attempt("kernel", step)[0]))
    student.note("kernel", model.get_weights()[0])


def _name(thing):
    if isinstance(thing, dict | list | tuple) and len(thing) == 1:
        return _name(*(thing.values() if isinstance(thing, dict) else thing))
    return thing if isinstance(thing, str) else str(getattr(thing, "__name__", type(thing).__name__))


# ----- judging -----

LOSS_HINTS = (
    "Each pixel is a question of its own: how much ink, between none and full? Which loss asks that of every output?",
    "Compare the name of your loss with the one you programmed in exercise 3.1, and with what the last layer puts out.",
)
LOGITS_HINTS = "What has the last layer of the decoder done to its numbers already?", LOSS_HINTS[1]
EDGE_HINTS = (
    "The logarithm of 0 is not a number. An output can be exactly 0 or exactly 1.",
    "Keep the output a tiny step away from both ends before you take logarithms. How tiny may it be, so that float32 "
    "still sees a difference from 1?",
)
OPTIMISER_HINTS = (
    "The optimiser decides how each weight moves; the text above names the one we use.",
    "Look at the first thing you tell `compile`: what is it called, and how large are its steps?",
)
RATE_HINTS = (
    "Too long a step jumps over the valley, too short a one never arrives.",
    "What does Adam do when nobody tells it how long its steps are?",
)


def judge(answers, seed):
    _require_model_back(answers)
    if not answers["compiled"]:
        message = "The model comes back as it was: it has neither optimiser nor loss."
        hints = ("A model has to be told how to learn before it can.", "A Keras model has a method that takes both.")
        raise Wrong("not-compiled", message, *hints)
    _require_same_model(answers)
    _require_loss(answers, seed)
    _require_adam(answers)
    if answers["frozen"]:
        hint = "Is there a `trainable` somewhere in your code?"
        raise Wrong(
            "frozen", "Some weights of the model are frozen now.", "Training changes only what it may change.", hint
        )
    answers["metrics"]  # raises what Keras says of them
    _require_steps(answers, seed)
    return "Adam, and the binary cross-entropy of each pixel."


def _require_model_back(answers):
    try:
        given = answers["returned"]
    except Raised as raised:
        if "interpret" in raised.failure.text and "<class" in raised.failure.text:
            refuse_class(raised.message)
        raise
    if given == "the model":
        return
    if given is None and answers["compiled"]:
        raise Wrong(
            "nothing-returned",
            "You compile the model, but your function returns `None`.",
            "`compile` changes the model and gives nothing back itself.",
            "What should stand behind `return`, so that the next cell can go on with it?",
        )
    require_returned(given)
    what = "another model than the one you were given" if given == "another model" else kind_of(given)
    raise Wrong(
        "another-model",
        f"You return {what}.",
        "The weights are in the model you were given: it should be the one that is compiled and handed back.",
        "Look at what stands behind `return`: is it the argument of your function?",
    )


def _require_same_model(answers):
    answers["output"]
    other_weights, other_output = answers["changed"]
    if other_weights or other_output:
        what = "it has other weights now"
        if not other_weights:
            what = "its weights are the same, but what it makes of an image is not"
        raise Wrong(
            "model-changed",
            f"Your function changes the model: {what}.",
            "To compile is to say how a model shall learn. The learning comes later, and its layers stay as they are.",
            "Which of your lines does more than tell the model its optimiser and its loss?",
        )


def _require_loss(answers, seed):
    told = answers["loss is"]
    if told["missing"]:
        raise Wrong("no-loss", "The model is compiled without a loss: it has nothing to make smaller.", *LOSS_HINTS)
    name = told["name"]
    if told["kind"] == "class":
        refuse_class(f"Your loss is the class `{name}` itself.")
    if len(told["several"]) > 1:
        raise Wrong(
            "two-losses",
            f"You give {len(told['several'])} losses ({', '.join(told['several'])}) to a model with one output: Keras "
            "takes the first and drops the rest.",
            "Each output has one loss, the number that training makes smaller.",
            "Which of them should training make smaller? What is only for people to read has a place of its own.",
        )
    if told["kind"] == "metric":
        raise Wrong(
            "metric-not-loss",
            f"Your loss, `{name}`, is one of Keras's metrics, not one of its losses.",
            "A metric keeps the score for people to read; nothing can learn from it. A loss shows the way down.",
            "Two modules of Keras know this name. In which did you look?",
        )
    target, output = (each.astype(np.float64) for each in batches(seed)["loss"])
    loss, slope = _loss(answers, "loss", name)
    right = _cross_entropy(target, output)
    if same(loss, right, 1e-3):
        _require_finite(answers, name)
        return
    accuse(loss, MISTAKES, target, output)
    message = f"Your loss ({name}) gives {loss:.4f} for a test batch; binary cross-entropy gives {right:.4f}."
    slope_of_right = (output - target) / (output * (1 - output)) / target.size
    if slope.shape == target.shape and same(slope / slope_of_right, np.full(target.shape, loss / right), 1e-3):
        message += f" That is the same, times {loss / right:.3g}."
        raise Wrong(
            "scaled",
            message,
            "A factor makes no other loss, but other numbers than everybody else's, and other steps.",
            "Is there a factor in your loss, or an option such as `loss_weights` where you compile?",
        )
    raise Wrong("wrong-loss", message, *LOSS_HINTS)


def _loss(answers, asked, name):
    """The loss as one number, and its slope."""
    try:
        loss, slope = answers[asked]
    except Raised as raised:
        if any(sign in raised.failure.text.lower() for sign in ("numpy", "symbolic", "unknown rank")):
            _refuse_unlearnable(f"Your loss ({name}) cannot be used in training. {raised.message}")
        raise Wrong("wrong-loss", f"Keras cannot use your loss ({name}) here. {raised.message}", *LOSS_HINTS) from None
    if np.shape(loss) == (IMAGES,):
        raise Wrong(
            "one-per-image",
            f"Your loss ({name}) gives {IMAGES} numbers for {IMAGES} images, one for each; one for all is wanted.",
            "Training makes one number smaller: what an image costs on average.",
            "Is there an option in your loss that keeps it from taking the mean, or an axis over which none is taken?",
        )
    if slope is None:
        _refuse_unlearnable(f"Your loss ({name}) gives a number, but not the way to a smaller one.")
    return float(loss), slope


def _refuse_unlearnable(message):
    raise Wrong(
        "loss-without-slope",
        message,
        "To learn, TensorFlow has to see every step from the output to the loss, and NumPy hides them.",
        "Keras has this loss already: under which name?",
    )


def _require_finite(answers, name):
    """Outputs of exactly 0 and 1, where they are right and where they are wrong: sigmoids come to that."""
    loss, slope = _loss(answers, "edges", name)
    if not np.isfinite(loss):
        raise Wrong("not-finite", f"For outputs of exactly 0 and 1 your loss ({name}) is {loss}.", *EDGE_HINTS)
    if not np.isfinite(slope).all():
        message = (
            f"For outputs of exactly 0 and 1 your loss ({name}) is {loss:.4g}, but its slope is not a number: a single "
            "such pixel would make all weights nan."
        )
        raise Wrong("not-finite", message, *EDGE_HINTS)


def _require_adam(answers):
    optimiser = answers["optimiser"]
    if not optimiser["is Adam"]:
        message = f"Your optimiser is {optimiser['name']}; Adam is wanted."
        raise Wrong("wrong-optimiser", message, *OPTIMISER_HINTS)
    rates = answers["rates"]
    rate = max(rates)  # a schedule may begin and end at 0
    if rate < 0:
        message = f"Adam is told to take steps of {rate:g}: it would walk uphill, to a larger loss."
        raise Wrong("learning-rate-negative", message, "Adam looks for the way down by itself.", RATE_HINTS[1])
    if not LOWEST_RATE <= rate <= HIGHEST_RATE:
        code = "learning-rate-too-high" if rate > HIGHEST_RATE else "learning-rate-too-low"
        effect = "the weights would jump about" if rate > HIGHEST_RATE else "nothing would be learnt in a day"
        steps = f"up to {rate:g}" if min(rates) < rate else f"{rate:g}"
        message = f"Adam is told to take steps of {steps}: {effect}. Its own default is 0.001."
        raise Wrong(code, message, *RATE_HINTS)
    for setting, highest in (("beta_1", 0.9999), ("beta_2", 0.999999), ("epsilon", 0.01)):
        if (value := answers["settings"][setting]) > highest:
            raise Wrong(
                "stands-still",
                f"Adam is told {setting}={value:g}: its steps would be next to nothing, or not numbers.",
                "Adam divides the slopes it remembers by their usual size, so that no weight lags behind.",
                "What do you tell Adam besides the length of its steps, and what does it do when nobody tells it that?",
            )


def _require_steps(answers, seed):
    """Adam moves all weights by about the same, however unlike their gradients are; plain descent does not."""
    kernel, images = lesson(seed)
    after, loss = answers["kernel"], answers["first loss"]
    expected = _cross_entropy(images, 1 / (1 + np.exp(-images @ kernel)))
    if not same(loss, expected, 1e-2):
        message = f"Compiled a second time, a small model begins with a loss of {loss:.4f}, not {expected:.4f}."
        raise Wrong("wrong-loss", message, *LOSS_HINTS)
    moved = np.abs(after - kernel) if np.shape(after) == kernel.shape else np.zeros(1)
    low, high = np.percentile(moved, (10, 90))
    if not (0 < high < 5 * low and moved.mean() < ADAM_STEPS * HIGHEST_RATE * 1.3):
        message = "In a few steps the weights of a small model do not move as Adam moves them, all by about the same."
        raise Wrong("wrong-optimiser", message, *OPTIMISER_HINTS)


# ----- the usual mistakes, of target t and output o, both (4, 784) and inside 0..1 -----


def _cross_entropy(t, o):
    return float(-np.mean(t * np.log(o) + (1 - t) * np.log(1 - o)))


def _softmax(o):
    return np.exp(o) / np.exp(o).sum(axis=1, keepdims=True)


def _classifier(t, o):
    return -np.mean(np.sum(t * np.log(o / o.sum(axis=1, keepdims=True)), axis=1))


def _smoothed(share):
    words = "Your loss smooths the targets: pure black and white would count as mistakes."
    return "label-smoothing", words, lambda t, o: _cross_entropy(t * (1 - share) + share / 2, o)


_CLASSIFIER = "Your loss is that of a classifier, where all outputs compete for a sum of 1; pixels do not."
_LOGITS = "Your loss takes the outputs for raw scores (logits) and puts them through a sigmoid once more."
_BATCH = "Your loss adds up the images of a batch: it grows with the batch size."

MISTAKES = [
    *mistakes(LOGITS_HINTS, ("from-logits", _LOGITS, lambda t, o: np.mean(np.log1p(np.exp(o)) - t * o))),
    *mistakes(
        LOSS_HINTS,
        ("squared-error", "Your loss is the squared error, not the cross-entropy.", lambda t, o: np.mean((t - o) ** 2)),
        ("absolute-error", "Your loss is the absolute error.", lambda t, o: np.mean(np.abs(t - o))),
        ("categorical", _CLASSIFIER, _classifier),
        ("categorical", _CLASSIFIER, lambda t, o: _classifier(t, _softmax(o))),
        ("summed", _BATCH, lambda t, o: _cross_entropy(t, o) * len(t)),
        ("summed", "Your loss adds up all pixels of an image.", lambda t, o: _cross_entropy(t, o) * t.shape[1]),
        ("summed", "Your loss adds up all pixels of all images.", lambda t, o: _cross_entropy(t, o) * t.size),
        (
            "negative",
            "Your loss has the wrong sign: better pictures would cost more.",
            lambda t, o: -_cross_entropy(t, o),
        ),
        ("arguments-exchanged", "Target and output are exchanged in your loss.", lambda t, o: _cross_entropy(o, t)),
        *map(_smoothed, (0.05, 0.1, 0.2)),
    ),
]
