"""Wrong answers to exercise 1.2, ``make_train_dataset(dataset, batch_size=128)``."""

import functools

import tensorflow as tf

from labutils.checks.catalogue import wrong
from labutils.checks.catalogue.correct.preprocess import done
from labutils.checks.catalogue.correct.train_dataset import preprocess


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


@wrong("not-batched")
def no_batch(dataset, batch_size=128):
    return dataset.map(preprocess).shuffle(1024).repeat()


@wrong("batch-size-ignored")
def always_128(dataset, batch_size=128):
    return dataset.map(preprocess).shuffle(1024).batch(128).repeat()


@wrong("batch-size-ignored")
def always_32(dataset, batch_size=128):
    return dataset.map(preprocess).shuffle(1024).batch(32).repeat()


@wrong("wrong-batch-size")
def twice_the_size(dataset, batch_size=128):
    return dataset.map(preprocess).shuffle(1024).batch(2 * batch_size).repeat()


@wrong("batched-twice")
def batches_of_batches(dataset, batch_size=128):
    return dataset.map(preprocess).shuffle(1024).batch(batch_size).batch(batch_size).repeat()


@wrong("unchanged")
def everything_thrown_away(dataset, batch_size=128):
    dataset.map(preprocess)
    dataset.shuffle(1024)
    dataset.batch(batch_size)
    dataset.repeat()
    return dataset


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


@wrong("never-ends")
def goes_through_it_for_ever(dataset, batch_size=128):
    dataset = dataset.map(preprocess).shuffle(1024).batch(batch_size).repeat()
    images = []
    for batch in dataset:
        images.append(batch)
    return images
