"""Judges what a student's function answered, in a process that no student's code ever ran in. NumPy only.

A check runs beside the code that it checks, so it can be made to say anything. What it passes counts only if the
answers to fresh questions are right, whoever gave them.
"""

import base64
import io
import zipfile
import zlib

import numpy as np

from labutils.classroom import questions

HIGHEST_RATE = 0.04  # of learning
LARGEST = 50_000_000  # bytes of answers, unpacked


class Refused(Exception):
    """The answers are not those of a right solution; the message says why."""


def confirm(check, seed, packed):
    """Raise ``Refused`` unless the answers are right.

    Parameters
    ----------
    check : str
    seed : int
        The one that the questions were made with.
    packed : str
        From ``answers.ask``, or from somebody who would like it to look so.
    """
    try:
        answers = _unpack(packed)
        with np.errstate(all="ignore"):
            JUDGES[check](seed, answers)
    except Refused:
        raise
    except Exception as error:  # answers of wrong shapes, missing, or no answers at all
        raise Refused(f"no answers that can be read ({type(error).__name__})") from None


def _unpack(packed):
    unpacking = zlib.decompressobj()
    data = io.BytesIO(unpacking.decompress(base64.b64decode(packed, validate=True), LARGEST))
    with zipfile.ZipFile(data) as archive:
        if unpacking.unconsumed_tail or sum(member.file_size for member in archive.infolist()) > LARGEST:
            raise Refused("far too much was answered")
    with np.load(data, allow_pickle=False) as arrays:
        return {name: arrays[name] for name in arrays.files}


def _require(holds, otherwise):
    if not holds:
        raise Refused(otherwise)


def _alike(seen, expected, tolerance=1e-3):
    return seen.shape == expected.shape and np.allclose(seen, expected, rtol=tolerance, atol=tolerance)


def _preprocess(seed, answers):
    expected = questions.images(seed, "preprocess", 20).reshape(-1, 784) / 255
    for part in ("inputs", "targets"):
        _require(answers[part].dtype == np.float32, f"{part} are not float32")
        _require(_alike(answers[part], expected, 1e-4), f"{part} are not the images, scaled and flattened")


def _train_dataset(seed, answers):
    count = questions.TRAIN_IMAGES
    order = _images_in(seed, answers, "train_dataset", count)
    _require(len(order) >= questions.PASSES * count, "the images come to an end")
    first, second = order[:count], order[count : 2 * count]
    # Who repeats before a large shuffle draws anew each time: one image in twenty may not have come in three passes.
    _require(len(np.unique(order)) > 0.85 * count, "some images never come")
    _require(np.mean(np.diff(first) == 1) < 0.2, "the images come in the order they had")
    _require(np.abs(first - np.sort(first)).mean() > count / 16, "the images are hardly shuffled")
    _require(not np.array_equal(first, second), "the second pass has the order of the first")


def _test_dataset(seed, answers):
    order = _images_in(seed, answers, "test_dataset", questions.TEST_IMAGES)
    _require(np.array_equal(order, np.arange(questions.TEST_IMAGES)), "not each image once, in order")


def _images_in(seed, answers, exercise, count):
    """Which image each row is, for the first size of batches; what has to hold for all sizes is required here."""
    known = questions.images(seed, exercise, count)
    index = {image.tobytes(): number for number, image in enumerate(known)}
    for number, size in reversed(list(enumerate(questions.BATCHES))):
        inputs, targets, sizes = (answers[f"{part}{number}"] for part in ("inputs", "targets", "sizes"))
        _require(inputs.dtype == targets.dtype == np.float32, "not float32")
        _require(int(sizes.sum()) == len(inputs) and sizes.max() == size, f"batches of {size} have other sizes")
        _require(np.mean(sizes == size) > 0.7, f"few batches of {size} are full")
        order = np.array([index.get(row.tobytes(), -1) for row in np.rint(inputs * 255).astype(np.uint8)])
        _require(np.all(order >= 0), "not all rows are the images that were given")
        _require(_alike(inputs, known[order].reshape(-1, 784) / 255, 1e-4), "the images are not as they should be")
        _require(_alike(targets, inputs, 1e-5), "the targets are not the inputs")
    return order


def _encoder(seed, answers):
    _require(answers["parameters"] == 104_608, "not 104,608 parameters")
    (first, code), vectors = _layers(seed, "encoder", 784, 32), questions.vectors(seed, "encoder", (8, 784))
    sums = (_relu(vectors @ first[0] + first[1]) @ code[0] + code[1]).ravel()
    outputs = answers["outputs"]
    _require(outputs.shape == (8, 32), "not 32 numbers for each image")
    # The activation of the code may be any: then the outputs rise with the weighted sums, whatever they are.
    rising = outputs.ravel()[np.argsort(sums)]
    _require(np.diff(rising).min() > -1e-3 and rising[-1] - rising[0] > 0.1, "not the code of these weights")


def _decoder(seed, answers):
    _require(answers["parameters"] == 105_360, "not 105,360 parameters")
    vectors = questions.vectors(seed, "decoder", (8, 32))
    _require(_alike(answers["outputs"], _decoded(seed, "decoder", vectors)), "not the pictures of these weights")


def _autoencoder(seed, answers):
    _require(answers["parameters"] == 209_968, "not 209,968 parameters")
    vectors = questions.vectors(seed, "autoencoder", (6, 784))
    for time in ("first", "second"):
        expected = _decoded(seed, f"decoder {time}", _encoded(seed, f"encoder {time}", vectors))
        _require(_alike(answers[time], expected), "not what encoder and decoder do one after the other")


def _reconstruct(seed, answers):
    images = questions.images(seed, "reconstruct", 40).reshape(-1, 784) / 255
    expected = _decoded(seed, "decoder reconstruct", _encoded(seed, "encoder reconstruct", images))
    _require(_alike(answers["pictures"], expected.reshape(-1, 28, 28)), "not what the model makes of the images")


def _encoded(seed, name, vectors):
    first, code = _layers(seed, name, 784, 32)
    return _relu(vectors @ first[0] + first[1]) @ code[0] + code[1]


def _decoded(seed, name, codes):
    first, last = _layers(seed, name, 32, 784)
    return _sigmoid(_relu(codes @ first[0] + first[1]) @ last[0] + last[1])


def _layers(seed, name, size, units):
    """The weights that were given: ((kernel, bias) of the hidden layer, (kernel, bias) of the last)."""
    shapes = [(size, 128), (128,), (128, units), (units,)]
    given = dict(zip(sorted(shapes), questions.weights(seed, name, sorted(shapes)), strict=True))
    return [[given[shape] for shape in shapes[:2]], [given[shape] for shape in shapes[2:]]]


def _relu(values):
    return np.maximum(values, 0)


def _sigmoid(values):
    return 1 / (1 + np.exp(-values))


def _cross_entropy(target, output):
    output = np.clip(output, 1e-7, 1 - 1e-7).astype(np.float64)
    return float(-np.mean(target * np.log(output) + (1 - target) * np.log(1 - output)))


def _pixel_cross_entropy(seed, answers):
    expected = [_cross_entropy(target, output) for target, output in questions.pixel_pairs(seed)]
    losses = answers["losses"]
    _require(_alike(losses[:-1], np.array(expected[:-1])), "not the cross-entropy")
    _require(np.isfinite(losses[-1]) and losses[-1] > 0, "not finite at 0 and 1")


def _compiled(seed, answers):
    kernel, bias = questions.weights(seed, "compiled", [(16, 16), (16,)])
    images = questions.steep(seed)
    expected = _cross_entropy(images, _sigmoid(images @ kernel + bias))
    _require(np.isclose(answers["loss"], expected, rtol=1e-2), "the loss is not the binary cross-entropy")
    steps = np.abs(answers["kernel"] - kernel)
    # Adam moves all weights by about the same, however unlike their gradients are; plain descent does not.
    _require(np.percentile(steps, 90) < 5 * np.percentile(steps, 10), "the weights do not move as Adam moves them")
    _require(steps.mean() < questions.ADAM_STEPS * HIGHEST_RATE, "the weights jump about")


def _steps_per_epoch(seed, answers):
    examples, batch = questions.counts(seed).T
    _require(np.array_equal(answers["steps"], -(-examples // batch)), "not the number of steps")


def _training(seed, answers):
    train, test = questions.lessons(seed)

    def loss(images):
        return _cross_entropy(images, _sigmoid(images @ answers["kernel"] + answers["bias"]))

    _require(len(answers["losses"]) == len(answers["test_losses"]) == questions.EPOCHS, "another number of epochs")
    # The weights may be those of the best epoch instead of the last.
    validated = np.isclose(answers["test_losses"], loss(test), rtol=1e-2)
    _require(np.any(validated), "the validation is not on the test images")
    gain, test_gain = np.log(2) - loss(train), np.log(2) - loss(test)
    _require(gain > 0.01 and gain > test_gain, "the model was not trained on the training images")


def _reconstruction_error(seed, answers):
    images, pictures = questions.pictures(seed)
    _require(
        _alike(answers["errors"], np.mean((images - pictures) ** 2, axis=(1, 2)), 1e-4), "not the errors of the images"
    )


JUDGES = {
    "preprocess": _preprocess,
    "train_dataset": _train_dataset,
    "test_dataset": _test_dataset,
    "encoder": _encoder,
    "decoder": _decoder,
    "autoencoder": _autoencoder,
    "pixel_cross_entropy": _pixel_cross_entropy,
    "compiled": _compiled,
    "steps_per_epoch": _steps_per_epoch,
    "training": _training,
    "reconstruct": _reconstruct,
    "reconstruction_error": _reconstruction_error,
}
