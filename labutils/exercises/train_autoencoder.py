"""Exercise 4.2: the training itself, on a tiny model and images that leave a trace in it."""

import numpy as np

from labutils.asking import rng
from labutils.asking.values import seen
from labutils.exercises import Exercise
from labutils.judging import NeverEnds, Raised, Thing, Wrong, kind_of, require_returned, same
from labutils.judging.optimisers import HIGHEST_RATE, LOWEST_RATE

EXERCISE = Exercise(
    number="4.2",
    signature="train_autoencoder(model, train_dataset, test_dataset, steps_per_epoch, epochs)",
    check="training",
    reference="labutils.training",
)

SECONDS = 6
TRAIN, TEST, BLANK = 40, 12, 2  # images of either kind, and pixels that are black in all of them
ALIKE, BRIGHT = 12, 8
PIXELS = ALIKE + 2 * BRIGHT + BLANK + TRAIN + TEST
BATCH, TEST_BATCH = 5, 4
EPOCHS, STEPS = 3, TRAIN // BATCH
ENDLESS, ENDLESS_USE = 1200, 120  # no right answer draws so many batches, or uses so many
WITHOUT_END = "labutils: drawn without end"


def questions(seed):
    """Images for training and for the test, float32 (40, 82) and (12, 82).

    Some pixels are alike in both, so that training helps on the test images as well; some are bright in the one and
    some in the other, so that their losses differ. In each image one more pixel is bright that is black in all others:
    what the model has learnt about it comes from this image only.
    """
    random = rng(seed)
    alike = np.repeat([0.35, -0.35], ALIKE // 2)[random.permutation(ALIKE)]
    bright, dark = np.full(BRIGHT, 0.4), np.zeros(BRIGHT)
    contrast = np.repeat([1, 0.9, 0.2], TEST // 3)[:, None]  # so that some of the test images do not stand for all
    train = np.tile([*alike, *bright, *dark], (TRAIN, 1))
    test = contrast * [*alike, *dark, *bright]
    shown = 0.5 + np.concatenate([train, test])
    shown += random.uniform(-0.05, 0.05, shown.shape)
    blank = np.zeros((TRAIN + TEST, BLANK))
    images = np.float32(np.concatenate([shown, blank, np.eye(TRAIN + TEST)], axis=1))
    return images[:TRAIN], images[TRAIN:]


def ask(student, seed):
    import keras

    model, images = _model(), questions(seed)
    optimizer = model.optimizer
    try:
        history = student.call("history", model, *_datasets(model, images), STEPS, EPOCHS, seconds=SECONDS)
    finally:
        student.note("steps", int(optimizer.iterations))
        student.note("weights", [weights for weights in model.get_weights() if weights.dtype.kind == "f"])
        student.note("frozen", not model.trainable_weights)
        student.note("optimiser steps", int(model.optimizer.iterations))
    is_history = isinstance(history, keras.callbacks.History)
    inside = history is getattr(getattr(model, "history", None), "history", None) and history is not None
    student.note("history is", {"History": is_history, "model": isinstance(history, keras.Model), "inside": inside})
    student.note("returned", seen(history))
    if not is_history:
        return
    student.note("same model", history.model is model)
    student.note("losses", {str(name): seen(np.asarray(values)) for name, values in history.history.items()})
    params = history.params or {}
    student.note("told", [params.get("epochs"), params.get("steps")])
    target, output = (keras.ops.convert_to_tensor(part) for part in _inside(images))
    student.note("loss", float(student.attempt("loss", model.compute_loss, target, target, output)))
    again = {"same": model.optimizer is optimizer, "name": type(model.optimizer).__name__}
    again["rate"] = float(model.optimizer.learning_rate) if isinstance(model.optimizer, keras.optimizers.Adam) else None
    student.note("optimiser", again)


def _inside(images):
    """Some of the images as target and output of a loss, away from its ends."""
    return [0.25 + part[:10] / 2 for part in images]


def _model():
    """A compiled model whose weights are all 0."""
    import keras

    layer = keras.layers.Dense(PIXELS, activation="sigmoid", kernel_initializer="zeros")
    model = keras.Sequential([keras.Input((PIXELS,)), layer])
    model.compile(keras.optimizers.Adam(0.01), "binary_crossentropy", run_eagerly=True)  # no time goes into tracing
    return model


def _datasets(model, images):
    """Batches for training without end, and for the test."""
    import tensorflow as tf

    from labutils.tuning import untuned

    train, test = (untuned(tf.data.Dataset.from_tensor_slices((part, part))) for part in images)
    steps = model.optimizer.iterations.value
    counted = train.batch(BATCH).repeat().enumerate().scan(tf.zeros_like(steps), _refuse_to_go_on(steps))
    return counted, test.batch(TEST_BATCH)


def _refuse_to_go_on(steps):
    """Fails after many batches, so that training without end is found at once and not by the clock.

    Code that begins to draw once the model has learnt, as in validation, uses each batch; before that, it may be to
    shuffle.
    """
    import tensorflow as tf

    def hand_on(began, numbered):
        index, pair = numbered
        now = steps.read_value()
        began = tf.where(index == 0, now, began)
        drawn = tf.debugging.assert_less(index, tf.where(began == 0, *np.int64([ENDLESS, ENDLESS_USE])), WITHOUT_END)
        used = tf.debugging.assert_less(now, tf.cast(ENDLESS_USE, now.dtype), WITHOUT_END)
        with tf.control_dependencies([drawn, used]):
            return began, (tf.identity(pair[0]), tf.identity(pair[1]))

    return hand_on


# ----- judging -----

VALIDATION_HINTS = (
    "How well the model does on images it does not learn from is measured after each epoch.",
    "Which of your datasets is for learning, which for measuring, and does `fit` know about both?",
)
EXCHANGED_HINTS = (
    "Both are whole numbers, and Python cannot see which is which: it goes by places, or by the names you give.",
    "Compare the `def` line with the one the exercise came with, and follow each of the two to where it is used.",
)
FIT_HINTS = (
    "Your function is told everything that training needs; each argument has to arrive somewhere.",
    "Go through your arguments one by one: where does each go in the call of `fit`?",
)
IMAGE_HINTS = (
    "In one epoch every training image should be seen once, and nothing else.",
    "What exactly does `fit` get as its first argument, and how does it differ from what your function was given?",
)
SHAPE_HINTS = (
    "The datasets come ready made: each element is a batch, one row of pixels for each image.",
    "Print `element_spec` of what you hand to `fit` and of what your function was given: how do they differ, and why?",
)
COMPILED_HINTS = (
    "The model comes ready to learn.",
    "Each exercise has one job: what did 3.2 do, and what is left to do here?",
)
HISTORY_HINTS = (
    "`fit` gives back a record of the losses, epoch by epoch; the next cells draw it.",
    "What does `fit` give back, and what happens to it in your function?",
)


def judge(answers, seed):
    trained = Trained(answers["weights"], questions(seed))
    try:
        answers["history"] if "returned" not in answers else None  # raises what stopped the training
    except (Raised, NeverEnds) as error:
        _refuse_endless(error, answers, trained)
        if isinstance(error, Raised) and "Invalid input shape" in error.failure.text:
            raise Wrong("wrong-input-shape", error.message, *SHAPE_HINTS) from None
        raise
    if trained.is_untrained:
        require_returned(answers["returned"])
        _refuse_untrained(answers)
    _require_history(answers)
    _require_compiled_as_before(answers, seed)
    _require_images(answers, trained)
    losses = _require_validation(answers, trained)
    return (
        f"{EPOCHS} epochs of {STEPS} steps, measured on the test images after each: {losses[0]:.2f} to "
        f"{losses[-1]:.2f}."
    )


class Trained:
    """The model after training: one sigmoid layer. ``losses`` are the means on training and test images."""

    def __init__(self, weights, images):
        self.images = images
        shapes = [np.shape(each) for each in weights]
        self.kernel, self.bias = weights if shapes == [(PIXELS, PIXELS), (PIXELS,)] else (np.zeros((PIXELS, PIXELS)), 0)
        self.is_untrained = not (np.any(self.kernel) or np.any(self.bias))
        self.each = [self._losses(part) for part in images]
        self.losses = [part.mean() for part in self.each]

    def _losses(self, images):
        """The binary cross-entropy of each image."""
        output = np.clip(1 / (1 + np.exp(-(images @ self.kernel + self.bias))), 1e-7, 1 - 1e-7).astype(np.float64)
        return -np.mean(images * np.log(output) + (1 - images) * np.log(1 - output), axis=1)

    def learnt_from(self):
        """How many of the images for training and of those for the test the model has learnt from.

        None if that cannot be told, as when noise was added to the images. What was done to all pixels alike does not
        matter: what is learnt about a pixel that is black everywhere is the measure.
        """
        blank, own = np.split(self.kernel[ALIKE + 2 * BRIGHT :], [BLANK])
        nothing = 1e-4 * np.abs(self.kernel).max()
        if np.ptp(blank, axis=0).max() > nothing:
            return None
        learnt = np.abs(own - blank[0]).max(axis=1) > nothing
        return int(learnt[:TRAIN].sum()), int(learnt[TRAIN:].sum())


START = np.log(2)  # the loss of the untrained model, whatever the image


def _refuse_endless(error, answers, trained):
    """Name what has no end: the training, or the validation."""
    raised = isinstance(error, Raised)
    if raised and WITHOUT_END not in error.failure.text:
        return
    steps = answers["optimiser steps"]
    if raised and trained.is_untrained:
        message = (
            f"Before the first step of training your function has drawn {ENDLESS:,} batches from the training dataset "
            "and wants more; it is repeated, and going through it has no end."
        )
        hints = (
            "`fit` takes a dataset as it is and draws from it what it needs.",
            "Which of your lines wants all of the training dataset at once: is there a loop, a `list` or a `len`?",
        )
        raise Wrong("train-gone-through", message, *hints) from None
    if steps == 0 and not trained.is_untrained:
        _refuse_unused_optimiser()
    if raised and steps <= STEPS:
        message = "The measuring has no end: your validation goes over the training images, which are repeated."
        raise Wrong("validation-on-train", message, *VALIDATION_HINTS) from None
    if steps == STEPS:
        message = f"After the first epoch of {STEPS} steps the measuring begins, and has no end."
        hints = ("Each test image should be measured once.", "Is something repeated that should not be?")
        raise Wrong("validation-endless", message, *hints) from None
    if steps > EPOCHS * STEPS:
        message = (
            f"Asked for {EPOCHS} epochs of {STEPS} steps, training went on after {steps}: the training images are "
            "repeated without end, so an epoch ends only where you say so."
        )
        raise Wrong("steps-ignored", message, *FIT_HINTS) from None


def _refuse_untrained(answers):
    reason, hints = "it has not been trained", ("One method of a Keras model does the learning.", FIT_HINTS[1])
    losses = answers.get("losses")
    if answers["frozen"]:
        reason = "they are frozen"
        hints = ("Training changes only what it is allowed to change.", "Is there a `trainable` in your code?")
    elif losses:
        reason = "the History you return is of another model"
        hints = (
            "The next cells go on with the model that your function was given.",
            "Whose `fit` do you call, and where does that model come from?",
        )
        if answers["same model"]:
            reason = f"`fit` went through {np.size(losses.get('loss', []))} epochs, but nothing is left of that"
            hints = (
                "A step moves the weights, if it has a length, and they stay where it left them.",
                "What do you do to the model besides calling `fit`: to its weights, or to its optimiser?",
            )
    message = f"After your function the model has the same weights as before: {reason}."
    raise Wrong("not-trained", message, *hints)


def _require_history(answers):
    returned, kinds = answers["returned"], answers["history is"]
    require_returned(returned)
    if kinds["model"]:
        raise Wrong("model-returned", "You return the model; its record of losses is wanted.", *HISTORY_HINTS)
    if not kinds["History"]:
        what = "a dictionary" if isinstance(returned, Thing) and returned.type == "dict" else kind_of(returned)
        what = "the dictionary inside the History" if kinds["inside"] else what
        raise Wrong("not-a-history", f"You return {what}; the History that `fit` gives is wanted.", *HISTORY_HINTS)
    losses = answers["losses"]
    if losses and "loss" not in losses:
        message = f"Your History knows {', '.join(losses)}; the next cells look for loss and val_loss in it."
        raise Wrong("history-renamed", message, *HISTORY_HINTS)


def _require_compiled_as_before(answers, seed):
    """Behaviour counts: compiled again the same way, or with steps of another sensible length, does no harm."""

    def refuse(what):
        message = f"Your function compiles the model again, with {what}; it was compiled already."
        raise Wrong("compiled-again", message, *COMPILED_HINTS)

    target, output = _inside(questions(seed))
    right = -np.mean(target * np.log(output) + (1 - target) * np.log(1 - output))
    if not same(answers["loss"], right, 1e-3):
        refuse("another loss")
    optimiser = answers["optimiser"]
    if optimiser["same"]:
        return
    if optimiser["rate"] is None:
        refuse(f"another optimiser ({optimiser['name']})")
    if not LOWEST_RATE <= optimiser["rate"] <= HIGHEST_RATE:
        refuse(f"an Adam that takes steps of {optimiser['rate']:g}")


def _require_images(answers, trained):
    """Every training image has been learnt from, as often as it should, and no test image."""
    steps, (train, test) = answers["optimiser steps"], trained.learnt_from() or (TRAIN, 0)
    if test:
        others = f"besides {train} of the {TRAIN}" if train else "and from none of those"
        message = f"Your model has learnt from {test} of the {TEST} test images, {others} for training."
        raise Wrong("trained-on-test", message, *VALIDATION_HINTS)
    if steps == 0:
        _refuse_unused_optimiser()
    if train <= TRAIN // 2 and steps >= STEPS:  # code that shuffles again may miss a few
        message = f"In {steps} steps your model has learnt from only {train} of the {TRAIN} training images."
        raise Wrong("few-images", message, *IMAGE_HINTS)
    _require_length(answers, steps)
    if trained.losses[0] > START - 1e-4:
        message = (
            "Training has not made your model better: its loss on the training images goes from "
            f"{START:.3f} to {trained.losses[0]:.3f}."
        )
        hint = "An autoencoder learns to give back the images it is shown, as the datasets hold them."
        raise Wrong("not-improved", message, hint, IMAGE_HINTS[1])


def _refuse_unused_optimiser():
    message = "The weights have changed, but the model's own optimiser has not taken a single step."
    raise Wrong("optimiser-unused", message, *COMPILED_HINTS) from None


def _require_length(answers, steps):
    (told_epochs, told_steps), total = answers["told"], EPOCHS * STEPS
    epochs = np.size(answers["losses"].get("loss", []))
    asked, recorded = f"Asked for {EPOCHS} epochs of {STEPS} steps", epochs * (told_steps or 0)
    if (told_epochs, told_steps) == (EPOCHS, STEPS) and steps < total:
        message = f"`fit` was told {EPOCHS} epochs of {STEPS} steps, {total} in all, but it stopped after {steps}."
        hints = (
            "`fit` goes on to the end, unless something stops it or nothing is left to draw.",
            "What ended it? Does something that you hand to `fit` watch the loss, and with how much patience?",
        )
        raise Wrong("stopped-early", message, *hints)
    if (epochs, steps) == (STEPS, total):
        message = f"{asked}, you train for {epochs} epochs of {steps // epochs}: the two are exchanged."
        raise Wrong("steps-and-epochs-exchanged", message, *EXCHANGED_HINTS)
    if epochs < EPOCHS and recorded == steps == total:
        raise Wrong("epochs-ignored", f"{asked}, you train for {epochs} of {steps // epochs}.", *FIT_HINTS)
    if epochs < EPOCHS and steps == total:
        message = f"{steps} steps were taken, but of {EPOCHS} epochs the History you return knows only {epochs}."
        raise Wrong("history-cut", message, "Each call of `fit` starts a new record.", FIT_HINTS[1])
    if epochs != EPOCHS:
        raise Wrong("epochs-ignored", f"Asked for {EPOCHS} epochs, you train for {epochs}.", *FIT_HINTS)
    if recorded == total < steps and steps % total == 0:
        message = f"{asked}, {total} in all, you take {steps}; the History you return knows only {total} of them."
        hints = (
            "One call of `fit` goes through all the epochs that it is told, and the next goes on from there.",
            "How often does your function call `fit`: is there a loop around it, or a second call?",
        )
        raise Wrong("fit-repeated", message, *hints)
    if steps != total:
        message = f"Asked for {STEPS} steps in each of {EPOCHS} epochs, {total} in all, you take {steps}."
        raise Wrong("steps-ignored", message, *FIT_HINTS)


def _require_validation(answers, trained):
    """``val_loss`` has to be the model's loss on all test images, after each epoch; returns it."""
    losses = answers["losses"]
    if "val_loss" not in losses:
        message = f"The History knows {', '.join(losses)}, but no val_loss: nothing was measured on the test images."
        raise Wrong("no-validation", message, *VALIDATION_HINTS)
    measured = losses["val_loss"]
    if np.shape(measured) != (EPOCHS,):
        what = f"holds {np.size(measured)}" if np.ndim(measured) else f"is a single number, {measured:.3f}"
        _refuse_seldom(f"Of {EPOCHS} epochs, val_loss in your History should hold {EPOCHS} numbers; it {what}.")
    if np.ptp(measured) < 1e-6:
        _refuse_seldom(f"All {EPOCHS} numbers in val_loss are {measured[0]:.3f}, though the model has changed.")
    last, (train, test), each = measured[-1], trained.losses, trained.each[1]
    if same(last, test, 2e-3):
        return measured
    if same(measured[0], START):
        _refuse_seldom(f"val_loss begins with {START:.3f}, that of the untrained model: you measure before an epoch.")
    if abs(last - train) < abs(test - train) / 4:
        message = (
            f"The validation loss is {last:.3f}: that of the training images ({train:.3f}), not of the test images "
            f"({test:.3f})."
        )
        raise Wrong("validation-on-train", message, *VALIDATION_HINTS)
    message = f"The validation loss is {last:.3f}; over all test images it is {test:.3f}."
    if each.min() <= last <= each.max():
        raise Wrong("validation-cut", f"{message} Only some of them were used.", *VALIDATION_HINTS)
    message += " No choice of them gives that: you measure something else than the model's loss."
    hints = (VALIDATION_HINTS[0], "Learning and measuring want the same loss, and its mean over all images.")
    raise Wrong("validation-other", message, *hints)


def _refuse_seldom(message):
    hints = (VALIDATION_HINTS[0], "How often do you measure on the test images, and when?")
    raise Wrong("validation-seldom", f"{message} The test images are to be measured after each epoch.", *hints)
