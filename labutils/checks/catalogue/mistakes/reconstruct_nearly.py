"""Wrong answers to exercise 5.1, ``reconstruct(model, images)``: the model is asked, but something goes wrong then."""

import numpy as np
import tensorflow as tf

from labutils.checks.catalogue import wrong
from labutils.checks.catalogue.correct.reconstruct import pictures_of, predict


@wrong("output-changed")
def rounded_to_two_places(model, images):
    return predict.handed_in(model, images).round(2)


@wrong("output-changed")
def stretched(model, images):
    pictures = predict.handed_in(model, images)
    return (pictures - pictures.min()) / (pictures.max() - pictures.min())


@wrong("output-changed")
def stretched_one_by_one(model, images):
    pictures = predict.handed_in(model, images)
    least, most = pictures.min((1, 2), keepdims=True), pictures.max((1, 2), keepdims=True)
    return (pictures - least) / (most - least)


@wrong("output-changed")
def divided_by_the_brightest(model, images):
    pictures = predict.handed_in(model, images)
    return pictures / pictures.max()


@wrong("output-changed")
def sigmoid_again(model, images):
    return tf.sigmoid(predict.handed_in(model, images)).numpy()


@wrong("output-changed")
def dark_pixels_to_0(model, images):
    pictures = predict.handed_in(model, images)
    return np.where(pictures < 0.1, 0, pictures).astype("float32")


@wrong("output-changed")
def through_bytes(model, images):
    return np.uint8(predict.handed_in(model, images) * 255).astype("float32") / 255


@wrong("wrong-values")
def all_grey(model, images):
    return np.full((len(images), 28, 28), 0.5, np.float32)


@wrong("squeezed")
def squeezes_the_images(model, images):
    images = images.squeeze()
    return pictures_of(model.predict(images.reshape(len(images), 784) / 255, verbose=0))


@wrong("squeezed")
def squeezes_and_unpacks(model, images):
    images = images.squeeze()
    n, height, width = images.shape
    return model.predict(images.reshape(n, height * width) / 255, verbose=0).reshape(n, height, width)


@wrong("wrong-input-shape")
def channel_removed_only(model, images):
    return model.predict(images[..., 0] / 255, verbose=0)


@wrong("wrong-input-shape")
def pixels_first(model, images):
    return model.predict(images.reshape(784, -1) / 255, verbose=0)


@wrong("wrong-input-shape")
def one_row_of_all(model, images):
    return pictures_of(model(images.reshape(1, -1) / 255))
