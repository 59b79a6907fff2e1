"""Right answers to exercise 1.2, ``make_train_dataset(dataset, batch_size=128)``."""

import numpy as np
import tensorflow as tf

from labutils.checks.catalogue import right
from labutils.checks.catalogue.correct.preprocess import done

AUTOTUNE = tf.data.AUTOTUNE
BATCH_SPECS = (tf.TensorSpec((None, 784), tf.float32),) * 2


def preprocess(image, label):
    return done(image), done(image)


def preprocess_many(images, labels):
    rows = tf.reshape(tf.cast(images, tf.float32) / 255, [-1, 784])
    return rows, rows


@right
def recipe(dataset, batch_size=128):
    return dataset.map(preprocess).shuffle(1024).batch(batch_size).repeat()


@right
def step_by_step_with_everything(dataset, batch_size=128):
    dataset = dataset.map(preprocess, num_parallel_calls=AUTOTUNE)
    dataset = dataset.cache()
    dataset = dataset.shuffle(dataset.cardinality())
    dataset = dataset.batch(batch_size, drop_remainder=True)
    dataset = dataset.repeat(None)
    return dataset.prefetch(AUTOTUNE)


@right
def shuffles_first(dataset, batch_size=128):
    return dataset.shuffle(10_000, seed=0).map(preprocess).repeat(-1).batch(batch_size)


@right
def repeats_first(dataset, batch_size=128):
    return dataset.repeat().shuffle(1000).map(preprocess).batch(batch_size)


@right
def maps_whole_batches(dataset, batch_size=128):
    return dataset.shuffle(60_000).batch(batch_size).map(preprocess_many).repeat()


@right
def buffer_of_some_batches(dataset, batch_size=128):
    return dataset.shuffle(4 * batch_size).map(preprocess).batch(batch_size).repeat().prefetch(2)


@right
def reshuffles_explicitly(dataset, batch_size):
    dataset = dataset.map(lambda image, label: preprocess(image, label))
    return dataset.shuffle(buffer_size=len(dataset), reshuffle_each_iteration=True).batch(batch_size).repeat()


@right
def repeats_a_large_shuffle(dataset, batch_size=128):
    return dataset.map(preprocess, num_parallel_calls=AUTOTUNE).repeat().shuffle(10_000).batch(batch_size)


@right
def batches_and_unbatches(dataset, batch_size=128):
    dataset = dataset.batch(100).map(preprocess_many).unbatch()
    return dataset.shuffle(2000).batch(batch_size).repeat()


@right
def through_numpy(dataset, batch_size=128):
    images = np.stack([image for image, _ in dataset.as_numpy_iterator()])
    rows = images.reshape(-1, 784).astype("float32") / 255
    return tf.data.Dataset.from_tensor_slices((rows, rows)).shuffle(len(rows)).batch(batch_size).repeat()


@right
def in_no_fixed_order(dataset, batch_size=128):
    dataset = dataset.map(preprocess, num_parallel_calls=4, deterministic=False)
    return dataset.shuffle(5000).padded_batch(batch_size).repeat()


@right
def without_small_batches(dataset, batch_size=128):
    return dataset.repeat().shuffle(len(dataset)).map(preprocess).batch(batch_size, drop_remainder=True)


@right
def shuffles_batches_too(dataset, batch_size=128):
    return dataset.map(preprocess).shuffle(2000).batch(batch_size).shuffle(8).repeat()


@right
def shuffles_repeated_batches_too(dataset, batch_size=128):
    return dataset.map(preprocess).shuffle(2000).batch(batch_size).repeat().shuffle(8)


@right
def pairs_in_a_list(dataset, batch_size=128):
    return dataset.map(lambda image, label: [done(image), done(image)]).shuffle(1024).batch(batch_size).repeat()


@right
def leaves_out_a_small_batch_from_a_small_buffer(dataset, batch_size=128):
    return dataset.map(preprocess).shuffle(256).batch(batch_size, drop_remainder=True).repeat()


@right
def generator_without_end(dataset, batch_size=128):
    rows = np.stack([done(image) for image, _ in dataset])

    def batches():
        rng = np.random.default_rng()
        while True:
            order = rng.permutation(len(rows))
            for start in range(0, len(rows) - batch_size, batch_size):
                yield (rows[order[start : start + batch_size]],) * 2

    return tf.data.Dataset.from_generator(batches, output_signature=BATCH_SPECS)


@right
def passes_by_flat_map(dataset, batch_size=128):
    one_pass = dataset.map(preprocess).shuffle(1024).batch(batch_size)
    return tf.data.Dataset.counter().flat_map(lambda epoch: one_pass)


@right
def generator_that_maps_anew_each_pass(dataset, batch_size=128):
    def batches():
        while True:
            yield from dataset.map(preprocess).shuffle(1024).batch(batch_size)

    return tf.data.Dataset.from_generator(batches, output_signature=BATCH_SPECS)


@right
def repeats_a_very_large_shuffle(dataset, batch_size=128):
    return dataset.map(preprocess).repeat().shuffle(60_000).batch(batch_size)


@right
def shuffles_many_batches_too(dataset, batch_size=128):
    return dataset.map(preprocess).shuffle(2000).batch(batch_size).shuffle(1024).repeat()
