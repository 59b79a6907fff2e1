"""Wrong answers to exercise 4.2: training itself is right, what is measured and recorded besides is not."""

import keras
import numpy as np

from labutils.checks.catalogue import wrong
from labutils.checks.catalogue.correct.training import fit, record


@wrong("no-validation")
def no_validation(model, train_dataset, test_dataset, steps_per_epoch, epochs):
    return model.fit(train_dataset, steps_per_epoch=steps_per_epoch, epochs=epochs, verbose=0)


@wrong("no-validation")
def evaluates_at_the_end(model, train_dataset, test_dataset, steps_per_epoch, epochs):
    history = model.fit(train_dataset, steps_per_epoch=steps_per_epoch, epochs=epochs, verbose=0)
    model.evaluate(test_dataset)
    return history


@wrong("validation-on-train")
def validates_on_train(model, train_dataset, test_dataset, steps_per_epoch, epochs):
    return model.fit(
        train_dataset, steps_per_epoch=steps_per_epoch, epochs=epochs, validation_data=train_dataset, verbose=0
    )


@wrong("validation-on-train")
def validates_on_some_of_train(model, train_dataset, test_dataset, steps_per_epoch, epochs):
    return model.fit(
        train_dataset,
        steps_per_epoch=steps_per_epoch,
        epochs=epochs,
        validation_data=train_dataset,
        validation_steps=4,
        verbose=0,
    )


@wrong("validation-cut")
def validates_on_one_batch(model, train_dataset, test_dataset, steps_per_epoch, epochs):
    return model.fit(
        train_dataset,
        steps_per_epoch=steps_per_epoch,
        epochs=epochs,
        validation_data=test_dataset,
        validation_steps=1,
        verbose=0,
    )


@wrong("validation-seldom")
def validates_at_the_last_epoch(model, train_dataset, test_dataset, steps_per_epoch, epochs):
    return model.fit(
        train_dataset,
        steps_per_epoch=steps_per_epoch,
        epochs=epochs,
        validation_data=test_dataset,
        validation_freq=epochs,
        verbose=0,
    )


@wrong("validation-seldom")
def validates_every_other_epoch(model, train_dataset, test_dataset, steps_per_epoch, epochs):
    return model.fit(
        train_dataset,
        steps_per_epoch=steps_per_epoch,
        epochs=epochs,
        validation_data=test_dataset,
        validation_freq=2,
        verbose=0,
    )


def evaluated_at_the_end(model, train_dataset, test_dataset, steps_per_epoch, epochs):
    history = model.fit(train_dataset, steps_per_epoch=steps_per_epoch, epochs=epochs, verbose=0)
    return history, model.evaluate(test_dataset, verbose=0)


@wrong("validation-seldom")
def writes_one_loss_into_the_history(*arguments):
    history, loss = evaluated_at_the_end(*arguments)
    history.history["val_loss"] = [loss]
    return history


@wrong("validation-seldom")
def writes_one_loss_for_all_epochs(model, train_dataset, test_dataset, steps_per_epoch, epochs):
    history, loss = evaluated_at_the_end(model, train_dataset, test_dataset, steps_per_epoch, epochs)
    history.history["val_loss"] = [loss] * epochs
    return history


@wrong("validation-seldom")
def writes_a_number_into_the_history(*arguments):
    history, loss = evaluated_at_the_end(*arguments)
    history.history["val_loss"] = loss
    return history


@wrong("validation-seldom")
def validates_in_a_last_fit(model, train_dataset, test_dataset, steps_per_epoch, epochs):
    first = model.fit(train_dataset, steps_per_epoch=steps_per_epoch, epochs=epochs - 1, verbose=0)
    last = fit.handed_in(model, train_dataset, test_dataset, steps_per_epoch, 1)
    last.history["loss"] = first.history["loss"] + last.history["loss"]
    return last


@wrong("validation-seldom")
def evaluates_before_each_epoch(model, train_dataset, test_dataset, steps_per_epoch, epochs):
    losses = {"loss": [], "val_loss": []}
    for _ in range(epochs):
        losses["val_loss"].append(model.evaluate(test_dataset, verbose=0))
        losses["loss"].append(np.mean([model.train_on_batch(*pair) for pair in train_dataset.take(steps_per_epoch)]))
    return record(model, losses)


@wrong("validation-other")
def measures_the_squared_error(model, train_dataset, test_dataset, steps_per_epoch, epochs):
    losses = {"loss": [], "val_loss": []}
    for _ in range(epochs):
        losses["loss"].append(np.mean([model.train_on_batch(*pair) for pair in train_dataset.take(steps_per_epoch)]))
        losses["val_loss"].append(np.mean([np.mean((model(x) - y) ** 2) for x, y in test_dataset]))
    return record(model, losses)


@wrong("validation-cut")
def leaves_out_the_first_batch(model, train_dataset, test_dataset, steps_per_epoch, epochs):
    return fit.handed_in(model, train_dataset, test_dataset.skip(1), steps_per_epoch, epochs)


@wrong("history-renamed")
def renames_the_losses(*arguments):
    history = fit.handed_in(*arguments)
    history.history = {"train_loss": history.history["loss"], "test_loss": history.history["val_loss"]}
    return history


@wrong("history-cut")
def returns_an_empty_history(*arguments):
    fit.handed_in(*arguments)
    return keras.callbacks.History()
