"""Wrong answers to exercise 4.2: training goes on for too long, or not long enough, or not for this model."""

import keras

from labutils.checks.catalogue import wrong
from labutils.checks.catalogue.correct.training import fit


@wrong("epochs-ignored")
def all_steps_in_one_epoch(model, train_dataset, test_dataset, steps_per_epoch, epochs):
    return fit.handed_in(model, train_dataset, test_dataset, steps_per_epoch * epochs, 1)


@wrong("steps-and-epochs-exchanged")
def last_arguments_exchanged(model, train_dataset, test_dataset, epochs, steps_per_epoch):
    return fit.handed_in(model, train_dataset, test_dataset, steps_per_epoch, epochs)


@wrong("stopped-early")
def stops_where_it_gains_little(model, train_dataset, test_dataset, steps_per_epoch, epochs):
    stop = keras.callbacks.EarlyStopping(min_delta=0.5, patience=1)
    return model.fit(
        train_dataset,
        steps_per_epoch=steps_per_epoch,
        epochs=epochs,
        validation_data=test_dataset,
        callbacks=[stop],
        verbose=0,
    )


@wrong("stopped-early")
def stops_inside_the_last_epoch(model, train_dataset, test_dataset, steps_per_epoch, epochs):
    class Stop(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            self.model.stop_training = int(self.model.optimizer.iterations) >= steps_per_epoch * epochs - 2

    return model.fit(
        train_dataset,
        steps_per_epoch=steps_per_epoch,
        epochs=epochs,
        validation_data=test_dataset,
        callbacks=[Stop()],
        verbose=0,
    )


@wrong("fit-repeated")
def all_epochs_in_each_turn_of_a_loop(*arguments):
    for _ in range(arguments[-1]):
        history = fit.handed_in(*arguments)
    return history


@wrong("fit-repeated")
def fits_to_see_and_fits_to_return(*arguments):
    print(fit.handed_in(*arguments).history)
    return fit.handed_in(*arguments)


@wrong("not-trained")
def puts_the_weights_back(model, *arguments):
    weights = model.get_weights()
    history = fit.handed_in(model, *arguments)
    model.set_weights(weights)
    return history


@wrong("not-a-history")
def returns_a_dictionary_of_its_own(*arguments):
    history = fit.handed_in(*arguments)
    return {"losses": history.history["loss"], "test": history.history["val_loss"]}


@wrong("wrong-input-shape")
def puts_batches_into_batches(model, train_dataset, *arguments):
    return fit.handed_in(model, train_dataset.batch(4), *arguments)


@wrong("wrong-input-shape")
def leaves_single_images(model, train_dataset, *arguments):
    return fit.handed_in(model, train_dataset.unbatch(), *arguments)


@wrong("not-a-history")
def trains_by_hand_and_returns_the_losses(model, train_dataset, test_dataset, steps_per_epoch, epochs):
    return [model.train_on_batch(*pair) for pair in train_dataset.take(steps_per_epoch * epochs)]
