"""The training dashboard records every epoch, obeys its buttons and the interrupt key, leaves training alone, and
leaves a replay that needs no kernel.
"""

import dataclasses
import gc
import json
import random
import re
import signal
import subprocess
import threading
import time
import types

import ipywidgets
import keras
import numpy as np
import pytest
from conftest import ROOT
from IPython.core.formatters import DisplayFormatter
from jupyter_client.manager import start_new_kernel

from labutils import figures, models, training
from labutils.browser.access import keyboard_stops, violations
from labutils.browser.chromium import NoBrowser, chromium
from labutils.execution import WIDGET_VIEW
from labutils.widgets import training_dashboard

# Keras 3.15 meets NumPy 2 with a warning of its own
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

LADDER = {"untrained": 0.6931, "constant": 0.3, "mean image": 0.25, "PCA": 0.15, "floor": 0.12}
PAGE = """<!DOCTYPE html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>A training</title><body>{}<div id="widget"></div></body></html>"""
SAY = "value => { document.getElementById('widget').innerHTML = value }"  # as the front end's HTML widget does
PIXELS = "[...document.querySelector('canvas').getContext('2d').getImageData(0, 0, 231, 57).data]"
MANY = 5_000  # epochs: a training that ends only because it is told to


@pytest.fixture(scope="module")
def images():
    """Blobs, uint8 (64, 28, 28, 1)."""
    centres = np.random.default_rng(0).uniform(8, 20, (64, 2, 1, 1))
    rows, columns = np.indices((28, 28))
    distances = (rows - centres[:, 0]) ** 2 + (columns - centres[:, 1]) ** 2
    return np.round(255 * np.exp(-distances / 20)).astype(np.uint8)[..., None]


@pytest.fixture
def dashboard(images):
    return training_dashboard(images, LADDER, "blobs")


@pytest.fixture(scope="module")
def compiled():
    """One model for all trainings: Keras takes seconds to prepare each, and milliseconds for an epoch of this size."""
    model = models.build_default()
    model.compile("sgd", "binary_crossentropy", jit_compile=False)
    return model, model.get_weights()


@pytest.fixture
def fit(images, compiled):
    """Train in small, from the same weights every time; gives the model and its losses."""
    model, weights = compiled
    pixels = images.reshape(-1, 784) / np.float32(255)

    def fit(callbacks, epochs=3, model=model, **more):
        if model is compiled[0]:
            model.set_weights(weights)
        more = {"validation_data": (pixels[:16], pixels[:16]), **more}
        return model, model.fit(pixels, pixels, 32, epochs, verbose=0, callbacks=callbacks, **more).history

    return fit


@pytest.fixture
def trained(dashboard, fit):
    """The losses of a training of three epochs that the dashboard has seen."""
    return fit([dashboard])[1]


class At(keras.callbacks.Callback):
    """Does something at the end of an epoch's last batch, as if it came from outside."""

    def __init__(self, epoch, act):
        super().__init__()
        self.at, self.act = epoch, act

    def on_epoch_begin(self, epoch, logs=None):
        self.epoch = epoch + 1

    def on_train_batch_end(self, batch, logs=None):
        if batch == 1 and self.epoch == self.at:
            self.act()


@pytest.fixture(scope="module")
def browser():
    """A Chromium; the tests that need one are left out where there is none."""
    try:
        with chromium() as started:
            yield started
    except NoBrowser as none:
        pytest.skip(str(none))


@pytest.fixture
def show(browser, tmp_path):
    """``show(html)`` gives a page of its own with it, alive; nothing may go wrong in it, and no request leave it."""
    wrong = []

    def show(html, width=1000):
        path = tmp_path / "page.html"
        path.write_text(PAGE.format(html), "utf-8")
        page = browser.new_page(viewport={"width": width, "height": 800})
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("request", lambda request: wrong.append(request.url) if request.url != path.as_uri() else None)
        page.goto(path.as_uri())
        page.locator("[data-alive] canvas").wait_for()
        return page

    yield show
    for context in browser.contexts:
        context.close()
    assert [each for each in wrong if not each.startswith("data:")] == []


def alive(replay):
    return replay._repr_mimebundle_()["text/html"]


def caption(page):
    return page.locator("[data-alive] [role=status]").inner_text()


# ----- what it shows -----


def test_records_every_epoch(dashboard, trained):
    assert [moment.epoch for moment in dashboard.moments] == [0, 1, 2, 3]
    assert [moment.losses.get("training") for moment in dashboard.moments[1:]] == trained["loss"]
    assert [moment.losses.get("test") for moment in dashboard.moments[1:]] == trained["val_loss"]
    assert all(moment.outputs.shape == (8, 28, 28) for moment in dashboard.moments)
    last = trained["val_loss"][-1]
    dead = dashboard.moments[-1].health["dead"].sum()
    told = f"finished: epoch 3 of 3, test loss {last:.4f}, {last - 0.12:.4f} above the floor, {dead} dead unit"
    assert told in dashboard.state.value


def test_the_replay_shows_every_epoch_as_it_was(dashboard, trained, show):
    page = show(alive(dashboard.replay()))
    slider = page.get_by_role("slider", name="Epoch")
    slider.focus()
    for epoch in (3, 2, 1, 0):
        assert slider.input_value() == str(epoch)
        moment = dashboard.moments[epoch]
        assert caption(page).lower().startswith(moment.told(0.12) + ". ")
        error = np.mean((dashboard.images[..., 0] / 255 - moment.outputs) ** 2)
        told = f"after epoch {epoch}" if epoch else "before training"
        name = page.locator("canvas").get_attribute("aria-label")
        assert name.startswith(f"8 test digits and their reconstructions {told}, mean squared error ")
        assert float(name.split()[-1].strip(".")) == pytest.approx(error, abs=2e-4)
        drawn = np.array(page.evaluate(PIXELS), np.uint8).reshape(57, 231, 4)[..., 0]
        np.testing.assert_array_equal(drawn[:28, :28], dashboard.images[0, ..., 0])
        np.testing.assert_allclose(drawn[29:, 29:57] / 255, moment.outputs[1], atol=1 / 255)
        page.keyboard.press("ArrowLeft")


def test_the_replay_plays_from_the_beginning_and_can_be_held(dashboard, fit, show):
    fit([dashboard], epochs=5)
    page = show(alive(dashboard.replay()))
    page.get_by_role("button", name="Play").click()
    page.get_by_text("Epoch 1, ").wait_for()
    page.get_by_role("button", name="Hold").click()
    held = caption(page)
    page.wait_for_timeout(1200)
    assert caption(page) == held
    page.get_by_role("button", name="Play").click()
    page.get_by_text("Epoch 5, ").wait_for()
    page.get_by_role("button", name="Play").wait_for()


def test_a_training_grows_in_the_page_and_stays_where_one_has_gone_back_to(dashboard, fit, show):
    told = []

    class Tells(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            told.append(dashboard.state.value)

    begin = At(1, lambda: told.append(alive(dashboard.replay(dashboard.state.model_id))))
    fit([begin, dashboard, Tells()], epochs=3)
    first, *news = told
    page = show(first)
    assert page.get_by_role("button").count() == 0  # Pause and Stop are beside it
    for epoch, word in enumerate(news[:2], 1):
        page.evaluate(SAY, word)
        page.get_by_text(f"Epoch {epoch}, test loss").wait_for()
    slider = page.get_by_role("slider", name="Epoch")
    slider.fill("1")
    page.evaluate(SAY, news[2])
    page.get_by_label("Learning curve after 3 of 3 epochs").wait_for()
    assert caption(page).startswith("Epoch 1, ")
    assert slider.input_value() == "1"


def test_the_replay_is_for_all(dashboard, trained, show):
    for width in (1000, 390):
        page = show(alive(dashboard.replay()), width)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert violations(page, "[data-labutils]") == []
        stops, count = keyboard_stops(page, page.locator("[data-labutils]"))
        assert [stop["number"] for stop in stops] == list(range(count)) == [0, 1]
    curve, units = (drawing.get_attribute("aria-label") for drawing in page.locator("svg").all())
    assert f"test loss from {trained['val_loss'][0]:.4f} to {trained['val_loss'][-1]:.4f}" in curve
    assert "PCA 0.1500" in curve
    assert re.match(r"Units of the code: \d+ of 32 dead", units)


def test_the_replay_of_a_long_training_stays_small(dashboard, trained):
    dashboard.moments += [dataclasses.replace(dashboard.moments[-1], epoch=epoch) for epoch in range(4, 2001)]
    replay = dashboard.replay()
    assert [moment["epoch"] for moment in replay.data["moments"]][-1] == 2000
    assert len(replay.data["losses"]["test"]) == 2000
    assert len(alive(replay)) < 1_500_000


def test_does_without_validation_and_without_an_encoder(dashboard, fit, show):
    model = keras.Sequential([keras.Input((784,)), keras.layers.Dense(784, activation="sigmoid")])
    model.compile("sgd", "binary_crossentropy", jit_compile=False)
    fit([dashboard], model=model, validation_data=None)
    assert re.search(r"epoch 3 of 3, training loss 0\.\d{4}, 0\.\d{4} above the floor<", dashboard.state.value)
    page = show(alive(dashboard.replay()))
    assert "training loss" in caption(page)
    assert page.locator("svg").count() == 1


def test_says_so_when_the_loss_is_no_number_any_more(dashboard, fit, compiled):
    model, weights = compiled
    spoil = At(2, lambda: model.set_weights([np.full_like(weight, np.nan) for weight in weights]))
    fit([spoil, dashboard])
    assert [moment.epoch for moment in dashboard.moments] == [0, 1]
    assert "not a finite number any more" in dashboard.state.value
    assert dashboard.twin().alt


def test_a_second_training_starts_afresh(dashboard, trained, fit):
    fit([dashboard], epochs=2)
    assert [moment.epoch for moment in dashboard.moments] == [0, 1, 2]
    assert "finished: epoch 2 of 2" in dashboard.state.value


# ----- the static twin -----


def test_twin_tells_the_same_story(dashboard, trained):
    twin = dashboard.twin()
    assert isinstance(twin, figures.Figure)
    assert f"{trained['val_loss'][-1] - 0.12:.4f} above the floor" in twin.alt
    told = [moment.told(0.12) for moment in dashboard.moments[1:]]
    assert f"8 test digits and their reconstructions after {'; '.join(told)}." in twin.alt
    drawn = [image.get_array() for axes in twin.axes for image in axes.images]
    assert len(drawn) == 4 * 8
    np.testing.assert_array_equal(drawn[-8:], dashboard.moments[3].outputs)


def test_says_as_the_value_of_a_cell_that_it_has_not_begun_and_is_its_replay_later(dashboard, fit):
    data, _ = DisplayFormatter().format(dashboard)
    assert set(data) == {"text/html", "text/plain"}
    assert data["text/plain"].startswith("not started: pass the dashboard to fit")
    fit([dashboard], epochs=1)
    data, _ = DisplayFormatter().format(dashboard)
    assert set(data) == {"text/html", "text/plain"}
    assert "1 epoch," in data["text/plain"]
    assert data["text/html"] == alive(dashboard.replay())


def test_twin_shows_the_digits_while_no_epoch_is_finished(dashboard):
    assert "before the first epoch" in dashboard.twin().alt


# ----- pause, go on, stop, interrupt -----


def until(condition):
    while not condition():
        time.sleep(0.005)


def test_pauses_goes_on_and_stops_at_the_word_of_another_thread(dashboard, fit):
    seen = []

    def press():
        until(lambda: len(dashboard.moments) > 3)
        dashboard.pause.click()
        until(lambda: "paused: " in dashboard.state.value)
        seen.append((len(dashboard.moments), dashboard.pause.description, dashboard.state.value))
        dashboard.pause.click()
        until(lambda: len(dashboard.moments) > seen[0][0] + 3)
        seen.append(dashboard.pause.description)
        dashboard.stop.click()

    presser = threading.Thread(target=press)
    presser.start()
    model, history = fit([dashboard], MANY)
    presser.join()
    (reached, description, state), later = seen
    assert (description, later) == ("Go on", "Pause")
    assert f"paused: epoch {reached - 1} of {MANY}" in state
    assert reached + 3 < len(history["loss"]) + 1 < MANY
    assert "stopped: " in dashboard.state.value
    assert "the model is kept" in dashboard.state.value
    assert dashboard.pause.disabled
    assert dashboard.stop.disabled
    assert dashboard.model is model


def test_the_first_interrupt_is_taken_for_stop(dashboard, fit):
    before = signal.getsignal(signal.SIGINT)
    model, history = fit([At(2, lambda: signal.raise_signal(signal.SIGINT)), dashboard], MANY)
    assert len(history["loss"]) == 2
    assert f"interrupted: epoch 2 of {MANY}" in dashboard.state.value
    assert signal.getsignal(signal.SIGINT) is before
    assert usable(model)


def test_an_interrupt_ends_a_pause(dashboard, fit):
    fit([At(2, dashboard.pause.click), InPause(dashboard), dashboard], MANY)
    assert f"interrupted: epoch 2 of {MANY}" in dashboard.state.value


def usable(model):
    outputs = np.asarray(model(np.zeros((2, 784), np.float32)))
    return outputs.shape == (2, 784) and np.isfinite(outputs).all()


class InPause(keras.callbacks.Callback):
    """Interrupts as soon as the dashboard waits."""

    def __init__(self, dashboard):
        super().__init__()
        self.dashboard = dashboard

    def on_train_begin(self, logs=None):
        threading.Thread(target=self.interrupt).start()

    def interrupt(self):
        until(lambda: self.dashboard.waiting)
        signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)


def test_the_second_interrupt_breaks_off_and_leaves_a_usable_model(dashboard, fit):
    before = signal.getsignal(signal.SIGINT)

    def interrupt_twice():
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        fit([At(2, interrupt_twice), dashboard], MANY)
    assert signal.getsignal(signal.SIGINT) is before
    assert len(dashboard.moments) == 2
    assert usable(dashboard.model)


# ----- what it costs, and what it leaves alone -----


def test_leaves_weights_and_random_numbers_as_they_were_without_it(dashboard, fit):
    ends = []
    for callbacks in ([], [dashboard]):
        random.seed(1)
        np.random.seed(1)
        model, history = fit(callbacks)
        ends.append((model.get_weights(), history, random.random(), np.random.random()))
    (weights, *rest), (same_weights, *same_rest) = ends
    assert rest == same_rest
    for weight, same in zip(weights, same_weights, strict=True):
        np.testing.assert_array_equal(weight, same)


@pytest.mark.filterwarnings("error", "ignore:__array__ implementation:DeprecationWarning")
def test_is_quiet(dashboard, fit, capfd):
    fit([dashboard])
    assert capfd.readouterr() == ("", "")


def test_the_lab_s_training_prints_no_lines_when_it_is_watched(dashboard, images, monkeypatch, capfd):
    monkeypatch.setattr(training, "_xla_works", lambda: False)
    digits = types.SimpleNamespace(arrays=lambda split: (images, None))
    _, history = training.train_default(digits, epochs=1, callbacks=[dashboard])
    assert dashboard.moments[1].losses["test"] == history["val_loss"][0]
    assert capfd.readouterr() == ("", "")


def test_sends_few_and_small_messages_and_leaves_nothing_behind(dashboard, trained, monkeypatch):
    sent = []

    def publish(self, msg_type, data=None, *args, **kwargs):
        sent.append(len(json.dumps(data)))

    def left():
        gc.collect()
        return sum(isinstance(thing, ipywidgets.Widget | figures.Figure) for thing in gc.get_objects())

    before = left()
    dashboard.params = {"epochs": 100}
    dashboard.on_train_begin()
    monkeypatch.setattr(type(dashboard.state.comm), "publish_msg", publish)
    for epoch in range(100):
        dashboard.on_epoch_begin(epoch)
        dashboard.on_epoch_end(epoch, {"loss": 0.2 - epoch / 1000, "val_loss": 0.2 - epoch / 1001})
    assert len(dashboard.moments) == 101
    assert len(sent) == 100  # once an epoch
    assert max(sent) < 10_000
    dashboard.on_train_end()
    assert left() == before


# ----- in a kernel -----

PREPARE = f"""
from labutils import models
from labutils.widgets import training_dashboard
import keras, numpy as np
images = np.random.default_rng(0).integers(0, 256, (16, 28, 28, 1), np.uint8)
pixels = images.reshape(16, 784) / np.float32(255)
model = models.build_default()
model.compile("sgd", "binary_crossentropy", jit_compile=False)
dashboard = training_dashboard(images, {LADDER})

class Breaks(keras.callbacks.Callback):
    def on_epoch_begin(self, epoch, logs=None):
        assert epoch < 2
"""
BREAK = "model.fit(pixels, pixels, epochs=5, verbose=0, callbacks=[dashboard, Breaks()])"
TRAIN = f"model.fit(pixels, pixels, epochs={MANY}, verbose=0, callbacks=[dashboard])"


@pytest.fixture
def client():
    manager, client = start_new_kernel(startup_timeout=60, cwd=str(ROOT), stderr=subprocess.DEVNULL)
    yield client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def run(client, code, on_state=lambda state: None):
    """The reply to a cell, and what it showed: for each output, how it came, whether it was a widget, and its words."""
    request, deadline, outputs = client.execute(code, stop_on_error=False), time.monotonic() + 100, []
    while time.monotonic() < deadline:
        message = client.get_iopub_msg(timeout=60)
        content = message["content"]
        if message["parent_header"].get("msg_id") == request:
            if content.get("execution_state") == "idle":
                return client.get_shell_msg(timeout=60)["content"], outputs
            if message["msg_type"] in ("display_data", "update_display_data"):
                outputs.append((message["msg_type"], WIDGET_VIEW in content["data"], content["data"]["text/plain"]))
            if message["msg_type"] in ("comm_open", "comm_msg"):
                on_state({"comm_id": content["comm_id"], **content["data"].get("state", {})})
    raise TimeoutError(code)


def test_stop_is_heard_by_a_kernel_that_is_busy_and_nothing_at_the_end_needs_it(client):
    """As JupyterLab does it: widgets speak to a subshell, a thread of the kernel besides the one that runs cells."""
    if "kernel subshells" not in client.kernel_info(reply=True, timeout=60)["content"].get("supported_features", []):
        pytest.skip("this ipykernel has no subshells")
    buttons, told = {}, []

    def on_state(state):
        buttons[state.get("description")] = state["comm_id"]
        told.append(str(state.get("value")))
        if ">epoch 3 of" in told[-1]:
            click(client, buttons["Stop"])

    assert run(client, PREPARE, on_state)[0]["status"] == "ok"
    reply, outputs = run(client, BREAK, on_state)
    assert reply["ename"] == "AssertionError"
    assert "broken off by AssertionError: epoch 2 of 5" in told[-1]
    shown = [(kind, is_widget) for kind, is_widget, _ in outputs]
    assert shown == [("display_data", True), ("display_data", False)] + 2 * [("update_display_data", False)]
    assert "broken off by AssertionError: epoch 2 of 5" in outputs[2][2]
    assert "2 epochs," in outputs[3][2]
    reply, outputs = run(client, TRAIN, on_state)
    assert reply["status"] == "ok"
    assert "stopped: epoch" in told[-1]
    shown = [(kind, is_widget) for kind, is_widget, _ in outputs]
    assert shown == [("display_data", True), ("display_data", False)] + 2 * [("update_display_data", False)]


def click(client, button):
    create = client.session.msg("create_subshell_request", {})
    client.control_channel.send(create)
    subshell = client.get_control_msg(timeout=60)["content"]["subshell_id"]
    data = {"method": "custom", "content": {"event": "click"}}
    click = client.session.msg("comm_msg", {"comm_id": button, "data": data})
    click["header"]["subshell_id"] = subshell
    client.shell_channel.send(click)
