"""Right answers to exercise 1.3, ``make_test_dataset(dataset, batch_size=128)``."""

import tensorflow as tf

from labutils.checks.catalogue import right
from labutils.checks.catalogue.correct.train_dataset import preprocess, preprocess_many


@right
def recipe(dataset, batch_size=128):
    return dataset.map(preprocess).batch(batch_size)


@right
def with_cache_and_prefetch(dataset, batch_size=128):
    dataset = dataset.map(preprocess, num_parallel_calls=tf.data.AUTOTUNE).cache()
    return dataset.batch(batch_size, drop_remainder=False).prefetch(tf.data.AUTOTUNE)


@right
def batch_first(dataset, batch_size=128):
    return dataset.batch(batch_size).map(preprocess_many)


@right
def repeats_one_time(dataset, batch_size=128):
    return dataset.map(preprocess).repeat(1).batch(batch_size)


@right
def shuffle_of_one(dataset, batch_size=128):
    return dataset.map(preprocess).shuffle(1).batch(batch_size)
