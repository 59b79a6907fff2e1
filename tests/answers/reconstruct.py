"""Answers to exercise 5.1, ``reconstruct(model, images)``: right, then wrong."""

import keras
import numpy as np
import tensorflow as tf

from answers import right, wrong

# ----- right answers -----


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


# ----- wrong answers -----


@wrong("not-scaled")
def not_scaled(model, images):
    return pictures_of(model.predict(images.reshape(-1, 784), verbose=0))


@wrong("not-scaled")
def only_cast(model, images):
    return pictures_of(model(images.reshape(-1, 784).astype("float32")))


@wrong("scaled-twice")
def scaled_twice(model, images):
    return pictures_of(model.predict(rows_of(images) / 255, verbose=0))


@wrong("divided-by-256")
def by_256(model, images):
    return pictures_of(model(images.reshape(-1, 784) / 256))


@wrong("integer-division")
def integer_division(model, images):
    return pictures_of(model((images // 255).reshape(-1, 784)))


@wrong("scaled-by-itself")
def by_own_maximum(model, images):
    return pictures_of(model(images.reshape(-1, 784) / images.max()))


@wrong("not-reshaped")
def rows_left(model, images):
    return model.predict(rows_of(images), verbose=0)


@wrong("extra-dimension")
def with_channel(model, images):
    return model.predict(rows_of(images), verbose=0).reshape(-1, 28, 28, 1)


@wrong("squeezed")
def squeezes_all_axes(model, images):
    return np.squeeze(model.predict(rows_of(images), verbose=0).reshape(-1, 28, 28, 1))


@wrong("scaled-to-255")
def scaled_back(model, images):
    return pictures_of(model.predict(rows_of(images), verbose=0) * 255)


@wrong("scaled-to-255")
def scaled_back_to_bytes(model, images):
    return pictures_of((model.predict(rows_of(images), verbose=0) * 255).astype("uint8"))


@wrong("output-scaled-down")
def output_divided(model, images):
    return pictures_of(model.predict(rows_of(images), verbose=0) / 255)


@wrong("rounded")
def to_bytes_without_scaling(model, images):
    return pictures_of(model.predict(rows_of(images), verbose=0).astype("uint8"))


@wrong("rounded")
def black_and_white(model, images):
    return pictures_of((model.predict(rows_of(images), verbose=0) > 0.5).astype("float32"))


@wrong("wrong-dtype")
def doubles(model, images):
    return pictures_of(model.predict(rows_of(images), verbose=0)).astype(float)


@wrong("input-returned")
def hands_back_the_input(model, images):
    return images[..., 0].astype("float32") / 255


@wrong("input-returned")
def predicts_and_forgets(model, images):
    inputs = rows_of(images)
    model.predict(inputs, verbose=0)
    return inputs.reshape(-1, 28, 28)


@wrong("input-returned")
def hands_back_the_images(model, images):
    return images


@wrong("only-encoded")
def codes_only(model, images):
    return model.get_layer("encoder").predict(rows_of(images), verbose=0)


@wrong("one-image")
def first_image_only(model, images):
    return pictures_of(model.predict(rows_of(images[:1]), verbose=0))[0]


@wrong("images-lost")
def first_batch_only(model, images):
    return pictures_of(model.predict(rows_of(images[:128]), verbose=0))


@wrong("images-lost")
def first_ten_only(model, images):
    return predict.handed_in(model, images[:10])


@wrong("inverted")
def inverted(model, images):
    return 1 - predict.handed_in(model, images)


@wrong("transposed")
def transposed(model, images):
    return predict.handed_in(model, images).transpose(0, 2, 1)


@wrong("order-changed")
def backwards(model, images):
    return predict.handed_in(model, images)[::-1]


@wrong("wrong-values")
def rows_and_images_mixed_up(model, images):
    return pictures_of(model(images.reshape(784, -1).T / 255))


@wrong("wrong-values")
def difference(model, images):
    return predict.handed_in(model, images) - images[..., 0] / 255


@wrong("model-changed")
def trains_first(model, images):
    model.compile("sgd", "mse")
    model.fit(rows_of(images), rows_of(images), verbose=0)
    return predict.handed_in(model, images)


@wrong("images-changed")
def writes_into_the_images(model, images):
    images //= 2
    return predict.handed_in(model, images)


@wrong("not-an-array")
def a_list(model, images):
    return list(predict.handed_in(model, images))


@wrong("not-an-array")
def both(model, images):
    return images, predict.handed_in(model, images)


@wrong("nothing-returned")
def forgets_return(model, images):
    model.predict(rows_of(images), verbose=0).reshape(-1, 28, 28)


@wrong("wrong-input-shape")
def not_flattened(model, images):
    return model.predict(images / 255, verbose=0).reshape(-1, 28, 28)


@wrong("wrong-input-shape")
def flattened_all_together(model, images):
    return model.predict(images.reshape(-1) / 255, verbose=0).reshape(-1, 28, 28)


@wrong("raises")
def wrong_picture_size(model, images):
    return model.predict(rows_of(images), verbose=0).reshape(-1, 32, 32)


@wrong("calls-itself")
def calls_itself(model, images):
    return calls_itself.handed_in(model, rows_of(images))


@wrong("wrong-signature")
def images_only(images):
    return images


@wrong("wrong-shape")
def images_last(model, images):
    return predict.handed_in(model, images).transpose(1, 2, 0)


@wrong("order-changed")
def shuffled(model, images):
    dataset = tf.data.Dataset.from_tensor_slices(rows_of(images)).shuffle(1000).batch(50)
    return pictures_of(model.predict(dataset, verbose=0))


@wrong("transposed")
def columns_first(model, images):
    return model.predict(rows_of(images), verbose=0).reshape((-1, 28, 28), order="F")


@wrong("not-an-array")
def the_loss(model, images):
    model.compile("adam", "mse")
    return model.evaluate(rows_of(images), rows_of(images), verbose=0)


@wrong("standardised")
def standardises(model, images):
    inputs = rows_of(images)
    return pictures_of(model((inputs - inputs.mean()) / inputs.std()))


@wrong("inverted")
def inverts_the_input(model, images):
    return pictures_of(model(1 - rows_of(images)))


@wrong("transposed")
def transposes_the_input(model, images):
    return predict.handed_in(model, images.transpose(0, 2, 1, 3))


@wrong("binarised")
def black_and_white_input(model, images):
    return pictures_of(model((images > 127).reshape(-1, 784).astype("float32")))


@wrong("wrong-values")
def from_any_code(model, images):
    return pictures_of(model.get_layer("decoder")(np.ones((len(images), 8))))


@wrong("too-slow")
def one_by_one(model, images):
    return pictures_of(np.concatenate([model.predict(rows_of(image[None]), verbose=0) for image in images]))


@wrong("scaled-too-late")
def divides_what_comes_out(model, images):
    return model.predict(images.reshape(-1, 784), verbose=0).reshape(-1, 28, 28) / 255


@wrong("order-changed")
def shuffles_the_rows(model, images):
    rows = np.random.permutation(images.reshape(-1, 784) / np.float32(255))
    return model.predict(rows, verbose=0).reshape(-1, 28, 28)


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
