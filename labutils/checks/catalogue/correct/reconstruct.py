"""Right answers to exercise 5.1, ``reconstruct(model, images)``."""

import keras
import numpy as np
import tensorflow as tf

from labutils.checks.catalogue import right


def rows_of(images):
    return images.reshape(len(images), 784).astype("float32") / 255


def pictures_of(outputs):
    return np.reshape(outputs, (-1, 28, 28))


@right
def predict(model, images):
    inputs = images.reshape(len(images), 784).astype("float32") / 255
    return model.predict(inputs, verbose=0).reshape(-1, 28, 28)


@right
def calls_the_model(model, images):
    outputs = model(tf.reshape(tf.cast(images, tf.float32) / 255, [-1, 784]), training=False)
    return tf.reshape(outputs, [-1, 28, 28]).numpy()


@right
def returns_a_tensor(model, images):
    return tf.reshape(model(rows_of(images)), (len(images), 28, 28))


@right
def through_a_dataset(model, images):
    def preprocess(image):
        return tf.reshape(tf.image.convert_image_dtype(image, tf.float32), [784])

    dataset = tf.data.Dataset.from_tensor_slices(images).map(preprocess).batch(64)
    return model.predict(dataset, verbose=0).reshape((len(images), 28, 28))


@right
def through_the_parts(model, images):
    codes = model.get_layer("encoder").predict(rows_of(images), verbose=0)
    return pictures_of(model.get_layer("decoder").predict(codes, verbose=0))


@right
def image_by_image(model, images):
    pictures = [model(rows_of(image[None]))[0].numpy().reshape(28, 28) for image in images]
    return np.array(pictures)


@right
def in_doubles_and_clipped(model, images):
    outputs = model.predict((images / 255.0).reshape(-1, 28 * 28), batch_size=32, verbose=0)
    return np.clip(outputs, 0, 1).reshape(images.shape[:3]).astype(np.float32)


@right
def squeezes_one_axis(model, images):
    outputs = model.predict(rows_of(images), verbose=0).reshape(images.shape)
    return np.squeeze(outputs, axis=-1)


@right
def in_batches_by_hand(model, images):
    outputs = [model.predict_on_batch(rows_of(images[start : start + 32])) for start in range(0, len(images), 32)]
    return pictures_of(np.concatenate(outputs))


@right
def keras_operations(model, images):
    inputs = keras.ops.reshape(keras.ops.cast(images, "float32") / 255, (-1, 784))
    return keras.ops.reshape(model(inputs), (-1, 28, 28))
