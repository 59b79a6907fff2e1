"""Seconds per epoch: the lab's training against other ways to do the same, and against the arithmetic alone.

All train the lab's 784-128-32-128-784 autoencoder from the same initial weights, on the same images, in batches of 128
with Adam, each its own model, two epochs at a time in turn. The second one counts: it is an epoch of a long training,
without what ``fit`` does once at its start and its end. Two parts of the lab's own epoch are measured beside it.
"""

import importlib.util
import time
from dataclasses import dataclass

import numpy as np

from labutils.bench.measure import Row, in_child, seconds_of, take_turns
from labutils.tuning import untuned

GROUP = "Epochs"
LAB = "the lab's training"
PYTORCH = "plain PyTorch loop, fused Adam"
BATCH = 128


def rows(rounds, quick):
    """Yield a Row for each contender after each of its epochs, and its test loss at the end."""
    yield from in_child(_rows, rounds, 2000 if quick else None)


@dataclass
class Task:
    """What everyone gets: the digits, ``examples`` of their training images, and the steps of an epoch."""

    digits: object
    examples: int = None

    def __post_init__(self):
        from labutils import training

        self.images = self.digits.arrays("train")[0][: self.examples]
        self.steps = training.steps_per_epoch(len(self.images), BATCH)


@dataclass
class Contender:
    """One way to train.

    Attributes
    ----------
    two_epochs : callable
        Trains two epochs further and returns the seconds of the second.
    weights, steps : callables
        The weights by now, in Keras' order, and the steps that made them; None where nothing is learnt.
    """

    two_epochs: object
    weights: object = None
    steps: object = None


def _rows(rounds, examples):
    from labutils import sources

    task = Task(sources.load(quiet=True), examples)
    contenders = {name: set_up(task) for name, set_up in CONTENDERS.items() if name != PYTORCH or _has_pytorch()}
    results = {}
    turns = {name: each.two_epochs for name, each in contenders.items()}
    for name, first, seconds in take_turns(turns, rounds, timed=lambda turn: turn()):
        base = results[LAB].seconds if name != LAB else seconds  # the lab is first in every round
        ratios = [mine / labs for mine, labs in zip(seconds, base, strict=True)]
        note = f"{task.digits.name}, {len(task.images):,} images" if name == LAB else ""
        results[name] = Row(GROUP, name, seconds, first, ratios, note=note)
        yield results[name]
    for name, contender in contenders.items():
        if contender.weights:
            results[name].steps = contender.steps()
            results[name].test_loss = _test_loss(task, contender.weights())
            yield results[name]
    if not _has_pytorch():
        yield Row(GROUP, PYTORCH, note="left out: not installed (python3 -m labutils exec pip install torch)")


def _has_pytorch():
    return importlib.util.find_spec("torch") is not None


def _test_loss(task, weights):
    """The same measurement for all, whatever trained the weights."""
    from labutils import datasets, models, training

    model = training.compile_autoencoder(models.build_default())
    model.set_weights(weights)
    return training.evaluate(model, datasets.fast_test_dataset(task.digits.arrays("test")[0]))


# ----- the contenders: each sets up what it needs -----


def _lab(task, callbacks=()):
    from labutils import datasets, models, training

    model = training.compile_autoencoder(models.build_default(), task.steps)
    return _fit(model, datasets.fast_train_dataset(task.images), steps=task.steps, callbacks=callbacks)


def _watched(task):
    """With the training dashboard, but without a browser to show it in."""
    from labutils import metrics, widgets

    test_images = task.digits.arrays("test")[0]
    return _lab(task, [widgets.training_dashboard(test_images, metrics.loss_ladder(task.images, test_images))])


def _plain(task):
    from labutils import datasets

    images = task.digits.dataset("train").take(len(task.images))
    return _fit(_plain_model(), datasets.make_train_dataset(images), steps=task.steps)


def _fit(model, *data, steps=None, batch_size=None, callbacks=()):
    """Without ``steps`` the data end by themselves, and Keras shuffles them."""
    import keras

    settings = {"steps_per_epoch": steps, "batch_size": batch_size, "shuffle": steps is None, "verbose": 0}

    def two_epochs():
        ends = []
        clock = keras.callbacks.LambdaCallback(on_epoch_end=lambda *_: ends.append(time.perf_counter()))
        model.fit(*data, epochs=2, callbacks=[*callbacks, clock], **settings)
        return ends[1] - ends[0]

    return Contender(two_epochs, model.get_weights, lambda: int(model.optimizer.iterations))


def _by_hand(epoch, *learnt):
    """A contender from a function that trains one epoch and returns when that is done."""

    def two_epochs():
        epoch()
        return seconds_of(epoch)

    return Contender(two_epochs, *learnt)


def _fit_on_numpy(task):
    from labutils import datasets

    pixels = datasets.flatten(task.images)
    return _fit(_plain_model(), pixels, pixels, batch_size=BATCH)


def _plain_model():
    from labutils import models

    model = models.build_default()
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model


def _pytorch(task):
    import torch

    from labutils import datasets

    device = "cuda" if torch.cuda.is_available() else "cpu"
    pixels = torch.from_numpy(datasets.flatten(task.images)).to(device)
    initial = [torch.from_numpy(values) for values in _plain_model().get_weights()]
    layers = []
    for kernel, bias in zip(initial[::2], initial[1::2], strict=True):
        layer = torch.nn.Linear(*kernel.shape)
        layer.weight.data, layer.bias.data = kernel.T.contiguous(), bias
        layers += [layer, torch.nn.ReLU()]
    model = torch.nn.Sequential(*layers[:-1]).to(device)  # gives logits, the sigmoid is in the loss
    optimizer = torch.optim.Adam(model.parameters(), fused=True)
    torch.manual_seed(0)

    def epoch():
        for rows in torch.randperm(len(pixels), device=device).split(BATCH):
            batch = pixels[rows]
            optimizer.zero_grad()
            torch.nn.functional.binary_cross_entropy_with_logits(model(batch), batch).backward()
            optimizer.step()
        if device == "cuda":
            torch.cuda.synchronize()

    def weights():
        values = [parameter.detach().cpu().numpy() for parameter in model.parameters()]
        return [value.T for value in values]

    return _by_hand(epoch, weights, lambda: int(optimizer.state[model[0].weight]["step"]))


def _compiled_by_hand(task):
    """No Keras in the loop: many steps in one piece of code that XLA compiled, data, gradients and Adam included."""
    import tensorflow as tf

    pixels = tf.constant(task.images.reshape(-1, 784))
    weights = [tf.Variable(values) for values in _plain_model().get_weights()]
    means = [tf.Variable(tf.zeros_like(weight)) for weight in weights]
    squares = [tf.Variable(tf.zeros_like(weight)) for weight in weights]
    step = tf.Variable(0.0)

    def loss(batch):
        outputs = batch
        for kernel, bias in zip(weights[::2], weights[1::2], strict=True):
            logits = outputs @ kernel + bias
            outputs = tf.nn.relu(logits)
        return tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(batch, logits))

    @tf.function(jit_compile=True)
    def train(batches):
        for rows in batches:
            with tf.GradientTape() as tape:
                value = loss(tf.cast(tf.gather(pixels, rows), tf.float32) / 255)
            step.assign_add(1)
            rate = 0.001 * tf.sqrt(1 - 0.999**step) / (1 - 0.9**step)
            for weight, mean, square, slope in zip(weights, means, squares, tape.gradient(value, weights), strict=True):
                mean.assign_add((slope - mean) * 0.1)
                square.assign_add((slope**2 - square) * 0.001)
                weight.assign_sub(rate * mean / (tf.sqrt(square) + 1e-7))

    rng = np.random.default_rng(0)
    full = len(task.images) // BATCH * BATCH

    def epoch():
        order = rng.permutation(len(task.images)).astype(np.int32)
        train(tf.constant(order[:full].reshape(-1, BATCH)))
        if full < len(order):
            train(tf.constant(order[None, full:]))
        step.numpy()  # a GPU works on while Python goes on: wait for it

    return _by_hand(epoch, lambda: [weight.numpy() for weight in weights], lambda: int(step))


def _pipeline(task):
    """The batches of an epoch, made and thrown away."""
    import tensorflow as tf

    from labutils import datasets

    batches = iter(datasets.fast_train_dataset(task.images))

    @tf.function
    def epoch():
        for _ in tf.range(task.steps):
            next(batches)

    return _by_hand(epoch)


def _one_batch(task):
    """The lab's training without its pipeline. What is learnt does not count."""
    import tensorflow as tf

    from labutils import datasets, models, training

    pixels = datasets.flatten(task.images[:BATCH])
    batch = untuned(tf.data.Dataset.from_tensors((pixels, pixels)).repeat())
    model = training.compile_autoencoder(models.build_default(), task.steps)
    return Contender(_fit(model, batch, steps=task.steps).two_epochs)


def _products(task):
    """The matrix products of all steps and nothing else: forward, and backward to each kernel and each layer's input.

    The gradient with respect to the pixels is not needed.
    """
    import tensorflow as tf

    rng = np.random.default_rng(0)
    # Variables: products of constants would be worked out once, before the first step.
    kernels = [tf.Variable(kernel) for kernel in _plain_model().get_weights()[::2]]
    outputs = [tf.Variable(rng.random((BATCH, size), np.float32)) for size in (784, 128, 32, 128, 784)]

    @tf.function
    def steps():
        used = 0.0
        for _ in tf.range(task.steps):
            for i, kernel in enumerate(kernels):
                products = [outputs[i] @ kernel, tf.matmul(outputs[i], outputs[i + 1], transpose_a=True)]
                if i:
                    products.append(tf.matmul(outputs[i + 1], kernel, transpose_b=True))
                used += tf.add_n([product[0, 0] for product in products])  # else TensorFlow would leave them out
        return used

    return _by_hand(lambda: steps().numpy())


CONTENDERS = {
    LAB: _lab,
    "the same, watched by the dashboard": _watched,
    "plain recipe: map, shuffle(1024), batch, repeat": _plain,
    "fit on NumPy arrays": _fit_on_numpy,
    PYTORCH: _pytorch,
    "compiled step by hand, no Keras": _compiled_by_hand,
    "of the lab's epoch: the pipeline alone": _pipeline,
    "of the lab's epoch: fit on one batch over and over": _one_batch,
    "matrix products alone": _products,
}
