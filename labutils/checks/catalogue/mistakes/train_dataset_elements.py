"""Wrong answers to exercise 1.2, ``make_train_dataset(dataset, batch_size=128)``: the batches are wrong."""

import tensorflow as tf

from labutils.checks.catalogue import wrong
from labutils.checks.catalogue.correct.preprocess import done
from labutils.checks.catalogue.correct.train_dataset import preprocess, preprocess_many


def mapped(function, dataset, batch_size):
    """The recipe with another function for each image."""
    return dataset.map(function).shuffle(1024).batch(batch_size).repeat()


def scaled(image):
    return tf.cast(image, tf.float32) / 255


@wrong("not-batched")
def no_batch(dataset, batch_size=128):
    return dataset.map(preprocess).shuffle(1024).repeat()


@wrong("batched-twice")
def batches_of_batches(dataset, batch_size=128):
    return dataset.map(preprocess).shuffle(1024).batch(batch_size).batch(batch_size).repeat()


@wrong("not-preprocessed")
def no_map(dataset, batch_size=128):
    return dataset.shuffle(1024).batch(batch_size).repeat()


@wrong("not-preprocessed")
def map_thrown_away(dataset, batch_size=128):
    dataset.map(preprocess)
    return dataset.shuffle(1024).batch(batch_size).repeat()


@wrong("not-preprocessed")
def flattened_but_not_scaled(dataset, batch_size=128):
    dataset = dataset.map(lambda image, label: (tf.reshape(tf.cast(image, tf.float32), [784]),) * 2)
    return dataset.shuffle(1024).batch(batch_size).repeat()


@wrong("preprocessed-twice")
def scaled_again(dataset, batch_size=128):
    return dataset.map(preprocess).map(preprocess).shuffle(1024).batch(batch_size).repeat()


@wrong("map-after-batch")
def map_after_batch(dataset, batch_size=128):
    return dataset.shuffle(1024).batch(batch_size).map(preprocess).repeat()


@wrong("map-after-batch")
def flattens_the_whole_batch(dataset, batch_size=128):
    def flatten_all(images, labels):
        row = tf.reshape(tf.cast(images, tf.float32) / 255, [-1])
        return row, row

    return dataset.shuffle(1024).batch(batch_size).map(flatten_all).repeat()


@wrong("label-as-target")
def labels_kept(dataset, batch_size=128):
    dataset = dataset.map(lambda image, label: (done(image), label))
    return dataset.shuffle(1024).batch(batch_size).repeat()


@wrong("target-not-preprocessed")
def target_as_it_was(dataset, batch_size=128):
    dataset = dataset.map(lambda image, label: (done(image), image))
    return dataset.shuffle(1024).batch(batch_size).repeat()


@wrong("target-differs")
def shuffles_inputs_and_targets_apart(dataset, batch_size=128):
    images = dataset.map(lambda image, label: done(image))
    pairs = tf.data.Dataset.zip(images.shuffle(1024), images.shuffle(1024))
    return pairs.batch(batch_size).repeat()


@wrong("not-a-pair")
def images_only(dataset, batch_size=128):
    return dataset.map(lambda image, label: done(image)).shuffle(1024).batch(batch_size).repeat()


@wrong("not-a-pair")
def three_values(dataset, batch_size=128):
    dataset = dataset.map(lambda image, label: (done(image), done(image), label))
    return dataset.shuffle(1024).batch(batch_size).repeat()


@wrong("wrong-dtype")
def doubles(dataset, batch_size=128):
    dataset = dataset.map(lambda image, label: (tf.cast(done(image), tf.float64),) * 2)
    return dataset.shuffle(1024).batch(batch_size).repeat()


@wrong("other-images")
def inverted(dataset, batch_size=128):
    dataset = dataset.map(lambda image, label: (1 - done(image),) * 2)
    return dataset.shuffle(1024).batch(batch_size).repeat()


@wrong("shape-unknown")
def numpy_function(dataset, batch_size=128):
    def flatten(image, label):
        row = tf.numpy_function(lambda pixels: (pixels.reshape(784) / 255).astype("float32"), [image], tf.float32)
        return row, row

    return mapped(flatten, dataset, batch_size)


@wrong("not-flattened")
def only_scaled(dataset, batch_size=128):
    return mapped(lambda image, label: (scaled(image),) * 2, dataset, batch_size)


@wrong("not-flattened")
def only_squeezed(dataset, batch_size=128):
    return mapped(lambda image, label: (tf.squeeze(scaled(image)),) * 2, dataset, batch_size)


@wrong("not-preprocessed")
def squeezed_but_not_scaled(dataset, batch_size=128):
    return mapped(lambda image, label: (tf.squeeze(image),) * 2, dataset, batch_size)


@wrong("extra-dimension")
def one_column(dataset, batch_size=128):
    return mapped(lambda image, label: (tf.reshape(scaled(image), (784, 1)),) * 2, dataset, batch_size)


@wrong("extra-dimension")
def one_row(dataset, batch_size=128):
    return mapped(lambda image, label: (tf.reshape(scaled(image), (1, 784)),) * 2, dataset, batch_size)


@wrong("not-a-pair")
def label_kept_beside_the_pair(dataset, batch_size=128):
    return mapped(lambda image, label: (preprocess(image, label), label), dataset, batch_size)


@wrong("not-a-pair")
def pairs_of_pairs(dataset, batch_size=128):
    dataset = dataset.map(preprocess)
    return tf.data.Dataset.zip((dataset, dataset)).shuffle(1024).batch(batch_size).repeat()


@wrong("not-a-pair")
def enumerated(dataset, batch_size=128):
    return dataset.map(preprocess).shuffle(1024).batch(batch_size).repeat().enumerate()


@wrong("not-a-pair")
def windows(dataset, batch_size=128):
    return dataset.map(preprocess).shuffle(1024).window(batch_size).repeat()


@wrong("other-images")
def by_256(dataset, batch_size=128):
    return mapped(lambda image, label: (done(image) * 255 / 256,) * 2, dataset, batch_size)


@wrong("other-images")
def transposed(dataset, batch_size=128):
    return mapped(lambda image, label: (done(tf.transpose(image, [1, 0, 2])),) * 2, dataset, batch_size)


@wrong("other-images")
def rounded(dataset, batch_size=128):
    return mapped(lambda image, label: (tf.round(done(image)),) * 2, dataset, batch_size)


@wrong("batched-twice")
def batches_of_mapped_batches(dataset, batch_size=128):
    return dataset.batch(100).map(preprocess_many).batch(batch_size).repeat()


@wrong("label-as-input")
def label_first(dataset, batch_size=128):
    return mapped(lambda image, label: (label, done(image)), dataset, batch_size)


@wrong("other-images")
def flipped_at_random(dataset, batch_size=128):
    return mapped(lambda image, label: (done(tf.image.random_flip_left_right(image)),) * 2, dataset, batch_size)


@wrong("other-images")
def more_images(dataset, batch_size=128):
    images = tf.cast(tf.random.uniform([2000, 28, 28, 1], 0, 255, tf.int32), tf.uint8)
    other = tf.data.Dataset.from_tensor_slices((images, tf.zeros([2000], tf.int64)))
    return mapped(preprocess, dataset.concatenate(other), batch_size)


@wrong("target-differs")
def noise_on_the_input(dataset, batch_size=128):
    def noisy(image, label):
        return done(image) + tf.random.normal([784], stddev=0.1), done(image)

    return mapped(noisy, dataset, batch_size)
