"""The lab's training on several GPUs or machines, by ``tf.distribute``: for courses that go past one machine."""

import keras
import tensorflow as tf

from labutils import datasets, metrics, models, training


def train_distributed(digits, strategy, epochs=training.EPOCHS, code_activation="relu", seed=training.SEED):
    """As ``training.train_default``, each batch of 128 shared out among the replicas; the losses are the same.

    A loop of our own: Keras 3.15's ``fit`` raises ValueError under ``MultiWorkerMirroredStrategy``.

    Parameters
    ----------
    digits : sources.Digits
    strategy : tf.distribute.Strategy
        ``MirroredStrategy()`` for all GPUs of one machine. ``MultiWorkerMirroredStrategy()`` for several machines, on
        each of which TF_CONFIG names them all; it must be made before TensorFlow computes anything.
    epochs : int
    code_activation : str
    seed : int
        The same on all machines.

    Returns
    -------
    model : keras.Model, trained, the same on all machines
    history : dict, ``"loss"`` and ``"val_loss"`` of every epoch
    """
    train_images, test_images = digits.arrays("train")[0], digits.arrays("test")[0]
    steps = training.steps_per_epoch(len(train_images), 128)
    with strategy.scope():
        model = models.build_default(code_activation, seed)
        optimizer = keras.optimizers.Adam()
        optimizer.build(model.trainable_variables)

    def step(inputs, targets):
        with tf.GradientTape() as tape:
            losses = keras.losses.binary_crossentropy(targets, model(inputs, training=True))
            loss = tf.reduce_mean(losses) / strategy.num_replicas_in_sync  # the optimizer adds the replicas' gradients
        optimizer.apply(tape.gradient(loss, model.trainable_variables))
        return loss

    @tf.function
    def train_one_epoch(batches):
        total = 0.0
        for _ in tf.range(steps):
            total += strategy.reduce("SUM", strategy.run(step, next(batches)), axis=None)
        return total / tf.cast(steps, tf.float32)

    batches = iter(strategy.experimental_distribute_dataset(datasets.fast_train_dataset(train_images, seed=seed)))
    history = {"loss": [], "val_loss": []}
    test = datasets.flatten(test_images)
    for epoch in range(epochs):
        history["loss"].append(float(train_one_epoch(batches)))
        history["val_loss"].append(metrics.pixel_cross_entropy(test, model(test)))
        print(
            f"Epoch {epoch + 1}/{epochs} - " + " - ".join(f"{name}: {each[-1]:.4f}" for name, each in history.items())
        )
    return model, history
