"""Answers to exercise 4.1, ``steps_per_epoch(examples, batch_size)``: right, then wrong."""

import math

import numpy as np
import tensorflow as tf

from answers import right, wrong

# ----- right answers -----


@right
def ceil(examples, batch_size):
    return math.ceil(examples / batch_size)


@right
def negative_floor(examples, batch_size):
    return -(-examples // batch_size)


@right
def rounds_up_by_hand(examples, batch_size):
    steps, rest = divmod(examples, batch_size)
    if rest > 0:
        steps += 1
    return steps


@right
def adds_before_dividing(examples, batch_size=128):
    return (examples + batch_size - 1) // batch_size


@right
def numpy_integer(examples, batch_size):
    return np.ceil(examples / batch_size).astype(int)


@right
def tensor(examples, batch_size):
    return tf.cast(tf.math.ceil(examples / batch_size), tf.int64)


@right
def counts_batches(examples, batch_size):
    return len(range(0, examples, batch_size))


@right
def asks_a_dataset(examples, batch_size):
    return int(tf.data.Dataset.range(examples).batch(batch_size).cardinality())


# ----- wrong answers -----


@wrong("rounded-down")
def floor(examples, batch_size):
    return examples // batch_size


@wrong("rounded-down")
def cut_off(examples, batch_size):
    return int(examples / batch_size)


@wrong("one-too-many")
def always_one_more(examples, batch_size):
    return examples // batch_size + 1


@wrong("one-too-many")
def one_more_than_enough(examples, batch_size):
    return math.ceil(examples / batch_size) + 1


@wrong("rounded-to-nearest")
def rounded(examples, batch_size):
    return round(examples / batch_size)


@wrong("not-whole")
def fraction(examples, batch_size):
    return examples / batch_size


@wrong("float-returned")
def numpy_ceil(examples, batch_size):
    return np.ceil(examples / batch_size)


@wrong("rounded-down")
def floor_as_float(examples, batch_size):
    return float(examples // batch_size)


@wrong("remainder")
def remainder(examples, batch_size):
    return examples % batch_size


@wrong("inverted")
def inverted(examples, batch_size):
    return math.ceil(batch_size / examples)


@wrong("multiplied")
def multiplied(examples, batch_size):
    return examples * batch_size


@wrong("batch-size-ignored")
def all_examples(examples, batch_size):
    return examples


@wrong("examples-ignored")
def size_of_a_batch(examples, batch_size):
    return batch_size


@wrong("fixed-number")
def always_469(examples, batch_size):
    return 469


@wrong("fixed-number")
def always_60000(examples, batch_size):
    return math.ceil(60_000 / 128)


@wrong("wrong-count")
def batch_size_fixed(examples, batch_size):
    return math.ceil(examples / 128)


@wrong("wrong-count")
def at_least_two(examples, batch_size):
    return max(2, math.ceil(examples / batch_size))


@wrong("not-a-number")
def as_text(examples, batch_size):
    return f"{math.ceil(examples / batch_size)} steps"


@wrong("not-a-number")
def steps_and_rest(examples, batch_size):
    return divmod(examples, batch_size)


@wrong("nothing-returned")
def prints_it(examples, batch_size):
    print(math.ceil(examples / batch_size))


@wrong("raises")
def takes_a_dataset(examples, batch_size):
    return math.ceil(len(examples) / batch_size)


@wrong("rounded-down")
def floor_but_one_at_least(examples, batch_size):
    return max(1, examples // batch_size)


@wrong("not-whole")
def inverted_without_rounding(examples, batch_size):
    return batch_size / examples


@wrong("not-a-number")
def in_a_list(examples, batch_size):
    return [math.ceil(examples / batch_size)]


@wrong("not-a-number")
def digits_as_text(examples, batch_size):
    return str(math.ceil(examples / batch_size))


@wrong("not-a-number")
def infinite(examples, batch_size):
    return math.inf


@wrong("wrong-count")
def quotient_and_remainder_added(examples, batch_size):
    return examples // batch_size + examples % batch_size


@wrong("wrong-count")
def nearly_one_added(examples, batch_size):
    return int(examples / batch_size + 0.99)


@wrong("wrong-count")
def very_nearly_one_added(examples, batch_size):
    return int(examples / batch_size + 0.999)


@wrong("wrong-count")
def nearly_a_half_added(examples, batch_size):
    return round(examples / batch_size + 0.49)


@wrong("not-a-number")
def compares_last(examples, batch_size):
    return examples // batch_size + examples % batch_size > 0


@wrong("float-returned")
def fraction_where_it_comes_out_even(examples, batch_size):
    return examples / batch_size if examples % batch_size == 0 else examples // batch_size + 1


@wrong("calls-itself")
def calls_itself_and_takes_its_time(examples, batch_size):
    sum(range(200_000))  # so that time is up before Python's limit is reached
    return calls_itself_and_takes_its_time.handed_in(examples, batch_size)


@wrong("arguments-exchanged")
def arguments_exchanged(batch_size, examples):
    return math.ceil(examples / batch_size)


@wrong("inverted")
def inverted_and_cut_off(examples, batch_size):
    return batch_size // examples
