"""Right answers to exercise 4.2, ``train_autoencoder(model, train_dataset, test_dataset, steps_per_epoch, epochs)``."""

import keras
import numpy as np

from labutils.checks.catalogue import right


def record(model, losses):
    """The History of training by hand."""
    history = keras.callbacks.History()
    history.set_model(model)
    history.history, history.epoch = losses, list(range(len(losses["loss"])))
    return history


@right
def fit(model, train_dataset, test_dataset, steps_per_epoch, epochs):
    return model.fit(
        train_dataset, steps_per_epoch=steps_per_epoch, epochs=epochs, validation_data=test_dataset, verbose=2
    )


@right
def with_callbacks(model, train_dataset, test_dataset, steps_per_epoch, epochs=10):
    class Quiet(keras.callbacks.Callback):
        pass

    stop = keras.callbacks.EarlyStopping(monitor="val_loss", patience=2, restore_best_weights=False)
    history = model.fit(
        x=train_dataset,
        validation_data=test_dataset,
        epochs=epochs,
        steps_per_epoch=steps_per_epoch,
        shuffle=False,
        callbacks=[Quiet(), stop],
    )
    return history


@right
def takes_enough_and_caches(model, train, test, steps, epochs):
    return model.fit(train.prefetch(2), epochs=epochs, steps_per_epoch=steps, validation_data=test.cache(), verbose=0)


@right
def cuts_the_dataset_into_epochs(model, train_dataset, test_dataset, steps_per_epoch, epochs):
    return model.fit(train_dataset.take(steps_per_epoch), epochs=epochs, validation_data=test_dataset, verbose=0)


@right
def measures_by_steps(model, train_dataset, test_dataset, steps_per_epoch, epochs):
    steps = len(test_dataset)
    return model.fit(
        train_dataset,
        None,
        epochs=epochs,
        verbose="auto",
        validation_data=test_dataset,
        steps_per_epoch=steps_per_epoch,
        validation_steps=steps,
    )


@right
def returns_the_models_history(model, train_dataset, test_dataset, steps_per_epoch, epochs):
    model.fit(train_dataset, validation_data=test_dataset, steps_per_epoch=steps_per_epoch, epochs=epochs, verbose=0)
    return model.history


@right
def stops_early_and_keeps_the_best(model, train_dataset, test_dataset, steps_per_epoch, epochs):
    return model.fit(
        train_dataset,
        steps_per_epoch=steps_per_epoch,
        epochs=epochs,
        validation_data=test_dataset,
        callbacks=[keras.callbacks.EarlyStopping(restore_best_weights=True)],
    )


@right
def compiles_again_the_same_way(model, train_dataset, test_dataset, steps_per_epoch, epochs):
    model.compile("adam", "binary_crossentropy")
    return fit.handed_in(model, train_dataset, test_dataset, steps_per_epoch, epochs)


@right
def compiles_again_with_objects(model, *arguments):
    model.compile(keras.optimizers.Adam(), keras.losses.BinaryCrossentropy())
    return fit.handed_in(model, *arguments)


@right
def compiles_again_with_the_short_name(model, *arguments):
    model.compile("adam", "bce")
    return fit.handed_in(model, *arguments)


@right
def shuffles_once_more(model, train_dataset, *arguments):
    return fit.handed_in(model, train_dataset.shuffle(1000), *arguments)


@right
def draws_batch_by_batch(model, train_dataset, test_dataset, steps_per_epoch, epochs):
    batches, losses = iter(train_dataset), {"loss": [], "val_loss": []}
    for _ in range(epochs):
        losses["loss"].append(np.mean([model.train_on_batch(*next(batches)) for _ in range(steps_per_epoch)]))
        losses["val_loss"].append(model.evaluate(test_dataset, verbose=0))
    return record(model, losses)
