"""Answers to exercise 1.3, ``make_test_dataset(dataset, batch_size=128)``: right, then wrong."""

import tensorflow as tf

from answers import right, wrong
from answers.make_train_dataset import BATCH_SPECS, preprocess, preprocess_many
from answers.preprocess import done

# ----- right answers -----


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


# ----- wrong answers -----


@wrong("like-train")
def as_for_training(dataset, batch_size=128):
    return dataset.map(preprocess).shuffle(1024).batch(batch_size).repeat()


@wrong("shuffled")
def shuffled(dataset, batch_size=128):
    return dataset.map(preprocess).shuffle(1024).batch(batch_size)


@wrong("shuffled")
def shuffled_a_little(dataset, batch_size=128):
    return dataset.shuffle(2).map(preprocess).batch(batch_size)


@wrong("batches-shuffled")
def batches_shuffled(dataset, batch_size=128):
    return dataset.map(preprocess).batch(batch_size).shuffle(10, seed=3)


@wrong("repeated")
def repeated(dataset, batch_size=128):
    return dataset.map(preprocess).batch(batch_size).repeat()


@wrong("repeated")
def repeated_twice(dataset, batch_size=128):
    return dataset.map(preprocess).repeat(2).batch(batch_size)


@wrong("remainder-dropped")
def remainder_dropped(dataset, batch_size=128):
    return dataset.map(preprocess).batch(batch_size, drop_remainder=True)


@wrong("examples-lost")
def first_batch_only(dataset, batch_size=128):
    return dataset.map(preprocess).batch(batch_size).take(1)


@wrong("examples-lost")
def skips_some(dataset, batch_size=128):
    return dataset.skip(10).map(preprocess).batch(batch_size)


@wrong("not-batched")
def not_batched(dataset, batch_size=128):
    return dataset.map(preprocess)


@wrong("not-batched")
def batch_thrown_away(dataset, batch_size=128):
    dataset = dataset.map(preprocess)
    dataset.batch(batch_size)
    return dataset


@wrong("batch-size-ignored")
def always_128(dataset, batch_size=128):
    return dataset.map(preprocess).batch(128)


@wrong("wrong-batch-size")
def half_the_size(dataset, batch_size=128):
    return dataset.map(preprocess).batch(batch_size // 2)


@wrong("batch-size-ignored")
def all_in_one_batch(dataset, batch_size=128):
    return dataset.map(preprocess).batch(10_000)


@wrong("not-preprocessed")
def not_preprocessed(dataset, batch_size=128):
    return dataset.batch(batch_size)


@wrong("map-after-batch")
def map_after_batch(dataset, batch_size=128):
    return dataset.batch(batch_size).map(preprocess)


@wrong("label-as-target")
def labels_kept(dataset, batch_size=128):
    return dataset.map(lambda image, label: (preprocess(image, label)[0], label)).batch(batch_size)


@wrong("unchanged")
def left_alone(dataset, batch_size=128):
    return dataset


@wrong("not-a-dataset")
def arrays(dataset, batch_size=128):
    return next(iter(dataset.map(preprocess).batch(10_000)))


@wrong("not-a-dataset")
def as_numpy(dataset, batch_size=128):
    return dataset.map(preprocess).batch(batch_size).as_numpy_iterator()


@wrong("nothing-returned")
def assigns_only(dataset, batch_size=128):
    dataset = dataset.map(preprocess).batch(batch_size)


@wrong("repeated")
def twice_in_a_row(dataset, batch_size=128):
    return dataset.concatenate(dataset).map(preprocess).batch(batch_size)


@wrong("repeated")
def a_part_without_end(dataset, batch_size=128):
    return dataset.take(100).map(preprocess).repeat().batch(batch_size)


@wrong("shuffled")
def shuffled_the_same_way_each_time(dataset, batch_size=128):
    return dataset.map(preprocess).shuffle(1024, seed=0, reshuffle_each_iteration=False).batch(batch_size)


@wrong("batched-twice")
def batches_of_batches(dataset, batch_size=128):
    return dataset.map(preprocess).batch(batch_size).batch(batch_size)


@wrong("shape-unknown")
def numpy_function(dataset, batch_size=128):
    def flatten(image, label):
        row = tf.numpy_function(lambda pixels: (pixels.reshape(784) / 255).astype("float32"), [image], tf.float32)
        return row, row

    return dataset.map(flatten).batch(batch_size)


@wrong("not-flattened")
def only_scaled(dataset, batch_size=128):
    return dataset.map(lambda image, label: (tf.cast(image, tf.float32) / 255,) * 2).batch(batch_size)


@wrong("extra-dimension")
def one_row(dataset, batch_size=128):
    return dataset.map(lambda image, label: (done(image)[None],) * 2).batch(batch_size)


@wrong("not-a-pair")
def label_kept_beside_the_pair(dataset, batch_size=128):
    return dataset.map(lambda image, label: (preprocess(image, label), label)).batch(batch_size)


@wrong("not-a-pair")
def windows(dataset, batch_size=128):
    return dataset.map(preprocess).window(batch_size)


@wrong("other-images")
def by_256(dataset, batch_size=128):
    return dataset.map(lambda image, label: (done(image) * 255 / 256,) * 2).batch(batch_size)


@wrong("repeated")
def each_image_twice(dataset, batch_size=128):
    twice = dataset.map(preprocess).flat_map(lambda *pair: tf.data.Dataset.from_tensors(pair).repeat(2))
    return twice.batch(batch_size)


@wrong("read-once")
def a_generator_made_once(dataset, batch_size=128):
    batches = (pair for pair in dataset.map(preprocess).batch(batch_size))
    return tf.data.Dataset.from_generator(lambda: batches, output_signature=BATCH_SPECS)


@wrong("read-once")
def an_iterator_made_once(dataset, batch_size=128):
    batches = iter(dataset.map(preprocess).batch(batch_size))
    return tf.data.Dataset.from_generator(lambda: batches, output_signature=BATCH_SPECS)


@wrong("batched-twice")
def batches_of_mapped_batches(dataset, batch_size=128):
    return dataset.batch(batch_size).map(preprocess_many).batch(batch_size)


@wrong("label-as-input")
def label_first(dataset, batch_size=128):
    return dataset.map(lambda image, label: (label, preprocess(image, label)[0])).batch(batch_size)


@wrong("like-train")
def shuffles_batches_of_many_passes(dataset, batch_size=128):
    return dataset.map(preprocess).batch(batch_size).repeat().shuffle(1024)
