"""Answers to exercise 1.2, ``make_train_dataset(dataset, batch_size=128)``: right, then wrong."""

import functools

import numpy as np
import tensorflow as tf

from answers import right, wrong
from answers.preprocess import done

# ----- right answers -----


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


# ----- wrong answers -----


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
