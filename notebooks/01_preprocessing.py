# ---
# jupyter:
#   jupytext:
#     cell_metadata_filter: nbgrader,tags,-all
#     formats: ipynb,py:percent
#     notebook_metadata_filter: kernelspec,-jupytext.text_representation.jupytext_version
#     text_representation:
#       extension: .py
#       format_name: percent
#       format_version: '1.3'
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 1. From pixels to batches
#
# An *autoencoder* is a network that learns to copy its input through a bottleneck. This lab builds one for handwritten
# digits, in five notebooks. It starts where every such project starts: with the data.
#
# **You will be able to**
#
# - say what a digit is to a computer, and turn its pixels into numbers a network can work with;
# - explain why pixels are scaled to 0..1, what flattening throws away, and why an image can be its own target;
# - build a `tf.data` pipeline that shuffles, batches and repeats, and know what each of the three is for;
# - see where such a pipeline spends its time, and make it faster.
#
# **Takes** about 30 minutes, three exercises included; the computer needs half a minute of them.
# **Needs** some Python and NumPy. No network: if MNIST cannot be had, the lab takes other handwritten digits.

# %% [markdown]
# ## The digits
#
# `sources.load()` looks for MNIST: 70,000 digits written by employees of the US Census Bureau and by high-school
# students, and collected by NIST. It tries what is on this machine first, then a mirror, then a download. If all fails it takes
# 1,797 smaller digits that come with scikit-learn, enlarged and varied. It says which, and why.

# %%
from labutils import checks, datasets, figures, sources, widgets  # first: it keeps TensorFlow's start quiet
from labutils.sources import builtin_digits

import time

import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits

digits = sources.load()

# %% [markdown]
# The images come in two parts. The network learns from the *training* images. The *test* images are kept away from it,
# so that they can tell us later whether it learned something about handwriting or only learned these pictures by heart.

# %%
images, labels = digits.arrays("train")
test_images, test_labels = digits.arrays("test")
figures.sample_grid(images[:36], labels[:36], title=f"{digits.name}: the first training images and their labels")

# %% [markdown]
# The labels say which digit was meant. An autoencoder never looks at them: nobody tells it what a 7 is. We keep them to
# understand afterwards what it did.
#
# ### When there is no network
#
# The digits that ship with scikit-learn have only 8 x 8 pixels. `vary` enlarges one to MNIST's 28 x 28 and slants, turns
# and thickens it a little, so that a few originals make many images. Below they stand beside the digits you have now. If
# those are MNIST's, could you tell them apart?

# %%
originals = load_digits().images[:24] / 16
enlarged = [builtin_digits.vary(original, np.random.default_rng(seed)) for seed, original in enumerate(originals)]
figures.compare_sources({f"now: {digits.name}": images[100:124], "without a network: built-in digits": enlarged})

# %% [markdown]
# MNIST and these look alike, yet they are different data: a loss measured on one cannot be compared with a loss measured
# on the other. This is why every picture and table of the lab names its source.

# %% [markdown]
# ## An image is a table of numbers
#
# Each image has 28 rows of 28 pixels and one channel, grey. A pixel is a whole number from 0 (black) to 255 (white),
# stored in one byte: the type `uint8`.

# %% tags=["nbval-check-output"]
image, label = next(iter(digits.dataset("train")))
print("image:", image.shape, image.dtype.name)
print("label:", label.shape, label.dtype.name)

# %% [markdown]
# Look at the numbers themselves, and at the same 784 numbers as one long vector, a row of the image after the other:
# pixel (row, column) goes to place 28 · row + column.
#
# Point at a pixel, or step to it with *Row* and *Column*. How far does its place move when you go one column to the
# right, how far when you go one row down? *Scale to 0..1* divides by 255. (Where scripts do not run, as on a code host, a
# still picture stands here, with three rows followed from the image into the vector.)

# %%
widgets.pixels(images[:100], labels[:100])

# %% [markdown]
# Most pixels are exactly 0: the paper. In the middle of a stroke they are 255 or a little less; its edges are grey, with
# every value between.
#
# ### Why 0..1?
#
# The histogram below shows the same pixels before and after division by 255. The shape does not change, the axis does.
# That matters for three reasons:
#
# 1. The network starts with small random weights. Inputs in the hundreds would make its first outputs, and the first
#    corrections, far too large.
# 2. Its last layer will be a *sigmoid*, which gives numbers between 0 and 1. It could never copy a 255.
# 3. The loss that we will use reads every pixel as a share between 0 (surely black) and 1 (surely white).

# %%
figures.pixel_histogram(images, source=digits.name)

# %% [markdown]
# ### Why flatten, and what it throws away
#
# A `Dense` layer takes a vector, so the 28 x 28 table becomes a vector of 784. What is lost is the knowledge which
# pixels are neighbours. To see how much that is, let us shuffle the pixels of every image, all in the same way:

# %%
order = np.random.default_rng(0).permutation(784)
shuffled = images[:12].reshape(12, 784)[:, order].reshape(12, 28, 28)
figures.compare_sources({"as they are": images[:12, ..., 0], "shuffled alike": shuffled})

# %% [markdown]
# To you the second row is noise. To a dense network both rows are the *same problem*: it has one weight for each pixel
# and does not care in which order they stand. Convolutional networks keep the neighbourhood; you will find one in
# `labutils.models` when you are done with this lab.

# %% [markdown]
# ### Why the image is its own target
#
# A classifier learns from pairs (image, label). An autoencoder learns from pairs (image, image): *given this, answer
# this*. It sounds pointless, and it would be, if the way from input to answer were wide enough to simply copy. In the
# next notebook it becomes narrow: 784 numbers have to pass through 32.

# %% [markdown]
# ## Exercise 1.1: preprocess one image
#
# Write `preprocess(image, label)`. It gets one image as TFDS gives it, a `uint8` tensor of shape (28, 28, 1), and its
# label. It returns a pair *(input, target)*: both the image as a `float32` tensor of shape (784,) with values in 0..1.
#
# Useful: `tf.cast`, `tf.reshape`.

# %% nbgrader={"grade": false, "grade_id": "preprocess", "locked": false, "schema_version": 3, "solution": true, "task": false}
def preprocess(image, label):
    """uint8 (28, 28, 1) -> (input, target), both float32 (784,) in 0..1."""
    ### BEGIN SOLUTION
    pixels = tf.cast(image, tf.float32) / 255
    pixels = tf.reshape(pixels, (784,))
    return pixels, pixels
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-preprocess", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
result = checks.preprocess(preprocess)
display(result)
### BEGIN HIDDEN TESTS
assert result, result.message
### END HIDDEN TESTS

# %% [markdown]
# From here on the lab goes on with your function if it passed, and with its own if not. It says which.

# %%
preprocess = checks.carry_on(preprocess)
inputs, target = preprocess(image, label)
print(f"{np.ptp(image)} grey values became {float(tf.reduce_min(inputs)):.1f} to {float(tf.reduce_max(inputs)):.1f}")
assert np.allclose(inputs, target), "the image is its own target"

# %% [markdown]
# ## A dataset is a stream
#
# `tf.data` describes work that is done when somebody asks for the next element: nothing is computed in the line that
# writes it down. Each method returns a new dataset, so they are chained. Four of them make a training pipeline:
#
# | method | does | because |
# | --- | --- | --- |
# | `map(f)` | applies `f` to each element | images need preprocessing |
# | `shuffle(n)` | holds `n` elements and draws from them at random | a network that sees all zeros first forgets them |
# | `batch(m)` | stacks `m` elements into one | matrices are much quicker than many vectors |
# | `repeat()` | starts again when it ends, for ever | training takes many passes (*epochs*) |
#
# `shuffle` deserves a second look. Its buffer decides how far an element can travel:

# %%
numbers = tf.data.Dataset.range(12)
for buffer in (1, 3, 12):
    shuffled = [int(number) for number in numbers.shuffle(buffer, seed=0)]
    print(f"buffer {buffer:2}: {shuffled}")

# %% [markdown]
# With a buffer of 1 nothing happens. With 3 a number comes out at most two places early, so what stood at the end stays
# near the end. Only a buffer as large as the data shuffles it really; for images that costs memory.

# %% [markdown]
# ## Exercise 1.2: the training dataset
#
# Write `make_train_dataset(dataset, batch_size=128)`. It gets the images as TFDS gives them and returns batches of
# *(input, target)*: preprocessed, shuffled, batched and repeated. Shuffle single images, with a buffer of a thousand or
# more, and anew in every pass.

# %% nbgrader={"grade": false, "grade_id": "make_train_dataset", "locked": false, "schema_version": 3, "solution": true, "task": false}
def make_train_dataset(dataset, batch_size=128):
    """(image, label) one by one -> shuffled batches of (input, target), without an end."""
    ### BEGIN SOLUTION
    return dataset.map(preprocess).shuffle(1024, seed=0).batch(batch_size).repeat()
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-make_train_dataset", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
result = checks.train_dataset(make_train_dataset)
display(result)
### BEGIN HIDDEN TESTS
assert result, result.message
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 1.3: the test dataset
#
# Test images are only looked at, to measure. That needs no shuffling, and it must end after one pass: a measurement
# over some images twice and others never would be a different number every time.
#
# Write `make_test_dataset(dataset, batch_size=128)`: preprocessed and batched, neither shuffled nor repeated, and no
# image left out.

# %% nbgrader={"grade": false, "grade_id": "make_test_dataset", "locked": false, "schema_version": 3, "solution": true, "task": false}
def make_test_dataset(dataset, batch_size=128):
    """(image, label) one by one -> batches of (input, target), in order, once."""
    ### BEGIN SOLUTION
    return dataset.map(preprocess).batch(batch_size)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-make_test_dataset", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
result = checks.test_dataset(make_test_dataset)
display(result)
### BEGIN HIDDEN TESTS
assert result, result.message
### END HIDDEN TESTS

# %% [markdown]
# ## What comes out
#
# One training batch: 128 images as rows of a matrix, and the same again as targets.

# %%
make_train_dataset = checks.carry_on(make_train_dataset)
make_test_dataset = checks.carry_on(make_test_dataset)

# %% tags=["nbval-check-output"]
train_dataset = make_train_dataset(digits.dataset("train"), 128)
inputs, targets = next(iter(train_dataset))
print("inputs: ", inputs.shape, inputs.dtype.name)
print("targets:", targets.shape, targets.dtype.name)

# %% [markdown]
# Before one trains for hours, one looks at what goes into the network. Three things must hold: the values fill 0..1, the
# target is the input, and the images are still digits.

# %%
assert np.allclose([np.min(inputs), np.max(inputs)], [0, 1]), "pixels must fill 0..1"
assert np.allclose(inputs, targets), "the image is its own target"
batch = np.reshape(inputs * 255, (-1, 28, 28)).astype(np.uint8)
figures.sample_grid(batch[:24], title=f"{digits.name}: the start of a shuffled batch")

# %% [markdown]
# ## Where the time goes
#
# This pipeline is easy to read, and it is slow: TensorFlow decodes, scales and shuffles *one image at a time*, and for
# each image the bookkeeping costs more than the work. Training will ask for every image in every epoch, so it pays to
# look for something better:
#
# - keep all images in memory, as bytes: `uint8` takes a quarter of `float32`;
# - shuffle the *row numbers* instead of the images, which are light enough to shuffle all of them exactly;
# - gather, cast and scale a whole batch at once;
# - repeat before batching, so that no batch is smaller than the others: a batch may hold the end of one pass and the
#   beginning of the next.
#
# It is still `shuffle`, `batch`, `repeat`, `map`, in another order, and still short:

# %%
def make_fast_dataset(images, batch_size=128):
    """uint8 images in memory -> shuffled batches of (input, target), without an end."""
    pixels = tf.constant(images.reshape(-1, 784))
    rows = tf.data.Dataset.range(len(images)).shuffle(len(images), seed=0).repeat().batch(batch_size)
    batches = rows.map(lambda rows: tf.cast(tf.gather(pixels, rows), tf.float32) / 255)
    return batches.map(lambda batch: (batch, batch)).prefetch(2)


# %% [markdown]
# Let us measure both on this machine. The first batches are left out: they pay for starting up.

# %%
def milliseconds_per_batch(dataset, batches=100):
    iterator = iter(dataset)
    for _ in range(5):
        next(iterator)
    start = time.perf_counter()
    for _ in range(batches):
        next(iterator)
    return 1000 * (time.perf_counter() - start) / batches


plain, fast = milliseconds_per_batch(train_dataset), milliseconds_per_batch(make_fast_dataset(images))
print(f"plain: {plain:.1f} ms for a batch, fast: {fast:.1f} ms, {plain / fast:.0f} times faster")

# %% [markdown]
# The rest of the lab uses this pipeline, from `labutils.datasets`. The plain one stays the right choice when the images
# do not fit into memory.

# %% tags=["nbval-check-output"]
inputs, targets = next(iter(datasets.fast_train_dataset(images)))
print("the fast pipeline gives the same:", inputs.shape, inputs.dtype.name, bool(np.array_equal(inputs, targets)))

# %% [markdown]
# ## Recap
#
# - A digit is 28 x 28 bytes. Scaled to 0..1 and flattened it is a vector of 784 shares of white.
# - Flattening throws away who is whose neighbour. A dense network does not miss it, and cannot use it.
# - The image is input and target. The label is not used.
# - Training data is shuffled, batched and repeated; test data is batched only.
#
# **To think about**
#
# 1. What would `shuffle` after `batch` shuffle, and why is that worse?
# 2. Some pixels at the edge are 0 in every training image. Does a network need those pixels at all?
# 3. If the labels are not used for training, is an autoencoder *unsupervised*? What supervises it?
#
# **Next**: `02_encoder_decoder` builds the network. This table shows how far you are:

# %%
checks.progress()
