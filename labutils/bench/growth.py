"""How time and memory grow with the number of images and the width of the hidden layers, each in its own process."""

import numpy as np

from labutils.bench.measure import Row, in_child, peak_memory, seconds_of

GROUP = "Growth"
SIZES = (10_000, 100_000, 1_000_000)  # images
WIDTHS = (64, 128, 256, 512, 1024)  # units of each hidden layer
EPOCHS = 3  # after the first


def rows(rounds, quick):
    """Yield a Row for each size and width; few epochs each, since the largest takes long."""
    epochs = 1 if quick else min(rounds, EPOCHS)
    yield from in_child(_trained, "the digits themselves", 2000 if quick else None, 128, epochs)
    yield from in_child(_streamed, "the same, streamed from disk", 1000 if quick else None, epochs)
    for size in (1000, 2000) if quick else SIZES:
        yield from in_child(_trained, f"{size:,} images", size, 128, epochs)
    for width in WIDTHS[:1] if quick else WIDTHS:
        yield from in_child(_trained, f"hidden layers of {width} units", 2000 if quick else None, width, epochs)


def vary(images, size, seed=0):
    """As many images as asked for, made of those that are there by shifting them up to two pixels.

    Parameters
    ----------
    images : uint8 array (n, 28, 28, 1)
    size : int

    Returns
    -------
    uint8 array (size, 28, 28, 1)
    """
    rng = np.random.default_rng(seed)
    varied = np.empty((size, 28, 28, 1), np.uint8)
    for start in range(0, size, 1000):  # in chunks, so that no second copy of all is needed
        chunk = varied[start : start + 1000]
        chunk[:] = np.roll(images[rng.integers(0, len(images), len(chunk))], rng.integers(-2, 3, 2), axis=(1, 2))
    return varied


def _trained(what, size, width, epochs):
    """The lab's training, on ``size`` varied images, or on the real ones if it is None."""
    from labutils import datasets, models, sources, training

    images, _ = sources.load(quiet=True).arrays("train")
    images = images if size is None else vary(images, size)
    steps = training.steps_per_epoch(len(images), 128)
    model = models.build_autoencoder(models.build_encoder(width), models.build_decoder(width))
    training.compile_autoencoder(model, steps)
    yield _row(what, model, datasets.fast_train_dataset(images), len(images), epochs)


def _streamed(what, size, epochs):
    """With make_train_dataset, which holds no more than 1,024 images at a time."""
    from labutils import datasets, models, sources, training

    stored = sources.load(quiet=True).dataset("train")
    stored = stored if size is None else stored.take(size)
    size = int(stored.cardinality())
    model = training.compile_autoencoder(models.build_default(), training.steps_per_epoch(size, 128))
    yield _row(what, model, datasets.make_train_dataset(stored), size, epochs)


def _row(what, model, dataset, size, epochs):
    from labutils import training

    steps = training.steps_per_epoch(size, 128)
    seconds = [
        seconds_of(lambda: model.fit(dataset, steps_per_epoch=steps, shuffle=False, verbose=0))
        for _ in range(epochs + 1)
    ]
    row = Row(GROUP, what, seconds[1:], seconds[0], memory=peak_memory())
    row.note = f"{row.median / size * 1e6:.1f} µs an image"
    return row
