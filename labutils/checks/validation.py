"""What training asks of the measuring: on the test images, on all of them, after each epoch, with the model's loss."""

import numpy as np

from labutils.checks import tell_tale
from labutils.checks.tell_tale import EPOCHS
from labutils.checks.verdict import Wrong, same

VALIDATION_HINTS = (
    "How well the model does on images it does not learn from is measured after each epoch.",
    "Which of your datasets is for learning, which for measuring, and does `fit` know about both?",
)


def require_validation(history, model, data):
    """Raise ``Wrong`` unless ``val_loss`` in the History is the model's loss on all test images, after each epoch."""
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
