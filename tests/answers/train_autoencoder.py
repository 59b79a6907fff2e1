"""Answers to exercise 4.2, ``train_autoencoder(model, ...)``: right, then wrong."""

import keras
import numpy as np
import tensorflow as tf

from answers import right, wrong

# ----- right answers -----


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


# ----- wrong answers -----


@wrong("trained-on-test")
def trains_on_test(model, train_dataset, test_dataset, steps_per_epoch, epochs):
    return model.fit(
        test_dataset.repeat(),
        steps_per_epoch=steps_per_epoch,
        epochs=epochs,
        validation_data=test_dataset,
        verbose=0,
    )


@wrong("trained-on-test")
def exchanged(model, train_dataset, test_dataset, steps_per_epoch, epochs):
    return model.fit(
        test_dataset.repeat(),
        steps_per_epoch=steps_per_epoch,
        epochs=epochs,
        validation_data=train_dataset,
        validation_steps=4,
        verbose=0,
    )


@wrong("trained-on-test")
def exchanged_without_steps(model, train_dataset, test_dataset, steps_per_epoch, epochs):
    return model.fit(test_dataset, epochs=epochs, validation_data=test_dataset, verbose=0)


@wrong("epochs-ignored")
def epochs_forgotten(model, train_dataset, test_dataset, steps_per_epoch, epochs):
    return model.fit(train_dataset, steps_per_epoch=steps_per_epoch, validation_data=test_dataset, verbose=0)


@wrong("epochs-ignored")
def always_ten_epochs(model, train_dataset, test_dataset, steps_per_epoch, epochs):
    return model.fit(train_dataset, steps_per_epoch=steps_per_epoch, epochs=10, validation_data=test_dataset, verbose=0)


@wrong("steps-ignored")
def steps_forgotten(model, train_dataset, test_dataset, steps_per_epoch, epochs):
    return model.fit(train_dataset, epochs=epochs, validation_data=test_dataset, verbose=0)


@wrong("steps-ignored")
def always_469_steps(model, train_dataset, test_dataset, steps_per_epoch, epochs):
    return model.fit(train_dataset, steps_per_epoch=469, epochs=epochs, validation_data=test_dataset, verbose=0)


@wrong("steps-ignored")
def one_step_less(model, train_dataset, test_dataset, steps_per_epoch, epochs):
    return model.fit(
        train_dataset, steps_per_epoch=steps_per_epoch - 1, epochs=epochs, validation_data=test_dataset, verbose=0
    )


@wrong("steps-ignored")
def steps_and_epochs_exchanged_in_a_loop(model, train_dataset, test_dataset, steps_per_epoch, epochs):
    for inputs, targets in train_dataset:
        model.train_on_batch(inputs, targets)
    return model.history


@wrong("steps-and-epochs-exchanged")
def epochs_and_steps_exchanged(model, train_dataset, test_dataset, steps_per_epoch, epochs):
    return model.fit(
        train_dataset, steps_per_epoch=epochs, epochs=steps_per_epoch, validation_data=test_dataset, verbose=0
    )


@wrong("history-cut")
def one_fit_for_each_epoch(model, train_dataset, test_dataset, steps_per_epoch, epochs):
    for _ in range(epochs):
        history = model.fit(train_dataset, steps_per_epoch=steps_per_epoch, validation_data=test_dataset, verbose=0)
    return history


@wrong("nothing-returned")
def returns_nothing(model, train_dataset, test_dataset, steps_per_epoch, epochs):
    model.fit(train_dataset, steps_per_epoch=steps_per_epoch, epochs=epochs, validation_data=test_dataset, verbose=0)


@wrong("model-returned")
def returns_the_model(model, train_dataset, test_dataset, steps_per_epoch, epochs):
    fit.handed_in(model, train_dataset, test_dataset, steps_per_epoch, epochs)
    return model


@wrong("not-a-history")
def returns_the_dictionary(model, train_dataset, test_dataset, steps_per_epoch, epochs):
    return fit.handed_in(model, train_dataset, test_dataset, steps_per_epoch, epochs).history


@wrong("not-a-history")
def returns_the_last_loss(model, train_dataset, test_dataset, steps_per_epoch, epochs):
    return fit.handed_in(model, train_dataset, test_dataset, steps_per_epoch, epochs).history["val_loss"][-1]


@wrong("not-trained")
def only_evaluates(model, train_dataset, test_dataset, steps_per_epoch, epochs):
    return model.evaluate(test_dataset, verbose=0)


@wrong("not-trained")
def trains_another_model(model, train_dataset, test_dataset, steps_per_epoch, epochs):
    copy = keras.models.clone_model(model)
    copy.compile("adam", "binary_crossentropy")
    return fit.handed_in(copy, train_dataset, test_dataset, steps_per_epoch, epochs)


@wrong("raises")
def splits_off_the_validation(model, train_dataset, test_dataset, steps_per_epoch, epochs):
    return model.fit(train_dataset, steps_per_epoch=steps_per_epoch, epochs=epochs, validation_split=0.1)


@wrong("raises")
def test_in_the_second_place(model, train_dataset, test_dataset, steps_per_epoch, epochs):
    return model.fit(train_dataset, test_dataset, steps_per_epoch=steps_per_epoch, epochs=epochs)


@wrong("wrong-signature")
def no_epochs(model, train_dataset, test_dataset, steps_per_epoch):
    return model.fit(train_dataset, steps_per_epoch=steps_per_epoch, validation_data=test_dataset)


@wrong("validation-endless")
def repeats_the_test(model, train_dataset, test_dataset, steps_per_epoch, epochs):
    return fit.handed_in(model, train_dataset, test_dataset.repeat(), steps_per_epoch, epochs)


@wrong("compiled-again")
def compiles_with_another_loss(model, train_dataset, test_dataset, steps_per_epoch, epochs):
    model.compile("adam", "mse")
    return fit.handed_in(model, train_dataset, test_dataset, steps_per_epoch, epochs)


@wrong("steps-ignored")
def all_steps_in_each_epoch(model, train_dataset, test_dataset, steps_per_epoch, epochs):
    return fit.handed_in(model, train_dataset, test_dataset, steps_per_epoch * epochs, epochs)


@wrong("epochs-ignored")
def one_epoch_more(model, train_dataset, test_dataset, steps_per_epoch, epochs):
    return fit.handed_in(model, train_dataset, test_dataset, steps_per_epoch, epochs + 1)


@wrong("not-trained")
def weights_frozen(model, train_dataset, test_dataset, steps_per_epoch, epochs):
    model.trainable = False
    return fit.handed_in(model, train_dataset, test_dataset, steps_per_epoch, epochs)


@wrong("raises")
def steps_as_a_fraction(model, train_dataset, test_dataset, steps_per_epoch, epochs):
    return fit.handed_in(model, train_dataset, test_dataset, steps_per_epoch / 1, epochs)


@wrong("raises")
def misspelt_argument(model, train_dataset, test_dataset, steps_per_epoch, epochs):
    return model.fit(train_dataset, validation_dataset=test_dataset, steps_per_epoch=steps_per_epoch, epochs=epochs)


@wrong("compiled-again")
def compiles_with_another_optimiser(model, *arguments):
    model.compile("sgd", "binary_crossentropy")
    return fit.handed_in(model, *arguments)


@wrong("compiled-again")
def compiles_with_tiny_steps(model, *arguments):
    model.compile(keras.optimizers.Adam(1e-9), "binary_crossentropy")
    return fit.handed_in(model, *arguments)


@wrong("not-improved")
def sets_tiny_steps(model, *arguments):
    model.optimizer.learning_rate = 1e-9
    return fit.handed_in(model, *arguments)


@wrong("few-images")
def repeats_one_batch(model, train_dataset, *arguments):
    return fit.handed_in(model, train_dataset.take(1).repeat(), *arguments)


@wrong("few-images")
def draws_one_batch(model, train_dataset, test_dataset, steps_per_epoch, epochs):
    x, y = next(iter(train_dataset))
    return model.fit(x, y, steps_per_epoch=steps_per_epoch, epochs=epochs, validation_data=test_dataset, verbose=0)


@wrong("trained-on-test")
def test_images_first(model, train_dataset, test_dataset, *arguments):
    return fit.handed_in(model, test_dataset.concatenate(train_dataset), test_dataset, *arguments)


@wrong("trained-on-test")
def samples_from_both(model, train_dataset, test_dataset, *arguments):
    both = tf.data.Dataset.sample_from_datasets([train_dataset, test_dataset.repeat()], [0.5, 0.5], seed=1)
    return fit.handed_in(model, both, test_dataset, *arguments)


@wrong("trained-on-test")
def chooses_from_both(model, train_dataset, test_dataset, *arguments):
    turns = tf.data.Dataset.range(2).repeat()
    both = tf.data.Dataset.choose_from_datasets([train_dataset, test_dataset.repeat()], turns)
    return fit.handed_in(model, both, test_dataset, *arguments)


@wrong("trained-on-test")
def trains_on_both_in_turn(model, train_dataset, test_dataset, *arguments):
    history = fit.handed_in(model, train_dataset, test_dataset, *arguments)
    model.fit(test_dataset, verbose=0)
    return history


@wrong("train-gone-through")
def collects_all_of_train(model, train_dataset, *arguments):
    images = np.concatenate([x for x, _ in train_dataset])
    return fit.handed_in(model, (images, images), *arguments)


@wrong("not-improved")
def inverts_the_targets(model, train_dataset, *arguments):
    return fit.handed_in(model, train_dataset.map(lambda x, y: (x, 1 - y)), *arguments)


@wrong("not-improved")
def scales_once_more(model, train_dataset, test_dataset, *arguments):
    datasets = (dataset.map(lambda x, y: (x / 255, y / 255)) for dataset in (train_dataset, test_dataset))
    return fit.handed_in(model, *datasets, *arguments)


@wrong("optimiser-unused")
def brings_its_own_optimiser(model, train_dataset, test_dataset, steps_per_epoch, epochs):
    optimizer, losses = keras.optimizers.Adam(0.01), {"loss": [], "val_loss": []}
    for _ in range(epochs):
        for x, y in train_dataset.take(steps_per_epoch):
            with tf.GradientTape() as tape:
                loss = tf.reduce_mean(keras.losses.binary_crossentropy(y, model(x)))
            optimizer.apply_gradients(
                zip(tape.gradient(loss, model.trainable_weights), model.trainable_weights, strict=True)
            )
        losses["loss"].append(float(loss))
        losses["val_loss"].append(model.evaluate(test_dataset, verbose=0))
    return record(model, losses)


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
