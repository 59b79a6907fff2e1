"""Wrong answers to exercise 4.2, ``train_autoencoder(model, train_dataset, test_dataset, steps_per_epoch, epochs)``."""

import keras
import numpy as np
import tensorflow as tf

from labutils.checks.catalogue import wrong
from labutils.checks.catalogue.correct.training import fit, record
from labutils.checks.catalogue.mistakes.training_length import *  # noqa: F403, how long, and which model
from labutils.checks.catalogue.mistakes.training_validation import *  # noqa: F403, where training itself is right


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
