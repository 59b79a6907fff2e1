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
# # 3. Compilation: what to get better at, and how
#
# A network learns by making a number smaller, the *loss*. Which number, and by which rule, is fixed when the model is
# *compiled*. This notebook opens the two boxes "binary cross-entropy" and "Adam", and builds a ladder that tells what a
# loss of, say, 0.12 means.
#
# **You will be able to**
#
# - write the cross-entropy of an image in NumPy, and say why it suits pixels that are grey;
# - explain why it cannot reach zero, and compute how far down it can go;
# - compare any loss with those of simple guesses;
# - say what Adam does, and compile the model.
#
# **Takes** about 20 minutes, two exercises included; the computer needs half a minute of them.
# **Needs** notebook 2, or knowing that the autoencoder maps 784 numbers in 0..1 to 784 numbers in 0..1.

# %%
from labutils import checks, datasets, figures, metrics, models, sources, training, widgets

import contextlib
import io

import keras
import numpy as np

digits = sources.load()
train_images, _ = digits.arrays("train")
test_images, _ = digits.arrays("test")

# %% [markdown]
# ## How wrong is a pixel?
#
# Suppose a pixel should be white, target 1, and the network answers 0.9. How bad is that? The *cross-entropy* answers
# as a betting office would: the output is a probability for white, and the penalty is the surprise, $-\log(0.9)$. Had
# the target been 0, the surprise would be $-\log(1 - 0.9)$. For a target $t$ and an output $y$ both parts are weighed:
#
# $$-\bigl(t \log y + (1 - t) \log(1 - y)\bigr)$$
#
# The logarithm is the natural one; its unit is the *nat*. The loss of an image is the mean over its pixels, and the loss
# of a batch the mean over its images.

# %%
widgets.pixel_loss(target=0.25, output=0.6)

# %% [markdown]
# Set the target to 1 and move the output, or, where scripts do not run, read the still picture from the curve of
# target 1. An output near 1 costs almost nothing, an output near 0 costs without limit. Squared error, on the right,
# never costs more than 1. Being *surely wrong* is what cross-entropy punishes.
#
# ### Why not squared error?
#
# It works too. But look at what happens through a sigmoid. When an output is surely wrong, the sigmoid is flat, and the
# correction that squared error sends back is multiplied by that flatness: almost nothing arrives. Cross-entropy grows
# just as steeply as the sigmoid is flat. The two cancel, and what arrives is simply *output minus target*:

# %%
weighted_sum = np.array([-6.0, -3.0, 0.0, 3.0, 6.0])
output = 1 / (1 + np.exp(-weighted_sum))
target = 1.0
print("output:                       ", np.round(output, 3))
print("correction by squared error:  ", np.round(2 * (output - target) * output * (1 - output), 3))
print("correction by cross-entropy:  ", np.round(output - target, 3))

# %% [markdown]
# In the first column the output is 0.002 where it should be 1. Squared error hardly corrects it; cross-entropy does.

# %% [markdown]
# ### Grey pixels, and why the loss cannot reach zero
#
# Cross-entropy was made for targets that are 0 or 1. Ours are also grey. Is that allowed? Yes: go back to the curves and
# look at the one for target 0.5. Its minimum lies exactly at the output 0.5, so the best answer is still the right one.
# But the curve does not touch zero there. A perfect copy of a pixel of grey 0.5 costs $\log 2$, about 0.69 nats: the
# pixel's own *entropy*. Move the target, and this floor moves along the dashed line: the greyer the pixel, the higher.
#
# So each image has a floor, made of its grey pixels. No network can go below it, and a loss of 0.08 may be excellent. The
# number to watch is the *excess* over the floor.

# %% [markdown]
# ## Exercise 3.1: pixel cross-entropy
#
# Write `pixel_cross_entropy(target, output)`. It takes two NumPy arrays of equal shape with values in 0..1 and returns
# one number: the mean cross-entropy over all pixels, in nats.
#
# Mind the ends. A sigmoid can give exactly 0 or 1 in `float32`, and the logarithm of 0 is minus infinity. The result must
# be finite all the same. `np.clip` keeps numbers away from the ends; Keras keeps them `1e-7` away.

# %% nbgrader={"grade": false, "grade_id": "pixel_cross_entropy", "locked": false, "schema_version": 3, "solution": true, "task": false}
def pixel_cross_entropy(target, output):
    """Mean binary cross-entropy of two arrays of equal shape, in nats."""
    ### BEGIN SOLUTION
    output = np.clip(output, 1e-7, 1 - 1e-7)
    return np.mean(-(target * np.log(output) + (1 - target) * np.log(1 - output)))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-pixel_cross_entropy", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
result = checks.pixel_cross_entropy(pixel_cross_entropy)
display(result)
### BEGIN HIDDEN TESTS
assert result, result.message
### END HIDDEN TESTS

# %% [markdown]
# Now the floor of the test images: what a perfect copy costs.

# %%
pixel_cross_entropy = checks.carry_on(pixel_cross_entropy)
pixels = datasets.flatten(test_images).astype(np.float64)
floor = pixel_cross_entropy(pixels, pixels)
print(f"{digits.name}: a perfect copy of the test images costs {floor:.4f} nats per pixel")

# %% [markdown]
# ## A ladder to compare with
#
# A loss is a number without a meaning until it stands beside others. Here are five guesses that need no network, from
# knowing nothing to knowing everything:
#
# | rung | answers with |
# | --- | --- |
# | untrained | 0.5 for every pixel |
# | constant | the mean grey of all training pixels |
# | mean image | the mean of each pixel over the training images |
# | PCA | 32 numbers for each image, the best that straight lines can do |
# | floor | the image itself |

# %%
ladder = metrics.loss_ladder(train_images, test_images)
for rung, loss in ladder.items():
    print(f"{rung:10} {loss:.4f}")
figures.loss_ladder(ladder, source=digits.name)

# %% [markdown]
# A network that does not come below the mean image has not looked at its input at all. One that does not come below PCA
# did not need its bends. From now on every loss in this lab is drawn with these lines.

# %%
rungs = list(ladder.values())
assert rungs == sorted(rungs, reverse=True), "each rung knows more than the one before"
assert np.isclose(ladder["floor"], floor, atol=1e-4), "the floor is the cross-entropy of the images with themselves"

# %% [markdown]
# ## How to get better: Adam
#
# The *gradient* of the loss says, for each of the 209,968 parameters, which way is downhill and how steep. Plain
# gradient descent takes a step along it. All parameters use one step length, and that is its weakness: a weight at a
# pixel in the middle gets large gradients, one near the edge hardly any.
#
# *Adam* keeps two running means for each parameter: of its gradient, and of its gradient squared. It steps along the
# first, divided by the root of the second. So each parameter moves by about the same length, 0.001 by default, whatever
# its gradients are, and noise that changes sign from batch to batch averages out.

# %% [markdown]
# ## Exercise 3.2: compile
#
# Write `compile_autoencoder(model)`: compile it with Adam and binary cross-entropy, and return it.
#
# The model ends in a sigmoid, so what it gives are probabilities, not *logits* (weighted sums before the sigmoid).

# %% nbgrader={"grade": false, "grade_id": "compile_autoencoder", "locked": false, "schema_version": 3, "solution": true, "task": false}
def compile_autoencoder(model):
    """Adam, binary cross-entropy; returns the model."""
    ### BEGIN SOLUTION
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-compile_autoencoder", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
result = checks.compiled(compile_autoencoder)
display(result)
### BEGIN HIDDEN TESTS
assert result, result.message
### END HIDDEN TESTS

# %% [markdown]
# ## Keras and you must agree
#
# The loss that Keras reports for the untrained model must be the one that your function computes from its outputs, and
# it must be the first rung of the ladder.

# %%
compile_autoencoder = checks.carry_on(compile_autoencoder)
model = compile_autoencoder(models.build_default())
reported = model.evaluate(pixels, pixels, batch_size=1000, verbose=0, return_dict=True)["loss"]
outputs = model.predict(pixels, batch_size=1000, verbose=0).astype(pixels.dtype)
computed = pixel_cross_entropy(pixels, outputs)
print(f"Keras says {reported:.4f}, you say {computed:.4f}, the ladder says {ladder['untrained']:.4f}")

# %% tags=["nbval-check-output"]
assert np.isclose(reported, computed, rtol=1e-3), "Keras must be compiled with binary cross-entropy"
assert abs(computed - ladder["untrained"]) < 0.02, "an untrained model knows nothing"
print("loss:", model.loss)
print("optimizer:", type(model.optimizer).__name__, "with a learning rate of", round(float(model.optimizer.learning_rate), 6))

# %% [markdown]
# ## Adam against plain gradient descent
#
# Compare them: twice the same model and the same data. An epoch is only 30 steps here, so that the start can be seen.
# Gradient descent gets a step length of 1, a thousand times Adam's: with less it hardly moves.

# %%
def try_optimizer(optimizer):
    model = models.build_default()
    model.compile(optimizer, loss="binary_crossentropy", **training.fast_settings(30))
    train, test = datasets.fast_train_dataset(train_images), datasets.fast_test_dataset(test_images)
    with contextlib.redirect_stdout(io.StringIO()):
        return training.train_autoencoder(model, train, test, 30, 10)


curves = {
    "gradient descent": try_optimizer(keras.optimizers.SGD(1.0)),
    "Adam": try_optimizer(keras.optimizers.Adam()),
}
figures.compare_curves(curves, ladder=ladder, source=digits.name)

# %% [markdown]
# Both fall quickly to about the mean image: that much the biases of the last layer can do alone. To get below it the
# network must look at its input, and here gradient descent gets stuck while Adam goes on. There is nothing magic in it:
# with patience and the right step length gradient descent gets there too. Adam needs less care.

# %% [markdown]
# ## Recap
#
# - Cross-entropy is the surprise at a pixel, in nats. Being surely wrong costs without limit, so the correction never
#   gets stuck in a flat sigmoid.
# - For grey pixels its minimum is at the right answer, but above zero. What counts is the excess over the floor.
# - The ladder gives a loss its meaning: untrained, constant, mean image, PCA, floor.
# - Adam gives each parameter its own step length.
#
# **To think about**
#
# 1. All images made only of black and white pixels: where would the floor be?
# 2. Someone's loss is negative. Which mistake in the preprocessing can do that?
# 3. A friend's tutorial reports a loss of 0.012. Must it be better than ours? What would you ask first?
#
# **Next**: `04_training`.

# %%
checks.progress()
