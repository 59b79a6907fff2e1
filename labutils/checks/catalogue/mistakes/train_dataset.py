"""Wrong answers to exercise 1.2, ``make_train_dataset(dataset, batch_size=128)``."""

import functools

import tensorflow as tf

from labutils.checks.catalogue import wrong
from labutils.checks.catalogue.correct.train_dataset import BATCH_SPECS, preprocess, preprocess_many
from labutils.checks.catalogue.mistakes.train_dataset_elements import *  # noqa: F403, where the batches are wrong


@wrong("not-shuffled")
def no_shuffle(dataset, batch_size=128):
    return dataset.map(preprocess).batch(batch_size).repeat()


@wrong("not-shuffled")
def shuffle_thrown_away(dataset, batch_size=128):
    dataset = dataset.map(preprocess)
    dataset.shuffle(1024)
    return dataset.batch(batch_size).repeat()


@wrong("not-shuffled")
def buffer_of_one(dataset, batch_size=128):
    return dataset.map(preprocess).shuffle(1).batch(batch_size).repeat()


@wrong("buffer-too-small")
def buffer_of_ten(dataset, batch_size=128):
    return dataset.map(preprocess).shuffle(10).batch(batch_size).repeat()


@wrong("buffer-too-small")
def buffer_of_one_batch(dataset, batch_size=128):
    return dataset.map(preprocess).shuffle(batch_size).batch(batch_size).repeat()


@wrong("buffer-too-small")
def tiny_buffer_repeated_first(dataset, batch_size=128):
    return dataset.repeat().map(preprocess).shuffle(64).batch(batch_size)


@wrong("batches-shuffled")
def shuffles_batches(dataset, batch_size=128):
    return dataset.map(preprocess).batch(batch_size).shuffle(1024).repeat()


@wrong("same-order")
def shuffles_once(dataset, batch_size=128):
    return dataset.map(preprocess).shuffle(1024, reshuffle_each_iteration=False).batch(batch_size).repeat()


@wrong("same-order")
def caches_the_order(dataset, batch_size=128):
    return dataset.map(preprocess).shuffle(1024).cache().batch(batch_size).repeat()


@wrong("same-order")
def caches_the_batches(dataset, batch_size=128):
    return dataset.map(preprocess).shuffle(1024).batch(batch_size, drop_remainder=True).cache().repeat()


@wrong("not-repeated")
def no_repeat(dataset, batch_size=128):
    return dataset.map(preprocess).shuffle(1024).batch(batch_size)


@wrong("not-repeated")
def repeat_thrown_away(dataset, batch_size=128):
    dataset = dataset.map(preprocess).shuffle(1024).batch(batch_size)
    dataset.repeat()
    return dataset


@wrong("not-repeated")
def repeats_once(dataset, batch_size=128):
    return dataset.map(preprocess).shuffle(1024).batch(batch_size).repeat(1)


@wrong("finite")
def repeats_twice(dataset, batch_size=128):
    return dataset.map(preprocess).shuffle(1024).batch(batch_size).repeat(2)


@wrong("finite")
def repeats_for_fifty_epochs(dataset, batch_size=128):
    return dataset.map(preprocess).shuffle(1024).repeat(50).batch(batch_size)


@wrong("batch-size-ignored")
def always_128(dataset, batch_size=128):
    return dataset.map(preprocess).shuffle(1024).batch(128).repeat()


@wrong("batch-size-ignored")
def always_32(dataset, batch_size=128):
    return dataset.map(preprocess).shuffle(1024).batch(32).repeat()


@wrong("wrong-batch-size")
def twice_the_size(dataset, batch_size=128):
    return dataset.map(preprocess).shuffle(1024).batch(2 * batch_size).repeat()


@wrong("unchanged")
def everything_thrown_away(dataset, batch_size=128):
    dataset.map(preprocess)
    dataset.shuffle(1024)
    dataset.batch(batch_size)
    dataset.repeat()
    return dataset


@wrong("examples-lost")
def only_a_few(dataset, batch_size=128):
    return dataset.take(500).map(preprocess).shuffle(1024).batch(batch_size).repeat()


@wrong("other-images")
def uses_another_dataset(dataset, batch_size=128):
    images = tf.cast(tf.random.uniform([2000, 28, 28, 1], 0, 255, tf.int32), tf.uint8)
    dataset = tf.data.Dataset.from_tensor_slices((images, tf.zeros([2000])))
    return dataset.map(preprocess).shuffle(1024).batch(batch_size).repeat()


@wrong("not-a-dataset")
def an_iterator(dataset, batch_size=128):
    return iter(dataset.map(preprocess).shuffle(1024).batch(batch_size).repeat())


@wrong("not-a-dataset")
def a_list_of_batches(dataset, batch_size=128):
    return list(dataset.map(preprocess).shuffle(1024).batch(batch_size))


@wrong("not-a-dataset")
def dataset_and_steps(dataset, batch_size=128):
    return dataset.map(preprocess).shuffle(1024).batch(batch_size).repeat(), 469


@wrong("raises")
def shuffles_without_a_number(dataset, batch_size=128):
    return dataset.map(preprocess).shuffle().batch(batch_size).repeat()


@wrong("raises")
def wrong_method(dataset, batch_size=128):
    return dataset.map(preprocess).shuffle(1024).batches(batch_size).repeat()


@wrong("empty")
def nothing_left(dataset, batch_size=128):
    return dataset.skip(100_000).map(preprocess).shuffle(1024).batch(batch_size).repeat()


@wrong("wrong-signature")
def no_batch_size(dataset):
    return dataset.map(preprocess).shuffle(1024).batch(128).repeat()


@wrong("batches-shuffled")
def shuffles_batches_of_many_passes(dataset, batch_size=128):
    return dataset.map(preprocess).batch(batch_size).repeat().shuffle(100)


@wrong("batches-shuffled")
def shuffles_groups(dataset, batch_size=128):
    return dataset.map(preprocess).batch(32).shuffle(100).unbatch().batch(batch_size).repeat()


@wrong("buffer-too-small")
def buffer_of_two(dataset, batch_size=128):
    return dataset.map(preprocess).shuffle(2).batch(batch_size).repeat()


@wrong("examples-lost")
def every_other_image(dataset, batch_size=128):
    return dataset.shard(2, 0).map(preprocess).shuffle(2000).batch(batch_size).repeat()


@wrong("examples-lost")
def only_threes(dataset, batch_size=128):
    dataset = dataset.filter(lambda image, label: label == 3)
    return dataset.map(preprocess).shuffle(2000).batch(batch_size).repeat()


@wrong("examples-lost")
def a_thousand_of_each_pass(dataset, batch_size=128):
    return dataset.map(preprocess).shuffle(2000).take(1000).batch(batch_size).repeat()


@wrong("same-order")
def sorted_by_label(dataset, batch_size=128):
    digits = [dataset.filter(lambda image, label, digit=digit: label == digit) for digit in range(10)]
    dataset = functools.reduce(lambda first, second: first.concatenate(second), digits)
    return dataset.map(preprocess).batch(batch_size).repeat()


@wrong("finite")
def twice_in_a_row(dataset, batch_size=128):
    return dataset.concatenate(dataset).map(preprocess).shuffle(5000).batch(batch_size)


@wrong("never-ends")
def goes_through_it_for_ever(dataset, batch_size=128):
    dataset = dataset.map(preprocess).shuffle(1024).batch(batch_size).repeat()
    images = []
    for batch in dataset:
        images.append(batch)
    return images


@wrong("examples-lost")
def a_whole_number_of_batches(dataset, batch_size=128):
    return dataset.take(1024).map(preprocess).shuffle(1024).batch(batch_size).repeat()


@wrong("examples-lost")
def small_batch_dropped_before_the_shuffle(dataset, batch_size=128):
    dataset = dataset.batch(batch_size, drop_remainder=True).map(preprocess_many).unbatch()
    return dataset.shuffle(1024).batch(batch_size).repeat()


@wrong("examples-lost")
def keeps_some_for_validation(dataset, batch_size=128):
    return dataset.skip(64).map(preprocess).shuffle(1024).repeat().batch(batch_size)


@wrong("examples-lost")
def one_image_skipped(dataset, batch_size=128):
    return dataset.skip(1).map(preprocess).shuffle(1024).repeat().batch(batch_size)


@wrong("examples-lost")
def first_batch_of_each_pass_skipped(dataset, batch_size=128):
    return dataset.map(preprocess).shuffle(2000).batch(batch_size).skip(1).repeat()


@wrong("finite")
def five_passes_of_unknown_length(dataset, batch_size=128):
    dataset = dataset.batch(100).map(preprocess_many).unbatch()
    return dataset.shuffle(2000).batch(batch_size).repeat(5)


@wrong("finite")
def ten_passes_by_flat_map(dataset, batch_size=128):
    one_pass = dataset.map(preprocess).shuffle(1024).batch(batch_size)
    return tf.data.Dataset.range(10).flat_map(lambda epoch: one_pass)


@wrong("finite")
def ten_passes_by_a_generator(dataset, batch_size=128):
    def batches():
        for _ in range(10):
            yield from dataset.map(preprocess).shuffle(1024).batch(batch_size)

    return tf.data.Dataset.from_generator(batches, output_signature=BATCH_SPECS)


@wrong("finite")
def two_passes_of_shuffled_batches(dataset, batch_size=128):
    return dataset.map(preprocess).shuffle(500).batch(batch_size).shuffle(4).repeat(2)


@wrong("batches-shuffled")
def shuffles_many_batches_of_many_passes(dataset, batch_size=128):
    return dataset.map(preprocess).batch(batch_size).repeat().shuffle(1024)


@wrong("batches-shuffled")
def repeats_batches_and_shuffles(dataset, batch_size=128):
    return dataset.repeat().map(preprocess).batch(batch_size).shuffle(10_000).prefetch(2)


@wrong("numbers-exchanged")
def buffer_and_batch_exchanged(dataset, batch_size=128):
    return dataset.map(preprocess).shuffle(batch_size).batch(1024).repeat()


@wrong("numbers-exchanged")
def number_of_images_as_batch_size(dataset, batch_size=128):
    return dataset.map(preprocess).shuffle(batch_size).batch(60_000).repeat()
