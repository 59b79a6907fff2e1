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
# # 4. Training
#
# Everything is in place: data, model, loss, optimiser. Now the network learns, and we learn to read what the learning
# curve says.
#
# **You will be able to**
#
# - say how many steps an epoch has, and why a repeated dataset must be told;
# - train with a validation set, and keep it out of the training;
# - read a learning curve against the loss ladder: how good, how far to go, learned by heart or not;
# - change one thing, the activation of the code, and judge the difference.
#
# **Takes** about 20 minutes, two exercises included; the computer needs about a minute of them.
# **Needs** notebooks 1 to 3, or what they explain; nothing that they computed.

# %%
import numpy as np

from labutils import checks, datasets, figures, metrics, models, sources, training, widgets

digits = sources.load()
train_images, _ = digits.arrays("train")
test_images, _ = digits.arrays("test")

# %% [markdown]
# ## Steps and epochs
#
# A *step* takes one batch, computes the loss and its gradient, and changes the weights. An *epoch* is one pass over all
# training images. Our dataset repeats for ever, so Keras cannot know where an epoch ends: it must be told how many steps
# it has. If it is not told, the first epoch never ends.
#
# Why repeat at all? Keras could start the dataset anew for every epoch. But then the shuffle buffer has to be filled
# again each time and the processor waits for it. A stream without an end is always a few batches ahead.

# %% [markdown]
# ## Exercise 4.1: steps per epoch
#
# Write `steps_per_epoch(examples, batch_size)`: how many steps one pass over the repeated dataset takes. Each pass ends
# with a smaller batch if `batch_size` does not divide `examples`, and that batch counts: no image may be left out.

# %% nbgrader={"grade": false, "grade_id": "steps_per_epoch", "locked": false, "schema_version": 3, "solution": true, "task": false}
def steps_per_epoch(examples, batch_size):
    """Batches in one pass, the smaller last one included."""
    ### BEGIN SOLUTION
    return -(-examples // batch_size)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-steps_per_epoch", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
result = checks.steps_per_epoch(steps_per_epoch)
display(result)
### BEGIN HIDDEN TESTS
assert result, result.message
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 4.2: train
#
# Write `train_autoencoder(model, train_dataset, test_dataset, steps_per_epoch, epochs)`. The model comes compiled, the
# training dataset repeats, the test dataset ends. Train for that many epochs of that many steps, measure the loss on the
# *test* dataset after each epoch, and return what `fit` returns, a `History`.
#
# Keras would like to shuffle for us; `shuffle=False` tells it that the dataset already does. `verbose=2` prints one line
# an epoch.

# %% nbgrader={"grade": false, "grade_id": "train_autoencoder", "locked": false, "schema_version": 3, "solution": true, "task": false}
def train_autoencoder(model, train_dataset, test_dataset, steps_per_epoch, epochs):
    """Train; return the History, with the loss on the test dataset after each epoch."""
    ### BEGIN SOLUTION
    return model.fit(
        train_dataset,
        steps_per_epoch=steps_per_epoch,
        epochs=epochs,
        validation_data=test_dataset,
        shuffle=False,
        verbose=2,
    )
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-train_autoencoder", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
result = checks.training(train_autoencoder)
display(result)
### BEGIN HIDDEN TESTS
assert result, result.message
### END HIDDEN TESTS

# %% [markdown]
# ## Go
#
# Fifteen epochs are enough to see everything that matters. Set `epochs` to 50 for the full training, about a minute on a
# laptop. The first line takes longer than the others: the model is being compiled to machine code.

# %%
epochs = 15  # 50 for the full training
steps_per_epoch = checks.carry_on(steps_per_epoch)
train_autoencoder = checks.carry_on(train_autoencoder)
steps = steps_per_epoch(len(train_images), 128)
print(f"{len(train_images):,} images in batches of 128: {steps} steps an epoch")

# %%
model = training.compile_autoencoder(models.build_default(), steps)
train_dataset = datasets.fast_train_dataset(train_images)
test_dataset = datasets.fast_test_dataset(test_images)
history = train_autoencoder(model, train_dataset, test_dataset, steps, epochs).history

# %% [markdown]
# Each line is an epoch: `loss` is the mean over its batches, on training images; `val_loss` is measured after the last
# step, on test images. Both are nats per pixel. If `val_loss` were missing, Keras was given nothing to validate on.

# %% [markdown]
# ## The learning curve
#
# The loss after each epoch, on the images the network trains on and on those it never saw, with the ladder of notebook 3.

# %%
ladder = metrics.loss_ladder(train_images, test_images)
figures.learning_curve(history, ladder, source=digits.name)

# %% [markdown]
# How to read it:
#
# - **Steep, then flat.** Most is learned in the first epoch. Later epochs buy little, and each less than the one before.
# - **Against the ladder.** Below *mean image*: the network looks at its input. Below *PCA*: its bends are worth something.
# - **Above the floor.** What is left between curve and floor is what 32 numbers could not carry, or what the network has
#   not learned yet.
# - **The gap between the two curves.** If training goes on falling while test rises, the network learns its images by
#   heart (*overfitting*). A gap alone is no alarm: the training loss is measured while the network changes, as a mean over
#   the epoch, the test loss after it.

# %% [markdown]
# In numbers: how far above the floor are we, and what share of PCA's loss is left?

# %%
loss = training.evaluate(model, test_dataset)
excess, excess_of_pca = loss - ladder["floor"], ladder["PCA"] - ladder["floor"]
print(f"test loss {loss:.4f}: {excess:.4f} nats above the floor, PCA is {excess_of_pca:.4f} above it")
print(f"of what PCA loses, the autoencoder loses {excess / excess_of_pca:.0%}")

# %% [markdown]
# The validation loss of the last epoch must be what we measure now on the test images. If not, something else was taken
# for validation.

# %% tags=["nbval-check-output"]
assert np.isclose(history["val_loss"][-1], loss, rtol=1e-3), "validation must be on the test images"
assert loss < ladder["mean image"], "the network must look at its input"
assert loss < ladder["PCA"], "the network must be better than straight lines"
print("epochs:", len(history["loss"]), "- below the mean image and below PCA: yes")

# %% [markdown]
# ## Change one thing: the code's activation
#
# So far the code went through ReLU: its numbers cannot be negative, and a unit that is 0 for every image is lost for good.
# What if the code is *linear*, with no activation at all? The bends in the other layers stay. All else is the same, the
# seed too.
#
# This time we watch. `fit` takes *callbacks*: objects that it calls at certain moments, such as the end of an epoch. Ours
# draws the learning curve as it grows, the units of the code, and what the network makes of the same eight test digits.
# Move the slider to go back through the epochs. *Pause* and *Stop* act at the end of an epoch, and the model is kept as it
# is then. If the buttons do not answer while the cell runs, interrupt the kernel: the first time it means Stop.

# %%
dashboard = widgets.training_dashboard(test_images, ladder, source=digits.name)
linear, linear_history = training.train_default(digits, epochs, code_activation="linear", callbacks=[dashboard])

# %% [markdown]
# When the training is over, the dashboard is a replay: *Play* shows it again, epoch by epoch. After the first epoch the
# digits are there, but blurred. The epochs that follow sharpen them; the second half of them hardly changes a stroke, and
# the loss still falls. The eye is content before the network has finished.
#
# Both codes side by side:

# %%
curves = {"ReLU code": history, "linear code": linear_history}
figures.compare_curves(curves, ladder=ladder, source=digits.name)

# %% [markdown]
# A unit of the code is *dead* if it gives the same number for every image. A dead unit carries nothing: the bottleneck is
# narrower than it looks.

# %%
pixels = datasets.flatten(test_images)
for name, autoencoder in {"ReLU code": model, "linear code": linear}.items():
    health = metrics.latent_health(autoencoder.get_layer("encoder").predict(pixels, batch_size=1000, verbose=0))
    test_loss = training.evaluate(autoencoder, test_dataset)
    print(f"{name:11}  test loss {test_loss:.4f}  dead units {int(health['dead'].sum())} of {len(health['dead'])}")

# %% [markdown]
# The linear code has no dead units and a lower loss. Then why is ReLU the lab's default? Because "dense layers with
# activation functions" is how the recipe is usually told, and because one should have seen a dead unit once. It is a
# choice, and now you know its price.

# %% [markdown]
# ## Hand it on
#
# Training is the one thing in this lab that takes time. So its result is kept: the weights, the curve, and a
# *fingerprint* of what they depend on: data, seed, shape, versions. The next notebook takes them if the fingerprint still
# fits, and trains anew if not.

# %%
record = training.keep(model, history, digits)
print(f"kept: {record['epochs']} epochs on {record['data']}, test loss {record['test_loss']:.4f}")

# %% [markdown]
# ## Recap
#
# - A repeated dataset has no end, so an epoch must be given in steps.
# - Validation data is measured, never trained on.
# - A learning curve is read against the ladder: below the mean image, below PCA, how far above the floor.
# - A callback watches a training from inside, and may end it.
# - A linear code beats a ReLU code here, by having no dead units.
#
# **To think about**
#
# 1. The test loss can be *below* the training loss in the first epochs. How?
# 2. You change batch size from 128 to 1,280 and keep the epochs. How many steps fewer does Adam take? What would you change
#    with it?
# 3. We chose between ReLU and linear by looking at the test loss. Is it still a fair estimate for new digits?
#
# **Next**: `05_reconstruction` looks at what the network makes of the images, and where it fails.

# %%
checks.progress()
