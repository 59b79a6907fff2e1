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
# # 2. Encoder and decoder
#
# An autoencoder has two halves. The *encoder* squeezes an image into a few numbers, the *code*. The *decoder* draws an
# image from these numbers alone. Between them lies the bottleneck, and all that is interesting happens because of it.
#
# **You will be able to**
#
# - build an encoder, a decoder, and one model of both in Keras;
# - count a network's parameters by hand, and check the count;
# - explain what the bottleneck is for, why there are activations, and why the last one is a sigmoid;
# - use each half by itself: the reason for building them as two models.
#
# **Takes** about 25 minutes, three exercises included; the computer needs a quarter of a minute of them.
# **Needs** notebook 1, or knowing that an image is a vector of 784 numbers between 0 and 1.

# %%
from labutils import checks, datasets, figures, models, sources, widgets  # first: it keeps TensorFlow's start quiet

import keras
import numpy as np
from keras import layers
from sklearn.decomposition import PCA

digits = sources.load()
keras.utils.set_random_seed(0)

# %% [markdown]
# ## Why a bottleneck?
#
# Given 784 free numbers in the middle, a network could pass every pixel through and learn nothing. With 32 it has to
# find out what digits have in common: there are strokes, they have a thickness and a slant, loops are closed or open.
# What all digits share need not be sent; the decoder can know it. Only what is *different* goes through the bottleneck.
#
# There is an old method that does this without a network: *principal component analysis* (PCA). It finds the 32
# directions in which the images differ most and describes each image by 32 numbers along them. Here is what it keeps.

# %%
test_images, _ = digits.arrays("test")
train_images, _ = digits.arrays("train")
pca = PCA(32, svd_solver="covariance_eigh").fit(datasets.flatten(train_images))
codes = pca.transform(datasets.flatten(test_images[:8]))
by_pca = pca.inverse_transform(codes).clip(0, 1).reshape(-1, 28, 28)
figures.reconstructions(test_images[:8, ..., 0] / 255, codes, by_pca, title=f"{digits.name}: PCA with 32 numbers")

# %% [markdown]
# A linear method gets surprisingly far. You recognise the digits, and see how it fails: ghosts around the strokes and
# grey haze where there should be black. Each picture is a *weighted sum* of 32 fixed pictures, so it cannot say "if there
# is a loop here, then no stroke there". A network with a bend in it, a nonlinear one, can. How much that buys we will
# measure in notebook 4.

# %% [markdown]
# ## Layers
#
# `Dense(n)` computes `n` weighted sums of all its inputs and adds a number to each (its *bias*). Without anything
# between them, two such layers are no more than one: a weighted sum of weighted sums is a weighted sum. So each is
# followed by an *activation*:
#
# - **ReLU** keeps positive numbers and turns negative ones into 0. It is the bend, and costs nothing to compute.
# - **Sigmoid** squeezes any number into 0..1. It belongs at the very end, where pixels come out: a pixel is a share of
#   white, and a share below 0 or above 1 means nothing.

# %% tags=["nbval-check-output"]
numbers = np.array([-4.0, -1.0, 0.0, 1.0, 4.0])
print("ReLU:   ", np.round(keras.ops.convert_to_numpy(keras.ops.relu(numbers)), 2))
print("sigmoid:", np.round(keras.ops.convert_to_numpy(keras.ops.sigmoid(numbers)), 2))

# %% [markdown]
# ## How many parameters?
#
# A dense layer from `n` inputs to `m` units has one weight for each pair and one bias for each unit: `(n + 1) · m`
# numbers to learn. Count the encoder 784 → 128 → 32 by hand before you run the cell.

# %% tags=["nbval-check-output"]
def parameters(sizes):
    return sum((inputs + 1) * units for inputs, units in zip(sizes[:-1], sizes[1:]))


print("encoder:", parameters([784, 128, 32]))
print("decoder:", parameters([32, 128, 784]))

# %% [markdown]
# ## Exercise 2.1: the encoder
#
# Write `build_encoder()`. It returns a Keras model that takes vectors of 784 and gives codes of 32: a dense layer of 128
# with ReLU, then a dense layer of 32 with ReLU.
#
# `keras.Sequential([...])` is the shortest way; it wants to know its input: `keras.Input((784,))`.

# %% nbgrader={"grade": false, "grade_id": "build_encoder", "locked": false, "schema_version": 3, "solution": true, "task": false}
def build_encoder():
    """A model: (n, 784) -> code (n, 32)."""
    ### BEGIN SOLUTION
    return keras.Sequential(
        [keras.Input((784,)), layers.Dense(128, activation="relu"), layers.Dense(32, activation="relu")],
        name="encoder",
    )
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-build_encoder", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
result = checks.encoder(build_encoder)
display(result)
### BEGIN HIDDEN TESTS
assert result, result.message
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 2.2: the decoder
#
# Write `build_decoder()`: the way back, as a mirror image. It takes codes of 32 and gives vectors of 784: a dense layer
# of 128 with ReLU, then a dense layer of 784. Which activation belongs at the end?

# %% nbgrader={"grade": false, "grade_id": "build_decoder", "locked": false, "schema_version": 3, "solution": true, "task": false}
def build_decoder():
    """A model: code (n, 32) -> (n, 784) in 0..1."""
    ### BEGIN SOLUTION
    return keras.Sequential(
        [keras.Input((32,)), layers.Dense(128, activation="relu"), layers.Dense(784, activation="sigmoid")],
        name="decoder",
    )
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-build_decoder", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
result = checks.decoder(build_decoder)
display(result)
### BEGIN HIDDEN TESTS
assert result, result.message
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 2.3: the autoencoder
#
# Write `build_autoencoder(encoder, decoder)`. It returns *one* model that sends its input through the encoder and the
# result through the decoder. It must use the two models it is given, not copies: when the whole is trained, its parts
# are trained with it, and we can take them out and use them.
#
# A model can be called like a function: `encoder(inputs)`.

# %% nbgrader={"grade": false, "grade_id": "build_autoencoder", "locked": false, "schema_version": 3, "solution": true, "task": false}
def build_autoencoder(encoder, decoder):
    """One model of both: (n, 784) -> (n, 784)."""
    ### BEGIN SOLUTION
    inputs = keras.Input((784,))
    return keras.Model(inputs, decoder(encoder(inputs)), name="autoencoder")
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-build_autoencoder", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
result = checks.autoencoder(build_autoencoder)
display(result)
### BEGIN HIDDEN TESTS
assert result, result.message
### END HIDDEN TESTS

# %% [markdown]
# ## What we have built
#
# If one of your parts did not pass, the lab's own stands in for it, so that you can read on and come back later.

# %%
build_encoder = checks.carry_on(build_encoder)
build_decoder = checks.carry_on(build_decoder)
build_autoencoder = checks.carry_on(build_autoencoder)
encoder, decoder = build_encoder(), build_decoder()
images = keras.Input((784,))  # stands for any number of images, and shows what shapes come out
codes = encoder(images)
reconstructions = decoder(codes)
autoencoder = build_autoencoder(encoder, decoder)

# %% [markdown]
# Drawn to scale, the hourglass is plain to see. Nearly all parameters sit in the first and the last layer, where 128
# units and 784 pixels are all connected with each other.

# %%
figures.autoencoder_drawing(hidden_size=128, code_size=32)

# %% [markdown]
# The counts must agree with those made by hand:

# %% tags=["nbval-check-output"]
print("encoder:    ", images.shape, "->", codes.shape, encoder.count_params())
print("decoder:    ", codes.shape, "->", reconstructions.shape, decoder.count_params())
print("autoencoder:", images.shape, "->", autoencoder(images).shape, autoencoder.count_params())
assert (encoder.count_params(), decoder.count_params()) == (104_608, 105_360), "784-128-32 and 32-128-784"

# %% [markdown]
# How strong is the compression? An image is 784 bytes. A code is 32 numbers of 4 bytes, 128 bytes. So we send a sixth of
# the bytes and a twenty-fourth of the numbers. Both are fair ways of counting, as long as one says which.

# %% [markdown]
# ### Other sizes
#
# Who says 128 and 32? Below the hidden layers are twice as wide and the code is a quarter as long. The parameters about
# double, for it is the hidden layers that meet the pixels; the length of the code hardly counts.
#
# Move the sliders (where scripts do not run the picture stands still). How does the count follow the hidden units? From
# which size of code on is nothing compressed any more, in bytes, and from which in numbers?

# %%
widgets.architecture(hidden_size=256, code_size=8)

# %% [markdown]
# ## Before training
#
# The model already runs. Its weights are random, so what comes out should be about 0.5 for every pixel: sigmoid of a
# small number. The range of its outputs tells whether the sigmoid is in its place.

# %%
reconstructions = models.reconstruct(autoencoder, test_images[:8])
codes = encoder(datasets.flatten(test_images[:8]))
print(f"outputs from {reconstructions.min():.2f} to {reconstructions.max():.2f}")
assert 0 < reconstructions.min() and reconstructions.max() < 1, "a sigmoid gives numbers between 0 and 1"
figures.reconstructions(test_images[:8, ..., 0] / 255, codes, reconstructions, title=f"{digits.name}: not trained")

# %% [markdown]
# Grey noise. Note that about half of the 32 numbers of each code are 0: ReLU cut them off. Some of them may be 0 for
# *every* image, and then ReLU passes no correction back to them: such a unit is *dead*. Notebook 5 counts them.

# %% [markdown]
# ## Two models in one
#
# Why build two models and not simply four layers in a row? Because we want to use the halves alone: the encoder to look
# at codes, the decoder to draw from codes that no image ever had. They share their weights with the whole, and sending
# an image through the halves is sending it through the whole:

# %% tags=["nbval-check-output"]
image = datasets.flatten(test_images[:1])
code = encoder(image)
print("code:", code.shape, "reconstruction:", decoder(code).shape)
print("by halves and as a whole the same:", np.allclose(decoder(code), autoencoder(image), atol=1e-6))

# %% [markdown]
# ## Recap
#
# - The encoder turns 784 numbers into 32, the decoder turns 32 into 784; together they have 209,968 parameters.
# - The bottleneck forces the network to learn what digits have in common.
# - Without activations it would be one linear map, and could do no better than PCA. ReLU makes it bend.
# - A sigmoid at the end keeps pixels between 0 and 1.
# - Halves and whole share weights.
#
# **To think about**
#
# 1. What could a network with 784 units in the middle learn, and why would nobody want it?
# 2. Why may the code be any positive number, but a pixel may not?
# 3. Someone builds the decoder with ReLU at the end. Which pixels could it get right, and which corrections would it lose?
#
# **Next**: `03_compilation` chooses what the network should become better at, and how.

# %%
checks.progress()
