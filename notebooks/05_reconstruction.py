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
# # 5. Reconstruction: what went through the bottleneck
#
# A loss is one number. Now we look: at originals and reconstructions side by side, at the 32 numbers between them, and at
# the images where the network fails. That is where one learns what it has understood.
#
# **You will be able to**
#
# - reconstruct images and measure the error of each;
# - find the best and the worst, and explain the difference;
# - say what the 32 numbers are, and what they are not;
# - name what a small error does not tell.
#
# **Takes** about 25 minutes, two exercises included; the computer needs half a minute of them, more if it must
# train first. **Needs** notebook 4, or the patience to let this one train.

# %%
import numpy as np
from sklearn.decomposition import PCA

from labutils import checks, datasets, figures, metrics, sources, training, widgets

digits = sources.load()
images, labels = digits.arrays("test")
model, history = training.trained_autoencoder(digits)
encoder, decoder = model.get_layer("encoder"), model.get_layer("decoder")

# %% [markdown]
# ## Exercise 5.1: reconstruct
#
# Write `reconstruct(model, images)`. It takes images as they come, `uint8` of shape (n, 28, 28, 1), and returns what the
# model makes of them, `float32` of shape (n, 28, 28), values in 0..1. The model wants what it was trained on: vectors of
# 784 in 0..1.
#
# `model.predict(..., verbose=0)` runs the model on an array.

# %% nbgrader={"grade": false, "grade_id": "reconstruct", "locked": false, "schema_version": 3, "solution": true, "task": false}
def reconstruct(model, images):
    """uint8 (n, 28, 28, 1) -> float32 (n, 28, 28) in 0..1."""
    ### BEGIN SOLUTION
    pixels = images.reshape(len(images), 784).astype("float32") / 255
    return model.predict(pixels, verbose=0).reshape(len(images), 28, 28)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-reconstruct", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
result = checks.reconstruct(reconstruct)
display(result)
### BEGIN HIDDEN TESTS
assert result, result.message
### END HIDDEN TESTS

# %% [markdown]
# ## Originals, codes, reconstructions
#
# Above the test image, below what the decoder drew, and between them all that the decoder got: 32 numbers, here as a
# small picture of 4 x 8.

# %%
reconstruct = checks.carry_on(reconstruct)
reconstructions = np.asarray(reconstruct(model, images))
codes = encoder.predict(datasets.flatten(images), batch_size=1000, verbose=0)
originals = images[..., 0] / np.float32(255)
figures.reconstructions(originals[:10], codes[:10], reconstructions[:10], title=f"{digits.name}: test images")

# %% [markdown]
# The digits are smoother than their originals. Small hooks and gaps are gone, edges are softer. What all digits share came
# through; what only this writer did was too expensive to send.

# %% tags=["nbval-check-output"]
print("one original:", originals.shape[1:], "one code:", codes.shape[1:], "one reconstruction:", reconstructions.shape[1:])
assert reconstructions.min() >= 0 and reconstructions.max() <= 1, "pixels are shares of white"

# %% [markdown]
# ## Exercise 5.2: the error of each image
#
# To find where the network fails we need one number for each image. Write
# `reconstruction_error(images, reconstructions)`: both of shape (n, 28, 28) with values in 0..1; it returns the *mean
# squared error* of each image over its pixels, shape (n,).

# %% nbgrader={"grade": false, "grade_id": "reconstruction_error", "locked": false, "schema_version": 3, "solution": true, "task": false}
def reconstruction_error(images, reconstructions):
    """Mean squared error of each image: (n, 28, 28) twice -> (n,)."""
    ### BEGIN SOLUTION
    return np.mean((images - reconstructions) ** 2, axis=(1, 2))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-reconstruction_error", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
result = checks.reconstruction_error(reconstruction_error)
display(result)
### BEGIN HIDDEN TESTS
assert result, result.message
### END HIDDEN TESTS

# %% [markdown]
# If the network has learned anything, a reconstruction is closer to its own original than to another image. Here is that
# test, with each original beside the next one as a stranger:

# %%
reconstruction_error = checks.carry_on(reconstruction_error)
errors = np.asarray(reconstruction_error(originals, reconstructions))
to_stranger = np.asarray(reconstruction_error(np.roll(originals, 1, axis=0), reconstructions))
share = np.mean(errors < to_stranger)
print(f"error {errors.mean():.4f} to the own original, {to_stranger.mean():.4f} to another image")
assert share > 0.99, "a reconstruction must resemble its own original"

# %% [markdown]
# ## Where it fails
#
# Test images in the order of their errors, each original above its reconstruction: of many, the best and the worst of each
# digit, and some of those between. *Try:* turn the order round, take one digit alone, click an image to enlarge it. Orange
# is what the reconstruction added, purple what it left out. (Where scripts do not run, a picture shows the best and the
# worst.)

# %%
widgets.gallery(images, labels, reconstructions, codes, errors)

# %% [markdown]
# The best are simple strokes with little ink: little to get wrong. The worst are written as few others write: unusual
# shapes, or strokes that lie close together. The network is not bad at *digits* but at what is *rare*: it had 32 numbers
# to spend, and spent them on what pays on average.
#
# So the error depends on the digit as well:

# %%
figures.error_by_digit(errors, labels, source=digits.name)

# %%
medians = [np.median(errors[labels == digit]) for digit in range(10)]
ink = [originals[labels == digit].mean() for digit in range(10)]
easiest, hardest = int(np.argmin(medians)), int(np.argmax(medians))
print(f"easiest: {easiest}, hardest: {hardest}; their ink: {ink[easiest]:.3f} and {ink[hardest]:.3f} of all pixels")
print(f"correlation of ink and median error over the ten digits: {np.corrcoef(ink, medians)[0, 1]:.2f}")

# %% [markdown]
# ### Where the error lies
#
# Is a larger error always a worse picture? Spoil the originals in two ways: move them by one pixel to the right and one
# down, or wipe out their lower half. Then measure. The picture shows the first image, the numbers are medians over all.

# %%
moved = np.roll(originals, (1, 1), axis=(1, 2))
wiped = np.where(np.arange(28)[:, None] < 14, originals, 0)
spoiled = {"original": originals, "moved by a pixel": moved, "half wiped out": wiped}
medians = {name: np.median(reconstruction_error(originals, images)) for name, images in spoiled.items()}
captions = [f"{name}\nmedian error {error:.3f}" for name, error in medians.items()]
figures.error_examples(np.stack([images[0] for images in spoiled.values()]), captions)

# %% [markdown]
# You would say that moving by a pixel changes nothing and wiping out changes everything. The error finds them about
# equally bad. It compares pixel with pixel and knows nothing of shape. Keep that in mind whenever a model is praised for
# a small error.

# %% [markdown]
# ## What the 32 numbers are
#
# First, how much does each unit move over the test images? A unit that never moves is dead and says nothing.

# %%
health = metrics.latent_health(codes)
print(f"{int(health['dead'].sum())} of {len(health['dead'])} units are dead")
figures.code_spread(health, codes)

# %% [markdown]
# What does one unit *draw*? Take the mean code, raise one unit by two of its standard deviations, and subtract what the
# decoder drew before. The colour bar says where ink is added and where it is taken away.

# %%
mean_code = codes.mean(axis=0)
raised = mean_code + 2 * np.diag(health["spread"])
difference = np.reshape(decoder(raised) - decoder(mean_code[None]), (-1, 28, 28))
figures.code_atoms(difference, title="What each unit of the code adds and takes away")

# %% [markdown]
# They are not "the loop" or "the slant". Each unit changes many places at once, and places far apart. The network was asked
# for codes that *can be decoded*, not for codes that a person can read; nothing in the loss asks for one meaning a unit.

# %% [markdown]
# ### Turn them yourself
#
# What happens when one number goes from its lowest to its highest while the others stay? Every number has a slider. *Try:*
# turn one from bottom to top, by mouse or with the arrow keys; find two that do nearly the same; take a random code, each
# number of which is one that its unit gives to some image, and see whether together they make a digit. (Where scripts do
# not run, a picture shows it for the number that moves most.)

# %%
widgets.code_explorer(model, images, labels, digits.arrays("train")[0])

# %% [markdown]
# ### A map of the codes
#
# To see how codes lie to each other we project the 32 numbers on the two directions in which they differ most. The
# colours are the labels, which the network never saw.

# %%
points = PCA(2).fit_transform(codes)[:2000]
figures.code_map(points, labels[:2000], title=f"{digits.name}: 32 numbers seen from one side")

# %% [markdown]
# Images of one digit tend to lie in one region, without anyone having said which belong together: similar strokes get
# similar codes. They are not separated, though. An autoencoder is not a classifier, and two of 32 directions show only a
# part.

# %% [markdown]
# ### Between two digits
#
# The decoder draws any code, also one that no image has. Walk in a straight line from the code of one image to that of
# another:

# %%
start, end = np.argmax(labels == 3), np.argmax(labels == 7)
steps = np.linspace(0, 1, 9)[:, None]
walk = (1 - steps) * codes[start] + steps * codes[end]
figures.code_walk(np.reshape(decoder(walk), (-1, 28, 28)))

# %% [markdown]
# The ends are digits, the middle is often none: two half digits on top of each other. The space between codes was never
# trained. *Variational* autoencoders are made to fill it, so that one can draw new digits from random codes. That is where
# the next course would go on.

# %% [markdown]
# ## Draw your own
#
# What survives of a drawing that is not from the data set? It is first brought into the form in which MNIST's makers left
# their digits: fitted into 20 x 20 pixels and centred by its mass. *Try:* write a digit as you write it, with mouse or
# finger, and watch its error; then draw a letter, or take a house from the list. Where scripts do not run, six drawings
# are done for you. (The built-in digits have another form: to a network that learned from those, every drawing is a stranger.)

# %%
widgets.draw_digit(model, images, labels, errors)

# %% [markdown]
# The decoder has learned to draw digits and nothing else. It puts together what it can from their strokes; what digits do
# not have, such as the corners of a house, is rounded off or gone.

# %% [markdown]
# ## Recap
#
# - Reconstructions keep what digits share and lose what is rare.
# - The error of an image grows with its ink and with how unusual it is.
# - A pixel-wise error is blind to shape.
# - The 32 numbers form a code that the decoder can read. Single units have no meaning of their own; some are dead.
# - The code groups images by their strokes, and so, roughly, by digit.
#
# **To think about**
#
# 1. Could the reconstruction error tell a digit from a picture that is none? Which pictures would it get wrong?
# 2. Would 64 numbers make all reconstructions better, or mostly the rare ones?
# 3. If you had to send the code with one byte for each number instead of four, what would you do with dead units?
#
# **You have finished the lab.** This table shows what is done and what is not:

# %%
checks.progress()
