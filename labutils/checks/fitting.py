"""Judges exercises 4.1 and 4.2: how many steps make an epoch, and the training itself."""

import keras
import numpy as np

from labutils.checks import tell_tale
from labutils.checks.compilation import HIGHEST_RATE, LOWEST_RATE
from labutils.checks.running import TimeUp
from labutils.checks.student import kind_of, returned
from labutils.checks.verdict import Raised, Wrong, same

COUNT_HINTS = (
    "A step takes one batch. After how many steps has every image been seen?",
    "Try it with small numbers on paper: 10 images in batches of 4. How many batches, and how full is the last one?",
)
EPOCHS, STEPS = 3, tell_tale.TRAIN // tell_tale.BATCH
TRAINING_SECONDS = 4

FIT_HINTS = (
    "Your function is told everything that training needs; each argument has to arrive somewhere.",
    "Go through your arguments one by one: where does each go in the call of `fit`?",
)
IMAGE_HINTS = (
    "In one epoch every training image should be seen once, and nothing else.",
    "What exactly does `fit` get as its first argument, and how does it differ from what your function was given?",
)
COMPILED_HINTS = (
    "The model comes ready to learn.",
    "Each exercise has one job: what did 3.2 do, and what is left to do here?",
)
VALIDATION_HINTS = (
    "How well the model does on images it does not learn from is measured after each epoch.",
    "Which of your datasets is for learning, which for measuring, and does `fit` know about both?",
)
HISTORY_HINTS = (
    "`fit` gives back a record of the losses, epoch by epoch; the next cells draw it.",
    "What does `fit` give back, and what happens to it in your function?",
)


def steps_per_epoch(student):
    """Judge ``steps_per_epoch(examples, batch_size)``; returns what to say when it is right."""
    questions = [(60_000, 128), (640, 64), (70, 64), (2_970, 128), (5, 128), (7, 1), (129, 128), (100_001, 100_000)]
    answers = [_count(student, *question) for question in questions]
    for (examples, batch), answer in zip(questions, answers, strict=True):
        if answer != -(-examples // batch):
            _refuse_count(questions, list(map(int, answers)), examples, batch, int(answer))
    for (examples, batch), answer in zip(questions, answers, strict=True):
        if not isinstance(answer, float):
            continue
        message = (
            f"You return {answer!r} for {examples:,} images in batches of {batch}. Keras counts steps with whole "
            "numbers (int) only."
        )
        hints = (
            "A number can be whole and still be stored as a fraction.",
            "Which kind of number does your last step give?",
        )
        raise Wrong("float-returned", message, *hints)
    return "60,000 images in batches of 128 make 469 steps, the last of them smaller."


def _count(student, examples, batch):
    """The student's answer as int, or as float if they gave one."""
    answer = student(examples, batch)
    returned(answer)
    try:
        number = np.asarray(answer)[()]
        if number.dtype.kind not in "fiu":
            raise TypeError
        whole = float(number) == int(number)
    except (TypeError, ValueError, OverflowError):
        what = " (the answer to a comparison)" if isinstance(answer, (bool, np.bool_)) else ""
        message = f"You return {answer!r:.60}{what}; a whole number is wanted."
        raise Wrong("not-a-number", message, *COUNT_HINTS) from None
    if not whole:
        asked = f"for {examples:,} images in batches of {batch}"
        message = f"You return {float(number):.6g} {asked}: there is no such thing as part of a step."
        raise Wrong("not-whole", message, *COUNT_HINTS)
    return int(number) if number.dtype.kind in "iu" else float(number)


def _refuse_count(questions, answers, examples, batch, answer):
    right = -(-examples // batch)
    message = f"For {examples:,} images in batches of {batch:,} you say {answer:,}; {right:,} are needed."
    room = f" There is room for {answer * batch:,} images only." if 0 < answer < right else ""
    formulas = {
        "rounded-down": (lambda n, b: max(n // b, min(answers)), room),
        "one-too-many": (lambda n, b: n // b + 1, " Where the batches come out even, you count one more."),
        "rounded-to-nearest": (lambda n, b: round(n / b), " You round to the nearest number, up or down."),
        "remainder": (lambda n, b: n % b, " That is how many images are left over for the last batch."),
        "inverted": (lambda n, b: -(-b // n), " The division is the wrong way round."),
        "multiplied": (lambda n, b: n * b, " You multiply."),
        "batch-size-ignored": (lambda n, b: n, " That is the number of images, not of batches."),
        "examples-ignored": (lambda n, b: b, " That is the size of a batch."),
    }
    if len(set(answers)) == 1:
        raise Wrong("fixed-number", f"{message} You always say the same.", "Both arguments matter.", COUNT_HINTS[1])
    for code, (formula, reason) in formulas.items():
        if all(formula(n, b) == said for (n, b), said in zip(questions, answers, strict=True)):
            raise Wrong(code, message + reason, *COUNT_HINTS)
    if all(said == -(-n // b) + 1 for (n, b), said in zip(questions, answers, strict=True)):
        raise Wrong("one-too-many", f"{message} You count one more.", *COUNT_HINTS)
    raise Wrong("wrong-count", message + room, *COUNT_HINTS)


def training(student):
    """Judge ``train_autoencoder(...)`` on a tiny model and data; returns what to say when it is right."""
    model = tell_tale.build()
    data, optimizer, untrained = tell_tale.Data(model), model.optimizer, model.get_weights()

    def is_untrained():
        return all(np.array_equal(a, b) for a, b in zip(untrained, model.get_weights(), strict=True))

    try:
        history = student(model, data.train, data.test, STEPS, EPOCHS, seconds=TRAINING_SECONDS)
    except (Raised, TimeUp) as error:
        _refuse_endless(error, model, is_untrained())
        raise
    if is_untrained():
        returned(history)
        message = "After your function the model has the same weights as before: it has not been trained."
        raise Wrong("not-trained", message, "One method of a Keras model does the learning.", FIT_HINTS[1])
    _require_history(history)
    _require_compiled_as_before(student, model, optimizer, data)
    _require_images(model, history, data)
    _require_validation(history, model, data)
    losses = history.history["val_loss"]
    return (
        f"{EPOCHS} epochs of {STEPS} steps, measured on the test images after each: {losses[0]:.2f} to "
        f"{losses[-1]:.2f}."
    )


def _refuse_endless(error, model, is_untrained):
    """Name what has no end: the training, or the validation."""
    if isinstance(error, Raised) and tell_tale.WITHOUT_END not in str(error.error):
        return
    steps = int(model.optimizer.iterations)
    if isinstance(error, Raised) and is_untrained:
        message = (
            f"Before the first step of training your function has drawn {tell_tale.ENDLESS:,} batches from the "
            "training dataset and wants more; it is repeated, and going through it has no end."
        )
        hints = (
            "`fit` takes a dataset as it is and draws from it what it needs.",
            "Which of your lines wants all of the training dataset at once: is there a loop, a `list` or a `len`?",
        )
        raise Wrong("train-gone-through", message, *hints) from None
    if steps == 0 and not is_untrained:
        _refuse_unused_optimiser()
    if isinstance(error, Raised) and steps <= STEPS:
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


def _require_history(history):
    returned(history)
    if not isinstance(history, keras.callbacks.History):
        if isinstance(history, keras.Model):
            raise Wrong("model-returned", "You return the model; its record of losses is wanted.", *HISTORY_HINTS)
        what = "the dictionary inside the History" if isinstance(history, dict) else kind_of(history)
        raise Wrong("not-a-history", f"You return {what}; the History that `fit` gives is wanted.", *HISTORY_HINTS)
    if history.history and "loss" not in history.history:
        message = f"Your History knows {', '.join(history.history)}; the next cells look for loss and val_loss in it."
        raise Wrong("history-renamed", message, *HISTORY_HINTS)


def _require_compiled_as_before(student, model, optimizer, data):
    """Behaviour counts: compiled again the same way, or with steps of another sensible length, does no harm."""

    def refuse(what):
        message = f"Your function compiles the model again, with {what}; it was compiled already."
        raise Wrong("compiled-again", message, *COMPILED_HINTS)

    target, output = (keras.ops.convert_to_tensor(images[:10]) for images in data.images)
    right = float(keras.losses.BinaryCrossentropy()(target, output))
    if not same(student.attempt(model.compute_loss, target, target, output), right, 1e-3):
        refuse("another loss")
    if model.optimizer is optimizer:
        return
    if not isinstance(model.optimizer, keras.optimizers.Adam):
        refuse(f"another optimiser ({type(model.optimizer).__name__})")
    rate = float(model.optimizer.learning_rate)
    if not LOWEST_RATE <= rate <= HIGHEST_RATE:
        refuse(f"an Adam that takes steps of {rate:g}")


def _require_images(model, history, data):
    """Every training image has been learnt from, as often as it should, and no test image."""
    steps, (train, test) = int(model.optimizer.iterations), tell_tale.learnt_from(model) or (tell_tale.TRAIN, 0)
    if test:
        others = f"besides {train} of the {tell_tale.TRAIN}" if train else "and from none of those"
        message = f"Your model has learnt from {test} of the {tell_tale.TEST} test images, {others} for training."
        raise Wrong("trained-on-test", message, *VALIDATION_HINTS)
    if steps == 0:
        _refuse_unused_optimiser()
    if train <= tell_tale.TRAIN // 2 and steps >= STEPS:  # who shuffles again may miss a few
        message = f"In {steps} steps your model has learnt from only {train} of the {tell_tale.TRAIN} training images."
        raise Wrong("few-images", message, *IMAGE_HINTS)
    _require_length(history, steps)
    before, after = (tell_tale.losses_of(m, data.images[0]).mean() for m in (tell_tale.build(), model))
    if after > before - 1e-4:
        seen = f"its loss on the training images goes from {before:.3f} to {after:.3f}"
        message = f"Training has not made your model better: {seen}."
        hints = (
            "An autoencoder learns to give back the images it is shown, as the datasets hold them.",
            IMAGE_HINTS[1],
        )
        raise Wrong("not-improved", message, *hints)


def _refuse_unused_optimiser():
    message = "The weights have changed, but the model's own optimiser has not taken a single step."
    raise Wrong("optimiser-unused", message, *COMPILED_HINTS) from None


def _require_length(history, steps):
    epochs = np.size(history.history.get("loss", []))
    if epochs < EPOCHS and steps == EPOCHS * STEPS:
        message = f"{steps} steps were taken, but of {EPOCHS} epochs the History you return knows only {epochs}."
        raise Wrong("history-cut", message, "Each call of `fit` starts a new record.", FIT_HINTS[1])
    if epochs != EPOCHS:
        message = f"Asked for {EPOCHS} epochs, you train for {epochs}."
        raise Wrong("epochs-ignored", message, *FIT_HINTS)
    if steps != EPOCHS * STEPS:
        message = f"Asked for {STEPS} steps in each of {EPOCHS} epochs, {EPOCHS * STEPS} in all, you take {steps}."
        raise Wrong("steps-ignored", message, *FIT_HINTS)


def _require_validation(history, model, data):
    if "val_loss" not in history.history:
        message = (
            f"The History knows {', '.join(history.history)}, but no val_loss: nothing was measured on the test images."
        )
        raise Wrong("no-validation", message, *VALIDATION_HINTS)
    measured = np.asarray(history.history["val_loss"], np.float64)
    if measured.shape != (EPOCHS,):
        what = f"holds {measured.size}" if measured.ndim else f"is a single number, {measured:.3f}"
        _refuse_seldom(f"Of {EPOCHS} epochs, val_loss in your History should hold {EPOCHS} numbers; it {what}.")
    if np.ptp(measured) < 1e-6:
        _refuse_seldom(f"All {EPOCHS} numbers in val_loss are {measured[0]:.3f}, though the model has changed.")
    _require_test_loss(measured, model, data)


def _require_test_loss(measured, model, data):
    start = tell_tale.losses_of(tell_tale.build(), data.images[1]).mean()
    train, each = (tell_tale.losses_of(model, images) for images in data.images)
    last, train, test = measured[-1], train.mean(), each.mean()
    if same(last, test, 2e-3):
        return
    if same(measured[0], start):
        _refuse_seldom(f"val_loss begins with {start:.3f}, that of the untrained model: you measure before an epoch.")
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
